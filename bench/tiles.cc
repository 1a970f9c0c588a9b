#include "bench/tiles.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>

#include "scene/splat_convention.h"

namespace ajar::bench {
namespace {

using splat::kTilePx;
using splat::Projected;

// An ellipse with these standard deviations in pixels, turned by `angle`.
Projected MakeSplat(float x, float y, float along, float across, float angle, float opacity) {
  Projected s{};
  s.mean_px[0] = x;
  s.mean_px[1] = y;
  const float c = std::cos(angle), n = std::sin(angle);
  const float p = 1 / (along * along), q = 1 / (across * across);
  s.conic[0] = p * c * c + q * n * n;
  s.conic[1] = (p - q) * c * n;
  s.conic[2] = p * n * n + q * c * c;
  s.opacity = opacity;
  s.max_q = std::min(kMaxQ, -2 * std::log(kMinAlpha / (opacity * kFalloffScale) + kFalloffFloor));
  return s;
}

// Each splat's moments in its own place.
void Number(size_t count, std::vector<uint32_t>* slots) {
  slots->resize(count);
  std::iota(slots->begin(), slots->end(), 0u);
}

}  // namespace

std::vector<Projected> CoveringSplats(size_t count) {
  std::mt19937 random(1);
  std::uniform_real_distribution<float> unit(0, 1);
  std::vector<Projected> splats(count);
  for (Projected& s : splats) {
    s = MakeSplat(16 * unit(random), 16 * unit(random), 40 + 20 * unit(random), 40, unit(random),
                  0.05f + 0.05f * unit(random));
    for (float& c : s.colour) c = unit(random);
  }
  return splats;
}

std::vector<Projected> StrewnSplats(size_t count) {
  std::mt19937 random(2);
  std::uniform_real_distribution<float> unit(0, 1);
  std::vector<Projected> splats(count);
  for (Projected& s : splats) {
    const float along = 1.5f * std::exp(1.2f * unit(random));
    s = MakeSplat(22 * unit(random) - 3, 22 * unit(random) - 3, along,
                  along * (0.3f + 0.7f * unit(random)), 3 * unit(random),
                  0.02f + 0.6f * unit(random) * unit(random));
    for (float& c : s.colour) c = unit(random);
  }
  return splats;
}

Tile TileOfAll(const std::vector<Projected>& splats) {
  Tile tile;
  tile.index.resize(splats.size());
  std::iota(tile.index.begin(), tile.index.end(), 0u);
  return tile;
}

uint64_t Forward(const std::vector<Projected>& splats, const Tile& tile, TileWork* work) {
  const size_t count = tile.index.size();
  work->masks.resize(count);
  work->splats.resize(count);
  Number(count, &work->slots);
  splat::internal::BlockMasks(splats.data(), tile.index.data(), count, tile.left, tile.top,
                              work->masks.data());
  for (size_t i = 0; i < count; ++i) {
    work->splats[i] = splat::internal::MakeTileSplat(splats[tile.index[i]], tile.left, tile.top);
  }
  return splat::internal::BlendTile(work->splats.data(), work->masks.data(), count, &work->forward);
}

void Backward(const std::vector<Projected>& splats, const Tile& tile, TileWork* work) {
  const size_t count = tile.index.size();
  work->splats.resize(count);
  work->moments.resize(count);
  Number(count, &work->slots);
  for (size_t i = 0; i < count; ++i) {
    work->splats[i] = splat::internal::MakeTileSplat(splats[tile.index[i]], tile.left, tile.top);
  }
  splat::internal::BlendTileBackward(work->splats.data(), work->masks.data(), count,
                                     &work->backward, work->slots.data(),
                                     work->moments.data());
}

void FillBackward(const splat::internal::TileForward& pixels, float size,
                  splat::internal::TileBackward* state) {
  for (int i = 0; i < splat::internal::kTilePixels; ++i) {
    state->behind[i] = 0;
    for (int c = 0; c < 3; ++c) {
      // Of both signs, and yet not nothing in the sum.
      const float g = size * (static_cast<float>((i + c) % 3) - 0.5f);
      state->d_colour[c][i] = g;
      state->behind[i] += g * pixels.colour[c][i];
    }
  }
}

std::vector<Tile> TilesOf(const std::vector<Projected>& splats, int width, int height) {
  const int across = (width + kTilePx - 1) / kTilePx, down = (height + kTilePx - 1) / kTilePx;
  std::vector<Tile> tiles(static_cast<size_t>(across) * static_cast<size_t>(down));
  for (int y = 0; y < down; ++y) {
    for (int x = 0; x < across; ++x) {
      Tile& tile = tiles[static_cast<size_t>(y * across + x)];
      tile.left = static_cast<float>(x * kTilePx);
      tile.top = static_cast<float>(y * kTilePx);
      tile.width = std::min(kTilePx, width - x * kTilePx);
      tile.height = std::min(kTilePx, height - y * kTilePx);
    }
  }
  for (size_t i = 0; i < splats.size(); ++i) {
    const Projected& s = splats[i];
    const float determinant = s.conic[0] * s.conic[2] - s.conic[1] * s.conic[1];
    const float half_u = std::sqrt(s.max_q * s.conic[2] / determinant);
    const float half_v = std::sqrt(s.max_q * s.conic[0] / determinant);
    // The first and last tile with a pixel's centre in the box, a row or column too many at most.
    const auto clamped = [](float px, int most) {
      return static_cast<int>(std::clamp(std::floor(px / kTilePx), -1.0f, most + 0.0f));
    };
    const int x0 = std::max(0, clamped(s.mean_px[0] - half_u, across));
    const int x1 = std::min(across - 1, clamped(s.mean_px[0] + half_u - 0.5f, across));
    const int y0 = std::max(0, clamped(s.mean_px[1] - half_v, down));
    const int y1 = std::min(down - 1, clamped(s.mean_px[1] + half_v - 0.5f, down));
    for (int y = y0; y <= y1; ++y) {
      for (int x = x0; x <= x1; ++x) {
        tiles[static_cast<size_t>(y * across + x)].index.push_back(static_cast<uint32_t>(i));
      }
    }
  }
  return tiles;
}

uint64_t ContributingPixelSplats(const std::vector<Projected>& splats, const Tile& tile) {
  uint64_t contributing = 0;
  for (int y = 0; y < tile.height; ++y) {
    for (int x = 0; x < tile.width; ++x) {
      double transmittance = 1;
      for (const uint32_t i : tile.index) {
        const Projected& s = splats[i];
        const double dx = tile.left + x + 0.5 - s.mean_px[0];
        const double dy = tile.top + y + 0.5 - s.mean_px[1];
        const double q = s.conic[0] * dx * dx + 2 * s.conic[1] * dx * dy + s.conic[2] * dy * dy;
        if (q > kMaxQ) continue;
        const double falloff = (std::exp(-q / 2) - kFalloffFloor) * kFalloffScale;
        const double alpha = std::min<double>(kMaxAlpha, s.opacity * falloff);
        if (alpha < kMinAlpha) continue;
        ++contributing;
        transmittance *= 1 - alpha;
        if (transmittance < kMinTransmittance) break;
      }
    }
  }
  return contributing;
}

}  // namespace ajar::bench
