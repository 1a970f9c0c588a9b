#include "sfm/internal/lens.h"

#include <Eigen/Dense>

namespace ajar::sfm::internal {

Eigen::Vector2d Lens::Project(const Eigen::Vector2d& ray, Eigen::Matrix2d* by_ray,
                              Eigen::Matrix<double, 2, kLensParams>* by_params) const {
  const double f = params[0], k1 = params[3], k2 = params[4], p1 = params[5], p2 = params[6];
  const double x = ray[0], y = ray[1];
  const double r2 = x * x + y * y, radial = 1 + r2 * (k1 + r2 * k2);
  const double u = x * radial + 2 * p1 * x * y + p2 * (r2 + 2 * x * x);
  const double v = y * radial + 2 * p2 * x * y + p1 * (r2 + 2 * y * y);
  if (by_ray) {
    const double slope = k1 + 2 * k2 * r2;  // d radial / d r2
    const double cross = 2 * x * y * slope + 2 * p1 * x + 2 * p2 * y;
    *by_ray << f * (radial + 2 * x * x * slope + 2 * p1 * y + 6 * p2 * x), f * cross, f * cross,
        f * (radial + 2 * y * y * slope + 2 * p2 * x + 6 * p1 * y);
  }
  if (by_params) {
    *by_params << u, 1, 0, f * x * r2, f * x * r2 * r2, f * 2 * x * y, f * (r2 + 2 * x * x),  //
        v, 0, 1, f * y * r2, f * y * r2 * r2, f * (r2 + 2 * y * y), f * 2 * x * y;
  }
  return {f * u + params[1], f * v + params[2]};
}

Eigen::Vector2d Lens::Ray(const Eigen::Vector2d& x_px) const {
  Eigen::Vector2d ray = (x_px - params.segment<2>(1)) / params[0];
  if (params.tail<4>().isZero(0)) return ray;
  Eigen::Vector2d best = ray;
  double best_error = 1e300;
  for (int step = 0; step < 20; ++step) {
    Eigen::Matrix2d jacobian;
    const Eigen::Vector2d residual = Project(ray, &jacobian) - x_px;
    const double error = residual.squaredNorm();
    if (error < best_error) {
      best_error = error;
      best = ray;
    }
    if (error < 1e-18 * params[0] * params[0]) break;
    const Eigen::Vector2d delta = jacobian.inverse() * residual;
    if (!delta.allFinite()) break;
    ray -= delta;
  }
  return best;
}

Lens PlainLens(int width, int height, double focal_px) {
  Lens lens{width, height, {}};
  lens.params << focal_px, 0.5 * width, 0.5 * height, 0, 0, 0, 0;
  return lens;
}

Camera CameraOf(const Lens& lens) {
  const auto& p = lens.params;
  if (p.tail<4>().isZero(0)) {
    return {CameraModel::kSimplePinhole, lens.width, lens.height, {p[0], p[1], p[2]}};
  }
  return {CameraModel::kOpenCv,
          lens.width,
          lens.height,
          {p[0], p[0], p[1], p[2], p[3], p[4], p[5], p[6]}};
}

}  // namespace ajar::sfm::internal
