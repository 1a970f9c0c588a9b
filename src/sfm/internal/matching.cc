#include "sfm/internal/matching.h"

#include <algorithm>
#include <cmath>

namespace ajar::sfm::internal {
namespace {

constexpr double kSquaredLength = 512.0 * 512.0;
constexpr double kMostDistance = 0.8;  // of unit vectors: what is further apart is not alike

double Distance(int32_t dot) {
  return std::sqrt(std::max(0.0, 2 - 2 * std::min(1.0, dot / kSquaredLength)));
}

}  // namespace

std::vector<Match> MatchDescriptors(const PackedDescriptors& first, const PackedDescriptors& second,
                                    double most_ratio) {
  std::vector<Nearest> of_first;
  std::vector<int32_t> of_second;
  FindNearest(first, second, &of_first, &of_second);
  std::vector<Match> matches;
  for (size_t i = 0; i < of_first.size(); ++i) {
    const Nearest& n = of_first[i];
    if (n.index < 0 || of_second[static_cast<size_t>(n.index)] != static_cast<int32_t>(i)) continue;
    const double distance = Distance(n.dot);
    if (distance > kMostDistance) continue;
    const double runner_up = n.second_dot < 0 ? 2 : Distance(n.second_dot);
    // Two that are equal to a byte are not told apart by rounding.
    const double ratio = (distance + 1e-3) / (runner_up + 1e-3);
    if (ratio > most_ratio) continue;
    matches.push_back(
        {static_cast<uint32_t>(i), static_cast<uint32_t>(n.index), static_cast<float>(ratio)});
  }
  std::stable_sort(matches.begin(), matches.end(),
                   [](const Match& a, const Match& b) { return a.ratio < b.ratio; });
  return matches;
}

}  // namespace ajar::sfm::internal
