// A plane as one photograph sees it, and what is plain there.
#pragma once

#include <algorithm>
#include <cmath>

#include "dense/internal/depth_map.h"
#include "dense/internal/planes.h"

namespace ajar::dense::internal {

inline constexpr int kPlainStep = 10;  // levels between a plain pixel and its neighbours, at most
inline constexpr float kPlainDeviation = 6;  // levels, of the window around a plain pixel, at most

// Where a pixel's ray meets the plane, as inverse depth; not above 0 where it does not.
class PlaneInView {
 public:
  PlaneInView(const Plane& plane, const Prepared& view) : camera_(&view.pose.camera) {
    const Rigid3& cam_from_world = view.pose.cam_from_world;
    const Eigen::Vector3d normal = cam_from_world.rotation * plane.normal;
    const double offset = plane.offset + normal.dot(cam_from_world.translation);
    by_ray_ = normal / (std::abs(offset) > 1e-9 ? offset : 1e-9);
  }
  double InverseDepth(const Eigen::Vector2d& pixel) const {
    return by_ray_.x() * (pixel.x() - camera_->cx()) / camera_->fx() +
           by_ray_.y() * (pixel.y() - camera_->cy()) / camera_->fy() + by_ray_.z();
  }
  double InverseDepth(int x, int y) const { return InverseDepth({x + 0.5, y + 0.5}); }
  // Whether a pixel of this depth is on the plane.
  bool IsOn(int x, int y, double inverse_depth, double tolerance) const {
    const double w = InverseDepth(x, y), depth = 1 / inverse_depth;
    return w > 0 && std::abs(1 / w - depth) < 3 * tolerance + 0.01 * depth;
  }

 private:
  const Camera* camera_;
  Eigen::Vector3d by_ray_;
};

inline bool IsPlain(const MatchPicture& picture, int x, int y) {
  x = std::clamp(x, kWindowRadius, picture.width - 1 - kWindowRadius);
  y = std::clamp(y, kWindowRadius, picture.height - 1 - kWindowRadius);
  const size_t at = static_cast<size_t>(y) * picture.stride + static_cast<size_t>(x);
  return picture.inv_deviation[at] > 1 / std::sqrt(kPlainDeviation * kPlainDeviation + kNoise);
}

}  // namespace ajar::dense::internal
