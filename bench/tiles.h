// Tiles to blend: made up, or of a picture.
#pragma once

#include <cstdint>
#include <vector>

#include "splat/frame.h"
#include "splat/internal/kernels/raster.h"

namespace ajar::bench {

struct Tile {
  float left = 0, top = 0;                              // pixels
  int width = splat::kTilePx, height = splat::kTilePx;  // that are picture
  std::vector<uint32_t> index;                          // into the projected splats, near first
};

// A tile's working memory, as splat::Frame has it.
struct TileWork {
  std::vector<splat::internal::TileSplat> splats;
  std::vector<uint16_t> masks;
  splat::internal::TileForward forward;
  splat::internal::TileBackward backward;
  std::vector<uint32_t> slots;
  std::vector<splat::RasterMoments> moments;
};

// Splats that cover all of a tile at (0, 0), so faint that the last is still seen.
std::vector<splat::Projected> CoveringSplats(size_t count);
// Splats of the sizes, shapes and opacities that a trained room has, strewn over a tile at (0, 0).
std::vector<splat::Projected> StrewnSplats(size_t count);
Tile TileOfAll(const std::vector<splat::Projected>& splats);

// What splat::Frame does tile by tile. Forward returns the blocks evaluated and leaves masks and
// pixels in `work`; Backward takes the masks from there and `work->backward` filled in.
uint64_t Forward(const std::vector<splat::Projected>& splats, const Tile& tile, TileWork* work);
void Backward(const std::vector<splat::Projected>& splats, const Tile& tile, TileWork* work);
// dL/dcolour of both signs, 0.5 to 1.5 times `size`, and the tile's pixels as Forward() left them, over black.
void FillBackward(const splat::internal::TileForward& pixels, float size,
                  splat::internal::TileBackward* state);

// The tiles of a picture and the splats whose boxes reach into each.
std::vector<Tile> TilesOf(const std::vector<splat::Projected>& splats, int width, int height);

// Pairs of a pixel of the picture and a splat with alpha >= kMinAlpha there that is in front of
// the cut of transmittance: what cannot be left out. A plain walk in double precision.
uint64_t ContributingPixelSplats(const std::vector<splat::Projected>& splats, const Tile& tile);

}  // namespace ajar::bench
