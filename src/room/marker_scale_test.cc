#include "room/internal/marker_scale.h"

#include <gtest/gtest.h>

namespace ajar::room {
namespace {

using Eigen::Vector3d;

// A marker of 0.1 units on the floor, seen by cameras 1.5 units above it that look straight down.
struct Scene {
  Reconstruction reconstruction;
  std::map<uint32_t, std::vector<photo::Marker>> seen;
};
Scene Make(const std::vector<Vector3d>& eyes) {
  Scene scene;
  scene.reconstruction.cameras[1] = {CameraModel::kSimpleRadial, 1000, 800, {900, 500, 400, -0.05}};
  uint32_t id = 0;
  for (const Vector3d& eye : eyes) {
    PosedImage& image = scene.reconstruction.images[++id];
    image.camera_id = 1;
    image.cam_from_world.translation = -eye;
    photo::Marker marker;
    marker.id = 5;
    constexpr double kSides[4][2] = {{0, 0}, {0.1, 0}, {0.1, 0.1}, {0, 0.1}};
    for (size_t k = 0; k < 4; ++k) {
      const Vector3d corner(kSides[k][0], kSides[k][1], 1.5);
      marker.corners_px[k] =
          *scene.reconstruction.cameras[1].ImgFromCam(image.cam_from_world * corner);
    }
    scene.seen[id].push_back(marker);
  }
  return scene;
}

TEST(MarkerScale, IsThatOfAMarkersSide) {
  const Scene scene = Make({{0, 0, 0}, {0.5, 0, 0}, {0, 0.4, 0.1}});
  const auto scale = ScaleOfMarkers(scene.reconstruction, scene.seen, 0.07);
  ASSERT_TRUE(scale.has_value());
  EXPECT_NEAR(scale->metres_per_unit, 0.7, 1e-6);
  EXPECT_EQ(scale->markers, 1u);
  EXPECT_GT(scale->deviation, 0);
}

TEST(MarkerScale, OnePlaceTellsNothing) {
  const Scene one = Make({{0, 0, 0}});
  EXPECT_FALSE(ScaleOfMarkers(one.reconstruction, one.seen, 0.07).has_value());
  const Scene twice = Make({{0, 0, 0}, {0.001, 0, 0}});
  EXPECT_FALSE(ScaleOfMarkers(twice.reconstruction, twice.seen, 0.07).has_value());
  EXPECT_FALSE(ScaleOfMarkers(one.reconstruction, {}, 0.07).has_value());
}

TEST(MarkerScale, TheSameIdInTwoPlacesIsNoMarker) {
  Scene scene = Make({{0, 0, 0}, {0.5, 0, 0}});
  for (Eigen::Vector2d& corner : scene.seen[2][0].corners_px) corner.y() += 90;
  EXPECT_FALSE(ScaleOfMarkers(scene.reconstruction, scene.seen, 0.07).has_value());
}

}  // namespace
}  // namespace ajar::room
