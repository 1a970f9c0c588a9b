#include "train/internal/air.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "scene/splat_convention.h"

namespace ajar::train::internal {
namespace {

// A wall at z = 0 of 3 by 3, before it cameras at z = -4 next to each other that look at it.
TrainInput Wall(int photographs) {
  TrainInput input;
  for (int y = -30; y <= 30; ++y) {
    for (int x = -30; x <= 30; ++x) {
      input.points.emplace_back(0.05f * static_cast<float>(x), 0.05f * static_cast<float>(y), 0.0f);
      input.point_normals.emplace_back(0, 0, -1);
    }
  }
  for (int k = 0; k < photographs; ++k) {
    TrainPhoto photo;
    photo.camera = {CameraModel::kPinhole, 96, 96, {120, 120, 48, 48}};
    photo.cam_from_world.translation = {-0.2 * k, 0, 4};
    input.photos.push_back(photo);
  }
  input.scene_extent = 2;
  return input;
}

Model OneSplat(const Eigen::Vector3f& mean, const Eigen::Vector3f& sizes, float opacity) {
  splat::SplatPlanes planes(1, 0);
  for (int k = 0; k < 3; ++k) {
    planes.plane(splat::kMean + k)[0] = mean[k];
    planes.plane(splat::kScale + k)[0] = std::log(sizes[k]);
  }
  planes.plane(splat::kRotation)[0] = 1;
  planes.plane(splat::kOpacity)[0] = std::log(opacity / (1 - opacity));
  return Model(std::move(planes));
}

Eigen::Vector3f SizesOf(const Model& model) {
  return {std::exp(model.splats.plane(splat::kScale)[0]),
          std::exp(model.splats.plane(splat::kScale + 1)[0]),
          std::exp(model.splats.plane(splat::kScale + 2)[0])};
}

TEST(Air, LiesBetweenCamerasAndWhatTheyShow) {
  const std::vector<Eigen::Vector3f> air = SeenThrough(Wall(3));
  ASSERT_GT(air.size(), 50u);
  for (const Eigen::Vector3f& place : air) {
    EXPECT_GT(place.z(), -4);
    EXPECT_LT(place.z(), -1.1f);  // nobody is sure of the last third of the way
    EXPECT_LT(place.head<2>().norm(), 1.5f);
  }
  EXPECT_TRUE(SeenThrough(Wall(2)).empty());
  TrainInput few_points = Wall(3);
  few_points.points.resize(60);
  few_points.point_normals.resize(60);
  EXPECT_TRUE(SeenThrough(few_points).empty());
  TrainInput without_surfaces = Wall(3);
  without_surfaces.point_normals.clear();
  EXPECT_TRUE(SeenThrough(without_surfaces).empty());
}

TEST(Air, IsNotFoggedByWhatIsWideAndFarBehindTheWall) {
  const std::vector<Eigen::Vector3f> air = SeenThrough(Wall(3));
  const Eigen::Vector3f behind(0, 0, 2);
  const auto nearest = std::ranges::min(
      air, {}, [&](const Eigen::Vector3f& place) { return (place - behind).norm(); });
  Model model = OneSplat(behind, {1.0f, 1.0f, 2.0f}, 0.9f);
  const auto fog = [&] {
    const Eigen::Vector3f q = (nearest - behind).array() / SizesOf(model).array();
    return 0.9f * std::exp(-q.squaredNorm() / 2);
  };
  EXPECT_GT(fog(), 0.2f);
  KeepAirClear(air, 2, &model);
  EXPECT_GE(SizesOf(model).x(), 2.0f / 3 - 1e-4f);  // not at once
  for (int round = 0; round < 9; ++round) KeepAirClear(air, 2, &model);
  EXPECT_LT(fog(), 0.9f * std::exp(-kMaxQ / 2) + 1e-4f);  // where splats end
  EXPECT_NEAR(SizesOf(model).z(), 2 * SizesOf(model).x(), 1e-3f);
  const Eigen::Vector3f settled = SizesOf(model);
  KeepAirClear(air, 2, &model);
  EXPECT_LT((SizesOf(model) - settled).norm(), 1e-3f);
}

TEST(Air, LeavesWallsAndSmallThings) {
  const std::vector<Eigen::Vector3f> air = SeenThrough(Wall(3));
  Model wall = OneSplat({0, 0, 0}, {1, 1, 0.02f}, 0.95f);
  KeepAirClear(air, 2, &wall);
  EXPECT_NEAR(SizesOf(wall).x(), 1, 1e-4f);
  Model thing = OneSplat(air.front(), {0.15f, 0.1f, 0.1f}, 0.9f);
  KeepAirClear(air, 2, &thing);
  EXPECT_NEAR(SizesOf(thing).x(), 0.15f, 1e-4f);
  Model faint = OneSplat(air.front(), {1, 1, 1}, 0.01f);
  KeepAirClear(air, 2, &faint);
  EXPECT_NEAR(SizesOf(faint).x(), 1, 1e-4f);
}

}  // namespace
}  // namespace ajar::train::internal
