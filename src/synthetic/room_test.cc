#include "synthetic/room.h"

#include <gtest/gtest.h>

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
  for (size_t i = 0; i < one.photos.size(); ++i) EXPECT_EQ(one.photos[i].data, three.photos[i].data);
}

}  // namespace
}  // namespace ajar::synthetic
