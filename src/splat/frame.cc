#include "splat/frame.h"

#include <algorithm>
#include <array>
#include <bit>
#include <chrono>
#include <cmath>
#include <numeric>
#include <utility>

#include "base/check.h"
#include "base/parallel.h"
#include "scene/splat_convention.h"
#include "splat/internal/kernels/project.h"
#include "splat/internal/kernels/raster.h"

namespace ajar::splat {
namespace {

using internal::ProjectionCamera;
using internal::TileSplat;

constexpr float kNearSu = 1e-3f;
constexpr size_t kBinChunk = 2048;  // splats whose tiles are counted together

ProjectionCamera MakeCamera(const View& view) {
  AJAR_CHECK(!view.camera.has_distortion());
  ProjectionCamera c{};
  const Eigen::Matrix3f rotation =
      view.cam_from_world.rotation.normalized().toRotationMatrix().cast<float>();
  const Eigen::Vector3d centre = Inverse(view.cam_from_world).translation;
  for (int i = 0; i < 3; ++i) {
    for (int j = 0; j < 3; ++j) c.rotation[i * 3 + j] = rotation(i, j);
    c.translation[i] = static_cast<float>(view.cam_from_world.translation[i]);
    c.centre[i] = static_cast<float>(centre[i]);
  }
  c.fx = static_cast<float>(view.camera.fx());
  c.fy = static_cast<float>(view.camera.fy());
  c.cx = static_cast<float>(view.camera.cx());
  c.cy = static_cast<float>(view.camera.cy());
  c.near_su = kNearSu;
  const float size = std::min({kMaxSplatPx, static_cast<float>(view.camera.width),
                               static_cast<float>(view.camera.height)});
  c.max_variance_px2 = 0.5f * size * size;
  c.width = view.camera.width;
  c.height = view.camera.height;
  return c;
}

class StopWatch {
 public:
  // Seconds since the last call, or since it was made.
  double Lap() {
    const auto now = std::chrono::steady_clock::now();
    return std::chrono::duration<double>(now - std::exchange(last_, now)).count();
  }

