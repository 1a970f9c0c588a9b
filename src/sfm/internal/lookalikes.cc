#include "sfm/internal/lookalikes.h"

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <map>

#include "base/parallel.h"

namespace ajar::sfm::internal {
namespace {

constexpr int kReweightings = 4;
constexpr double kHalf = 0.5;

}  // namespace

double ShareExplained(const Eigen::Quaterniond& second_from_first, std::span<const RayPair> pairs,
                      double most_error) {
  // The direction is orthogonal to R x1 x x2 of every pair: the least eigenvector, reweighted so
  // that wrong matches do not bend it.
  const Eigen::Matrix3d rotation = second_from_first.toRotationMatrix();
  std::vector<Eigen::Vector3d> normals;
  for (const RayPair& p : pairs) {
    normals.push_back((rotation * p.first.homogeneous()).cross(p.second.homogeneous()));
  }
  Rigid3 pose{second_from_first, Eigen::Vector3d::UnitX()};
  std::vector<double> weights(pairs.size(), 1);
  size_t fit = 0;
  for (int round = 0; round < kReweightings; ++round) {
    Eigen::Matrix3d sum = Eigen::Matrix3d::Zero();
    for (size_t i = 0; i < normals.size(); ++i) {
      sum += weights[i] * normals[i] * normals[i].transpose();
    }
    const Eigen::SelfAdjointEigenSolver<Eigen::Matrix3d> solver(sum);
    pose.translation = solver.eigenvectors().col(0);
    const Eigen::Matrix3d e = EssentialFromPose(pose);
    size_t now = 0;
    for (size_t i = 0; i < pairs.size(); ++i) {
      const double squared = SampsonError(e, pairs[i]);
      weights[i] = 1 / (1 + squared / (most_error * most_error));
      if (squared < most_error * most_error) ++now;
    }
    fit = std::max(fit, now);
  }
  return static_cast<double>(fit) / static_cast<double>(std::max<size_t>(1, pairs.size()));
}

std::vector<double> TriangleAgreement(size_t images, std::span<const ViewPair> pairs,
                                      std::span<const std::vector<RayPair>> rays,
                                      const LookalikeOptions& options) {
  std::vector<std::map<uint32_t, uint32_t>> pair_of(images);
  for (size_t k = 0; k < pairs.size(); ++k) {
    pair_of[pairs[k].first][pairs[k].second] = static_cast<uint32_t>(k);
    pair_of[pairs[k].second][pairs[k].first] = static_cast<uint32_t>(k);
  }
  const auto turn = [&](uint32_t from, uint32_t to) {
    const ViewPair& pair = pairs[pair_of[from].at(to)];
    const Eigen::Quaterniond& r = pair.second_from_first.rotation;
    return pair.first == from ? r : r.conjugate();
  };
  std::vector<double> agreement(pairs.size(), -1);
  ParallelFor(pairs.size(), 8, [&](size_t k) {
    const uint32_t a = pairs[k].first, b = pairs[k].second;
    double all = 0, agreeing = 0;
    for (const auto& [c, side] : pair_of[a]) {
      const auto other = pair_of[b].find(c);
      if (other == pair_of[b].end()) continue;
      const double weight = static_cast<double>(
          std::min(pairs[side].inliers.size(), pairs[other->second].inliers.size()));
      const Eigen::Quaterniond round = (turn(c, b) * turn(a, c)).normalized();
      all += weight;
      if (round.angularDistance(turn(a, b)) < options.most_turn_rad ||
          ShareExplained(round, rays[k], options.most_error) > kHalf) {
        agreeing += weight;
      }
    }
    if (all > 0) agreement[k] = agreeing / all;
  });
  return agreement;
}

}  // namespace ajar::sfm::internal
