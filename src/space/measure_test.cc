#include <gtest/gtest.h>

#include <cmath>

#include "space/space.h"

namespace ajar::space {
namespace {

using Eigen::Vector2d;
using Eigen::Vector3d;

constexpr double kWall = 2;  // where the wall truly is: z = 2

// Five cameras side by side look at a papered wall. The splats have it somewhere else.
struct WallScene {
  Reconstruction reconstruction;
  SplatCloud cloud;

  explicit WallScene(double splats_at, float size = 0.05f) {
    reconstruction.cameras[1] = {CameraModel::kSimpleRadial, 400, 300, {350, 200, 150, -0.05}};
    for (uint32_t id = 1; id <= 5; ++id) {
      PosedImage& image = reconstruction.images[id];
      image.name = std::to_string(id) + ".jpg";
      image.camera_id = 1;
      image.cam_from_world.translation = {0.3 * (id - 3.0), 0.1 * (id % 2), 0};
    }
    Add(-2, 2, -1.5f, 1.5f, static_cast<float>(splats_at), size);
  }

  void Add(float x0, float x1, float y0, float y1, float z, float size) {
    for (float y = y0; y <= y1; y += size) {
      for (float x = x0; x <= x1; x += size) {
        cloud.means.emplace_back(x, y, z);
        cloud.log_scales.emplace_back(std::log(size), std::log(size), std::log(0.001f));
        cloud.rotations.emplace_back(1, 0, 0, 0);
        cloud.opacity_logits.push_back(6);
        cloud.sh.insert(cloud.sh.end(), 3, 0.5f);
      }
    }
  }

  // `grey`: of what is seen from a place along a ray of depth 1.
  template <class Grey>
  PictureOf Seen(const Grey& grey) const {
    return [this, grey](uint32_t id) {
      const Camera& camera = reconstruction.cameras.at(1);
      const Rigid3 world_from_cam = Inverse(reconstruction.images.at(id).cam_from_world);
      auto picture = std::make_shared<ImageF>(camera.width, camera.height, 1);
      for (int y = 0; y < camera.height; ++y) {
        for (int x = 0; x < camera.width; ++x) {
          const auto ray = camera.CamFromImg({x + 0.5, y + 0.5});
          *picture->pixel(x, y) =
              static_cast<float>(grey(world_from_cam, Vector3d(ray->x(), ray->y(), 1)));
        }
      }
      return std::shared_ptr<const ImageF>(picture);
    };
  }

  // `paper`: grey of the wall at x, y.
  template <class Paper>
  PictureOf Photographs(const Paper& paper) const {
    return Seen([paper](const Rigid3& world_from_cam, const Vector3d& along) {
      const Vector3d at = world_from_cam * (kWall * along);
      return paper(at.x(), at.y());
    });
  }

