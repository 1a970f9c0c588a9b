// How alike two photographs are if everything lay on one plane parallel to the first.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace ajar::dense::internal {

inline constexpr int kWindowRadius = 3;  // of the square windows that are compared
inline constexpr size_t kRowPad = 16;    // floats readable beyond a row's end
// Added to variances (levels squared): below it there is noise rather than pattern.
inline constexpr float kNoise = 3.0f;

// One photograph, as the comparison wants it.
struct MatchPicture {
  int width = 0, height = 0;
  size_t stride = 0;            // of luma, mean and inv_deviation: width rounded up, and the pad
  std::vector<float> luma;      // less 128
  std::vector<float> mean;      // over the window
  std::vector<float> inv_deviation;
  // Four neighbouring pixels' luma, from low bits: (x, y), (x + 1, y), (x, y + 1), (x + 1, y + 1).
  // Rows of width.
  std::vector<uint32_t> quads;
};
MatchPicture MakeMatchPicture(std::vector<uint8_t> luma, int width, int height);

// Pixel (x, y) of the first, at inverse depth w, is at (h0 / h2, h1 / h2) of the second, with
// h = a (x, y, 1) + w b; row-major, both in pixels with centres at half.
struct PlaneMap {
  float a[9];
  float b[3];
};

inline constexpr float kNotSeen = 4.0f;
// cost[y * stride + x]: 1 - zero-mean normalised cross-correlation, in [0, 2], or kNotSeen where
// the second does not show the pixel. `scratch` is kept from call to call.
void MatchPlane(const MatchPicture& first, const MatchPicture& second, const PlaneMap& map,
                float inverse_depth, std::vector<float>* scratch, float* cost);

// From `count` planes of costs, each pixel's mean of the best half of those that see it (at least
// one), times `scale`, cut at 255; 255 where nobody does.
void CombineCosts(const float* const* costs, size_t count, size_t pixels, float scale,
                  uint8_t* combined);

}  // namespace ajar::dense::internal
