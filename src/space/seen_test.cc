#include <gtest/gtest.h>

#include <cmath>

#include "space/space.h"

namespace ajar::space {
namespace {

using Eigen::Vector3d;
using Eigen::Vector3f;

// Cameras side by side that look along +z.
Reconstruction Looking(int cameras) {
  Reconstruction r;
  r.cameras[1] = {CameraModel::kPinhole, 400, 300, {300, 300, 200, 150}};
  for (int i = 0; i < cameras; ++i) {
    PosedImage image;
    image.name = std::to_string(i) + ".jpg";
    image.camera_id = 1;
    image.cam_from_world.translation = Vector3d(-0.1 * i, 0, 0);
    r.images[static_cast<uint32_t>(i + 1)] = image;
  }
  return r;
}

void Add(SplatCloud* cloud, const Vector3f& mean, const Vector3f& scales) {
  const size_t i = cloud->size();
  cloud->Resize(i + 1, 0);
  cloud->means[i] = mean;
  cloud->rotations[i] = {1, 0, 0, 0};
  cloud->log_scales[i] = scales.array().log();
  cloud->opacity_logits[i] = 4;
}

SplatCloud Splats(const std::vector<std::pair<Vector3f, Vector3f>>& means_and_scales) {
  SplatCloud cloud;
  for (const auto& [mean, scales] : means_and_scales) Add(&cloud, mean, scales);
  return cloud;
}

const Vector3f kSmall(0.05f, 0.05f, 0.05f);

TEST(HowSeen, WholeWherePhotographsLookedAndNothingWhereNoneDid) {
  const SplatCloud cloud = Splats({{{0, 0, 3}, kSmall},     // in the middle of all pictures
                                   {{0, 3.5f, 3}, kSmall},  // above all pictures
                                   {{0, 0, -2}, kSmall}});  // behind the cameras
  const std::vector<float> seen = HowSeen(Looking(3), cloud);
  EXPECT_EQ(seen, (std::vector<float>{1, 0, 0}));
}

TEST(HowSeen, FadesTowardsTheBorderOfThePictures) {
  // Pictures reach up to 1.5 there.
  std::vector<std::pair<Vector3f, Vector3f>> rising;
  for (int i = 0; i < 30; ++i)
    rising.push_back({{0, 1.0f + 0.02f * i, 3}, {0.001f, 0.001f, 0.001f}});
  const std::vector<float> seen = HowSeen(Looking(3), Splats(rising));
  EXPECT_EQ(seen[0], 1);
  EXPECT_EQ(seen[29], 0);
  for (size_t i = 1; i < 30; ++i) {
    EXPECT_LE(seen[i], seen[i - 1]) << i;
    EXPECT_LT(seen[i - 1] - seen[i], 0.4f) << i;  // no step
  }
}

TEST(HowSeen, ASpikeThatReachesOutOfThePicturesIsNotSeen) {
  const SplatCloud cloud = Splats({{{0, 1, 2.9f}, {0.01f, 1, 0.01f}},       // upwards
                                   {{0, 0, 2.9f}, {0.3f, 0.01f, 0.01f}}});  // within
  const std::vector<float> seen = HowSeen(Looking(3), cloud);
  EXPECT_EQ(seen[0], 0);
  EXPECT_EQ(seen[1], 1);
}

TEST(HowSeen, OfPlacesIsThatOfSplatsThere) {
  const SplatCloud cloud =
      Splats({{{0, 0, 3}, kSmall}, {{0, 1.42f, 3}, kSmall}, {{0, 3.5f, 3}, kSmall}});
  const std::vector<Vector3d> places{{0, 0, 3}, Vector3f(0, 1.42f, 3).cast<double>(), {0, 3.5, 3}};
  const std::vector<float> seen = HowSeenAt(Looking(3), cloud, places);
  EXPECT_EQ(seen, HowSeen(Looking(3), cloud));
  EXPECT_GT(seen[1], 0);
  EXPECT_LT(seen[1], 1);
}

TEST(HowSeen, TheOnlyPhotographCountsWhole) {
  const SplatCloud cloud = Splats({{{0, 0, 3}, kSmall}});
  EXPECT_EQ(HowSeen(Looking(1), cloud)[0], 1);
}

TEST(HowSeen, OneOfManyPhotographsCountsInPart) {
  // Forty that look ahead, and one the other way.
  Reconstruction r = Looking(41);
  r.images[1].cam_from_world.rotation =
      Eigen::Quaterniond(Eigen::AngleAxisd(M_PI, Vector3d::UnitY()));
  const std::vector<float> seen =
      HowSeen(r, Splats({{{2, 0, 3}, kSmall}, {{2, 0, 3}, kSmall}, {{0, 0, -3}, kSmall}}));
  EXPECT_EQ(seen[0], 1);
  EXPECT_GT(seen[2], 0.1f);
  EXPECT_LT(seen[2], 0.9f);
}

}  // namespace
}  // namespace ajar::space
