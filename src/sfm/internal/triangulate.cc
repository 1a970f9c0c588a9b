#include "sfm/internal/triangulate.h"

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>

namespace ajar::sfm::internal {
namespace {

constexpr size_t kMostPairs = 24;
constexpr int kSteps = 4;

struct RayInWorld {
  Eigen::Vector3d origin, direction;  // unit
};

RayInWorld RayOf(const View& view) {
  const Rigid3 back = Inverse(*view.cam_from_world);
  return {back.translation, back.rotation * view.lens->Ray(view.x_px).homogeneous().normalized()};
}

Eigen::Vector3d Middle(const RayInWorld& a, const RayInWorld& b) {
  const double ab = a.direction.dot(b.direction);
  const Eigen::Vector3d between = b.origin - a.origin;
  const double determinant = std::max(1 - ab * ab, 1e-15);
  const double s = (a.direction.dot(between) - ab * b.direction.dot(between)) / determinant;
  const double t = (ab * a.direction.dot(between) - b.direction.dot(between)) / determinant;
  return 0.5 * (a.origin + s * a.direction + b.origin + t * b.direction);
}

double Angle(const Eigen::Vector3d& a, const Eigen::Vector3d& b) {
  return std::atan2(a.cross(b).norm(), a.dot(b));
}

// Gauss-Newton on the reprojection errors.
Eigen::Vector3d Refined(std::span<const View> views, std::span<const uint32_t> which,
                        Eigen::Vector3d x) {
  for (int step = 0; step < kSteps; ++step) {
    Eigen::Matrix3d normal = Eigen::Matrix3d::Zero();
    Eigen::Vector3d gradient = Eigen::Vector3d::Zero();
    for (const uint32_t i : which) {
      const View& view = views[i];
      const Eigen::Vector3d cam = *view.cam_from_world * x;
      if (cam[2] <= 1e-9) return x;
      Eigen::Matrix2d by_ray;
      const Eigen::Vector2d residual = view.lens->Project(cam.hnormalized(), &by_ray) - view.x_px;
      const Eigen::Matrix<double, 2, 3> j =
          by_ray * RayByPoint(cam) * view.cam_from_world->rotation.toRotationMatrix();
      normal += j.transpose() * j;
      gradient += j.transpose() * residual;
    }
    normal.diagonal() *= 1 + 1e-6;
    const Eigen::Vector3d delta = normal.inverse() * gradient;
    if (!delta.allFinite()) return x;
    x -= delta;
  }
  return x;
}

}  // namespace

double ReprojectionError_px(const View& view, const Eigen::Vector3d& x_in_world) {
  const Eigen::Vector3d x = *view.cam_from_world * x_in_world;
  if (!(x[2] > 1e-9)) return 1e9;
  return (view.lens->Project(x.hnormalized()) - view.x_px).norm();
}

double LargestAngle_rad(std::span<const View> views, const Eigen::Vector3d& x_in_world) {
  std::vector<Eigen::Vector3d> directions;
  for (const View& view : views) {
    directions.push_back((x_in_world - Inverse(*view.cam_from_world).translation).normalized());
  }
  double largest = 0;
  for (size_t i = 0; i < directions.size(); ++i) {
    for (size_t j = 0; j < i; ++j) {
      largest = std::max(largest, Angle(directions[i], directions[j]));
    }
  }
  return largest;
}

std::optional<Triangulated> Triangulate(std::span<const View> views, double most_px,
                                        double least_angle_rad) {
  std::vector<RayInWorld> rays;
  for (const View& view : views) rays.push_back(RayOf(view));
  struct Two {
    double angle;
    uint32_t a, b;
  };
  std::vector<Two> twos;
  for (uint32_t a = 0; a < views.size(); ++a) {
    for (uint32_t b = a + 1; b < views.size(); ++b) {
      const double angle = Angle(rays[a].direction, rays[b].direction);
      if (angle > 0.5 * least_angle_rad) twos.push_back({angle, a, b});
    }
  }
  // Wide angles tell depth best.
  std::stable_sort(twos.begin(), twos.end(),
                   [](const Two& a, const Two& b) { return a.angle > b.angle; });
  if (twos.size() > kMostPairs) twos.resize(kMostPairs);
  Triangulated best;
  double best_error = 0;
  for (const Two& two : twos) {
    const Eigen::Vector3d x = Middle(rays[two.a], rays[two.b]);
    std::vector<uint32_t> agreeing;
    double error = 0;
    for (uint32_t i = 0; i < views.size(); ++i) {
      const double e = ReprojectionError_px(views[i], x);
      if (e < most_px) {
        agreeing.push_back(i);
        error += e - most_px;
      }
    }
    if (agreeing.size() >= 2 && error < best_error) {
      best_error = error;
      best = {x, std::move(agreeing)};
    }
    if (best.views.size() == views.size()) break;
  }
  if (best.views.size() < 2) return std::nullopt;
  best.x_in_world = Refined(views, best.views, best.x_in_world);
  std::vector<uint32_t> agreeing;
  std::vector<View> those;
  for (uint32_t i = 0; i < views.size(); ++i) {
    if (ReprojectionError_px(views[i], best.x_in_world) < most_px) {
      agreeing.push_back(i);
      those.push_back(views[i]);
    }
  }
  if (agreeing.size() < 2 || LargestAngle_rad(those, best.x_in_world) < least_angle_rad) {
    return std::nullopt;
  }
  best.views = std::move(agreeing);
  return best;
}

}  // namespace ajar::sfm::internal
