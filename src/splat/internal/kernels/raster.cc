#include "splat/internal/kernels/raster.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <type_traits>

#include "scene/splat_convention.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "splat/internal/kernels/raster.cc"
#include "hwy/foreach_target.h"  // IWYU pragma: keep
#include "hwy/highway.h"

HWY_BEFORE_NAMESPACE();
namespace ajar::splat::internal {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

// A block of 4 × 4 pixels is 16 lanes: one vector or a few, by instruction set.
using D = hn::CappedTag<float, 16>;
using V = hn::Vec<D>;
constexpr size_t kLanes = hn::MaxLanes(D());
constexpr size_t kVectors = 16 / kLanes;

// Blocks that the backward pass works on step by step side by side: the steps of one wait for one
// another, and a processor looks ahead over only about two blocks' worth of them. The forward
// pass is short enough to do without.
constexpr size_t kSideBySide = kVectors >= 4 ? 1 : 4 / kVectors;

// exp(4 (t - 0.53)) for t in [-0.53, 0.53]; relative error below 4e-6, exact enough for eight-bit
// pictures. The polynomial of least relative error, in pairs to be short, then two squarings: no
// integer work.
constexpr float kExpShift = 0.53f;
HWY_INLINE V Exp4(D d, V t) {
  const V t2 = hn::Mul(t, t);
  const V low = hn::MulAdd(hn::Set(d, 0.588602662f), t, hn::Set(d, 0.588605464f));
  const V middle = hn::MulAdd(hn::Set(d, 0.0981298760f), t, hn::Set(d, 0.294267833f));
  const V high = hn::MulAdd(hn::Set(d, 0.00485605746f), t, hn::Set(d, 0.0248647835f));
  V p = hn::MulAdd(hn::MulAdd(high, t2, middle), t2, low);
  p = hn::Mul(p, p);
  return hn::Mul(p, p);
}

// Pixel centres of the tile's four columns and four rows of blocks.
struct Centres {
  alignas(64) float x[4][16], y[4][16];
  Centres() {
    for (int b = 0; b < 4; ++b) {
      for (int i = 0; i < 16; ++i) {
        x[b][i] = static_cast<float>(4 * b + i % 4) + 0.5f;
        y[b][i] = static_cast<float>(4 * b + i / 4) + 0.5f;
      }
    }
  }
};

// The lowest kBlocks blocks of a mask, taken out of it; one entry a vector.
template <size_t kBlocks>
struct Group {
  static constexpr size_t kCount = kBlocks * kVectors;
  uint32_t block[kBlocks];
  size_t at[kCount];  // of its first pixel in a tile
  const float *x[kCount], *y[kCount];

