// What surrounds a blob: the directions that prevail there, and the description that is compared.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "sfm/internal/kernels/nearest.h"

namespace ajar::sfm::internal {

// A level of the scale space, the first pixel's centre at (0, 0).
struct Level {
  const float* pixels = nullptr;
  int width = 0, height = 0;
};

// Peaks of the histogram of gradients within 4.5 sigma_px of (x, y), at least 0.8 times the
// highest: at most two, the highest first, in (-pi, pi].
std::vector<float> Directions(const Level& level, double x, double y, double sigma_px);

// 4 by 4 cells of 3 sigma_px with 8 directions each; square roots of shares, in bytes of 1 / 512.
std::array<uint8_t, kDescriptorBytes> Describe(const Level& level, double x, double y,
                                               double sigma_px, double angle_rad);

}  // namespace ajar::sfm::internal
