// One view of the splats, differentiable: forward to pixels, backward to every parameter. The
// equations are in scene/splat_convention.h; gradients are written out by hand.
//
// The work is in four steps, all parallel and all with the same bits for any number of threads:
// project (blocks of splats, culled whole), sort by depth, bin into tiles of 16 × 16 pixels,
// blend (per tile, 4 × 4 pixels at a time). Backward blends again from near to far: what lies
// behind a splat is the finished pixel minus what has been seen, so nothing but the pixel needs
// to be kept.
#pragma once

#include <Eigen/Core>
#include <cstdint>
#include <functional>
#include <vector>

#include "scene/raster.h"
#include "splat/planes.h"
#include "splat/render.h"

namespace ajar::splat {

inline constexpr int kTilePx = 16;

// Three colour planes, rows padded to whole tiles; the padding is never read as picture.
struct PixelPlanes {
  int width = 0, height = 0;
  int stride = 0;  // floats a row: width rounded up to kTilePx
  AlignedFloats data;
  PixelPlanes() = default;
  PixelPlanes(int w, int h);
  size_t plane_size() const;
  float* channel(int c) { return data.data() + static_cast<size_t>(c) * plane_size(); }
  const float* channel(int c) const { return data.data() + static_cast<size_t>(c) * plane_size(); }
};

// What a splat looks like in a view.
struct Projected {
  float mean_px[2];
  float conic[3];      // S^-1: a, b, c of q = a dx^2 + 2 b dx dy + c dy^2
  float opacity;       // compensated
  float colour[3];     // clamped below at 0
  float max_q;         // beyond it alpha < kMinAlpha
  float depth;         // along the view axis, scene units
  uint32_t splat;      // index in the planes
};
// dL/d of a projected splat's mean_px (2), conic a, b, c (3), opacity (1), colour (3).
inline constexpr int kPixelGradients = 9;
// The sums over pixels from which these follow: internal/kernels/raster.h.
struct RasterMoments {
  float value[kPixelGradients];
};

// dL/d of a small motion of the camera, cam_from_world -> exp(turn, move) cam_from_world: a point at
// x in the camera moves to x + turn × x + move.
struct CameraGradient {
  Eigen::Vector3d turn = Eigen::Vector3d::Zero(), move = Eigen::Vector3d::Zero();
};

struct FrameStats {
  size_t visible = 0;            // splats projected into the picture
  size_t pairs = 0;              // (splat, tile)
  uint64_t block_evaluations = 0;  // 4 × 4 pixel blocks evaluated in the forward pass
  // Wall seconds of each step.
  double project_s = 0, sort_s = 0, bin_s = 0, blend_s = 0;
  double blend_backward_s = 0, project_backward_s = 0;  // the latter with what consumes it
};

class Frame {
 public:
  // Keeps references to neither argument. Buffers are reused from call to call.
  void Forward(const SplatPlanes& splats, const View& view, int sh_degree,
               const Eigen::Vector3f& background);

  const PixelPlanes& colour() const { return colour_; }
  // 1 - alpha of the whole pixel; rows of colour().stride.
  const AlignedFloats& transmittance() const { return transmittance_; }
  const FrameStats& stats() const { return stats_; }
  // In depth order, near first.
  const std::vector<Projected>& projected() const { return projected_; }

  // Given dL/dcolour, computes for each block of splats that has visible ones the gradients of
  // all parameters and hands them to `consume`, on any thread, each block once:
  //   gradients[p * kBlockSplats + lane]   for plane p, zero for splats not visible
  //   visible[lane]                        1 where the splat was in the picture
  //   view_gradient[lane]                  length of dL/dmean in pixels
  struct BlockGradients {
    size_t block;
    const float* gradients;
    const uint8_t* visible;
    const float* view_gradient;
  };
  // Must follow Forward() with the same splats, unchanged. Gives the camera's own gradient.
  CameraGradient Backward(const SplatPlanes& splats, const PixelPlanes& d_colour,
                const std::function<void(const BlockGradients&)>& consume);

 private:
  void Project(const SplatPlanes& splats);
  void SortByDepth();
  void Bin();
  // dL/dcolour to pair_moments_.
  void BlendBackward(const PixelPlanes& d_colour);

  View view_;
  int sh_degree_ = 0;
  Eigen::Vector3f background_ = Eigen::Vector3f::Zero();
  PixelPlanes colour_;
  AlignedFloats transmittance_;
  FrameStats stats_;
  std::vector<Projected> projected_;
  std::vector<Projected> unsorted_;     // kBlockSplats a block of splats, of which
  std::vector<uint32_t> block_counts_;  // the first so many are there
  std::vector<uint32_t> rank_of_unsorted_;
  std::vector<uint64_t> sort_keys_, sort_scratch_;
  int tiles_x_ = 0, tiles_y_ = 0;
  std::vector<uint32_t> tile_begin_;    // into pair_rank_, per tile, and the end
  std::vector<uint32_t> pair_rank_;     // depth ranks, tile by tile
  std::vector<uint16_t> pair_mask_;     // which 4 × 4 blocks of the tile are touched
  std::vector<uint32_t> rank_pairs_;    // rank -> the first of its pairs' moments
  std::vector<uint32_t> pair_slot_;     // where a pair's moments lie, splat by splat
  std::vector<uint32_t> chunk_counts_;
  std::vector<RasterMoments> pair_moments_;
  AlignedFloats camera_gradients_;  // 6 a block of splats
};

}  // namespace ajar::splat