  HWY_INLINE Group(const Centres& centres, uint32_t* mask) {
    for (size_t b = 0; b < kBlocks; ++b) {
      block[b] = static_cast<uint32_t>(std::countr_zero(*mask));
      *mask &= *mask - 1;
      for (size_t v = 0; v < kVectors; ++v) {
        const size_t k = b * kVectors + v;
        at[k] = size_t{block[b]} * 16 + v * kLanes;
        x[k] = centres.x[block[b] % 4] + v * kLanes;
        y[k] = centres.y[block[b] / 4] + v * kLanes;
      }
    }
  }
};

// exp(-q / 2) of each pixel. Forward and backward must take the same decisions: both use this.
template <size_t kBlocks>
HWY_INLINE void Exponentials(D d, const TileSplat& s, const Group<kBlocks>& group, V* out) {
  constexpr size_t kCount = Group<kBlocks>::kCount;
  V dx[kCount], dy[kCount], t[kCount];
  for (size_t k = 0; k < kCount; ++k) {
    dx[k] = hn::Sub(hn::Load(d, group.x[k]), hn::Set(d, s.x));
    dy[k] = hn::Sub(hn::Load(d, group.y[k]), hn::Set(d, s.y));
  }
  for (size_t k = 0; k < kCount; ++k) {
    const V along = hn::MulAdd(hn::Set(d, s.q), dy[k], hn::Mul(hn::Set(d, s.p), dx[k]));
    t[k] = hn::MulAdd(hn::Mul(hn::Set(d, s.r), dy[k]), dy[k], hn::Set(d, kExpShift));
    t[k] = hn::MulAdd(along, dx[k], t[k]);
  }
  for (size_t k = 0; k < kCount; ++k) {
    out[k] = Exp4(d, hn::Max(t[k], hn::Set(d, -kExpShift)));
  }
}

// Unclamped opacity, and where it counts.
HWY_INLINE V Opacity(D d, const TileSplat& s, V exponential) {
  return hn::MulSub(hn::Set(d, s.gain), exponential, hn::Set(d, s.floor));
}
HWY_INLINE auto Counts(D d, V opacity) { return hn::Ge(opacity, hn::Set(d, kMinAlpha)); }
HWY_INLINE V Alpha(D d, V opacity) {
  return hn::IfThenElseZero(Counts(d, opacity), hn::Min(opacity, hn::Set(d, kMaxAlpha)));
}

// The blocks of a group through which nothing is seen any more, as a mask.
template <size_t kBlocks>
HWY_INLINE uint32_t Covered(D d, const Group<kBlocks>& group, const V* transmittance) {
  uint32_t covered = 0;
  for (size_t b = 0; b < kBlocks; ++b) {
    bool any = false;
    for (size_t v = 0; v < kVectors; ++v) {
      any |= !hn::AllFalse(d, hn::Ge(transmittance[b * kVectors + v],
                                     hn::Set(d, kMinTransmittance)));
    }
    if (!any) covered |= 1u << group.block[b];
  }
  return covered;
}

// Calls body(std::integral_constant<size_t, n>) for n blocks at a time, `count` in all.
template <size_t kBlocks, class Body>
HWY_INLINE void InGroups(size_t count, const Body& body) {
  for (; count >= kBlocks; count -= kBlocks) body(std::integral_constant<size_t, kBlocks>());
  if constexpr (kBlocks > 1) InGroups<kBlocks / 2>(count, body);
}

// The sums over lanes of four vectors, together: half the shuffles of four sums one by one.
#if HWY_TARGET == HWY_SCALAR
HWY_INLINE void SumOfLanes4(D d, V a, V b, V c, V e, float* HWY_RESTRICT out) {
  const V* values[] = {&a, &b, &c, &e};
  for (int i = 0; i < 4; ++i) out[i] = hn::GetLane(hn::SumOfLanes(d, *values[i]));
}
#else
// Adds the blocks of four lanes of one vector.
template <class Tag>
HWY_INLINE hn::Vec<hn::CappedTag<float, 4>> FoldBlocks(Tag d, hn::Vec<Tag> v) {
  if constexpr (hn::MaxLanes(d) == 4) {
    return v;
  } else {
    const hn::Half<Tag> half;
    return FoldBlocks(half, hn::Add(hn::LowerHalf(half, v), hn::UpperHalf(half, v)));
  }
}

HWY_INLINE void SumOfLanes4(D d, V a, V b, V c, V e, float* HWY_RESTRICT out) {
  const hn::Repartition<double, D> pairs;  // moves two lanes at once
  const auto ab = hn::BitCast(pairs, hn::Add(hn::InterleaveLower(d, a, b),
                                             hn::InterleaveUpper(d, a, b)));
  const auto ce = hn::BitCast(pairs, hn::Add(hn::InterleaveLower(d, c, e),
                                             hn::InterleaveUpper(d, c, e)));
  const V sums = hn::Add(hn::BitCast(d, hn::InterleaveLower(pairs, ab, ce)),
                         hn::BitCast(d, hn::InterleaveUpper(pairs, ab, ce)));
  hn::StoreU(FoldBlocks(d, sums), hn::CappedTag<float, 4>(), out);
}
#endif

template <size_t kBlocks>
HWY_INLINE uint32_t BlendBlocks(D d, const TileSplat& s, const Group<kBlocks>& group,
                                TileForward* HWY_RESTRICT out) {
  constexpr size_t kCount = Group<kBlocks>::kCount;
  V exponential[kCount], weight[kCount], after[kCount];
  Exponentials(d, s, group, exponential);
  for (size_t k = 0; k < kCount; ++k) {
    const V before = hn::Load(d, out->transmittance + group.at[k]);
    weight[k] = hn::Mul(Alpha(d, Opacity(d, s, exponential[k])), before);
    after[k] = hn::Sub(before, weight[k]);
    hn::Store(after[k], d, out->transmittance + group.at[k]);
  }
  for (size_t k = 0; k < kCount; ++k) {
    for (int c = 0; c < 3; ++c) {
      float* colour = out->colour[c] + group.at[k];
      hn::Store(hn::MulAdd(weight[k], hn::Set(d, s.colour[c]), hn::Load(d, colour)), d, colour);
    }
  }
  return Covered(d, group, after);
}

uint64_t BlendTile(const TileSplat* HWY_RESTRICT splats, const uint16_t* HWY_RESTRICT masks,
                   size_t count, TileForward* HWY_RESTRICT out) {
  const D d;
  const Centres centres;
  for (int i = 0; i < kTilePixels; ++i) {
    out->colour[0][i] = out->colour[1][i] = out->colour[2][i] = 0;
    out->transmittance[i] = 1;
  }
  uint64_t evaluated = 0;
  uint32_t live = 0xffff;
  for (size_t i = 0; i < count && live != 0; ++i) {
    uint32_t mask = masks[i] & live;
    if (mask == 0) continue;
    const size_t blocks = static_cast<size_t>(std::popcount(mask));
    evaluated += blocks;
    InGroups<1>(blocks, [&](auto n) HWY_ATTR {
      const Group<n> group(centres, &mask);
      live &= ~BlendBlocks(d, splats[i], group, out);
    });
  }
  return evaluated;
}

// A splat's moments, lane by lane.
struct Sums {
  V x, y, xx, xy, yy, opacity, colour[3];
};

template <size_t kBlocks>
HWY_INLINE uint32_t BlendBlocksBackward(D d, const TileSplat& s, const Group<kBlocks>& group,
                                        float* HWY_RESTRICT transmittance,
                                        TileBackward* HWY_RESTRICT state, Sums* sums) {
  constexpr size_t kCount = Group<kBlocks>::kCount;
  V exponential[kCount], opacity[kCount], before[kCount], after[kCount], colour[kCount],
      d_alpha[kCount];
  Exponentials(d, s, group, exponential);
  for (size_t k = 0; k < kCount; ++k) {
    const V g0 = hn::Load(d, state->d_colour[0] + group.at[k]);
    const V g1 = hn::Load(d, state->d_colour[1] + group.at[k]);
    const V g2 = hn::Load(d, state->d_colour[2] + group.at[k]);
    V cg = hn::Mul(hn::Set(d, s.colour[0]), g0);
    cg = hn::MulAdd(hn::Set(d, s.colour[1]), g1, cg);
    colour[k] = hn::MulAdd(hn::Set(d, s.colour[2]), g2, cg);
  }
  for (size_t k = 0; k < kCount; ++k) {
    opacity[k] = Opacity(d, s, exponential[k]);
    before[k] = hn::Load(d, transmittance + group.at[k]);
    const V alpha = Alpha(d, opacity[k]);
    const V weight = hn::Mul(alpha, before[k]);
    after[k] = hn::Sub(before[k], weight);
    hn::Store(after[k], d, transmittance + group.at[k]);
    for (int c = 0; c < 3; ++c) {
      sums->colour[c] = hn::MulAdd(weight, hn::Load(d, state->d_colour[c] + group.at[k]),
                                   sums->colour[c]);
    }
    const V behind =
        hn::NegMulAdd(weight, colour[k], hn::Load(d, state->behind + group.at[k]));
    hn::Store(behind, d, state->behind + group.at[k]);
    // dL/dalpha = T c.g - (what is behind).g / (1 - alpha)
    const V clear = hn::Sub(hn::Set(d, 1.0f), alpha);
    V inverse = hn::ApproximateReciprocal(clear);
    inverse = hn::Mul(inverse, hn::NegMulAdd(clear, inverse, hn::Set(d, 2.0f)));
    d_alpha[k] = hn::MulSub(before[k], colour[k], hn::Mul(behind, inverse));
  }
  for (size_t k = 0; k < kCount; ++k) {
    const auto active = hn::And(Counts(d, opacity[k]),
                                hn::Lt(opacity[k], hn::Set(d, kMaxAlpha)));
    const V d_opacity = hn::IfThenElseZero(active, d_alpha[k]);
    sums->opacity = hn::MulAdd(d_opacity, opacity[k], sums->opacity);
    const V h = hn::Mul(d_opacity, exponential[k]);
    const V dx = hn::Sub(hn::Load(d, group.x[k]), hn::Set(d, s.x));
    const V dy = hn::Sub(hn::Load(d, group.y[k]), hn::Set(d, s.y));
    const V hx = hn::Mul(h, dx), hy = hn::Mul(h, dy);
    sums->x = hn::Add(sums->x, hx);
    sums->y = hn::Add(sums->y, hy);
    sums->xx = hn::MulAdd(hx, dx, sums->xx);
    sums->xy = hn::MulAdd(hx, dy, sums->xy);
    sums->yy = hn::MulAdd(hy, dy, sums->yy);
  }
  return Covered(d, group, after);
}

void BlendTileBackward(const TileSplat* HWY_RESTRICT splats, const uint16_t* HWY_RESTRICT masks,
                       size_t count, TileBackward* HWY_RESTRICT state,
                       const uint32_t* HWY_RESTRICT slots, RasterMoments* HWY_RESTRICT out) {
  const D d;
  const Centres centres;
  alignas(64) float transmittance[kTilePixels];
  for (float& t : transmittance) t = 1;
  uint32_t live = 0xffff;
  for (size_t i = 0; i < count; ++i) {
    uint32_t mask = masks[i] & live;
    if (mask == 0) {
      out[slots[i]] = {};
      continue;
    }
    const TileSplat& s = splats[i];
    const V zero = hn::Zero(d);
    Sums sums{zero, zero, zero, zero, zero, zero, {zero, zero, zero}};
    InGroups<kSideBySide>(static_cast<size_t>(std::popcount(mask)), [&](auto n) HWY_ATTR {
      const Group<n> group(centres, &mask);
      live &= ~BlendBlocksBackward(d, s, group, transmittance, state, &sums);
    });
    float* moments = out[slots[i]].value;
    SumOfLanes4(d, sums.x, sums.y, sums.xx, sums.xy, moments);
    SumOfLanes4(d, sums.yy, sums.opacity, sums.colour[0], sums.colour[1], moments + 4);
    moments[8] = hn::GetLane(hn::SumOfLanes(d, sums.colour[2]));
  }
}

// The least q over the rectangle of a block's pixel centres lies, the mean being outside, on an
// edge that faces it; both candidates are points of the rectangle, so the lesser is the minimum.
void BlockMasks(const Projected* HWY_RESTRICT splats, const uint32_t* HWY_RESTRICT index,
                size_t count, float tile_x, float tile_y, uint16_t* HWY_RESTRICT masks) {
  const D d;
  alignas(64) float left[16], top[16];
  for (int i = 0; i < 16; ++i) {
    left[i] = static_cast<float>(i % 4 * 4) + 0.5f + tile_x;
    top[i] = static_cast<float>(i / 4 * 4) + 0.5f + tile_y;
  }
  const V three = hn::Set(d, 3.0f), zero = hn::Zero(d);
  for (size_t i = 0; i < count; ++i) {
    const Projected& s = splats[index[i]];
    const V a = hn::Set(d, s.conic[0]), b = hn::Set(d, s.conic[1]), c = hn::Set(d, s.conic[2]);
    const V slope_y = hn::Set(d, -s.conic[1] / s.conic[2]);
    const V slope_x = hn::Set(d, -s.conic[1] / s.conic[0]);
    const V limit = hn::Set(d, s.max_q);
    uint32_t mask = 0;
    for (size_t v = 0; v < kVectors; ++v) {
      const V lx = hn::Sub(hn::Load(d, left + v * kLanes), hn::Set(d, s.mean_px[0]));
      const V ly = hn::Sub(hn::Load(d, top + v * kLanes), hn::Set(d, s.mean_px[1]));
      const V hx = hn::Add(lx, three), hy = hn::Add(ly, three);
      const V xe = hn::Min(hn::Max(zero, lx), hx), ye = hn::Min(hn::Max(zero, ly), hy);
      const V ys = hn::Min(hn::Max(hn::Mul(slope_y, xe), ly), hy);
      const V xs = hn::Min(hn::Max(hn::Mul(slope_x, ye), lx), hx);
      const auto form = [&](V x, V y) {
        const V along = hn::MulAdd(hn::Add(b, b), y, hn::Mul(a, x));
        return hn::MulAdd(hn::Mul(c, y), y, hn::Mul(along, x));
      };
      const V least = hn::Min(form(xe, ys), form(xs, ye));
      uint8_t bits[8] = {};
      hn::StoreMaskBits(d, hn::Le(least, limit), bits);
      const uint32_t part = kLanes >= 16 ? bits[0] | (uint32_t{bits[1]} << 8) : bits[0];
      mask |= (part & ((uint64_t{1} << kLanes) - 1)) << (v * kLanes);
    }
    masks[i] = static_cast<uint16_t>(mask);
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace ajar::splat::internal
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace ajar::splat::internal {
HWY_EXPORT(BlendTile);
HWY_EXPORT(BlendTileBackward);
HWY_EXPORT(BlockMasks);

uint16_t BlockMask(const Projected& splat, float tile_x, float tile_y) {
  const uint32_t index = 0;
  uint16_t mask = 0;
  BlockMasks(&splat, &index, 1, tile_x, tile_y, &mask);
  return mask;
}

void BlockMasks(const Projected* splats, const uint32_t* index, size_t count, float tile_x,
                float tile_y, uint16_t* masks) {
  HWY_DYNAMIC_DISPATCH(BlockMasks)(splats, index, count, tile_x, tile_y, masks);
}
uint64_t BlendTile(const TileSplat* splats, const uint16_t* masks, size_t count,
                   TileForward* out) {
  return HWY_DYNAMIC_DISPATCH(BlendTile)(splats, masks, count, out);
}
void BlendTileBackward(const TileSplat* splats, const uint16_t* masks, size_t count,
                       TileBackward* state, const uint32_t* slots, RasterMoments* out) {
  HWY_DYNAMIC_DISPATCH(BlendTileBackward)(splats, masks, count, state, slots, out);
}

}  // namespace ajar::splat::internal
#endif
