// Semi-global matching (Hirschmueller 2008): each pixel takes the hypothesis that suits it and its
// neighbours along eight directions.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace ajar::dense::internal {

inline constexpr size_t kHypothesisStep = 32;      // their number is a multiple of it
inline constexpr uint16_t kNoHypothesis = 0x3fff;  // a path's cost beside the first and the last

struct Smoothness {
  int small_step = 6;    // cost of a neighbour one hypothesis away
  int jump = 60;         // of any other, between pixels alike; less across edges
  int least_jump = 16;
};

// `costs[pixel * hypotheses + h]`, row by row; `luma[pixel]`. Fills `best` with each pixel's
// hypothesis, interpolated between whole ones, in [0, hypotheses - 1]. `scratch` is kept from call
// to call.
void Aggregate(const uint8_t* costs, const uint8_t* luma, int width, int height, int hypotheses,
               const Smoothness& smoothness, std::vector<uint16_t>* scratch, float* best);

// to[pixel * hypotheses + h] = from[h * pixels + pixel].
void Transpose(const uint8_t* from, size_t hypotheses, size_t pixels, uint8_t* to);

}  // namespace ajar::dense::internal
