// Blending of one tile of 16 × 16 pixels, 4 × 4 pixels at a time.
#pragma once

#include <cstddef>
#include <cstdint>

#include "splat/frame.h"

namespace ajar::splat::internal {

inline constexpr int kTileBlocks = 16;   // 4 × 4 blocks of 4 × 4 pixels, in rows
inline constexpr int kTilePixels = 256;  // stored block by block, each row by row

// What blending needs of a splat, relative to the tile and prepared so that the inner loop is
// short: exponent / 8 = p dx^2 + q dx dy + r dy^2, alpha = gain * exp(exponent) - floor.
struct TileSplat {
  float x, y;              // mean, pixels from the tile's top left corner
  float p, q, r;
  float gain, floor;
  float colour[3];
  float conic[3];
  float opacity;
};
TileSplat MakeTileSplat(const Projected& splat, float tile_x, float tile_y);

// One bit a block whose pixel centres the ellipse q <= max_q reaches.
uint16_t BlockMask(const Projected& splat, float tile_x, float tile_y);
// The same for many splats at once: masks[i] for splats[index[i]].
void BlockMasks(const Projected* splats, const uint32_t* index, size_t count, float tile_x,
                float tile_y, uint16_t* masks);

struct alignas(64) TileForward {
  float colour[3][kTilePixels];      // without the background
  float transmittance[kTilePixels];
};
// Near to far. Returns the number of 4 × 4 blocks evaluated.
uint64_t BlendTile(const TileSplat* splats, const uint16_t* masks, size_t count, TileForward* out);

// `d_colour`: dL/dcolour; `behind`: at the start the finished pixel's colour (with background)
// times dL/dcolour, summed over channels. Writes one RasterGradient a splat.
struct alignas(64) TileBackward {
  float d_colour[3][kTilePixels];
  float behind[kTilePixels];
};
void BlendTileBackward(const TileSplat* splats, const uint16_t* masks, size_t count,
                       TileBackward* state, RasterGradient* out);

}  // namespace ajar::splat::internal
