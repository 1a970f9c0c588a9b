// Whole sets of painted photographs.
#include <gtest/gtest.h>

#include <Eigen/Geometry>
#include <map>
#include <string>

#include "bundle/picture.h"
#include "check/check.h"
#include "synthetic/room.h"

namespace ajar::check {
namespace {

using Pictures = std::map<std::string, Image8>;

photo::PhotoSet Written(const Pictures& pictures, const Path& folder) {
  MakeFolder(folder / "photos");
  for (const auto& [name, picture] : pictures) {
    WriteFileAtomic(folder / "photos" / name, bundle::EncodePng(picture));
  }
  return photo::Open({folder / "photos"}, folder / "frames", {}, {});
}

Image8 Painted(const Eigen::Vector3d& eye, double turn_rad, uint64_t seed = 1) {
  synthetic::RoomOptions options;
  options.supersampling = 1;
  options.seed = seed;
  const Camera camera{CameraModel::kSimplePinhole, 480, 360, {300, 240, 180}};
  const Eigen::Quaterniond turn(Eigen::AngleAxisd(turn_rad, Eigen::Vector3d::UnitY()));
  return synthetic::RenderRoom(camera, {turn, -(turn * eye)}, options).colour;
}

// Along a wall, looking across; to the right, `count` steps of 25 cm.
Pictures OneWall(int count, const std::string& prefix) {
  Pictures pictures;
  for (int i = 0; i < count; ++i) {
    pictures[prefix + std::to_string(i) + ".png"] =
        Painted({-0.9 + 0.25 * i, -1.4 - 0.05 * (i % 3), -1.2}, 0);
  }
  return pictures;
}

bool Has(const Findings& findings, Reason reason) {
  return std::ranges::find(findings.reasons, reason) != findings.reasons.end();
}

TEST(Checker, OneWallIsNotYetARoomAndGrows) {
  const TempFolder folder;
  Pictures pictures = OneWall(7, "p");
  Checker checker;
  const Findings few = checker.Look(Written(pictures, folder.path()), {});
  EXPECT_EQ(few.verdict, Verdict::kNotYet);
  EXPECT_EQ(few.placed, 7u);
  EXPECT_TRUE(Has(few, Reason::kFewPhotographs));
  EXPECT_TRUE(Has(few, Reason::kOneSide) || Has(few, Reason::kNoWall));
  EXPECT_FALSE(few.next.empty());

  // One more from nearly the same place, whose light is another.
  Image8 again = Painted({-0.9 + 0.25 * 3 + 0.005, -1.4, -1.2}, 0.004);
  for (uint8_t& v : again.data) v = static_cast<uint8_t>(0.9 * v);
  pictures["q.png"] = again;
  const Findings more = checker.Look(Written(pictures, folder.path()), {});
  EXPECT_EQ(more.placed, 8u);
  EXPECT_EQ(more.photographs[7].repeats, 3u);
  EXPECT_FALSE(more.photographs[6].repeats);
  EXPECT_EQ(checker.Thumbnail(Written(pictures, folder.path()).photos[7].sha256).width,
            kThumbnail_px);
}

TEST(Checker, APanoramaFromOneSpotIsToldAsSuch) {
  const TempFolder folder;
  Pictures pictures;
  for (int i = 0; i < 6; ++i) {
    pictures["p" + std::to_string(i) + ".png"] = Painted({0.2, -1.4, 0.3}, 0.35 * i);
  }
  const Findings findings = Checker().Look(Written(pictures, folder.path()), {});
  EXPECT_EQ(findings.verdict, Verdict::kTooFew);
  EXPECT_TRUE(Has(findings, Reason::kOneSpot));
}

TEST(Checker, TwoAreTooFewAndSoAreStrangers) {
  const TempFolder folder;
  const Findings two = Checker().Look(Written(OneWall(2, "p"), folder.path()), {});
  EXPECT_EQ(two.verdict, Verdict::kTooFew);
  EXPECT_TRUE(Has(two, Reason::kTooFewPhotographs));

  const TempFolder other;
  const Pictures strangers = {{"a.png", Painted({0, -1.4, -1}, 0, 1)},
                              {"b.png", Painted({0, -1.4, 0}, 1.6, 2)},
                              {"c.png", Painted({0, -1.4, 1}, 3.1, 3)}};
  const Findings none = Checker().Look(Written(strangers, other.path()), {});
  EXPECT_EQ(none.verdict, Verdict::kTooFew);
  EXPECT_TRUE(Has(none, Reason::kNothingPlaced));
}

}  // namespace
}  // namespace ajar::check
