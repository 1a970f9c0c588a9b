#include "room/internal/placement.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <random>

namespace ajar::room {
namespace {

using Eigen::Quaterniond;
using Eigen::Vector3d;

// Cameras on a circle that look inwards, level, 1.5 m above a floor, in a room of 4 × 5 m with
// the floor at y = 0, y up; then moved as a reconstruction might have it.
Reconstruction CircleOfCameras(const Sim3& rec_from_room, bool with_floor) {
  Reconstruction r;
  r.cameras[1] = {CameraModel::kPinhole, 640, 480, {420, 420, 320, 240}};
  std::mt19937 random(7);
  std::uniform_real_distribution<double> uniform(-1, 1);
  uint64_t id = 0;
  const auto add_point = [&](const Vector3d& x) { r.points[++id].x_in_world = rec_from_room * x; };
  for (int i = 0; i < 600; ++i) {
    const double u = uniform(random), v = uniform(random), w = uniform(random);
    if (with_floor) add_point({2 * u, 0.005 * w, 2.5 * v});
    add_point({2 * u, 1.25 + 1.2 * v, w > 0 ? 2.5 : -2.5});
  }
  for (uint32_t i = 0; i < 12; ++i) {
    const double angle = 2 * std::numbers::pi * i / 12;
    const Vector3d centre(1.2 * std::sin(angle), 1.5, 1.5 * std::cos(angle));
    const Vector3d ahead = Vector3d(-centre.x(), 0, -centre.z()).normalized();
    Eigen::Matrix3d cam_from_room;  // rows: right, down, ahead
    cam_from_room.row(0) = ahead.cross(Vector3d::UnitY());
    cam_from_room.row(1) = -Vector3d::UnitY();
    cam_from_room.row(2) = ahead;
    Rigid3 pose{Quaterniond(cam_from_room), -(cam_from_room * centre)};
    PosedImage& image = r.images[i + 1];
    image.name = std::to_string(i) + ".jpg";
    image.camera_id = 1;
    image.cam_from_world = TransformCamera(pose, rec_from_room);
  }
  return r;
}

Placement EstimatePlacement(const Reconstruction& reconstruction) {
  std::vector<std::string> notes;
  return FindPlace(reconstruction, {}, {}, {}, &notes, Progress()).placement;
}

Placement PlacementOf(const Reconstruction& reconstruction, const Document& document,
                std::vector<std::string>* notes) {
  return FindPlace(reconstruction, {}, document, {}, notes, Progress()).placement;
}

Sim3 AnyMotion() {
  return {0.37, Quaterniond(0.3, -0.5, 0.7, 0.2).normalized(), Vector3d(4, -2, 9)};
}

TEST(Placement, FindsUpScaleAndFloorOfLevelCameras) {
  const Sim3 rec_from_room = AnyMotion();
  const Placement p = EstimatePlacement(CircleOfCameras(rec_from_room, true));
  const Vector3d up_in_rec = rec_from_room.rotation * Vector3d::UnitY();
  EXPECT_LT((p.room_from_reconstruction.rotation * up_in_rec - Vector3d::UnitY()).norm(), 1e-6);
  EXPECT_TRUE(p.floor_seen);
  EXPECT_NEAR(p.room_from_reconstruction.scale * rec_from_room.scale, 1, 0.01);
  EXPECT_NEAR(p.doorway.position.y(), 1.5, 0.02);
  // A corner of the floor lies on the floor.
  EXPECT_NEAR((p.room_from_reconstruction * (rec_from_room * Vector3d(2, 0, 2.5))).y(), 0, 0.02);
  EXPECT_TRUE(p.scale_estimated && p.up_estimated && p.doorway_estimated);
}

TEST(Placement, OriginIsBelowTheDoorwayAndMinusZIsAhead) {
  const Placement p = EstimatePlacement(CircleOfCameras(AnyMotion(), true));
  EXPECT_NEAR(p.doorway.position.x(), 0, 1e-9);
  EXPECT_NEAR(p.doorway.position.z(), 0, 1e-9);
  EXPECT_NEAR(p.doorway.look_at.x(), 0, 1e-9);
  EXPECT_LT(p.doorway.look_at.z(), -0.5);
  EXPECT_NEAR(p.doorway.look_at.y(), p.doorway.position.y(), 1e-9);
  EXPECT_NEAR(p.view_fov_deg, 2 * std::atan(240 / 420.0) * 180 / std::numbers::pi, 1e-9);
  EXPECT_FALSE(p.doorway_photo.empty());
}

TEST(Placement, TurnsRightHanded) {
  const Placement p = EstimatePlacement(CircleOfCameras(AnyMotion(), true));
  EXPECT_NEAR(p.room_from_reconstruction.rotation.toRotationMatrix().determinant(), 1, 1e-12);
}

TEST(Placement, WithoutAFloorAssumesOne) {
  Reconstruction r = CircleOfCameras(Sim3{}, false);
  for (auto& [id, point] : r.points) point.x_in_world.y() += 3;  // nothing below the cameras
  const Placement p = EstimatePlacement(r);
  EXPECT_FALSE(p.floor_seen);
  EXPECT_NEAR(p.doorway.position.y(), 1.5, 1e-9);
  EXPECT_NEAR(p.room_from_reconstruction.scale * CameraExtent(r), 1.5, 1e-9);
}

TEST(Placement, ManagesWithOneCameraAndNoPoints) {
  Reconstruction r = CircleOfCameras(Sim3{}, true);
  r.points.clear();
  while (r.images.size() > 1) r.images.erase(std::prev(r.images.end()));
  const Placement p = EstimatePlacement(r);
  EXPECT_TRUE(p.doorway.position.allFinite() && p.doorway.look_at.allFinite());
  EXPECT_NEAR(p.doorway.position.y(), 1.5, 1e-9);
}

TEST(Placement, ACameraThatLooksStraightDownStillGivesADoorway) {
  Reconstruction r = CircleOfCameras(Sim3{}, true);
  for (auto& [id, image] : r.images) {
    const Vector3d centre = image.CentreInWorld();
    image.cam_from_world.rotation =
        Quaterniond(Eigen::AngleAxisd(std::numbers::pi / 2, Vector3d::UnitX()));
    image.cam_from_world.translation = -(image.cam_from_world.rotation * centre);
  }
  const Placement p = EstimatePlacement(r);
  EXPECT_TRUE(p.room_from_reconstruction.translation.allFinite());
  EXPECT_GT((p.doorway.look_at - p.doorway.position).norm(), 0.05);
}

TEST(Placement, TheKeepersWordCounts) {
  const Reconstruction r = CircleOfCameras(AnyMotion(), true);
  Document document;
  document.alignment = Alignment{Inverse(AnyMotion()), false, false, {}};
  std::vector<std::string> notes;
  Placement p = PlacementOf(r, document, &notes);
  EXPECT_FALSE(p.scale_estimated || p.up_estimated);
  EXPECT_TRUE(p.doorway_estimated);
  EXPECT_NEAR(p.doorway.position.y(), 1.5, 1e-9);
  EXPECT_NEAR(p.doorway.look_at.y(), 1.5, 1e-9);
  document.doorway = Doorway{{1, 1.2, 3}, {0, 1, 0}, {}, {}};
  p = PlacementOf(r, document, &notes);
  EXPECT_FALSE(p.doorway_estimated);
  EXPECT_EQ(p.doorway.position, Vector3d(1, 1.2, 3));
  EXPECT_TRUE(notes.empty());
}

TEST(Placement, ADoorwayMayBeWhereAPhotographWasTaken) {
  const Reconstruction r = CircleOfCameras(AnyMotion(), true);
  Document document;
  document.alignment = Alignment{Inverse(AnyMotion()), false, false, {}};
  document.doorway.emplace().photo = "3";  // 3.jpg, at 90 degrees on the circle
  std::vector<std::string> notes;
  Placement p = PlacementOf(r, document, &notes);
  EXPECT_LT((p.doorway.position - Vector3d(1.2, 1.5, 0)).norm(), 1e-9);
  EXPECT_LT((p.doorway.look_at - p.doorway.position).normalized().x(), -0.999);
  EXPECT_FALSE(p.doorway_estimated);
  EXPECT_EQ(p.doorway_photo, "3.jpg");
  EXPECT_TRUE(notes.empty());

  document.doorway->photo = "nowhere.jpg";
  p = PlacementOf(r, document, &notes);
  EXPECT_TRUE(p.doorway_estimated);
  ASSERT_EQ(notes.size(), 1u);
  EXPECT_NE(notes[0].find("nowhere.jpg"), std::string::npos);
}

}  // namespace
}  // namespace ajar::room
