// Blending of one tile of 16 × 16 pixels, 4 × 4 pixels at a time.
#pragma once

#include <cstddef>
#include <cstdint>

#include "scene/splat_convention.h"
#include "splat/frame.h"

namespace ajar::splat::internal {

inline constexpr int kTileBlocks = 16;   // 4 × 4 blocks of 4 × 4 pixels, in rows
inline constexpr int kTilePixels = 256;  // stored block by block, each row by row

// What blending needs of a splat, relative to the tile and prepared so that the inner loop is
// short: exponent / 4 = p dx^2 + q dx dy + r dy^2, alpha = gain * exp(exponent) - floor.
struct TileSplat {
  float x, y;              // mean, pixels from the tile's top left corner
  float p, q, r;
  float gain, floor;
  float colour[3];
};
inline TileSplat MakeTileSplat(const Projected& splat, float tile_x, float tile_y) {
  TileSplat s;
  s.x = splat.mean_px[0] - tile_x;
  s.y = splat.mean_px[1] - tile_y;
  s.p = splat.conic[0] * (-1.0f / 8);
  s.q = splat.conic[1] * (-2.0f / 8);
  s.r = splat.conic[2] * (-1.0f / 8);
  s.gain = splat.opacity * kFalloffScale;
  s.floor = s.gain * kFalloffFloor;
  for (int c = 0; c < 3; ++c) s.colour[c] = splat.colour[c];
  return s;
}

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
// times dL/dcolour, summed over channels. Writes splat i's moments to out[slots[i]].
struct alignas(64) TileBackward {
  float d_colour[3][kTilePixels];
  float behind[kTilePixels];
};
// Moments, with h = dL/dalpha exp(-q / 2) of a pixel at (dx, dy) from the mean: sums of h dx, h dy,
// h dx^2, h dx dy, h dy^2, of dL/dalpha alpha, and of dL/dcolour. They add up over a splat's tiles.
void BlendTileBackward(const TileSplat* splats, const uint16_t* masks, size_t count,
                       TileBackward* state, const uint32_t* slots, RasterMoments* out);

// What moments, added up over all tiles, say of their splat: kPixelGradients values.
inline void GradientOf(const Projected& splat, const RasterMoments& moments, float* gradient) {
  const float* m = moments.value;
  const float to_q = -0.5f * splat.opacity * kFalloffScale;  // h times this: dL/dq
  gradient[0] = -2 * to_q * (splat.conic[0] * m[0] + splat.conic[1] * m[1]);
  gradient[1] = -2 * to_q * (splat.conic[1] * m[0] + splat.conic[2] * m[1]);
  gradient[2] = to_q * m[2];
  gradient[3] = 2 * to_q * m[3];
  gradient[4] = to_q * m[4];
  gradient[5] = m[5] / splat.opacity;
  for (int c = 0; c < 3; ++c) gradient[6 + c] = m[6 + c];
}

}  // namespace ajar::splat::internal
