// How far everything in one photograph is, by comparing it with others.
#pragma once

#include <span>
#include <vector>

#include "dense/internal/kernels/match.h"
#include "dense/internal/neighbours.h"
#include "scene/raster.h"

namespace ajar::dense::internal {

// A photograph at the size at which it is compared.
struct Prepared {
  Pose pose;
  Image8 picture;
  std::vector<uint8_t> luma;
  MatchPicture match;
};
Prepared Prepare(const Image8& picture, const Pose& pose, int long_side_px);

struct InverseRange {
  double far = 0, near = 1;  // inverse depths, 1 / scene units: far < near
};

struct DepthMap {
  int width = 0, height = 0;
  std::vector<float> inverse_depth;  // along the view axis; rows of width; empty: no neighbours
  float step = 0;                    // between two hypotheses
};

// Enough hypotheses that the second photograph moves by about a pixel from one to the next, within
// limits.
int HypothesisCount(const Prepared& first, std::span<const Prepared* const> others,
                    const InverseRange& range);

DepthMap FindDepth(const Prepared& first, std::span<const Prepared* const> others,
                   const InverseRange& range, int hypotheses);

}  // namespace ajar::dense::internal