  SurfacePoint At(const Vector2d& x_px, const PictureOf& pictures) const {
    const auto point = FindSurfacePoint(reconstruction, 3, x_px, cloud, pictures);
    EXPECT_TRUE(point.has_value());
    return point.value_or(SurfacePoint());
  }
};

double Pattern(double x, double y) {
  return 0.5 + 0.15 * std::sin(97 * x + 3 * std::sin(29 * y)) + 0.15 * std::sin(131 * y - 17 * x);
}

TEST(SurfacePoint, PhotographsKnowItBetterThanSplats) {
  for (const double splats_at : {1.95, 2.05}) {
    const WallScene scene(splats_at);
    const SurfacePoint by_splats = scene.At({260, 105}, {});
    EXPECT_NEAR(by_splats.x_in_world.z(), splats_at, 0.01);
    EXPECT_LT(std::abs(by_splats.x_in_world.z() - kWall), 2 * by_splats.deviation_su);
    const SurfacePoint point = scene.At({260, 105}, scene.Photographs(Pattern));
    EXPECT_NEAR(point.x_in_world.z(), kWall, 0.004);
    EXPECT_LT(point.deviation_su, 0.5 * by_splats.deviation_su);
  }
}

TEST(SurfacePoint, ABareWallOrOneThatDarkensEvenlyIsLeftToTheSplats) {
  const WallScene scene(1.95);
  const SurfacePoint by_splats = scene.At({260, 105}, {});
  for (const double slope : {0.0, 0.2}) {
    const SurfacePoint point =
        scene.At({260, 105}, scene.Photographs([&](double x, double) { return 0.5 + slope * x; }));
    EXPECT_EQ(point.x_in_world, by_splats.x_in_world);
    EXPECT_EQ(point.deviation_su, by_splats.deviation_su);
  }
}

TEST(SurfacePoint, PhotographsThatDisagreeAreLeftOut) {
  const WallScene scene(1.95);
  // Each shows another paper: nothing can be matched.
  const PictureOf changed = [&](uint32_t id) {
    return scene.Photographs(
        [id](double x, double y) { return Pattern(x + 0.37 * id * y, y - 0.53 * id * x * x); })(id);
  };
  EXPECT_EQ(scene.At({260, 105}, changed).x_in_world, scene.At({260, 105}, {}).x_in_world);
}

TEST(SurfacePoint, LargeSplatsOnABareWallAreNoHole) {
  const WallScene scene(kWall, 0.2f);
  EXPECT_NEAR(scene.At({202, 148}, {}).x_in_world.z(), kWall, 0.01);
}

// A board before a bare wall, of which a corner is at x = 0, y = 0; the splats have it 2 % too far.
constexpr double kBoard = 1.5;

struct BoardScene : WallScene {
  BoardScene() : WallScene(kWall) { Add(-0.5f, -0.004f, 0.004f, 0.5f, 1.02f * kBoard, 0.01f); }

  // Of the corner, in the photograph that is asked.
  Vector2d Corner() const {
    return *reconstruction.cameras.at(1).ImgFromCam(reconstruction.images.at(3).cam_from_world *
                                                    Vector3d(0, 0, kBoard));
  }

  PictureOf Photographs() const {
    return Seen([](const Rigid3& world_from_cam, const Vector3d& along) {
      const Vector3d board = world_from_cam * (kBoard * along);
      const bool on = board.x() <= 0 && board.x() > -0.5 && board.y() >= 0 && board.y() < 0.5;
      return on ? 0.2 * Pattern(board.x(), board.y()) : 0.6;
    });
  }
};

TEST(SurfacePoint, WhoPointsAtAnEdgeOrACornerMeansWhatIsBefore) {
  const BoardScene scene;
  const Vector2d corner = scene.Corner();
  for (const Vector2d& missed :
       {Vector2d(0, 0), Vector2d(3, 0), Vector2d(2, -3), Vector2d(0, -4)}) {
    EXPECT_NEAR(scene.At(corner + missed, {}).x_in_world.z(), 1.02 * kBoard, 0.01) << missed;
  }
  EXPECT_NEAR(scene.At(corner + Vector2d(0, -14), {}).x_in_world.z(), kWall, 0.01);
  EXPECT_NEAR(scene.At(corner + Vector2d(14, 0), {}).x_in_world.z(), kWall, 0.01);
}

TEST(SurfacePoint, PhotographsKnowACornerToo) {
  const BoardScene scene;
  const SurfacePoint point = scene.At(scene.Corner(), scene.Photographs());
  EXPECT_NEAR(point.x_in_world.z(), kBoard, 0.008);
  EXPECT_LT(point.deviation_su, 0.012 * kBoard);
}

TEST(SurfacePoint, IsNowhereOutsideThePhotographAndWithoutARoom) {
  const WallScene scene(kWall);
  EXPECT_FALSE(FindSurfacePoint(scene.reconstruction, 1, {450, 90}, scene.cloud, {}).has_value());
  EXPECT_FALSE(FindSurfacePoint(scene.reconstruction, 1, {100, 90}, {}, {}).has_value());
}

}  // namespace
}  // namespace ajar::space
