#include "space/internal/upright_edges.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "space/internal/upright.h"
#include "space/room_test_util.h"

namespace ajar::space {
namespace {

using Eigen::Vector2d;
using Eigen::Vector3d;
using test::AnyMotion;
using test::MadeRoom;
using test::Make;
using test::TestRoom;

constexpr double kRad = std::numbers::pi / 180;

// A wall at z = -2 with upright boards, some that lean to the right of them, and level ones above.
float Board(double x, double y) {
  if (y > 1.9) return std::fmod(y + 10, 0.2) < 0.1 ? 0.3f : 0.7f;
  const double lean = x > 0.9 ? std::tan(12 * kRad) : 0;
  return std::fmod(x + y * lean + 10, 0.5) < 0.25 ? 0.2f : 0.8f;
}

// Photographs along that wall by people who all hold the camera `roll_deg` off.
MadeRoom AlongAWall(double roll_deg) {
  TestRoom room;
  room.Add({-2, 0, -2}, {4, 0, 0}, {0, 2.5, 0});
  for (int i = 0; i < 12; ++i) {
    const Vector3d eye(-1 + i / 6.0, 1.4, -0.6);
    room.cameras.push_back({eye, {eye.x() + 0.5 * std::sin(i), 1.2 + 0.3 * std::cos(i), -2}});
  }
  MadeRoom made = Make(room, AnyMotion());
  const Rigid3 roll{Eigen::Quaterniond(Eigen::AngleAxisd(roll_deg * kRad, Vector3d::UnitZ())),
                    Vector3d::Zero()};
  for (auto& [id, image] : made.reconstruction.images) {
    image.cam_from_world = roll * image.cam_from_world;
  }
  return made;
}

PictureOf PicturesOf(const MadeRoom& made) {
  return [&made](uint32_t id) {
    const PosedImage& image = made.reconstruction.images.at(id);
    const Camera& camera = made.reconstruction.cameras.at(image.camera_id);
    const Sim3 room_from_rec = Inverse(AnyMotion());
    const Vector3d eye = room_from_rec * image.CentreInWorld();
    auto grey = std::make_shared<ImageF>(camera.width, camera.height, 1);
    for (int y = 0; y < camera.height; ++y) {
      for (int x = 0; x < camera.width; ++x) {
        float sum = 0;
        for (int k = 0; k < 4; ++k) {
          const auto ray = camera.CamFromImg({x + 0.25 + 0.5 * (k % 2), y + 0.25 + 0.5 * (k / 2)});
          const Vector3d way = room_from_rec.rotation * (image.cam_from_world.rotation.conjugate() *
                                                         Vector3d(ray->x(), ray->y(), 1));
          const Vector3d p = eye + (-2 - eye.z()) / way.z() * way;
          sum += Board(p.x(), p.y()) / 4;
        }
        *grey->pixel(x, y) = sum;
      }
    }
    return std::shared_ptr<const ImageF>(grey);
  };
}

double Angle_deg(const Vector3d& up) {
  const Vector3d truth = AnyMotion().rotation * Vector3d::UnitY();
  return std::acos(std::clamp(up.dot(truth), -1.0, 1.0)) / kRad;
}

TEST(UprightEdges, RunAlongTheBoards) {
  const MadeRoom made = AlongAWall(0);
  const PosedImage& image = made.reconstruction.images.at(1);
  const Camera& camera = made.reconstruction.cameras.at(1);
  const Vector3d up = image.cam_from_world.rotation * (AnyMotion().rotation * Vector3d::UnitY());
  const std::vector<Edge> edges = UprightEdges(*PicturesOf(made)(1), camera, up);
  ASSERT_GE(edges.size(), 5u);
  for (const Edge& e : edges) {
    const auto a = camera.CamFromImg(e.from_px), b = camera.CamFromImg(e.to_px);
    const Vector3d normal =
        Vector3d(a->x(), a->y(), 1).cross(Vector3d(b->x(), b->y(), 1)).normalized();
    EXPECT_LT(std::abs(normal.dot(up)), std::sin(1.5 * kRad));
    EXPECT_GE((e.from_px - e.to_px).norm(), 0.05 * camera.width);
  }
}

TEST(UprightEdges, TellUpWhereNoFloorIsSeenAndCamerasLean) {
  const MadeRoom made = AlongAWall(6);
  EXPECT_GT(Angle_deg(UpFromCameras(made.reconstruction)), 4);
  const PictureOf pictures = PicturesOf(made);
  const auto found = Find(made.reconstruction, made.cloud, {}, {}, Progress(), pictures);
  EXPECT_EQ(found.up_from, UpFrom::kEdges);
  EXPECT_LT(Angle_deg(found.room_from_reconstruction.rotation.conjugate() * Vector3d::UnitY()), 1);
}

TEST(UprightEdges, SayNothingWhereThereAreNone) {
  const MadeRoom made = AlongAWall(0);
  const Vector3d near = UpFromCameras(made.reconstruction);
  EXPECT_FALSE(UpFromEdges(near, made.reconstruction, [](uint32_t) { return nullptr; }));
  const auto blank = std::make_shared<const ImageF>(320, 240, 1, 0.5f);
  EXPECT_FALSE(UpFromEdges(near, made.reconstruction, [&](uint32_t) { return blank; }));
}

TEST(UprightEdges, AFloorThatIsSeenHasTheSay) {
  const MadeRoom made = Make(test::BoxRoom(), AnyMotion());
  size_t asked = 0;
  const auto found = Find(made.reconstruction, made.cloud, {}, {}, Progress(), [&](uint32_t) {
    ++asked;
    return nullptr;
  });
  EXPECT_EQ(found.up_from, UpFrom::kSurfaces);
  EXPECT_EQ(asked, 0u);
}

}  // namespace
}  // namespace ajar::space
