#include "sfm/internal/descriptor.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numbers>

namespace ajar::sfm::internal {
namespace {

constexpr float kPi = std::numbers::pi_v<float>;
constexpr int kBins = 36;
constexpr int kCells = 4, kOrientations = 8;
constexpr double kCellSigmas = 3;

// Within 2e-4 of atan2, in (-pi, pi].
float FastAtan2(float y, float x) {
  const float ax = std::abs(x), ay = std::abs(y);
  const float q = std::min(ax, ay) / (std::max(ax, ay) + 1e-30f);
  const float s = q * q;
  float r = ((-0.0464964749f * s + 0.15931422f) * s - 0.327622764f) * s * q + q;
  if (ay > ax) r = 0.5f * kPi - r;
  if (x < 0) r = kPi - r;
  return y < 0 ? -r : r;
}

struct Range {
  int begin = 0, end = 0;
};
// Of pixels within `radius`, inside the picture so that each has both neighbours.
Range Within(double centre, double radius, int size) {
  return {std::max(1, static_cast<int>(std::ceil(centre - radius))),
          std::min(size - 1, static_cast<int>(std::floor(centre + radius)) + 1)};
}

// Weights exp(-(i - centre)^2 / (2 sigma^2)) of a range's pixels.
void Falloff(Range range, double centre, double sigma, std::vector<float>* weights) {
  weights->resize(static_cast<size_t>(std::max(0, range.end - range.begin)));
  for (size_t i = 0; i < weights->size(); ++i) {
    const double d = (range.begin + static_cast<double>(i) - centre) / sigma;
    (*weights)[i] = static_cast<float>(std::exp(-0.5 * d * d));
  }
}

}  // namespace

std::vector<float> Directions(const Level& level, double x, double y, double sigma_px) {
  const double window = 1.5 * sigma_px, radius = 3 * window;
  const Range columns = Within(x, radius, level.width), rows = Within(y, radius, level.height);
  thread_local std::vector<float> weight_x, weight_y;
  Falloff(columns, x, window, &weight_x);
  Falloff(rows, y, window, &weight_y);
  std::array<float, kBins> histogram{};
  for (int j = rows.begin; j < rows.end; ++j) {
    const float* row = level.pixels + static_cast<ptrdiff_t>(j) * level.width;
    const float wy = weight_y[static_cast<size_t>(j - rows.begin)];
    for (int i = columns.begin; i < columns.end; ++i) {
      const float dx = row[i + 1] - row[i - 1], dy = row[i + level.width] - row[i - level.width];
      const float weight =
          wy * weight_x[static_cast<size_t>(i - columns.begin)] * std::sqrt(dx * dx + dy * dy);
      // Shared between the two nearest bins; bin k's middle is at k * 10 degrees.
      const float bin = (FastAtan2(dy, dx) + kPi) * (kBins / (2 * kPi));
      const int low = static_cast<int>(bin);
      const float part = bin - static_cast<float>(low);
      histogram[static_cast<size_t>(low % kBins)] += weight * (1 - part);
      histogram[static_cast<size_t>((low + 1) % kBins)] += weight * part;
    }
  }
  for (int round = 0; round < 3; ++round) {
    const std::array<float, kBins> h = histogram;
    for (size_t k = 0; k < kBins; ++k) {
      histogram[k] = (h[(k + kBins - 1) % kBins] + h[k] + h[(k + 1) % kBins]) / 3;
    }
  }
  const float highest = *std::max_element(histogram.begin(), histogram.end());
  std::vector<std::pair<float, float>> peaks;  // height, angle
  for (size_t k = 0; k < kBins && highest > 0; ++k) {
    const float left = histogram[(k + kBins - 1) % kBins], right = histogram[(k + 1) % kBins];
    const float middle = histogram[k];
    if (middle < 0.8f * highest || middle <= left || middle < right) continue;
    const float offset = 0.5f * (left - right) / (left - 2 * middle + right);
    float angle = (static_cast<float>(k) + offset) * (2 * kPi / kBins) - kPi;
    if (angle <= -kPi) angle += 2 * kPi;
    if (angle > kPi) angle -= 2 * kPi;
    peaks.emplace_back(middle, angle);
  }
  std::stable_sort(peaks.begin(), peaks.end(),
                   [](const auto& a, const auto& b) { return a.first > b.first; });
  std::vector<float> angles;
  for (size_t k = 0; k < peaks.size() && k < 2; ++k) angles.push_back(peaks[k].second);
  return angles;
}

std::array<uint8_t, kDescriptorBytes> Describe(const Level& level, double x, double y,
                                               double sigma_px, double angle_rad) {
  const double cell = kCellSigmas * sigma_px;
  const double radius = cell * std::numbers::sqrt2 * 0.5 * (kCells + 1);
  const Range columns = Within(x, radius, level.width), rows = Within(y, radius, level.height);
  thread_local std::vector<float> weight_x, weight_y;
  Falloff(columns, x, 0.5 * kCells * cell, &weight_x);
  Falloff(rows, y, 0.5 * kCells * cell, &weight_y);
  // Cells with a rim that takes what falls outside, so that nothing need be asked.
  constexpr int kWide = kCells + 2, kDeep = kOrientations + 1;
  float histogram[kWide][kWide][kDeep] = {};
  const float c = static_cast<float>(std::cos(angle_rad) / cell);
  const float s = static_cast<float>(std::sin(angle_rad) / cell);
  const float angle = static_cast<float>(angle_rad);
  constexpr float kShift = 0.5f * kCells - 0.5f + 1;
  // The level is blurred by 2 pixels or more: every second pixel tells all, in either direction.
  for (int j = rows.begin; j < rows.end; j += 2) {
    const float* row = level.pixels + static_cast<ptrdiff_t>(j) * level.width;
    const float wy = weight_y[static_cast<size_t>(j - rows.begin)];
    const float v = static_cast<float>(j - y);
    for (int i = columns.begin; i < columns.end; i += 2) {
      const float u = static_cast<float>(i - x);
      const float column = c * u + s * v + kShift, line = c * v - s * u + kShift;
      if (!(column > 0 && column < kWide - 1 && line > 0 && line < kWide - 1)) continue;
      const float dx = row[i + 1] - row[i - 1], dy = row[i + level.width] - row[i - level.width];
      const float weight =
          wy * weight_x[static_cast<size_t>(i - columns.begin)] * std::sqrt(dx * dx + dy * dy);
      float turn = (FastAtan2(dy, dx) - angle) * (kOrientations / (2 * kPi));
      if (turn < 0) turn += kOrientations;
      if (turn < 0) turn += kOrientations;
      if (turn >= kOrientations) turn -= kOrientations;
      const int c0 = static_cast<int>(column), l0 = static_cast<int>(line);
      const int t0 = std::min(static_cast<int>(turn), kOrientations - 1);
      const float fc = column - static_cast<float>(c0), fl = line - static_cast<float>(l0);
      const float ft = turn - static_cast<float>(t0);
      const float top = weight * (1 - fl), bottom = weight * fl;
      const float parts[4] = {top * (1 - fc), top * fc, bottom * (1 - fc), bottom * fc};
      float* const bins[4] = {histogram[l0][c0], histogram[l0][c0 + 1], histogram[l0 + 1][c0],
                              histogram[l0 + 1][c0 + 1]};
      for (int k = 0; k < 4; ++k) {
        bins[k][t0] += parts[k] * (1 - ft);
        bins[k][t0 + 1] += parts[k] * ft;
      }
    }
  }
  std::array<float, kDescriptorBytes> values;
  size_t at = 0;
  float squares = 0;
  for (int l = 1; l <= kCells; ++l) {
    for (int k = 1; k <= kCells; ++k) {
      float* bins = histogram[l][k];
      bins[0] += bins[kOrientations];
      for (int t = 0; t < kOrientations; ++t) {
        values[at++] = bins[t];
        squares += bins[t] * bins[t];
      }
    }
  }
  // No direction may prevail by a single edge's strength (Lowe, section 6.1).
  const float most = 0.2f * std::sqrt(squares);
  float sum = 0;
  for (float& value : values) {
    value = std::min(value, most);
    sum += value;
  }
  std::array<uint8_t, kDescriptorBytes> bytes;
  for (size_t k = 0; k < kDescriptorBytes; ++k) {
    const float root = sum > 0 ? 512 * std::sqrt(values[k] / sum) : 0;
    bytes[k] = static_cast<uint8_t>(std::min(255.0f, root + 0.5f));
  }
  return bytes;
}

}  // namespace ajar::sfm::internal
