// A room of 4 x 3 m whose walls are full of points, photographed by people who walk along its walls
// and look across.
#include "check/internal/coverage.h"

#include <gtest/gtest.h>

#include <Eigen/Geometry>
#include <cmath>
#include <numbers>

#include "base/random.h"
#include "check/internal/layout.h"
#include "check/internal/next.h"
#include "check/internal/where.h"

namespace ajar::check::internal {
namespace {

using Eigen::Vector2d;
using Eigen::Vector3d;

constexpr double kWide = 4, kDeep = 3;

// East, north, west, south: z of the room leads south, y up.
const std::vector<Vector2d> kOutward = {{1, 0}, {0, -1}, {-1, 0}, {0, 1}};

// From the world to a frame of any size and direction, as poses are in.
const Sim3 kAnywhere{0.37, Eigen::Quaterniond(0.3, -0.7, 0.2, 0.6).normalized(), {3, -2, 5}};

Rigid3 Looking(const Vector2d& from, const Vector2d& ahead) {
  const Vector3d z = Vector3d(ahead.x(), -0.15, ahead.y()).normalized();
  const Vector3d x = Vector3d(-ahead.y(), 0, ahead.x()).normalized();
  Eigen::Matrix3d rows;
  rows.row(0) = x.transpose();
  rows.row(1) = z.cross(x).transpose();
  rows.row(2) = z.transpose();
  Rigid3 pose;
  pose.rotation = Eigen::Quaterniond(rows);
  pose.translation = -(pose.rotation * Vector3d(from.x(), 1.5, from.y()));
  return pose;
}

// `without`: of kOutward; the photographs whose middle it is are left away. -1: none are.
Reconstruction Walked(int without) {
  Reconstruction r;
  r.cameras[1] = {CameraModel::kSimplePinhole, 1000, 750, {750, 500, 375}};
  uint32_t id = 0;
  for (size_t wall = 0; wall < kOutward.size(); ++wall) {
    for (int k = 0; k < 7; ++k) {
      // From the other side of the room, towards the wall.
      const Vector2d outward = kOutward[wall], along(-outward.y(), outward.x());
      const double reach = outward.x() != 0 ? kWide / 2 : kDeep / 2;
      const double side = outward.x() != 0 ? kDeep / 2 : kWide / 2;
      const Vector2d at = -(reach - 0.5) * outward + (side - 0.5) * (k / 3.0 - 1) * along;
      ++id;
      if (static_cast<int>(wall) == without) continue;
      PosedImage image;
      image.name = "p" + std::to_string(id) + ".jpg";
      image.camera_id = 1;
      const double turn = 0.12 * (k - 3);
      const Vector2d ahead = std::cos(turn) * outward + std::sin(turn) * along;
      image.cam_from_world = Looking(at, ahead);
      r.images[id] = image;
    }
  }
  Random random{5};
  const auto any = [&](double most) { return most * (2.0 * random.Below(10000) / 10000.0 - 1); };
  for (uint64_t k = 0; k < 3000; ++k) {
    Point3 point;
    if (k % 5 == 4) {
      point.x_in_world = {any(kWide / 2), 0, any(kDeep / 2)};
    } else {
      const Vector2d outward = kOutward[k % 5];
      const double up = 1.2 + any(1.1);
      point.x_in_world = outward.x() != 0 ? Vector3d(outward.x() * kWide / 2, up, any(kDeep / 2))
                                          : Vector3d(any(kWide / 2), up, outward.y() * kDeep / 2);
    }
    for (auto& [image_id, image] : r.images) {
      const auto x_px = r.cameras[1].ImgFromCam(image.cam_from_world * point.x_in_world);
      if (!x_px || (x_px->array() < 0).any() || x_px->x() > 1000 || x_px->y() > 750) continue;
      point.track.push_back({image_id, static_cast<uint32_t>(image.observations.size())});
      image.observations.push_back({*x_px, k});
    }
    r.points[k] = point;
  }
  for (auto& [image_id, image] : r.images) {
    image.cam_from_world = TransformCamera(image.cam_from_world, kAnywhere);
  }
  for (auto& [point_id, point] : r.points) point.x_in_world = kAnywhere * point.x_in_world;
  return r;
}

struct Seen {
  Layout layout;
  Coverage coverage;
  Plan plan;
  std::vector<Photograph> photographs;
};

Seen Look(const Reconstruction& reconstruction) {
  Seen seen;
  seen.layout = FindLayout(reconstruction, {});
  seen.coverage = Places(seen.layout);
  seen.photographs.resize(28);
  for (const View& view : seen.layout.views) {
    Count(view, &seen.coverage);
    Photograph& p = seen.photographs[view.image_id - 1];
    p.placed = true;
    p.position = OnPlan(view.centre);
    p.ahead = AheadOnPlan(view.cam_from_plan);
  }
  Draw(seen.layout, seen.coverage, &seen.plan);
  return seen;
}

// The wall of the plan that photographs of kOutward[wall] look at.
size_t WallAhead(const Seen& seen, const Vector2d& ahead) {
  size_t best = 0;
  const std::vector<Sides> sides = SidesOf(seen.layout);
  for (size_t k = 1; k < sides.size(); ++k) {
    if (sides[k].outward.dot(ahead) > sides[best].outward.dot(ahead)) best = k;
  }
  return best;
}

TEST(Layout, IsTheRoomInAnyFrame) {
  const Seen seen = Look(Walked(-1));
  const Vector2d size = seen.layout.high - seen.layout.low;
  EXPECT_NEAR(size.maxCoeff(), kWide, 0.12);
  EXPECT_NEAR(size.minCoeff(), kDeep, 0.12);
}

TEST(Coverage, AWholeRoomIsEnough) {
  const Seen seen = Look(Walked(-1));
  ASSERT_EQ(seen.plan.walls.size(), 4u);
  for (const Wall& wall : seen.plan.walls) EXPECT_TRUE(wall.enough) << wall.covered;
  EXPECT_TRUE(WhatNext(seen.layout, seen.coverage, seen.photographs, false).empty());
}

TEST(Coverage, EachWallIsMissedAndTheNextPhotographsAreOfIt) {
  for (int without = 0; without < 4; ++without) {
    const Seen seen = Look(Walked(without));
    // Those who looked away from it stood before it: photograph 4 of the wall across.
    const size_t across = static_cast<size_t>((without + 2) % 4 * 7 + 3);
    const size_t missing = WallAhead(seen, -seen.photographs[across].ahead);
    for (size_t k = 0; k < 4; ++k) {
      EXPECT_EQ(seen.plan.walls[k].enough, k != missing)
          << without << " " << seen.plan.walls[k].covered;
    }
    const auto beside = BesideWall(seen.plan.walls[missing], seen.photographs);
    ASSERT_TRUE(beside);
    const Photograph& p = seen.photographs[beside->photograph];
    EXPECT_TRUE(p.placed);
    const Vector2d outward = SidesOf(seen.layout)[missing].outward;
    const double toward[] = {p.ahead.dot(outward), RightOf(p.ahead).dot(outward),
                             -p.ahead.dot(outward), -RightOf(p.ahead).dot(outward)};
    EXPECT_GT(toward[static_cast<int>(beside->side)], 0.7);

    const std::vector<Next> next = WhatNext(seen.layout, seen.coverage, seen.photographs, false);
    ASSERT_FALSE(next.empty());
    EXPECT_LE(next.size(), kMostNext);
    EXPECT_EQ(next.front().wall, static_cast<char>('A' + missing));
    EXPECT_GT(next.front().ahead.dot(outward), 0);
    // Told by a photograph: a move and a turn from there lead where it is to be taken.
    for (const Next& n : next) {
      const Photograph& from = seen.photographs[n.from];
      const Vector2d at = from.position + n.right_m * RightOf(from.ahead) + n.ahead_m * from.ahead;
      EXPECT_LT((at - n.position).norm(), 1e-6);
      const double turn = n.turn_deg * std::numbers::pi / 180;
      const Vector2d looks = std::cos(turn) * from.ahead + std::sin(turn) * RightOf(from.ahead);
      EXPECT_LT((looks - n.ahead).norm(), 1e-6);
    }
  }
}

TEST(Coverage, FromOneSpotNothingIsCovered) {
  Sample sample;
  for (int k = 0; k < 5; ++k) sample.Add(Vector3d(0.01 * k, 0, 1).normalized());
  EXPECT_FALSE(sample.covered());
  const double lacks = sample.Lacks();
  sample.Add(Vector3d(0.3, 0, 1).normalized());
  EXPECT_TRUE(sample.covered());
  EXPECT_LT(sample.Lacks(), lacks);
  EXPECT_DOUBLE_EQ(Sample().Lacks(), 1);
}

TEST(Next, APhotographThatJoinsNothingIsJoined) {
  Seen seen = Look(Walked(-1));
  seen.photographs.emplace_back().nearly = {{4, 20, 0}};
  seen.photographs.emplace_back().nearly = {{28, 60, 40}, {5, 20, 0}};  // comes with it
  const std::vector<Next> next = WhatNext(seen.layout, seen.coverage, seen.photographs, false);
  ASSERT_EQ(next.size(), 1u);
  EXPECT_EQ(next[0].from, 4u);
  EXPECT_EQ(next[0].towards, 28u);
}

}  // namespace
}  // namespace ajar::check::internal
