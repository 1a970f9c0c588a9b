#include "room/internal/places.h"

#include <gtest/gtest.h>

#include <cmath>

namespace ajar::room {
namespace {

using Eigen::Vector3d;
using Eigen::Vector3f;

// A solid wall of splats across z = 2 and one camera at the origin that looks at it, as a
// photograph of 800 × 600 pixels through a lens that bends a little.
struct WallScene {
  Reconstruction reconstruction;
  SplatCloud cloud;
  Placement placement;
  Document document;

  WallScene() {
    reconstruction.cameras[1] = {CameraModel::kSimpleRadial, 800, 600, {600, 400, 300, -0.05}};
    PosedImage& image = reconstruction.images[1];
    image.name = "wall.jpg";
    image.camera_id = 1;
    for (int y = -30; y <= 30; ++y) {
      for (int x = -30; x <= 30; ++x) {
        cloud.means.emplace_back(0.05f * static_cast<float>(x), 0.05f * static_cast<float>(y), 2);
        cloud.log_scales.emplace_back(std::log(0.05f), std::log(0.05f), std::log(0.001f));
        cloud.rotations.emplace_back(1, 0, 0, 0);
        cloud.opacity_logits.push_back(6);
        cloud.sh.insert(cloud.sh.end(), 3, 0.5f);
      }
    }
    placement.room_from_reconstruction = {
        2, Eigen::Quaterniond(Eigen::AngleAxisd(0.3, Vector3d::UnitX())), {1, 2, 3}};
    Thing thing;
    thing.id = "stain";
    thing.name = "The stain";
    thing.seen_in = SeenIn{"wall", {640, 150}, {}};
    document.things = {thing};
  }
};

TEST(Places, AThingIsOnTheSurfaceThatItsPhotographShows) {
  const WallScene scene;
  std::vector<std::string> notes;
  const Document placed = WithPlaces(scene.document, scene.reconstruction, scene.cloud,
                                     scene.placement, &notes);
  ASSERT_TRUE(placed.things[0].position);
  const auto ray = scene.reconstruction.cameras.at(1).CamFromImg({640, 150});
  const Vector3d expected = scene.placement.room_from_reconstruction *
                            Vector3d(2 * ray->x(), 2 * ray->y(), 2);
  EXPECT_LT((*placed.things[0].position - expected).norm(), 0.01);
  EXPECT_TRUE(notes.empty());
}

TEST(Places, AGivenPositionCounts) {
  WallScene scene;
  scene.document.things[0].position = Vector3d(1, 2, 3);
  std::vector<std::string> notes;
  const Document placed = WithPlaces(scene.document, scene.reconstruction, scene.cloud,
                                     scene.placement, &notes);
  EXPECT_EQ(placed.things[0].position, Vector3d(1, 2, 3));
}

TEST(Places, WhatCannotBeFoundIsToldAndLeftWithoutAPlace) {
  const auto note_for = [](const WallScene& scene) -> std::string {
    std::vector<std::string> notes;
    const Document placed = WithPlaces(scene.document, scene.reconstruction, scene.cloud,
                                       scene.placement, &notes);
    EXPECT_FALSE(placed.things[0].position);
    EXPECT_EQ(notes.size(), 1u);
    return notes.empty() ? "" : notes[0];
  };
  WallScene scene;
  scene.document.things[0].seen_in->photo = "elsewhere.jpg";
  EXPECT_NE(note_for(scene).find("elsewhere.jpg is not among those that were placed"),
            std::string::npos);
  scene = WallScene();
  scene.document.things[0].seen_in->at_px = {900, 20};
  EXPECT_NE(note_for(scene).find("800 x 600 pixels"), std::string::npos);
  scene = WallScene();
  for (Vector3f& mean : scene.cloud.means) mean.z() = -2;  // behind the camera
  EXPECT_NE(note_for(scene).find("nothing at a pixel"), std::string::npos);
}

}  // namespace
}  // namespace ajar::room
