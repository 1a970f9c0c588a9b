#include "space/internal/upright.h"

#include <Eigen/Eigenvalues>
#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <random>

namespace ajar::space {
namespace {

using Eigen::Matrix3d;
using Eigen::Vector3d;

constexpr double kRad = std::numbers::pi / 180;
constexpr double kCarelessRoll = 0.1;  // sine of the roll at which a photograph loses half its vote
constexpr double kMeanUpWeight = 0.02;
constexpr std::array<double, 8> kWidths_deg = {15, 15, 10, 10, 6, 6, 3, 3};
constexpr double kFewestVotes = 0.05;  // of all surfels
constexpr double kFacesUp = 0.94;      // cosine, 20 degrees
constexpr double kUpright = 0.26;      // sine, 15 degrees: a wall
// A floor has at least so much of what the level that most faces up on has (a table seen from
// all sides, say), and at most so much of all surfaces lies below it.
constexpr double kLeastShare = 0.25, kMostBelow = 0.04;
constexpr double kFewestFloorSurfels = 150;
// The plane that most of what may face up lies in: how many rounds it is looked for, among how many
// surfels each, how far it must reach (cubes), how far it and its surfels may lean (cosines of 15
// and 30 degrees).
constexpr int kPlaneRounds = 400;
constexpr size_t kPlaneSample = 3000, kFewestPlaneSurfels = 150;
constexpr double kPlaneExtent = 15, kMayLean = 0.966, kMayFaceUp = 0.866;

Vector3d Smallest(const Matrix3d& m, const Vector3d& like) {
  const Eigen::SelfAdjointEigenSolver<Matrix3d> solver(m);
  const Vector3d v = solver.eigenvectors().col(0);
  return v.dot(like) < 0 ? Vector3d(-v) : v;
}

double Tukey(double x, double width) {
  const double r = x / width;
  return std::abs(r) < 1 ? (1 - r * r) * (1 - r * r) : 0;
}

double MedianOf(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

double MedianCameraHeight(const Vector3d& up, const Reconstruction& reconstruction) {
  std::vector<double> heights;
  for (const auto& [id, image] : reconstruction.images) {
    heights.push_back(up.dot(image.CentreInWorld()));
  }
  return MedianOf(heights);
}

}  // namespace

Vector3d UpFromCameras(const Reconstruction& reconstruction) {
  const Vector3d mean = MeanUpInWorld(reconstruction);
  Vector3d up = mean;
  for (int round = 0; round < 5; ++round) {
    Matrix3d m = Matrix3d::Zero();
    for (const auto& [id, image] : reconstruction.images) {
      const Vector3d right = image.cam_from_world.rotation.conjugate() * Vector3d::UnitX();
      const double roll = right.dot(up) / kCarelessRoll;
      const double weight = 1 / (1 + roll * roll);
      m += weight * (right * right.transpose() +
                     kMeanUpWeight * (Matrix3d::Identity() - mean * mean.transpose()));
    }
    up = Smallest(m, mean);
  }
  return up;
}

Up UpFromSurfaces(const Vector3d& from_cameras, const std::vector<Surfel>& surfels) {
  Up result{from_cameras, false};
  Vector3d up = from_cameras;
  double votes = 0;
  for (const double width_deg : kWidths_deg) {
    const double width = std::sin(width_deg * kRad);
    Matrix3d m = Matrix3d::Zero();
    double level = 0, upright = 0;
    for (const Surfel& s : surfels) {
      if (s.normal.isZero()) continue;
      const double along = s.normal.dot(up);
      const double across = std::sqrt(std::max(0.0, 1 - along * along));
      if (const double w = Tukey(across, width); w > 0) {
        m += w * (Matrix3d::Identity() - s.normal * s.normal.transpose());
        level += w;
      }
      if (const double w = Tukey(along, width); w > 0) {
        m += w * s.normal * s.normal.transpose();
        upright += w;
      }
    }
    votes = level + upright;
    // Walls that all face one way say nothing of leaning towards them; the cameras then do.
    m += 0.01 * std::max(1.0, votes) *
         (Matrix3d::Identity() - from_cameras * from_cameras.transpose());
    up = Smallest(m, from_cameras);
  }
  if (votes < kFewestVotes * static_cast<double>(surfels.size()) || surfels.empty()) return result;
  return {up, true};
}

std::optional<Vector3d> UpFromLevelPlane(const Vector3d& up, const std::vector<Surfel>& surfels,
                                         const Reconstruction& reconstruction, double cell_su) {
  const double camera_height = MedianCameraHeight(up, reconstruction);
  std::vector<Vector3d> places;
  for (const Surfel& s : surfels) {
    if (s.normal.dot(up) > kMayFaceUp && up.dot(s.x) < camera_height) places.push_back(s.x);
  }
  if (places.size() < kFewestPlaneSurfels) return std::nullopt;
  const size_t stride = 1 + places.size() / kPlaneSample;
  std::mt19937_64 random(places.size());
  const auto pick = [&] { return places[static_cast<size_t>(random() % places.size())]; };
  const auto tells = [&](const Vector3d& normal) { return normal.dot(up) > kMayLean; };
  Vector3d best_normal = up;
  double best_offset = 0;
  size_t most = 0;
  for (int round = 0; round < kPlaneRounds; ++round) {
    const Vector3d a = pick(), b = pick(), c = pick();
    Vector3d normal = (b - a).cross(c - a);
    if (normal.norm() < cell_su * cell_su) continue;
    normal.normalize();
    if (normal.dot(up) < 0) normal = -normal;
    if (!tells(normal)) continue;
    size_t count = 0;
    for (size_t i = 0; i < places.size(); i += stride) {
      count += std::abs(normal.dot(places[i] - a)) < 1.5 * cell_su ? 1 : 0;
    }
    if (count > most) most = count, best_normal = normal, best_offset = normal.dot(a);
  }
  // Least squares on what lies near it, three times.
  for (int round = 0; round < 3; ++round) {
    Vector3d mean = Vector3d::Zero();
    Matrix3d squares = Matrix3d::Zero();
    double count = 0;
    for (const Vector3d& x : places) {
      if (std::abs(best_normal.dot(x) - best_offset) > 2 * cell_su) continue;
      mean += x;
      count += 1;
    }
    if (count < static_cast<double>(kFewestPlaneSurfels)) return std::nullopt;
    mean /= count;
    for (const Vector3d& x : places) {
      if (std::abs(best_normal.dot(x) - best_offset) > 2 * cell_su) continue;
      squares += (x - mean) * (x - mean).transpose() / count;
    }
    const Eigen::SelfAdjointEigenSolver<Matrix3d> solver(squares);
    if (std::sqrt(solver.eigenvalues()[1]) < kPlaneExtent * cell_su) return std::nullopt;
    best_normal = Smallest(squares, up);
    best_offset = best_normal.dot(mean);
  }
  if (!tells(best_normal)) return std::nullopt;
  return best_normal;
}

std::optional<double> FloorHeight(const Vector3d& up, const std::vector<Surfel>& surfels,
                                  const Reconstruction& reconstruction, double cell_su) {
  const double camera_height = MedianCameraHeight(up, reconstruction);
  std::vector<double> level, all;
  double low = camera_height;
  for (const Surfel& s : surfels) {
    const double height = up.dot(s.x);
    all.push_back(height);
    if (height > camera_height || (!s.normal.isZero() && s.normal.dot(up) < kFacesUp)) continue;
    level.push_back(height);
    low = std::min(low, height);
  }
  if (level.size() < static_cast<size_t>(kFewestFloorSurfels)) return std::nullopt;
  const auto bins = static_cast<size_t>(std::min(1e5, (camera_height - low) / cell_su)) + 3;
  std::vector<double> counts(bins, 0);
  for (const double height : level) {
    ++counts[std::min(bins - 1, 1 + static_cast<size_t>((height - low) / cell_su))];
  }
  std::vector<double> smooth(bins, 0);
  for (size_t i = 1; i + 1 < bins; ++i) smooth[i] = counts[i - 1] + counts[i] + counts[i + 1];
  const double most = *std::ranges::max_element(smooth);
  std::ranges::sort(all);
  for (size_t i = 1; i + 1 < bins; ++i) {
    if (smooth[i] < std::max(kFewestFloorSurfels, kLeastShare * most) ||
        smooth[i] < smooth[i - 1] || smooth[i] < smooth[i + 1]) {
      continue;
    }
    const double middle = low + (static_cast<double>(i) - 0.5) * cell_su;
    std::vector<double> members;
    for (const double height : level) {
      if (std::abs(height - middle) < 2 * cell_su) members.push_back(height);
    }
    const double height = MedianOf(members);
    const auto below = std::ranges::lower_bound(all, height - 4 * cell_su) - all.begin();
    const bool little_below =
        static_cast<double>(below) <= kMostBelow * static_cast<double>(all.size());
    if (!little_below) return std::nullopt;
    return height;
  }
  return std::nullopt;
}

double FloorDeviation(const std::vector<Surfel>& surfels) {
  constexpr double kNear_m = 0.15;  // a shoe's height: what is higher is not the floor
  std::vector<double> off_m;
  for (const Surfel& s : surfels) {
    if (s.normal.y() > kFacesUp && std::abs(s.x.y()) < kNear_m) off_m.push_back(std::abs(s.x.y()));
  }
  return off_m.empty() ? 0 : 1.48 * MedianOf(std::move(off_m));
}

Vector3d WallDirection(const Vector3d& up, const std::vector<Surfel>& surfels) {
  const Vector3d x = up.unitOrthogonal(), z = x.cross(up);
  constexpr size_t kBins = 90;
  std::array<double, kBins> counts{};
  std::vector<double> angles_deg;
  for (const Surfel& s : surfels) {
    if (s.normal.isZero() || std::abs(s.normal.dot(up)) > kUpright) continue;
    const double angle = std::atan2(s.normal.dot(z), s.normal.dot(x)) / kRad;
    const double folded = angle - 90 * std::floor(angle / 90);
    angles_deg.push_back(folded);
    ++counts[std::min(kBins - 1, static_cast<size_t>(folded))];
  }
  size_t best = 0;
  double most = -1;
  for (size_t i = 0; i < kBins; ++i) {
    double sum = 0;
    for (size_t k = 0; k < 5; ++k) sum += counts[(i + kBins + k - 2) % kBins];
    if (sum > most) most = sum, best = i;
  }
  double angle = static_cast<double>(best) + 0.5;
  for (const double width : {6.0, 4.0, 3.0, 3.0}) {
    double sum = 0, weight = 0;
    for (const double a : angles_deg) {
      const double off = a - angle - 90 * std::round((a - angle) / 90);
      const double w = Tukey(off, width);
      sum += w * off;
      weight += w;
    }
    if (weight > 0) angle += sum / weight;
  }
  return (std::cos(angle * kRad) * x + std::sin(angle * kRad) * z).normalized();
}

}  // namespace ajar::space
