#include "dense/internal/rims.h"

#include <gtest/gtest.h>

#include <Eigen/Geometry>
#include <cmath>

#include "dense/internal/fuse.h"

namespace ajar::dense::internal {
namespace {

constexpr int kWidth = 96, kHeight = 72;
constexpr double kFocal = 70, kTolerance = 0.02;
constexpr double kCeiling = -1.1, kFloor = 1.3;  // y is down

// A room of 4 x 5 m whose walls and floor are known; of its plain ceiling nothing is.
struct Corner {
  Prepared view;
  DepthMap map;
  std::vector<uint8_t> known;
  std::vector<float> truth;      // inverse depths
  std::vector<uint8_t> ceiling;  // which pixels show it
};

const std::vector<Plane>& KnownPlanes() {
  static const std::vector<Plane> planes{
      {{1, 0, 0}, -2}, {{1, 0, 0}, 2}, {{0, 0, 1}, -2.5}, {{0, 0, 1}, 2.5}, {{0, 1, 0}, kFloor}};
  return planes;
}

Corner LookAbout(double yaw, const Eigen::Vector3d& eye) {
  Corner c;
  Rigid3 world_from_cam;
  world_from_cam.rotation = Eigen::AngleAxisd(yaw, Eigen::Vector3d::UnitY()) *
                            Eigen::AngleAxisd(0.35, Eigen::Vector3d::UnitX());
  world_from_cam.translation = eye;
  c.view.pose = {
      {CameraModel::kPinhole, kWidth, kHeight, {kFocal, kFocal, kWidth / 2., kHeight / 2.}},
      Inverse(world_from_cam)};
  c.map.width = kWidth;
  c.map.height = kHeight;
  std::vector<Plane> planes = KnownPlanes();
  planes.push_back({{0, 1, 0}, kCeiling});
  for (int y = 0; y < kHeight; ++y) {
    for (int x = 0; x < kWidth; ++x) {
      const Eigen::Vector3d ray((x + 0.5 - kWidth / 2.) / kFocal, (y + 0.5 - kHeight / 2.) / kFocal,
                                1);
      const Eigen::Vector3d in_world = world_from_cam.rotation * ray;
      double nearest = 0;
      size_t shown = 0;
      for (size_t p = 0; p < planes.size(); ++p) {
        const double w =
            planes[p].normal.dot(in_world) / (planes[p].offset - planes[p].normal.dot(eye));
        if (w > nearest) {
          nearest = w;
          shown = p;
        }
      }
      const bool ceiling = shown + 1 == planes.size();
      c.truth.push_back(static_cast<float>(nearest));
      c.ceiling.push_back(ceiling);
      c.known.push_back(ceiling ? kUnknown : kAgreed);
      c.view.luma.push_back(static_cast<uint8_t>(ceiling ? 210 : 100 + 10 * shown));
      c.map.inverse_depth.push_back(ceiling ? 9.0f : static_cast<float>(nearest));
    }
  }
  c.view.match = MakeMatchPicture(c.view.luma, kWidth, kHeight);
  return c;
}

struct Round {
  std::vector<Corner> views;
  std::vector<Eigen::Vector3d> cameras;
  std::vector<std::vector<Rim>> rims;
};

Round LookRound(int count) {
  Round round;
  for (int i = 0; i < count; ++i) {
    const double yaw = 2 * M_PI * i / count;
    round.cameras.emplace_back(0.4 * std::sin(3 * yaw), 0.1 * std::cos(yaw), 0.5 * std::sin(yaw));
    round.views.push_back(LookAbout(yaw, round.cameras.back()));
    const Corner& c = round.views.back();
    round.rims.push_back(FindRims(c.view, KnownPlanes(), kTolerance, c.known, c.map));
  }
  return round;
}

// On the walls, and a share of others above the ceiling.
std::vector<SurfacePoint> Points(double share_above) {
  std::vector<SurfacePoint> points;
  for (int i = 0; i < 1000; ++i) {
    const float up = static_cast<float>(kCeiling + (kFloor - kCeiling) * (i + 0.5) / 1000);
    const bool above = i < 1000 * share_above;
    points.push_back(
        {{2, above ? -2.0f : up, static_cast<float>(i % 10) / 4}, {-1, 0, 0}, {9, 9, 9}});
    points.push_back({{static_cast<float>(i % 16) / 4 - 2, kFloor, 0}, {0, -1, 0}, {9, 9, 9}});
  }
  return points;
}

TEST(Rims, OfWallsLieWhereTheyEnd) {
  const Round round = LookRound(8);
  size_t count = 0;
  for (const std::vector<Rim>& of_view : round.rims) {
    for (const Rim& rim : of_view) {
      // Half a pixel, seen aslant from four metres.
      EXPECT_NEAR(rim.x_in_world.y(), kCeiling, 0.06);
      EXPECT_LT(std::abs(rim.normal.y()), 0.1);
      ++count;
    }
  }
  EXPECT_GT(count, 300u);
}

TEST(Rims, ThroughThemLiesACeilingThatFills) {
  Round round = LookRound(8);
  const std::vector<SurfacePoint> points = Points(0);
  const auto through =
      BoundsThroughRims(round.rims, KnownPlanes(), points, round.cameras, kTolerance);
  ASSERT_EQ(through.size(), 1u);
  EXPECT_LT(through[0].normal.y(), -0.999);
  EXPECT_NEAR(through[0].offset, -kCeiling, 0.02);
  const auto others = BoundsAmong(KnownPlanes(), points, round.cameras, kTolerance);
  EXPECT_EQ(others.size(), KnownPlanes().size());
  size_t filled_count = 0, ceiling_count = 0;
  for (size_t i = 0; i < round.views.size(); ++i) {
    Corner& c = round.views[i];
    const auto filled =
        FillBehindRims(c.view, round.rims[i], through, others, kTolerance, c.known, &c.map);
    ASSERT_EQ(filled.size(), c.known.size());
    for (size_t k = 0; k < filled.size(); ++k) {
      ceiling_count += c.ceiling[k];
      filled_count += filled[k];
      if (!filled[k]) continue;
      EXPECT_TRUE(c.ceiling[k]);
      EXPECT_NEAR(c.map.inverse_depth[k], c.truth[k], 0.03f * c.truth[k]);
    }
  }
  EXPECT_GT(static_cast<double>(filled_count), 0.8 * static_cast<double>(ceiling_count));
}

TEST(Rims, NoBoundWhereThingsAreSeenBehindIt) {
  const Round round = LookRound(8);
  EXPECT_TRUE(
      BoundsThroughRims(round.rims, KnownPlanes(), Points(0.1), round.cameras, kTolerance).empty());
  std::vector<Eigen::Vector3d> above = round.cameras;
  above.emplace_back(0, kCeiling - 0.5, 0);
  EXPECT_TRUE(BoundsThroughRims(round.rims, KnownPlanes(), Points(0), above, kTolerance).empty());
}

TEST(Rims, HillsSeenThroughAWindowAreNotAboveTheCeiling) {
  const Round round = LookRound(8);
  std::vector<SurfacePoint> points = Points(0);
  for (int i = 0; i < 400; ++i) {
    const float across = static_cast<float>(i) / 10 - 20;
    points.push_back({{across, -4, 60}, {0, 0, -1}, {9, 9, 9}});
  }
  const auto through =
      BoundsThroughRims(round.rims, KnownPlanes(), points, round.cameras, kTolerance);
  ASSERT_EQ(through.size(), 1u);
  EXPECT_NEAR(through[0].offset, -kCeiling, 0.02);
}

TEST(Rims, NoBoundThatOnlyTwoViewsKnow) {
  const Round round = LookRound(2);
  EXPECT_FALSE(round.rims[0].empty());
  EXPECT_TRUE(
      BoundsThroughRims(round.rims, KnownPlanes(), Points(0), round.cameras, kTolerance).empty());
}

TEST(Rims, OfNothing) {
  const Corner c = LookAbout(0, {0, 0, 0});
  EXPECT_TRUE(FindRims(c.view, {}, kTolerance, c.known, c.map).empty());
  EXPECT_TRUE(FindRims(c.view, KnownPlanes(), kTolerance, {}, c.map).empty());
  EXPECT_TRUE(BoundsThroughRims({}, {}, {}, {}, kTolerance).empty());
  EXPECT_TRUE(BoundsAmong(KnownPlanes(), {}, {}, kTolerance).empty());
  DepthMap empty;
  EXPECT_TRUE(FillBehindRims(c.view, {}, {}, {}, kTolerance, {}, &empty).empty());
}

}  // namespace
}  // namespace ajar::dense::internal
