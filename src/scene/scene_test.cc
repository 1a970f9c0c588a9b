#include <gtest/gtest.h>

#include <array>
#include <random>

#include "base/error.h"
#include "scene/camera.h"
#include "scene/reconstruction.h"
#include "scene/rigid3.h"
#include "scene/splat_cloud.h"
#include "scene/splat_convention.h"

namespace ajar {
namespace {

Eigen::Quaterniond Turn(double angle, double x, double y, double z) {
  return Eigen::Quaterniond(Eigen::AngleAxisd(angle, Eigen::Vector3d(x, y, z).normalized()));
}

TEST(Rigid3, InverseAndCompositionAgree) {
  const Rigid3 a{Turn(0.7, 1, 2, 3), {1, -2, 0.5}}, b{Turn(-1.1, 0, 1, 1), {0.3, 0.1, 4}};
  const Eigen::Vector3d x(0.2, 0.9, -3);
  EXPECT_LT(((a * b) * x - a * (b * x)).norm(), 1e-12);
  EXPECT_LT((Inverse(a) * (a * x) - x).norm(), 1e-12);
}

TEST(Sim3, ACameraSeesTheSameAfterTheWorldIsMoved) {
  const Rigid3 cam{Turn(0.4, 1, 0, 2), {0.1, 0.2, 3}};
  const Sim3 move{2.5, Turn(1.3, 2, 1, -1), {5, -3, 1}};
  const Eigen::Vector3d x(0.3, -0.2, 1);
  const Eigen::Vector3d before = cam * x, after = TransformCamera(cam, move) * (move * x);
  EXPECT_LT((before * move.scale - after).norm(), 1e-12);
  EXPECT_LT((Inverse(move) * (move * x) - x).norm(), 1e-12);
}

Camera MakeCamera(CameraModel model, std::vector<double> params) {
  return {model, 640, 480, std::move(params)};
}

TEST(Camera, EveryModelInverts) {
  const std::vector<Camera> cameras = {
      MakeCamera(CameraModel::kSimplePinhole, {500, 320, 240}),
      MakeCamera(CameraModel::kPinhole, {500, 510, 318, 243}),
      MakeCamera(CameraModel::kSimpleRadial, {500, 320, 240, -0.1}),
      MakeCamera(CameraModel::kRadial, {500, 320, 240, 0.08, -0.03}),
      MakeCamera(CameraModel::kOpenCv, {500, 505, 321, 239, -0.1, 0.02, 0.001, -0.002}),
      MakeCamera(CameraModel::kOpenCvFisheye, {300, 300, 320, 240, 0.02, -0.01, 0.001, 0}),
      MakeCamera(CameraModel::kFullOpenCv,
                 {500, 505, 321, 239, -0.1, 0.02, 0.001, -0.002, 0.001, 0.01, 0.002, 0.001}),
      MakeCamera(CameraModel::kSimpleRadialFisheye, {300, 320, 240, 0.01}),
      MakeCamera(CameraModel::kRadialFisheye, {300, 320, 240, 0.01, 0.002})};
  for (const Camera& camera : cameras) {
    SCOPED_TRACE(CameraModelName(camera.model));
    EXPECT_TRUE(Violations(camera).empty());
    EXPECT_EQ(CameraModelFromName(CameraModelName(camera.model)), camera.model);
    for (const double x : {0.0, 100.5, 639.9}) {
      for (const double y : {0.5, 240.0, 479.0}) {
        const auto uv = camera.CamFromImg({x, y});
        ASSERT_TRUE(uv.has_value());
        const auto back = camera.ImgFromCam({2 * uv->x(), 2 * uv->y(), 2});
        ASSERT_TRUE(back.has_value());
        EXPECT_LT((*back - Eigen::Vector2d(x, y)).norm(), 1e-6);
      }
    }
    EXPECT_FALSE(camera.ImgFromCam({0.1, 0.1, -1}).has_value());
  }
}

TEST(Camera, SimpleRadialHasItsClosedForm) {
  const Camera camera = MakeCamera(CameraModel::kSimpleRadial, {500, 320, 240, -0.1});
  const double r2 = 0.3 * 0.3 + 0.2 * 0.2, factor = 1 - 0.1 * r2;
  const auto px = camera.ImgFromCam({0.3, 0.2, 1});
  ASSERT_TRUE(px.has_value());
  EXPECT_NEAR(px->x(), 500 * 0.3 * factor + 320, 1e-9);
  EXPECT_NEAR(px->y(), 500 * 0.2 * factor + 240, 1e-9);
}

TEST(Camera, BeyondTheFoldNothingIsSeen) {
  const Camera camera = MakeCamera(CameraModel::kSimpleRadial, {500, 320, 240, -0.3});
  EXPECT_TRUE(camera.ImgFromCam({0.5, 0, 1}).has_value());
  EXPECT_FALSE(camera.ImgFromCam({3, 0, 1}).has_value());
}

TEST(Camera, TheUndistortedViewLiesWithinThePhotograph) {
  for (const double k : {-0.15, 0.1}) {
    const Camera camera = MakeCamera(CameraModel::kSimpleRadial, {450, 310, 250, k});
    const Camera flat = UndistortedCamera(camera);
    for (int i = 0; i <= 20; ++i) {
      for (const Eigen::Vector2d& px : {Eigen::Vector2d(32.0 * i, 0), Eigen::Vector2d(32.0 * i, 480),
                                       Eigen::Vector2d(0, 24.0 * i), Eigen::Vector2d(640, 24.0 * i)}) {
        const auto uv = flat.CamFromImg(px);
        const auto seen = camera.ImgFromCam({uv->x(), uv->y(), 1});
        ASSERT_TRUE(seen.has_value());
        EXPECT_GT(seen->x(), -0.5);
        EXPECT_LT(seen->x(), 640.5);
        EXPECT_GT(seen->y(), -0.5);
        EXPECT_LT(seen->y(), 480.5);
      }
    }
  }
}

TEST(Camera, ViolationsNameWhatIsWrong) {
  EXPECT_EQ(Violations(MakeCamera(CameraModel::kPinhole, {1, 2, 3})).size(), 1u);
  EXPECT_EQ(Violations(MakeCamera(CameraModel::kPinhole, {-1, 2, 3, 4})).size(), 1u);
  EXPECT_EQ(Violations(Camera{CameraModel::kPinhole, 0, 5, {1, 1, 0, 0}}).size(), 1u);
}

TEST(Reconstruction, BrokenReferencesAreNamed) {
  Reconstruction r;
  r.cameras[1] = MakeCamera(CameraModel::kPinhole, {500, 500, 320, 240});
  r.images[1] = {"a.jpg", 1, {}, {{{1, 2}, 7}}};
  r.points[7].track = {{1, 0}};
  EXPECT_TRUE(Violations(r).empty());
  r.images[2] = {"a.jpg", 9, {}, {{{1, 2}, 8}}};
  r.points[7].track.push_back({3, 0});
  EXPECT_EQ(Violations(r).size(), 4u);
  EXPECT_EQ(Violations(r, 2).size(), 2u);
}

TEST(Reconstruction, UpIsTheCamerasUp) {
  Reconstruction r;
  r.images[1].cam_from_world = {Turn(0.3, 0, 1, 0), {0, 0, 0}};
  r.images[2].cam_from_world = {Turn(-0.9, 0, 1, 0), {0, 0, 3}};
  EXPECT_LT((MeanUpInWorld(r) - Eigen::Vector3d(0, -1, 0)).norm(), 1e-12);
  EXPECT_NEAR(CameraExtent(r), 1.5, 1e-9);
}

TEST(SplatCloud, ColourTurnsWithTheWorld) {
  std::mt19937 random(5);
  std::normal_distribution<float> normal;
  for (int degree = 0; degree <= kMaxShDegree; ++degree) {
    SplatCloud cloud;
    cloud.Resize(1, degree);
    for (float& c : cloud.sh) c = normal(random);
    const Sim3 move{1.7, Turn(2.1, 1, -2, 0.4), {1, 2, 3}};
    const SplatCloud moved = Transformed(cloud, move);
    EXPECT_TRUE(Violations(moved).empty());
    for (int i = 0; i < 20; ++i) {
      const Eigen::Vector3d d =
          Eigen::Vector3d(normal(random), normal(random), normal(random)).normalized();
      const Eigen::Vector3d e = move.rotation * d;
      std::array<double, 16> before{}, after{};
      ShBasis(degree, d.x(), d.y(), d.z(), before.data());
      ShBasis(degree, e.x(), e.y(), e.z(), after.data());
      for (int c = 0; c < 3; ++c) {
        double seen = 0, turned = 0;
        for (int k = 0; k < ShCoefficientCount(degree); ++k) {
          seen += before[static_cast<size_t>(k)] * cloud.sh[static_cast<size_t>(k * 3 + c)];
          turned += after[static_cast<size_t>(k)] * moved.sh[static_cast<size_t>(k * 3 + c)];
        }
        EXPECT_NEAR(seen, turned, 1e-5);
      }
    }
  }
}

TEST(SplatCloud, CovarianceTurnsAndScales) {
  SplatCloud cloud;
  cloud.Resize(1, 0);
  cloud.means[0] = {1, 2, 3};
  cloud.rotations[0] = Eigen::Vector4f(0.5f, 0.1f, -0.7f, 0.2f).normalized();
  cloud.log_scales[0] = {-1, 0, 0.5f};
  const Sim3 move{2, Turn(0.8, 1, 1, 0), {0, 1, 0}};
  const SplatCloud moved = Transformed(cloud, move);
  const auto covariance = [](const SplatCloud& c) -> Eigen::Matrix3f {
    const Eigen::Vector4f& q = c.rotations[0];
    const Eigen::Matrix3f r = Eigen::Quaternionf(q[0], q[1], q[2], q[3]).toRotationMatrix();
    const Eigen::Vector3f s = c.log_scales[0].array().exp().square();
    return r * s.asDiagonal() * r.transpose();
  };
  const Eigen::Matrix3f r = move.rotation.toRotationMatrix().cast<float>();
  EXPECT_LT((covariance(moved) - 4 * r * covariance(cloud) * r.transpose()).norm(), 1e-4f);
}

TEST(SplatCloud, ViolationsAreFound) {
  SplatCloud cloud;
  cloud.Resize(3, 1);
  EXPECT_TRUE(Violations(cloud).empty());
  cloud.sh[5] = std::numeric_limits<float>::quiet_NaN();
  EXPECT_EQ(Violations(cloud).size(), 1u);
  cloud.means.pop_back();
  EXPECT_EQ(Violations(cloud).size(), 1u);
}

}  // namespace
}  // namespace ajar
