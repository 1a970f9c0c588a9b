// The least that a pixel-splat may cost: one block of 4 × 4 pixels that every splat covers, all
// of it in the first cache level and what lasts from splat to splat in registers (as far as the
// instruction set has enough). The arithmetic is that of splat/internal/kernels/raster.cc; what
// is left out is everything around it.
#pragma once

#include <cstddef>

#include "splat/internal/kernels/raster.h"

namespace ajar::bench {

inline constexpr int kBlockPixels = 16;

struct alignas(64) BlockForward {
  float colour[3][kBlockPixels];
  float transmittance[kBlockPixels];
};
// The block's top left corner in the frame of the splats: `left`, `top`.
void BoundForward(const splat::internal::TileSplat* splats, size_t count, float left, float top,
                  BlockForward* out);

struct alignas(64) BlockBackward {
  float d_colour[3][kBlockPixels];
  float behind[kBlockPixels];
};
// Nine sums over the block's pixels for each splat, as a splat that touches one block needs.
void BoundBackward(const splat::internal::TileSplat* splats, size_t count, float left, float top,
                   const BlockBackward& state, splat::RasterMoments* out);
// The same arithmetic with one set of sums for all splats: what a block costs without its share
// of them. A splat that touches n blocks of a tile needs them once.
void BoundBackwardSummedOnce(const splat::internal::TileSplat* splats, size_t count, float left,
                             float top, const BlockBackward& state, splat::RasterMoments* out);

}  // namespace ajar::bench
