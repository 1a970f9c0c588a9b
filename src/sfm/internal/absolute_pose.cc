#include "sfm/internal/absolute_pose.h"

#include <Eigen/Dense>
#include <algorithm>
#include <array>
#include <cmath>

#include "base/check.h"
#include "base/random.h"
#include "sfm/internal/lens.h"
#include "sfm/internal/levenberg_marquardt.h"
#include "sfm/internal/polynomial.h"

namespace ajar::sfm::internal {
namespace {

constexpr size_t kLeastSightings = 6;
constexpr double kConfidence = 0.9999;

// The frame with its origin at a, x towards b, and c in its xy half plane.
struct Frame {
  Eigen::Matrix3d axes;
  Eigen::Vector3d origin;
};
Frame FrameOf(const Eigen::Vector3d& a, const Eigen::Vector3d& b, const Eigen::Vector3d& c) {
  Frame f;
  f.origin = a;
  f.axes.col(0) = (b - a).normalized();
  f.axes.col(2) = f.axes.col(0).cross(c - a).normalized();
  f.axes.col(1) = f.axes.col(2).cross(f.axes.col(0));
  return f;
}

}  // namespace

std::vector<Rigid3> ThreePoint(std::span<const Sighting> three) {
  AJAR_CHECK_EQ(three.size(), size_t{3});
  Eigen::Vector3d p[3], d[3];
  for (size_t i = 0; i < 3; ++i) {
    p[i] = three[i].x_in_world;
    d[i] = three[i].ray.homogeneous().normalized();
  }
  const double a2 = (p[1] - p[2]).squaredNorm(), b2 = (p[0] - p[2]).squaredNorm();
  const double c2 = (p[0] - p[1]).squaredNorm();
  const double ca = d[1].dot(d[2]), cb = d[0].dot(d[2]), cg = d[0].dot(d[1]);
  if (a2 <= 0 || b2 <= 0 || c2 <= 0) return {};
  // With distances s1, s2 = u s1, s3 = v s1 a quartic in v.
  const double amc = (a2 - c2) / b2, apc = (a2 + c2) / b2;
  const double bmc = (b2 - c2) / b2, bma = (b2 - a2) / b2;
  const double a_b = a2 / b2, c_b = c2 / b2;
  const double a4 = (amc - 1) * (amc - 1) - 4 * c_b * ca * ca;
  const double a3 = 4 * (amc * (1 - amc) * cb - (1 - apc) * ca * cg + 2 * c_b * ca * ca * cb);
  const double a2_ = 2 * (amc * amc - 1 + 2 * amc * amc * cb * cb + 2 * bmc * ca * ca -
                          4 * apc * ca * cb * cg + 2 * bma * cg * cg);
  const double a1 = 4 * (-amc * (1 + amc) * cb + 2 * a_b * cg * cg * cb - (1 - apc) * ca * cg);
  const double a0 = (1 + amc) * (1 + amc) - 4 * a_b * cg * cg;
  std::vector<Rigid3> poses;
  const std::array<double, 5> quartic{a0, a1, a2_, a3, a4};
  for (const double v : RealRoots(quartic)) {
    if (v <= 0) continue;
    const double denominator = 2 * (cg - v * ca);
    if (std::abs(denominator) < 1e-12) continue;
    const double u = ((-1 + amc) * v * v - 2 * amc * cb * v + 1 + amc) / denominator;
    if (u <= 0) continue;
    const double s1_squared = b2 / (1 + v * v - 2 * v * cb);
    if (!(s1_squared > 0)) continue;
    const double s1 = std::sqrt(s1_squared);
    const Frame cam = FrameOf(s1 * d[0], u * s1 * d[1], v * s1 * d[2]);
    const Frame world = FrameOf(p[0], p[1], p[2]);
    const Eigen::Matrix3d rotation = cam.axes * world.axes.transpose();
    if (!rotation.allFinite()) continue;
    poses.push_back(
        {Eigen::Quaterniond(rotation).normalized(), cam.origin - rotation * world.origin});
  }
  return poses;
}

double SightingError(const Rigid3& cam_from_world, const Sighting& sighting) {
  const Eigen::Vector3d x = cam_from_world * sighting.x_in_world;
  if (x[2] <= 1e-9) return 1e12;
  return (x.hnormalized() - sighting.ray).squaredNorm();
}

Rigid3 RefineAbsolutePose(const Rigid3& start, std::span<const Sighting> sightings, double scale,
                          int steps) {
  using Vector6 = Eigen::Matrix<double, 6, 1>;
  const auto cost_of = [&](const Rigid3& pose) {
    double cost = 0;
    for (const Sighting& s : sightings) {
      cost += std::log1p(SightingError(pose, s) / (scale * scale));
    }
    return cost;
  };
  const auto linearise = [&](const Rigid3& pose, Eigen::Matrix<double, 6, 6>* normal,
                             Vector6* gradient) {
    for (const Sighting& s : sightings) {
      const Eigen::Vector3d rotated = pose.rotation * s.x_in_world;
      const Eigen::Vector3d x = rotated + pose.translation;
      if (x[2] <= 1e-9) continue;
      const Eigen::Vector2d residual = x.hnormalized() - s.ray;
      const double weight = 1 / (1 + residual.squaredNorm() / (scale * scale));
      Eigen::Matrix<double, 3, 6> motion;
      motion << 0, rotated[2], -rotated[1], 1, 0, 0,  //
          -rotated[2], 0, rotated[0], 0, 1, 0,        //
          rotated[1], -rotated[0], 0, 0, 0, 1;
      const Eigen::Matrix<double, 2, 6> j = RayByPoint(x) * motion;
      *normal += weight * j.transpose() * j;
      *gradient += weight * j.transpose() * residual;
    }
  };
  const auto moved = [](Rigid3 pose, const Vector6& delta) {
    const Eigen::Vector3d turn = delta.head<3>();
    const double angle = turn.norm();
    if (angle > 0) {
      pose.rotation = (Eigen::Quaterniond(Eigen::AngleAxisd(angle, Eigen::Vector3d(turn / angle))) *
                       pose.rotation)
                          .normalized();
    }
    pose.translation += delta.tail<3>();
    return pose;
  };
  return LevenbergMarquardt<6>(start, steps, 1e-8, cost_of, linearise, moved);
}

AbsolutePose FindAbsolutePose(std::span<const Sighting> sightings,
                              const AbsolutePoseOptions& options) {
  AbsolutePose best;
  if (sightings.size() < kLeastSightings) return best;
  Random random{options.seed};
  const double most = options.most_error * options.most_error;
  double best_score = 0, needed = options.most_samples;
  const auto consider = [&](const Rigid3& pose) {
    double score = 0;
    for (const Sighting& s : sightings) score += std::min(0.0, SightingError(pose, s) - most);
    if (score >= best_score) return false;
    best_score = score;
    best.cam_from_world = pose;
    best.inliers.clear();
    for (size_t i = 0; i < sightings.size(); ++i) {
      if (SightingError(pose, sightings[i]) < most) {
        best.inliers.push_back(static_cast<uint32_t>(i));
      }
    }
    const double share =
        static_cast<double>(best.inliers.size()) / static_cast<double>(sightings.size());
    const double good = share * share * share;
    needed = good > 1 - 1e-9 ? 1 : std::log(1 - kConfidence) / std::log1p(-good);
    return true;
  };
  for (int sample = 0; sample < options.most_samples && sample < needed; ++sample) {
    std::array<Sighting, 3> three;
    std::array<uint64_t, 3> chosen{};
    for (size_t k = 0; k < 3; ++k) {
      chosen[k] = random.Below(sightings.size());
      three[k] = sightings[chosen[k]];
    }
    if (chosen[0] == chosen[1] || chosen[0] == chosen[2] || chosen[1] == chosen[2]) continue;
    for (const Rigid3& pose : ThreePoint(three)) {
      if (!consider(pose) || best.inliers.size() < kLeastSightings) continue;
      std::vector<Sighting> inliers;
      for (const uint32_t i : best.inliers) inliers.push_back(sightings[i]);
      consider(RefineAbsolutePose(best.cam_from_world, inliers, 0.5 * options.most_error, 5));
    }
  }
  return best;
}

}  // namespace ajar::sfm::internal
