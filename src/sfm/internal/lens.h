// The lens that photographs of one camera share while they are posed: square pixels, radial and
// tangential distortion, as COLMAP's OPENCV model with fx = fy.
#pragma once

#include <Eigen/Core>

#include "scene/camera.h"

namespace ajar::sfm::internal {

inline constexpr int kLensParams = 7;  // f, cx, cy, k1, k2, p1, p2

// The derivative of (x / z, y / z) by the point.
inline Eigen::Matrix<double, 2, 3> RayByPoint(const Eigen::Vector3d& x) {
  Eigen::Matrix<double, 2, 3> derivative;
  derivative << 1 / x[2], 0, -x[0] / (x[2] * x[2]), 0, 1 / x[2], -x[1] / (x[2] * x[2]);
  return derivative;
}

struct Lens {
  int width = 0, height = 0;  // of the pictures that were looked at
  Eigen::Matrix<double, kLensParams, 1> params = Eigen::Matrix<double, kLensParams, 1>::Zero();

  double focal_px() const { return params[0]; }
  // (x / z, y / z) to pixels, with derivatives by it and by the parameters where asked for.
  Eigen::Vector2d Project(const Eigen::Vector2d& ray, Eigen::Matrix2d* by_ray = nullptr,
                          Eigen::Matrix<double, 2, kLensParams>* by_params = nullptr) const;
  // Pixels to (x / z, y / z), by fixed-point steps and Newton's; the nearest that was found where
  // the distortion cannot be inverted.
  Eigen::Vector2d Ray(const Eigen::Vector2d& x_px) const;
};

// No distortion, the principal point in the middle.
Lens PlainLens(int width, int height, double focal_px);

// In COLMAP's terms: SIMPLE_PINHOLE without distortion, else OPENCV.
Camera CameraOf(const Lens& lens);

}  // namespace ajar::sfm::internal
