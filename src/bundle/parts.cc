#include "bundle/parts.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/check.h"

namespace ajar::bundle {
namespace {

constexpr double kHardlyMore = 1.25;  // of the first part: then the rest goes with it

float Importance(const SplatCloud& cloud, size_t i) {
  Eigen::Vector3f axes = cloud.log_scales[i];
  std::sort(axes.data(), axes.data() + 3);
  return std::exp(0.25f * (axes[1] + axes[2])) / (1 + std::exp(-cloud.opacity_logits[i]));
}

SplatCloud Chosen(const SplatCloud& cloud, std::vector<size_t> which) {
  std::sort(which.begin(), which.end());
  SplatCloud chosen;
  chosen.Resize(which.size(), cloud.sh_degree);
  const size_t stride = cloud.sh_stride();
  for (size_t k = 0; k < which.size(); ++k) {
    const size_t i = which[k];
    chosen.means[k] = cloud.means[i];
    chosen.rotations[k] = cloud.rotations[i];
    chosen.log_scales[k] = cloud.log_scales[i];
    chosen.opacity_logits[k] = cloud.opacity_logits[i];
    std::copy_n(cloud.sh.begin() + static_cast<ptrdiff_t>(i * stride), stride,
                chosen.sh.begin() + static_cast<ptrdiff_t>(k * stride));
  }
  return chosen;
}

}  // namespace

std::vector<SplatCloud> PartsByImportance(const SplatCloud& cloud, size_t first, size_t further) {
  AJAR_CHECK(first > 0 && further > 0);
  const size_t count = cloud.size();
  if (static_cast<double>(count) <= kHardlyMore * static_cast<double>(first)) return {cloud};
  std::vector<float> importance(count);
  for (size_t i = 0; i < count; ++i) importance[i] = Importance(cloud, i);
  std::vector<size_t> order(count);
  std::iota(order.begin(), order.end(), size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](size_t a, size_t b) { return importance[a] > importance[b]; });
  const auto piece = [&](size_t begin, size_t end) {
    return Chosen(cloud, {order.begin() + static_cast<ptrdiff_t>(begin),
                          order.begin() + static_cast<ptrdiff_t>(end)});
  };
  std::vector<SplatCloud> parts = {piece(0, first)};
  const size_t rest = count - first, pieces = (rest + further - 1) / further;
  for (size_t k = 0; k < pieces; ++k) {
    parts.push_back(piece(first + k * rest / pieces, first + (k + 1) * rest / pieces));
  }
  return parts;
}

}  // namespace ajar::bundle
