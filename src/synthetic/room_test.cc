#include "synthetic/room.h"

#include <gtest/gtest.h>

#include <numbers>

#include "base/parallel.h"

namespace ajar::synthetic {
namespace {

RoomOptions Small() {
  RoomOptions options;
  options.photos = 6;
  options.width = 96;
  options.height = 72;
  options.focal_px = 60;
  options.radial_k = -0.05;
  options.exposure_drift = 0.05;
  options.noise = 1;
  return options;
}

TEST(Room, AWallIsAsFarAsItIs) {
  const Camera camera{CameraModel::kPinhole, 21, 21, {20, 20, 10.5, 10.5}};
  Rigid3 cam_from_world;
  cam_from_world.translation = {0, 2.0, 0};  // two metres above the floor, looking along z
  const SyntheticView view = RenderRoom(camera, cam_from_world, {});
  EXPECT_NEAR(*view.depth.pixel(10, 10), 2.1f, 1e-6f);
  EXPECT_NEAR(*view.depth.pixel(10, 0), 0.5f / (10.0f / 20), 1e-5f);  // the ceiling
}

TEST(Room, TheBallIsAsFarAsItIs) {
  // From above the ball, looking straight down at its middle: the highest point is nearest.
  const Camera camera{CameraModel::kPinhole, 3, 3, {100, 100, 1.5, 1.5}};
  Rigid3 cam_from_world;
  cam_from_world.rotation = Eigen::AngleAxisd(std::numbers::pi / 2, Eigen::Vector3d::UnitX());
  const Eigen::Vector3d eye(0.3, -1.36, 0.9);
  cam_from_world.translation = -(cam_from_world.rotation * eye);
  EXPECT_NEAR(*RenderRoom(camera, cam_from_world, {}).depth.pixel(1, 1), 1.0f, 1e-6f);
}

TEST(Room, APhotographIsWhatItsCameraSees) {
  RoomOptions options = Small();
  options.exposure_drift = options.noise = 0;
  const Room room = MakeRoom(options);
  const SyntheticView view = RenderRoom(room.reconstruction.cameras.at(1),
                                        room.reconstruction.images.at(2).cam_from_world, options);
  EXPECT_EQ(view.colour.data, room.photos[1].data);
}

TEST(Room, TwinsLookTheSame) {
  // From the same distance, straight ahead: the posters on the two walls.
  const Camera camera{CameraModel::kPinhole, 40, 40, {60, 60, 20, 20}};
  RoomOptions options;
  options.twins = true;
  Rigid3 ahead, behind;
  ahead.translation = -Eigen::Vector3d(0.3, -1.55, 0.9);
  behind.rotation = Eigen::AngleAxisd(std::numbers::pi, Eigen::Vector3d::UnitY());
  behind.translation = -(behind.rotation * Eigen::Vector3d(-0.4, -1.55, -0.9));
  const SyntheticView one = RenderRoom(camera, ahead, options);
  const SyntheticView other = RenderRoom(camera, behind, options);
  double difference = 0, contrast = 0;
  for (int i = 0; i < 3 * 40 * 40; ++i) {
    const auto at = static_cast<size_t>(i);
    difference += std::abs(one.colour.data[at] - other.colour.data[at]);  // the lamp's light
    contrast += std::abs(one.colour.data[at] - one.colour.data[(at + 30) % one.colour.data.size()]);
  }
  EXPECT_LT(difference, 0.45 * contrast);
}

TEST(Room, TheMirrorShowsTheRoom) {
  const Camera camera{CameraModel::kPinhole, 21, 21, {60, 60, 10.5, 10.5}};
  RoomOptions options;
  options.mirror = true;
  Rigid3 to_mirror;
  to_mirror.rotation = Eigen::AngleAxisd(std::numbers::pi, Eigen::Vector3d::UnitY());
  to_mirror.translation = -(to_mirror.rotation * Eigen::Vector3d(0.2, -1.4, -1.0));
  const SyntheticView mirrored = RenderRoom(camera, to_mirror, options);
  EXPECT_NEAR(*mirrored.depth.pixel(10, 10), 1.1f, 1e-5f);  // the glass
  RoomOptions open;
  const SyntheticView direct = RenderRoom(camera, to_mirror, open);
  EXPECT_NE(mirrored.colour.data, direct.colour.data);
  const uint8_t* seen = mirrored.colour.pixel(10, 10);
  Rigid3 in_room;  // from the glass on, the same ray
  in_room.translation = -Eigen::Vector3d(0.2, -1.4, -2.0999);
  const Camera narrow{CameraModel::kPinhole, 1, 1, {6000, 6000, 0.5, 0.5}};
  const SyntheticView ahead = RenderRoom(narrow, in_room, open);
  for (size_t c = 0; c < 3; ++c) EXPECT_NEAR(seen[c], 0.92 * ahead.colour.data[c], 25);
}

TEST(Room, TheLensBendsThePicture) {
  // Along the ray that a distorted pixel stands for, the plain camera sees the same surface.
  const Camera bent{CameraModel::kSimpleRadial, 96, 72, {60, 48, 36, -0.1}};
  const Camera plain{CameraModel::kPinhole, 96, 72, {60, 60, 48, 36}};
  Rigid3 cam_from_world;
  cam_from_world.translation = {0, 1.4, 0};
  const SyntheticView seen = RenderRoom(bent, cam_from_world, {});
  const auto ray = bent.CamFromImg({10.5, 36.5});
  ASSERT_TRUE(ray.has_value());
  Camera aimed = plain;  // so that this ray passes through the middle of pixel (40, 30)
  aimed.params = {60, 60, 40.5 - 60 * ray->x(), 30.5 - 60 * ray->y()};
  const SyntheticView straight = RenderRoom(aimed, cam_from_world, {});
  EXPECT_NEAR(*seen.depth.pixel(10, 36), *straight.depth.pixel(40, 30), 1e-5f);
  const SyntheticView unbent = RenderRoom(plain, cam_from_world, {});
  EXPECT_NE(seen.colour.data, unbent.colour.data);
}

TEST(Room, PointsLieWhereTheyAreSeen) {
  const Room room = MakeRoom(Small());
  EXPECT_TRUE(Violations(room.reconstruction).empty());
  EXPECT_GT(room.reconstruction.points.size(), 300u);
  for (const auto& [id, point] : room.reconstruction.points) {
    ASSERT_GE(point.track.size(), 2u);
    for (const TrackElement& e : point.track) {
      const PosedImage& image = room.reconstruction.images.at(e.image_id);
      const auto px = room.reconstruction.cameras.at(1).ImgFromCam(image.cam_from_world *
                                                                   point.x_in_world);
      ASSERT_TRUE(px.has_value());
      EXPECT_LT((*px - image.observations[e.observation].x_px).norm(), 1e-6);
    }
  }
}

TEST(Room, TheSameForAnyNumberOfThreads) {
  SetThreadCount(1);
  const Room one = MakeRoom(Small());
  SetThreadCount(3);
  const Room three = MakeRoom(Small());
  SetThreadCount(2);
  for (size_t i = 0; i < one.photos.size(); ++i) {
    EXPECT_EQ(one.photos[i].data, three.photos[i].data);
  }
}

}  // namespace
}  // namespace ajar::synthetic
