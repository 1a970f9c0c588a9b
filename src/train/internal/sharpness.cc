#include "train/internal/sharpness.h"

#include <algorithm>
#include <cstdint>
#include <iterator>

#include "base/parallel.h"

namespace ajar::train::internal {
namespace {

constexpr double kSharpEnough = 0.75;  // of the middle one's sharpness
constexpr float kLeastShare = 0.15f;
constexpr double kNothing = 1;         // levels² between neighbours: below it there is only noise

// Mean squared difference between neighbours, of the green plane: it is the sharpest.
double Energy(const Planar8& picture) {
  double sum = 0;
  for (int y = 0; y + 1 < picture.height; ++y) {
    const uint8_t* row = picture.row(1, y);
    const uint8_t* below = picture.row(1, y + 1);
    int64_t of_row = 0;
    for (int x = 0; x + 1 < picture.width; ++x) {
      const int dx = row[x + 1] - row[x], dy = below[x] - row[x];
      of_row += dx * dx + dy * dy;
    }
    sum += static_cast<double>(of_row);
  }
  return sum / std::max(1.0, static_cast<double>(picture.width - 1) * (picture.height - 1));
}

}  // namespace

std::vector<float> ShownShares(std::span<const Pyramid> photos) {
  std::vector<double> sharpness(photos.size(), -1);  // below zero: cannot be told
  ParallelFor(photos.size(), 1, [&](size_t i) {
    const double coarse = Energy(photos[i].levels[2]);
    if (coarse > kNothing) sharpness[i] = Energy(photos[i].levels[0]) / coarse;
  });
  std::vector<double> told;
  std::copy_if(sharpness.begin(), sharpness.end(), std::back_inserter(told),
               [](double s) { return s >= 0; });
  std::vector<float> shares(photos.size(), 1.0f);
  if (told.empty()) return shares;
  const auto middle = told.begin() + static_cast<ptrdiff_t>(told.size() / 2);
  std::nth_element(told.begin(), middle, told.end());
  for (size_t i = 0; i < photos.size(); ++i) {
    if (sharpness[i] < 0 || *middle <= 0) continue;
    const double relative = sharpness[i] / (kSharpEnough * *middle);
    shares[i] = std::clamp(static_cast<float>(relative * relative), kLeastShare, 1.0f);
  }
  return shares;
}

}  // namespace ajar::train::internal