 private:
  std::chrono::steady_clock::time_point last_ = std::chrono::steady_clock::now();
};

struct TileRange {
  int x0, x1, y0, y1;  // half open
};

// Tiles whose pixel centres the ellipse's box may reach.
TileRange TilesOf(const Projected& s, int tiles_x, int tiles_y) {
  const float det = s.conic[0] * s.conic[2] - s.conic[1] * s.conic[1];
  const float half_u = std::sqrt(s.max_q * s.conic[2] / det);
  const float half_v = std::sqrt(s.max_q * s.conic[0] / det);
  const auto tile = [](float px, int tiles) {
    return static_cast<int>(std::clamp(px / kTilePx, 0.0f, static_cast<float>(tiles)));
  };
  const auto tile_end = [](float px, int tiles) {
    return static_cast<int>(
        std::clamp(std::floor(px / kTilePx) + 1, 0.0f, static_cast<float>(tiles)));
  };
  // Centres lie half a pixel inside their tile.
  return {tile(s.mean_px[0] - half_u, tiles_x), tile_end(s.mean_px[0] + half_u - 0.5f, tiles_x),
          tile(s.mean_px[1] - half_v, tiles_y), tile_end(s.mean_px[1] + half_v - 0.5f, tiles_y)};
}

using Four = Eigen::Array4f;
Eigen::Map<const Four> FourAt(const float* at) { return Eigen::Map<const Four>(at); }
Eigen::Map<Four> MutableFourAt(float* at) { return Eigen::Map<Four>(at); }

// Calls body(at, i) for each four pixels of a tile that lie together both in the planes, from
// element `at` of a channel on, and block by block in the tile, from pixel i on.
template <class Body>
void ForTileRows(const PixelPlanes& planes, int px, int py, const Body& body) {
  for (int i = 0; i < internal::kTilePixels; i += 4) {
    const int x = px + i / 16 % 4 * 4, y = py + i / 64 * 4 + i / 4 % 4;
    body(static_cast<size_t>(y) * static_cast<size_t>(planes.stride) + static_cast<size_t>(x), i);
  }
}

}  // namespace

PixelPlanes::PixelPlanes(int w, int h)
    : width(w), height(h), stride((w + kTilePx - 1) / kTilePx * kTilePx) {
  data.resize(3 * plane_size());
}

size_t PixelPlanes::plane_size() const {
  const int rows = (height + kTilePx - 1) / kTilePx * kTilePx;
  return static_cast<size_t>(stride) * static_cast<size_t>(rows);
}

void Frame::Project(const SplatPlanes& splats) {
  const ProjectionCamera camera = MakeCamera(view_);
  const size_t blocks = splats.blocks();
  unsorted_.resize(blocks * kBlockSplats);
  block_counts_.resize(blocks);
  ParallelFor(blocks, 4, [&](size_t b) {
    block_counts_[b] = static_cast<uint32_t>(internal::ProjectBlock(
        splats, b * kBlockSplats, camera, sh_degree_, unsorted_.data() + b * kBlockSplats));
  });
  stats_.visible = std::accumulate(block_counts_.begin(), block_counts_.end(), size_t{0});
}

// Least significant digit radix sort, stable, on 22 bits of the (positive) float: neighbours
// closer than one part in 16,384 keep the order of their indices.
void Frame::SortByDepth() {
  const size_t n = stats_.visible;
  sort_keys_.resize(n);
  sort_scratch_.resize(n);
  constexpr int kBits = 11;
  constexpr size_t kBuckets = size_t{1} << kBits;
  std::array<std::array<uint32_t, kBuckets>, 2> counts{};
  size_t at = 0;
  for (size_t b = 0; b < block_counts_.size(); ++b) {
    for (size_t i = b * kBlockSplats; i < b * kBlockSplats + block_counts_[b]; ++i) {
      const uint32_t key = std::bit_cast<uint32_t>(unsorted_[i].depth) >> 9;
      sort_keys_[at++] = (uint64_t{key} << 32) | i;
      ++counts[0][key & (kBuckets - 1)];
      ++counts[1][key >> kBits];
    }
  }
  for (int pass = 0; pass < 2; ++pass) {
    uint32_t total = 0;
    for (uint32_t& count : counts[static_cast<size_t>(pass)]) {
      total += std::exchange(count, total);
    }
    for (const uint64_t key : sort_keys_) {
      const size_t digit = (key >> (32 + pass * kBits)) & (kBuckets - 1);
      sort_scratch_[counts[static_cast<size_t>(pass)][digit]++] = key;
    }
    sort_keys_.swap(sort_scratch_);
  }
  projected_.resize(n);
  rank_of_unsorted_.resize(unsorted_.size());
  ParallelFor(n, 8192, [&](size_t rank) {
    const uint32_t from = static_cast<uint32_t>(sort_keys_[rank]);
    projected_[rank] = unsorted_[from];
    rank_of_unsorted_[from] = static_cast<uint32_t>(rank);
  });
}

// Counting sort of (tile, splat) pairs by tile that keeps the order of depth: chunks of splats
// count their tiles, a sum over chunks gives each chunk its place in every tile's list.
void Frame::Bin() {
  const size_t n = projected_.size();
  const size_t tiles = static_cast<size_t>(tiles_x_) * static_cast<size_t>(tiles_y_);
  const size_t chunks = ChunkCount(n, kBinChunk);
  chunk_counts_.assign(chunks * tiles, 0);
  rank_pairs_.assign(n + 1, 0);
  std::vector<TileRange> ranges(n);
  ParallelForChunks(n, kBinChunk, [&](size_t chunk, size_t begin, size_t end) {
    uint32_t* counts = chunk_counts_.data() + chunk * tiles;
    for (size_t rank = begin; rank < end; ++rank) {
      const TileRange r = TilesOf(projected_[rank], tiles_x_, tiles_y_);
      ranges[rank] = r;
      rank_pairs_[rank + 1] =
          static_cast<uint32_t>(std::max(0, r.x1 - r.x0) * std::max(0, r.y1 - r.y0));
      for (int y = r.y0; y < r.y1; ++y) {
        for (int x = r.x0; x < r.x1; ++x) ++counts[static_cast<size_t>(y) * tiles_x_ + x];
      }
    }
  });
  std::partial_sum(rank_pairs_.begin(), rank_pairs_.end(), rank_pairs_.begin());
  tile_begin_.resize(tiles + 1);
  // Row by row of the table of chunks and tiles, as it lies in memory.
  std::vector<uint32_t> next(tiles, 0);
  for (size_t chunk = 0; chunk < chunks; ++chunk) {
    const uint32_t* counts = chunk_counts_.data() + chunk * tiles;
    for (size_t tile = 0; tile < tiles; ++tile) next[tile] += counts[tile];
  }
  uint32_t total = 0;
  for (size_t tile = 0; tile < tiles; ++tile) {
    tile_begin_[tile] = total;
    total += std::exchange(next[tile], total);
  }
  tile_begin_[tiles] = total;
  for (size_t chunk = 0; chunk < chunks; ++chunk) {
    uint32_t* counts = chunk_counts_.data() + chunk * tiles;
    for (size_t tile = 0; tile < tiles; ++tile) {
      const uint32_t begin = next[tile];
      next[tile] += counts[tile];
      counts[tile] = begin;
    }
  }
  stats_.pairs = total;
  pair_rank_.resize(total);
  pair_mask_.resize(total);
  pair_slot_.resize(total);
  ParallelForChunks(n, kBinChunk, [&](size_t chunk, size_t begin, size_t end) {
    uint32_t* next_of_tile = chunk_counts_.data() + chunk * tiles;
    for (size_t rank = begin; rank < end; ++rank) {
      const TileRange r = ranges[rank];
      uint32_t at = rank_pairs_[rank];
      for (int y = r.y0; y < r.y1; ++y) {
        for (int x = r.x0; x < r.x1; ++x) {
          const uint32_t pair = next_of_tile[static_cast<size_t>(y) * tiles_x_ + x]++;
          pair_rank_[pair] = static_cast<uint32_t>(rank);
          pair_slot_[pair] = at++;
        }
      }
    }
  });
}

void Frame::Forward(const SplatPlanes& splats, const View& view, int sh_degree,
                    const Eigen::Vector3f& background) {
  AJAR_CHECK(sh_degree >= 0 && sh_degree <= splats.sh_degree());
  view_ = view;
  sh_degree_ = sh_degree;
  background_ = background;
  stats_ = {};
  const int width = view.camera.width, height = view.camera.height;
  if (colour_.width != width || colour_.height != height) {
    colour_ = PixelPlanes(width, height);
    transmittance_.assign(colour_.plane_size(), 1.0f);
  }
  tiles_x_ = (width + kTilePx - 1) / kTilePx;
  tiles_y_ = (height + kTilePx - 1) / kTilePx;
  StopWatch watch;
  Project(splats);
  stats_.project_s = watch.Lap();
  SortByDepth();
  stats_.sort_s = watch.Lap();
  Bin();
  stats_.bin_s = watch.Lap();

  const size_t tiles = static_cast<size_t>(tiles_x_) * static_cast<size_t>(tiles_y_);
  std::vector<uint64_t> evaluated(tiles);
  ParallelForChunks(tiles, 4, [&](size_t, size_t first, size_t last) {
    std::vector<TileSplat> local;
    internal::TileForward blended;
    for (size_t tile = first; tile < last; ++tile) {
      const uint32_t begin = tile_begin_[tile], count = tile_begin_[tile + 1] - begin;
      const int px = static_cast<int>(tile % tiles_x_) * kTilePx;
      const int py = static_cast<int>(tile / tiles_x_) * kTilePx;
      internal::BlockMasks(projected_.data(), pair_rank_.data() + begin, count,
                           static_cast<float>(px), static_cast<float>(py),
                           pair_mask_.data() + begin);
      local.resize(count);
      for (uint32_t i = 0; i < count; ++i) {
        if (pair_mask_[begin + i] == 0) continue;
        local[i] = internal::MakeTileSplat(projected_[pair_rank_[begin + i]],
                                           static_cast<float>(px), static_cast<float>(py));
      }
      evaluated[tile] =
          internal::BlendTile(local.data(), pair_mask_.data() + begin, count, &blended);
      ForTileRows(colour_, px, py, [&](size_t at, int i) {
        const Four t = FourAt(blended.transmittance + i);
        MutableFourAt(transmittance_.data() + at) = t;
        for (int c = 0; c < 3; ++c) {
          MutableFourAt(colour_.channel(c) + at) =
              FourAt(blended.colour[c] + i) + t * background_[c];
        }
      });
    }
  });
  stats_.block_evaluations = std::accumulate(evaluated.begin(), evaluated.end(), uint64_t{0});
  stats_.blend_s = watch.Lap();
}

void Frame::BlendBackward(const PixelPlanes& d_colour) {
  AJAR_CHECK(d_colour.width == colour_.width && d_colour.height == colour_.height);
  const size_t tiles = static_cast<size_t>(tiles_x_) * static_cast<size_t>(tiles_y_);
  pair_moments_.resize(pair_rank_.size());
  ParallelForChunks(tiles, 4, [&](size_t, size_t first, size_t last) {
    std::vector<TileSplat> local;
    internal::TileBackward state;
    for (size_t tile = first; tile < last; ++tile) {
      const uint32_t begin = tile_begin_[tile], count = tile_begin_[tile + 1] - begin;
      if (count == 0) continue;
      const int px = static_cast<int>(tile % tiles_x_) * kTilePx;
      const int py = static_cast<int>(tile / tiles_x_) * kTilePx;
      ForTileRows(colour_, px, py, [&](size_t at, int i) {
        Four behind = Four::Zero();
        for (int c = 0; c < 3; ++c) {
          const Four g = FourAt(d_colour.channel(c) + at);
          MutableFourAt(state.d_colour[c] + i) = g;
          behind += g * FourAt(colour_.channel(c) + at);
        }
        MutableFourAt(state.behind + i) = behind;
      });
      if (px + kTilePx > colour_.width || py + kTilePx > colour_.height) {
        for (int i = 0; i < internal::kTilePixels; ++i) {
          const int x = px + i / 16 % 4 * 4 + i % 4, y = py + i / 64 * 4 + i / 4 % 4;
          if (x < colour_.width && y < colour_.height) continue;
          for (int c = 0; c < 3; ++c) state.d_colour[c][i] = 0;
          state.behind[i] = 0;
        }
      }
      local.resize(count);
      for (uint32_t i = 0; i < count; ++i) {
        if (pair_mask_[begin + i] == 0) continue;
        local[i] = internal::MakeTileSplat(projected_[pair_rank_[begin + i]],
                                           static_cast<float>(px), static_cast<float>(py));
      }
      internal::BlendTileBackward(local.data(), pair_mask_.data() + begin, count, &state,
                                  pair_slot_.data() + begin, pair_moments_.data());
    }
  });
}

CameraGradient Frame::Backward(const SplatPlanes& splats, const PixelPlanes& d_colour,
                               const std::function<void(const BlockGradients&)>& consume) {
  AJAR_CHECK_EQ(splats.blocks(), block_counts_.size());
  StopWatch watch;
  BlendBackward(d_colour);
  stats_.blend_backward_s = watch.Lap();

  const ProjectionCamera camera = MakeCamera(view_);
  camera_gradients_.assign(6 * splats.blocks(), 0.0f);
  ParallelForChunks(splats.blocks(), 1, [&](size_t block, size_t, size_t) {
    const size_t first = block * kBlockSplats, last = first + block_counts_[block];
    if (first == last) return;
    alignas(64) float raster[(kPixelGradients + 1) * kBlockSplats] = {};
    alignas(64) float view_gradient[kBlockSplats] = {};
    uint8_t visible[kBlockSplats] = {};
    for (size_t u = first; u < last; ++u) {
      const uint32_t rank = rank_of_unsorted_[u];
      RasterMoments sum{};
      for (uint32_t k = rank_pairs_[rank]; k < rank_pairs_[rank + 1]; ++k) {
        for (int v = 0; v < kPixelGradients; ++v) sum.value[v] += pair_moments_[k].value[v];
      }
      float gradient[kPixelGradients];
      internal::GradientOf(projected_[rank], sum, gradient);
      const size_t lane = projected_[rank].splat - block * kBlockSplats;
      for (int v = 0; v < kPixelGradients; ++v) {
        raster[static_cast<size_t>(v) * kBlockSplats + lane] = gradient[v];
      }
      raster[kPixelGradients * kBlockSplats + lane] = 1;
      visible[lane] = 1;
      view_gradient[lane] = std::hypot(gradient[0], gradient[1]);
    }
    static thread_local AlignedFloats gradients;
    gradients.resize(static_cast<size_t>(splats.planes()) * kBlockSplats);
    internal::ProjectBlockBackward(splats, block * kBlockSplats, camera, sh_degree_, raster,
                                   gradients.data(), camera_gradients_.data() + 6 * block);
    consume({block, gradients.data(), visible, view_gradient});
  });
  CameraGradient sum;
  for (size_t block = 0; block < splats.blocks(); ++block) {
    const float* g = camera_gradients_.data() + 6 * block;
    for (int k = 0; k < 3; ++k) {
      sum.turn[k] += static_cast<double>(g[k]);
      sum.move[k] += static_cast<double>(g[3 + k]);
    }
  }
  stats_.project_backward_s = watch.Lap();
  return sum;
}

}  // namespace ajar::splat
