#include "space/space.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <random>

#include "base/parallel.h"
#include "space/room_test_util.h"
#include "space/walk.h"

namespace ajar::space {
namespace {

using test::AnyMotion;
using test::BoxRoom;
using test::Make;
using test::MadeRoom;
using test::TestRoom;
using Eigen::Vector2d;
using Eigen::Vector3d;

struct Found {
  Space space;
  Sim3 truth_from_room;

  Vector3d Up() const { return truth_from_room.rotation * Vector3d::UnitY(); }
  double UpError_deg() const {
    return std::acos(std::min(1.0, Up().y())) * 180 / std::numbers::pi;
  }
  Vector2d Flat(const Vector2d& p) const {
    const Vector3d x = truth_from_room * Vector3d(p.x(), 0, p.y());
    return {x.x(), x.z()};
  }
};

Found FindIn(const TestRoom& room, const Known& known_otherwise = {}) {
  const Sim3 rec_from_room = AnyMotion();
  const MadeRoom made = Make(room, rec_from_room);
  Known known = known_otherwise;
  if (!known.metres_per_unit) known.metres_per_unit = 1 / rec_from_room.scale;
  Found found;
  found.space = Find(made.reconstruction, made.cloud, known, {}, Progress());
  found.truth_from_room = Inverse(rec_from_room) * Inverse(found.space.room_from_reconstruction);
  return found;
}

void ExpectUprightOnTheFloor(const Found& found) {
  EXPECT_LT(found.UpError_deg(), 1);
  ASSERT_TRUE(found.space.floor_seen);
  EXPECT_NEAR((found.truth_from_room * Vector3d::Zero()).y(), 0, 0.02);
  EXPECT_NEAR(found.truth_from_room.scale, 1, 1e-6);
}

void ExpectArea(const Found& found, const Polygon& outline) {
  EXPECT_NEAR(found.space.plan.area_m2 / SignedArea(outline), 1, 0.03);
}

// A thousand strolls from the doorway: never out of the room, never into furniture by over 10 cm.
void ExpectWalksStayInside(const TestRoom& room, const Found& found) {
  const Body body;
  const Walker walker(found.space.collision, body);
  const Vector3d& door = found.space.doorway.position;
  const Vector2d begin = walker.Nearest({door.x(), door.z()}, 1);
  ASSERT_TRUE(walker.CanStand(begin));
  double travelled = 0;
  for (uint64_t walk = 0; walk < 1000; ++walk) {
    std::mt19937_64 random(walk);
    std::uniform_real_distribution<double> turn(-std::numbers::pi, std::numbers::pi);
    Vector2d at = begin;
    for (int leg = 0; leg < 12; ++leg) {
      const double heading = turn(random);
      const Vector2d next = walker.Walk(at, Vector2d(2 * std::cos(heading), 2 * std::sin(heading)));
      travelled += (next - at).norm();
      at = next;
      const Vector2d place = found.Flat(at);
      ASSERT_TRUE(Contains(room.outline, place)) << "walk " << walk << " at " << place.transpose();
      for (const Eigen::AlignedBox3d& box : room.furniture) {
        const Vector2d low(box.min().x(), box.min().z()), high(box.max().x(), box.max().z());
        const double distance = (place - place.cwiseMax(low).cwiseMin(high)).norm();
        ASSERT_GT(distance, body.radius_m - 0.1)
            << "walk " << walk << " at " << place.transpose();
      }
      for (const Furniture& f : found.space.plan.furniture) {
        ASSERT_FALSE(Contains(f.outline, at)) << "walk " << walk << " at " << at.transpose();
      }
    }
  }
  EXPECT_GT(travelled, 1000);
}

TEST(Space, FindsABoxAndWhatStandsInIt) {
  const TestRoom room = BoxRoom();
  const Found found = FindIn(room);
  ExpectUprightOnTheFloor(found);
  ExpectArea(found, room.outline);
  ASSERT_TRUE(found.space.plan.height_m.has_value());
  EXPECT_NEAR(*found.space.plan.height_m, 2.5, 0.03);
  EXPECT_EQ(found.space.up_from, UpFrom::kSurfaces);
  EXPECT_TRUE(found.space.not_known.empty());
  EXPECT_TRUE(found.space.plan.openings.empty());
  // 20 m² less a bed and a table, of which one can reach nearly all.
  EXPECT_NEAR(found.space.plan.free_m2, 20 - 2 - 1.12, 0.5);
  EXPECT_GT(found.space.plan.reached_m2, 0.95 * found.space.plan.free_m2);
  // The bed is something to sit on, the table is not.
  ASSERT_EQ(found.space.plan.furniture.size(), 2u);
  for (const Furniture& f : found.space.plan.furniture) {
    EXPECT_NEAR(f.height_m, f.is_seat ? 0.5 : 0.75, 0.04);
  }
  ExpectWalksStayInside(room, found);
}

TEST(Space, TheRoomFrameBeginsBelowTheDoorway) {
  const Found found = FindIn(BoxRoom());
  const Doorway& doorway = found.space.doorway;
  EXPECT_NEAR(doorway.position.x(), 0, 1e-9);
  EXPECT_NEAR(doorway.position.z(), 0, 1e-9);
  EXPECT_NEAR(doorway.position.y(), 1.5, 0.15);
  EXPECT_NEAR(doorway.look_at.x(), 0, 1e-9);
  EXPECT_LT(doorway.look_at.z(), -0.5);
}

TEST(Space, WithoutALengthTheScaleIsThatOfPeople) {
  const TestRoom room = BoxRoom();
  const MadeRoom made = Make(room, AnyMotion());
  const Space space = Find(made.reconstruction, made.cloud, {}, {}, Progress());
  EXPECT_EQ(space.scale_from, ScaleFrom::kCameraHeight);
  EXPECT_NEAR(space.room_from_reconstruction.scale * AnyMotion().scale, 1, 0.08);
}

TEST(Space, AnLShapedRoomHasSixWalls) {
  TestRoom room;
  room.outline = {{0, 0}, {5, 0}, {5, 2.2}, {2.4, 2.2}, {2.4, 5}, {0, 5}};
  for (size_t i = 0; i < 6; ++i) room.AddWall(i, 0, 1, 0, 2.5);
  for (const double y : {0.0, 2.5}) {
    room.Add({0, y, 0}, {5, 0, 0}, {0, 0, 2.2});
    room.Add({0, y, 2.2}, {2.4, 0, 0}, {0, 0, 2.8});
  }
  room.AddRound({1.2, 1.1}, 0.6, 0.6, 10);
  room.AddRound({3.6, 1.1}, 0.8, 0.5, 8);
  room.AddRound({1.2, 3.6}, 0.6, 0.8, 8);
  const Found found = FindIn(room);
  ExpectUprightOnTheFloor(found);
  ExpectArea(found, room.outline);
  EXPECT_EQ(found.space.plan.outline.size(), 6u);
  ExpectWalksStayInside(room, found);
}

// The wall at z = -2.5 with a door of 0.9 m, and a passage behind it: floor, ceiling, a far wall.
TestRoom RoomWithOpenDoor() {
  TestRoom room = BoxRoom();
  room.quads.erase(room.quads.begin());
  room.AddWall(0, 0, 0.2, 0, 2.5);
  room.AddWall(0, 0.2, 0.425, 2.05, 2.5);
  room.AddWall(0, 0.425, 1, 0, 2.5);
  room.Add({-2, 0, -4.5}, {4, 0, 0}, {0, 0, 2});
  room.Add({-2, 2.5, -4.5}, {4, 0, 0}, {0, 0, 2});
  room.Add({-2, 0, -4.5}, {4, 0, 0}, {0, 2.5, 0});
  return room;
}

TEST(Space, AnOpenDoorIsAnOpeningAndNotTheRoomsEnd) {
  const TestRoom room = RoomWithOpenDoor();
  const Found found = FindIn(room);
  ExpectUprightOnTheFloor(found);
  ExpectArea(found, room.outline);
  ASSERT_EQ(found.space.plan.openings.size(), 1u);
  const Opening& door = found.space.plan.openings[0];
  EXPECT_EQ(door.kind, Opening::Kind::kDoor);
  EXPECT_NEAR((door.to - door.from).norm(), 0.9, 0.15);
  EXPECT_NEAR(door.high_m, 2.05, 0.1);
  ExpectWalksStayInside(room, found);
}

TEST(Space, AnOpenLeafMakesADoorNoNarrower) {
  TestRoom room = RoomWithOpenDoor();
  // The leaf hangs at x = -1.2 and is open by 60 degrees.
  const Vector3d leaf(0.85 * std::cos(1.05), 0, 0.85 * std::sin(1.05));
  room.Add({-1.2, 0, -2.48}, leaf, {0, 2, 0});
  room.Add({-1.16, 0, -2.48}, leaf, {0, 2, 0});
  const Found found = FindIn(room);
  ASSERT_EQ(found.space.plan.openings.size(), 1u);
  const Opening& door = found.space.plan.openings[0];
  EXPECT_EQ(door.kind, Opening::Kind::kDoor);
  EXPECT_NEAR((door.to - door.from).norm(), 0.9, 0.2);  // 0.6 of it are looked through
}

TEST(Space, FurnitureIsDrawnWithinWallsThatRunAslant) {
  TestRoom room;
  room.outline = {{-2, -2.5}, {2, -2.5}, {2, 1}, {0.5, 2.5}, {-2, 2.5}};
  for (size_t i = 0; i < 5; ++i) room.AddWall(i, 0, 1, 0, 2.5);
  room.Add({-2, 0, -2.5}, {4, 0, 0}, {0, 0, 5});
  room.Add({-2, 2.5, -2.5}, {4, 0, 0}, {0, 0, 5});
  room.AddBox({0.4, 0, 0.9}, {1.8, 0.7, 2.3});  // a table, and part of it in the slanted wall
  room.AddRound({-0.4, -0.4}, 0.8, 1.2, 16);
  const Found found = FindIn(room);
  ExpectArea(found, room.outline);
  ASSERT_FALSE(found.space.plan.furniture.empty());
  const Polygon& walls = found.space.plan.outline;
  for (const Furniture& f : found.space.plan.furniture) {
    for (const Vector2d& corner : f.outline) {
      EXPECT_TRUE(Contains(walls, corner) || DistanceToBorder(walls, corner) < 0.05)
          << corner.transpose();
    }
  }
}

TEST(Space, AMirrorIsNoSecondRoom) {
  TestRoom room = BoxRoom();
  // On the wall x = 2, 2 m wide and from 0.3 to 2.0 m high: what splats make of it is the room once
  // more behind a hole.
  const std::vector<TestRoom::Quad> real = room.quads;
  room.quads.erase(room.quads.begin() + 1);
  room.AddWall(1, 0, 0.4, 0, 2.5);
  room.AddWall(1, 0.8, 1, 0, 2.5);
  room.AddWall(1, 0.4, 0.8, 0, 0.3);
  room.AddWall(1, 0.4, 0.8, 2.0, 2.5);
  for (size_t i = 0; i < real.size(); ++i) {
    if (i == 1) continue;
    TestRoom::Quad quad = real[i];
    quad.corner.x() = 4 - quad.corner.x();
    quad.u.x() = -quad.u.x();
    quad.v.x() = -quad.v.x();
    room.quads.push_back(quad);
  }
  const Found found = FindIn(room);
  ExpectUprightOnTheFloor(found);
  ExpectArea(found, room.outline);
  ExpectWalksStayInside(room, found);
}

TEST(Space, AMirrorOnAWardrobeIsNoDoor) {
  TestRoom room = BoxRoom();
  // Before the wall z = -2.5; in its front, from 0.3 m up, the room is seen once more.
  const std::vector<TestRoom::Quad> real = room.quads;
  const double front = -1.9;
  room.AddBox({-1.9, 0, -2.5}, {-0.6, 2.0, front});
  room.quads.erase(room.quads.end() - 5);  // its back
  room.quads.erase(room.quads.end() - 3);  // its front
  room.Add({-1.9, 0, front}, {0.2, 0, 0}, {0, 2, 0});
  room.Add({-0.8, 0, front}, {0.2, 0, 0}, {0, 2, 0});
  room.Add({-1.7, 1.85, front}, {0.9, 0, 0}, {0, 0.15, 0});
  room.Add({-1.7, 0, front}, {0.9, 0, 0}, {0, 0.3, 0});
  room.quads.erase(room.quads.begin());  // the wall is not to be seen behind it
  room.AddWall(0, 0, 0.03, 0, 2.5);
  room.AddWall(0, 0.35, 1, 0, 2.5);
  room.AddWall(0, 0.03, 0.35, 1.95, 2.5);
  for (TestRoom::Quad quad : real) {
    quad.corner.z() = 2 * front - quad.corner.z();
    quad.u.z() = -quad.u.z();
    quad.v.z() = -quad.v.z();
    if (quad.corner.z() > front - 1 && quad.u.z() == 0 && quad.v.z() == 0) continue;
    room.quads.push_back(quad);
  }
  const Found found = FindIn(room);
  ExpectUprightOnTheFloor(found);
  ExpectArea(found, room.outline);
  for (const Opening& o : found.space.plan.openings) {
    EXPECT_NE(o.kind, Opening::Kind::kDoor) << o.from.transpose() << ", " << o.to.transpose();
  }
  ExpectWalksStayInside(room, found);
}

TEST(Space, AStairIsInTheWayAndTheFloorIsTheLowest) {
  TestRoom room = BoxRoom();
  for (int i = 0; i < 6; ++i) {
    room.AddBox({0.0 + 0.28 * i, 0, 1.5}, {0.28 * (i + 1), 0.18 * (i + 1), 2.5});
  }
  const Found found = FindIn(room);
  ExpectUprightOnTheFloor(found);
  ExpectArea(found, room.outline);
  const auto stair = std::ranges::find_if(found.space.plan.furniture,
                                          [](const Furniture& f) { return !f.treads.empty(); });
  ASSERT_NE(stair, found.space.plan.furniture.end());
  // The sixth goes on into what nobody saw behind the stair.
  EXPECT_EQ(stair->treads.size(), 5u);
  EXPECT_NEAR(stair->height_m, 0.9, 0.05);
  EXPECT_FALSE(stair->is_seat);
  EXPECT_LT(found.Flat(stair->treads.front().first).x(), found.Flat(stair->treads.back().first).x());
  ExpectWalksStayInside(room, found);
}

TEST(Space, ASlantedCeilingLeavesUpAndWallsAlone) {
  TestRoom room;
  room.outline = {{-2, -2.5}, {2, -2.5}, {2, 2.5}, {-2, 2.5}};
  room.AddWall(0, 0, 1, 0, 2.6), room.AddWall(2, 0, 1, 0, 2.6);
  room.AddWall(1, 0, 1, 0, 2.6);
  room.AddWall(3, 0, 1, 0, 1.2);
  room.Add({-2, 0, -2.5}, {4, 0, 0}, {0, 0, 5});
  room.Add({-2, 1.2, -2.5}, {1.8, 1.4, 0}, {0, 0, 5});
  room.Add({-0.2, 2.6, -2.5}, {2.2, 0, 0}, {0, 0, 5});
  room.AddRound({0.6, 0}, 0.8, 1.4, 16);
  const Found found = FindIn(room);
  ExpectUprightOnTheFloor(found);
  ExpectArea(found, room.outline);
  ExpectWalksStayInside(room, found);
}

TEST(Space, AFloaterBeforeOneCameraIsNothing) {
  TestRoom room = BoxRoom();
  const auto& [eye, target] = room.cameras[0];
  const Vector3d at = eye + 0.4 * (target - eye).normalized();
  room.Add(at - Vector3d(0.1, 0.1, 0), {0.2, 0, 0}, {0, 0.2, 0});
  const Found found = FindIn(room);
  ExpectUprightOnTheFloor(found);
  EXPECT_EQ(found.space.plan.furniture.size(), 2u);
}

TEST(Space, AWallAloneHasNoFloorAndSaysSo) {
  TestRoom room;
  room.Add({-2, 0, -2}, {4, 0, 0}, {0, 2.5, 0});
  for (int i = 0; i < 12; ++i) {
    const Vector3d eye(-1 + i / 6.0, 1.4, -0.8);
    room.cameras.push_back({eye, {eye.x() + 0.1 * std::sin(i), 1.4, -2}});
  }
  const Found found = FindIn(room);
  EXPECT_FALSE(found.space.floor_seen);
  EXPECT_TRUE(found.space.collision.empty());
  EXPECT_TRUE(found.space.plan.outline.empty());
  ASSERT_EQ(found.space.not_known.size(), 1u);
  EXPECT_THAT(found.space.not_known[0], ::testing::HasSubstr("No floor"));
  EXPECT_LT(found.UpError_deg(), 3);
}

TEST(Space, TheKeepersUpAndDoorwayCount) {
  Known known;
  known.up = AnyMotion().rotation * Vector3d(0.1, 1, 0);
  known.doorway_image = 5;
  const Found found = FindIn(BoxRoom(), known);
  EXPECT_LT((found.Up() - Vector3d(0.1, 1, 0).normalized()).norm(), 1e-6);
  EXPECT_EQ(found.space.up_from, UpFrom::kKeeper);
  EXPECT_EQ(found.space.doorway.image_id, 5u);
}

TEST(Space, AGivenSimilarityIsKept) {
  Known known;
  known.room_from_reconstruction =
      Sim3{1, Eigen::Quaterniond(Eigen::AngleAxisd(0.7, Vector3d::UnitY())), {1, 0, 2}} *
      Inverse(AnyMotion());
  const Found found = FindIn(BoxRoom(), known);
  const Sim3& t = found.space.room_from_reconstruction;
  EXPECT_EQ(t.translation, known.room_from_reconstruction->translation);
  EXPECT_NEAR(found.space.plan.area_m2, 20, 0.6);
  ExpectWalksStayInside(BoxRoom(), found);
}

TEST(Space, ManagesWithOneCameraAndWithoutSplats) {
  TestRoom room = BoxRoom();
  room.cameras.resize(1);
  const MadeRoom made = Make(room, AnyMotion());
  for (const SplatCloud& cloud : {made.cloud, SplatCloud()}) {
    const Space space = Find(made.reconstruction, cloud, {}, {}, Progress());
    EXPECT_TRUE(space.room_from_reconstruction.translation.allFinite());
    EXPECT_TRUE(space.doorway.position.allFinite() && space.doorway.look_at.allFinite());
  }
}

TEST(Space, TheSameForAnyNumberOfThreads) {
  const MadeRoom made = Make(BoxRoom(), AnyMotion());
  std::vector<std::string> plans;
  std::vector<std::vector<Eigen::Vector3f>> meshes;
  for (const int threads : {1, 3}) {
    SetThreadCount(threads);
    const Space space = Find(made.reconstruction, made.cloud, {}, {}, Progress());
    plans.push_back(PlanSvg(space.plan, {"A room", true}));
    meshes.push_back(space.collision.positions);
  }
  SetThreadCount(2);
  EXPECT_EQ(plans[0], plans[1]);
  EXPECT_EQ(meshes[0], meshes[1]);
}

TEST(DepthScale, IsThatOfTheDepthsThatWereMeasured) {
  TestRoom room = BoxRoom();
  room.quads.resize(6);  // walls, floor and ceiling
  const MadeRoom made = Make(room, AnyMotion());
  const Vector3d high(2, 2.5, 2.5), low(-2, 0, -2.5);
  std::vector<MeasuredDepth> depths;
  for (const auto& [id, image] : made.reconstruction.images) {
    const Camera& camera = made.reconstruction.cameras.at(image.camera_id);
    const Vector3d eye = Inverse(AnyMotion()) * image.CentreInWorld();
    for (int i = 0; i < 60; ++i) {
      const Vector2d px(5.3 * i + 1, (37 * i) % 240 + 0.5);
      const auto ray = camera.CamFromImg(px);
      const Vector3d way = Inverse(AnyMotion()).rotation *
                           (image.cam_from_world.rotation.conjugate() * Vector3d(ray->x(), ray->y(), 1));
      double depth = 1e9;
      for (int k = 0; k < 3; ++k) {
        depth = std::min(depth, ((way[k] > 0 ? high : low)[k] - eye[k]) / way[k]);
      }
      // One in five is nonsense.
      depths.push_back({id, px, i % 5 == 0 ? 0.3 * depth : depth});
    }
  }
  const auto found = ScaleFromDepths(made.reconstruction, made.cloud, depths, Progress());
  ASSERT_TRUE(found.has_value());
  EXPECT_NEAR(found->metres_per_unit * AnyMotion().scale, 1, 0.005);
  EXPECT_EQ(found->photographs, made.reconstruction.images.size());
  // Depths that have nothing to do with the room tell nothing.
  for (MeasuredDepth& d : depths) d.depth_m = 0.5 + d.image_id % 7;
  EXPECT_FALSE(ScaleFromDepths(made.reconstruction, made.cloud, depths, Progress()).has_value());
  EXPECT_FALSE(ScaleFromDepths(made.reconstruction, {}, depths, Progress()).has_value());
  EXPECT_FALSE(ScaleFromDepths(made.reconstruction, made.cloud, {}, Progress()).has_value());
}

TEST(SurfacePoint, LiesWhereThePixelsRayMeetsTheWall) {
  const MadeRoom made = Make(BoxRoom(), AnyMotion());
  for (const uint32_t id : {1u, 6u, 11u}) {
    const auto a = FindSurfacePoint(made.reconstruction, id, {100, 90}, made.cloud, {});
    ASSERT_TRUE(a.has_value());
    const Vector3d x = Inverse(AnyMotion()) * a->x_in_world;
    // On one of the walls, the floor, the ceiling or a box.
    double off = std::min({std::abs(std::abs(x.x()) - 2), std::abs(std::abs(x.z()) - 2.5),
                           std::abs(x.y()), std::abs(x.y() - 2.5)});
    for (const Eigen::AlignedBox3d& box : BoxRoom().furniture) {
      off = std::min(off, box.squaredExteriorDistance(x) > 0 ? box.exteriorDistance(x) : off);
    }
    EXPECT_LT(off, 0.02) << x.transpose();
    EXPECT_GT(a->deviation_su, 0);
  }
  EXPECT_FALSE(FindSurfacePoint(made.reconstruction, 1, {400, 90}, made.cloud, {}).has_value());
  EXPECT_FALSE(FindSurfacePoint(made.reconstruction, 1, {100, 90}, {}, {}).has_value());
}

}  // namespace
}  // namespace ajar::space
