#include "dense/internal/neighbours.h"

#include <algorithm>
#include <cmath>

#include "base/parallel.h"

namespace ajar::dense::internal {
namespace {

// How useful an angle between two rays to a place is: too small and depth is vague, too large and
// the place looks different.
double WorthOfAngle(double angle_deg) {
  constexpr double kBest = 6, kGood = 16, kMost = 45;
  if (angle_deg < kBest) return angle_deg * angle_deg / (kBest * kBest);
  if (angle_deg < kGood) return 1;
  return std::max(0.0, (kMost - angle_deg) / (kMost - kGood));
}

double Worth(const Pose& first, const Pose& second, const std::vector<Eigen::Vector3d>& seen) {
  const Eigen::Vector3d c1 = Inverse(first.cam_from_world).translation;
  const Eigen::Vector3d c2 = Inverse(second.cam_from_world).translation;
  double worth = 0;
  for (const Eigen::Vector3d& x : seen) {
    const Eigen::Vector3d in_second = second.cam_from_world * x;
    const auto pixel = second.camera.ImgFromCam(in_second);
    if (!pixel || pixel->x() < 0 || pixel->y() < 0 || pixel->x() > second.camera.width ||
        pixel->y() > second.camera.height) {
      continue;
    }
    const Eigen::Vector3d r1 = x - c1, r2 = x - c2;
    const double cosine = r1.dot(r2) / std::max(1e-12, r1.norm() * r2.norm());
    const double angle_deg = std::acos(std::clamp(cosine, -1.0, 1.0)) * 180 / M_PI;
    // Of another size in the picture, a thing matches badly.
    const double ratio = in_second.z() / second.camera.fx() /
                         std::max(1e-12, (first.cam_from_world * x).z() / first.camera.fx());
    const double size = std::max(0.0, 1 - std::abs(std::log2(ratio)));
    worth += WorthOfAngle(angle_deg) * size;
  }
  return worth;
}

}  // namespace

std::vector<std::vector<size_t>> ChooseNeighbours(
    const std::vector<Pose>& poses, const std::vector<std::vector<Eigen::Vector3d>>& seen,
    size_t count) {
  std::vector<std::vector<size_t>> neighbours(poses.size());
  ParallelFor(poses.size(), 1, [&](size_t i) {
    std::vector<std::pair<double, size_t>> ranked;
    for (size_t j = 0; j < poses.size(); ++j) {
      if (j == i) continue;
      const double worth = Worth(poses[i], poses[j], seen[i]);
      if (worth > 0) ranked.emplace_back(-worth, j);
    }
    std::sort(ranked.begin(), ranked.end());
    for (size_t k = 0; k < std::min(count, ranked.size()); ++k) {
      neighbours[i].push_back(ranked[k].second);
    }
  });
  return neighbours;
}

}  // namespace ajar::dense::internal
