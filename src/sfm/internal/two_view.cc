#include "sfm/internal/two_view.h"

#include <Eigen/Dense>
#include <algorithm>
#include <array>
#include <cmath>

#include "base/random.h"

namespace ajar::sfm::internal {
namespace {

constexpr int kLeastPairs = 8;
constexpr int kRefinements = 10;
constexpr double kConfidence = 0.999;
constexpr int kPlaneSamples = 60;

// Sum of squared errors cut at the limit's square, less what all outliers would give: smaller is
// better, never above zero.
template <class ErrorOf>
double Score(std::span<const RayPair> pairs, double limit, double stop_at, ErrorOf error_of) {
  const double most = limit * limit;
  double sum = 0;
  // Nothing is gained by going on once even only perfect pairs could not beat the best.
  for (size_t i = 0; i < pairs.size(); ++i) {
    sum += std::min(0.0, error_of(pairs[i]) - most);
    if ((i & 63) == 63 && sum - most * static_cast<double>(pairs.size() - 1 - i) > stop_at) {
      return 0;
    }
  }
  return sum;
}

template <size_t N>
std::array<size_t, N> Sample(Random& random, size_t from) {
  std::array<size_t, N> chosen{};
  for (size_t k = 0; k < N; ++k) {
    bool again = true;
    while (again) {
      chosen[k] = random.Below(from);
      again = std::find(chosen.begin(), chosen.begin() + static_cast<ptrdiff_t>(k), chosen[k]) !=
              chosen.begin() + static_cast<ptrdiff_t>(k);
    }
  }
  return chosen;
}

template <class ErrorOf>
std::vector<uint32_t> Inliers(std::span<const RayPair> pairs, double limit, ErrorOf error_of) {
  std::vector<uint32_t> inliers;
  for (size_t i = 0; i < pairs.size(); ++i) {
    if (error_of(pairs[i]) < limit * limit) inliers.push_back(static_cast<uint32_t>(i));
  }
  return inliers;
}

std::vector<RayPair> Those(std::span<const RayPair> pairs, std::span<const uint32_t> indices) {
  std::vector<RayPair> those;
  for (const uint32_t i : indices) those.push_back(pairs[i]);
  return those;
}

double SamplesNeeded(double share, int sample_size) {
  const double good = std::pow(share, sample_size);
  if (good >= 1 - 1e-9) return 1;
  return std::log(1 - kConfidence) / std::log1p(-good);
}

// How many of the first surest pairs step `sample` of `most` draws from: all, in the end.
size_t Pool(size_t count, size_t least, int sample, int most) {
  const double share = std::min(1.0, (sample + 1.0) / (0.4 * most));
  return std::max(std::min(count, least), static_cast<size_t>(share * static_cast<double>(count)));
}

// The homography with most inliers, and of rotations likewise: what fits these has no parallax.
int PlaneInliers(std::span<const RayPair> pairs, double limit, Random& random) {
  size_t best = 0;
  const auto inliers_of = [&](const Eigen::Matrix3d& h) {
    return Inliers(pairs, limit, [&](const RayPair& p) { return TransferError(h, p); });
  };
  for (int k = 0; k < kPlaneSamples; ++k) {
    std::array<RayPair, 4> four;
    const auto chosen = Sample<4>(random, pairs.size());
    for (size_t i = 0; i < 4; ++i) four[i] = pairs[chosen[i]];
    std::vector<uint32_t> inliers = inliers_of(FitHomography(four));
    while (inliers.size() > best) {
      best = inliers.size();
      if (best > 4) inliers = inliers_of(FitHomography(Those(pairs, inliers)));
    }
    if (static_cast<double>(best) > 0.95 * static_cast<double>(pairs.size())) break;
  }
  return static_cast<int>(best);
}

int RotationInliers(std::span<const RayPair> pairs, double limit, Random& random) {
  const auto count_of = [&](const Eigen::Matrix3d& r, std::vector<uint32_t>* inliers) {
    *inliers = Inliers(pairs, limit, [&](const RayPair& p) { return TransferError(r, p); });
    return inliers->size();
  };
  size_t best = 0;
  std::vector<uint32_t> inliers, best_inliers;
  for (int k = 0; k < kPlaneSamples; ++k) {
    std::array<RayPair, 2> two;
    const auto chosen = Sample<2>(random, pairs.size());
    for (size_t i = 0; i < 2; ++i) two[i] = pairs[chosen[i]];
    if (count_of(FitRotation(two), &inliers) > best) {
      best = inliers.size();
      best_inliers = inliers;
    }
    if (static_cast<double>(best) > 0.95 * static_cast<double>(pairs.size())) break;
  }
  if (best_inliers.size() >= 3) {
    best = std::max(best, count_of(FitRotation(Those(pairs, best_inliers)), &inliers));
  }
  return static_cast<int>(best);
}

double MedianAngle(const Rigid3& pose, std::span<const RayPair> pairs) {
  std::vector<double> angles;
  for (const RayPair& p : pairs) {
    const Eigen::Vector3d a = p.first.homogeneous();
    const Eigen::Vector3d b = pose.rotation.conjugate() * Eigen::Vector3d(p.second.homogeneous());
    angles.push_back(std::atan2(a.cross(b).norm(), a.dot(b)));
  }
  if (angles.empty()) return 0;
  const auto middle = angles.begin() + static_cast<ptrdiff_t>(angles.size() / 2);
  std::nth_element(angles.begin(), middle, angles.end());
  return *middle;
}

}  // namespace

TwoView FindTwoView(std::span<const RayPair> pairs, const TwoViewOptions& options) {
  TwoView result;
  const size_t least = static_cast<size_t>(std::max(kLeastPairs, options.least_inliers));
  if (pairs.size() < least) return result;
  Random random{options.seed};
  const double limit = options.most_error;
  double best_score = 0, best_refined = 0;
  Rigid3 best_pose;
  std::vector<uint32_t> best_inliers;
  const double least_share =
      static_cast<double>(options.least_inliers) / static_cast<double>(pairs.size());
  double needed = SamplesNeeded(std::min(1.0, least_share), 5);
  for (int sample = 0; sample < options.most_samples && sample < needed; ++sample) {
    std::array<RayPair, 5> five;
    const auto chosen = Sample<5>(random, Pool(pairs.size(), 20, sample, options.most_samples));
    for (size_t i = 0; i < 5; ++i) five[i] = pairs[chosen[i]];
    for (const Eigen::Matrix3d& e : FivePoint(five)) {
      const auto error_of = [&](const RayPair& p) { return SampsonError(e, p); };
      const double score = Score(pairs, limit, best_score, error_of);
      if (score >= best_score) continue;
      best_score = score;
      std::vector<uint32_t> inliers = Inliers(pairs, limit, error_of);
      if (inliers.size() < static_cast<size_t>(kLeastPairs)) continue;
      int in_front = 0;
      const std::vector<RayPair> those = Those(pairs, inliers);
      Rigid3 pose = PoseFromEssential(e, those, &in_front);
      pose = RefinePose(pose, those, 0.5 * limit, kRefinements);
      const Eigen::Matrix3d refined = EssentialFromPose(pose);
      const auto refined_error = [&](const RayPair& p) { return SampsonError(refined, p); };
      const double refined_score = Score(pairs, limit, best_refined, refined_error);
      if (refined_score >= best_refined) continue;
      best_refined = refined_score;
      best_score = std::min(best_score, refined_score);
      best_pose = pose;
      best_inliers = Inliers(pairs, limit, refined_error);
      needed = std::min(needed, SamplesNeeded(static_cast<double>(best_inliers.size()) /
                                                  static_cast<double>(pairs.size()),
                                              5));
    }
  }
  if (best_inliers.size() < least) return result;
  // Once more with all that fit, and only what lies before both.
  best_pose = RefinePose(best_pose, Those(pairs, best_inliers), 0.5 * limit, kRefinements);
  int in_front = 0;
  best_pose =
      PoseFromEssential(EssentialFromPose(best_pose), Those(pairs, best_inliers), &in_front);
  const Eigen::Matrix3d e = EssentialFromPose(best_pose);
  for (const uint32_t i :
       Inliers(pairs, limit, [&](const RayPair& p) { return SampsonError(e, p); })) {
    const Eigen::Vector3d x = MidPoint(best_pose, pairs[i]);
    const bool behind = x[2] <= 0 || (best_pose * x)[2] <= 0;
    // Far points may meet behind the cameras by noise alone.
    if (behind && x.norm() < 50) continue;
    result.inliers.push_back(i);
  }
  if (result.inliers.size() < least) {
    result.inliers.clear();
    return result;
  }
  result.second_from_first = best_pose;
  const std::vector<RayPair> those = Those(pairs, result.inliers);
  result.median_angle_rad = MedianAngle(best_pose, those);
  result.plane_inliers = PlaneInliers(those, limit, random);
  result.rotation_inliers = RotationInliers(those, limit, random);
  return result;
}

}  // namespace ajar::sfm::internal
