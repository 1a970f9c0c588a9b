#include "splat/internal/kernels/raster.h"

#include <algorithm>
#include <bit>
#include <cmath>

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

// exp(8 y) for y in [-0.54, 0]; relative error below 3e-6 (raster_test). A polynomial of degree 5 about
// -0.25, then three squarings: no integer work, exact enough for eight-bit pictures.
HWY_INLINE V Exp8(D d, V y) {
  const V t = hn::Add(y, hn::Set(d, 0.25f));
  constexpr float e = 0.77880078307140487f;  // exp(-0.25)
  V p = hn::Set(d, e / 120);
  p = hn::MulAdd(p, t, hn::Set(d, e / 24));
  p = hn::MulAdd(p, t, hn::Set(d, e / 6));
  p = hn::MulAdd(p, t, hn::Set(d, e / 2));
  p = hn::MulAdd(p, t, hn::Set(d, e));
  p = hn::MulAdd(p, t, hn::Set(d, e));
  p = hn::Mul(p, p);
  p = hn::Mul(p, p);
  return hn::Mul(p, p);
}

struct Lanes {
  V x[kVectors], y[kVectors];  // pixel centres within a block
};

HWY_INLINE Lanes PixelCentres(D d) {
  alignas(64) float x[16], y[16];
  for (int i = 0; i < 16; ++i) {
    x[i] = static_cast<float>(i % 4) + 0.5f;
    y[i] = static_cast<float>(i / 4) + 0.5f;
  }
  Lanes lanes;
  for (size_t v = 0; v < kVectors; ++v) {
    lanes.x[v] = hn::Load(d, x + v * kLanes);
    lanes.y[v] = hn::Load(d, y + v * kLanes);
  }
  return lanes;
}

struct Alpha {
  V dx, dy, exponential, unclamped, alpha;
};

// Forward and backward must take the same decisions: both use this.
HWY_INLINE Alpha EvaluateAlpha(D d, const TileSplat& s, V dx, V dy) {
  Alpha a;
  a.dx = dx;
  a.dy = dy;
  const V along = hn::MulAdd(hn::Set(d, s.q), dy, hn::Mul(hn::Set(d, s.p), dx));
  V y = hn::MulAdd(hn::Mul(hn::Set(d, s.r), dy), dy, hn::Mul(along, dx));
  y = hn::Max(y, hn::Set(d, -0.53f));
  a.exponential = Exp8(d, y);
  const V value = hn::MulSub(hn::Set(d, s.gain), a.exponential, hn::Set(d, s.floor));
  a.unclamped = hn::IfThenElseZero(hn::Ge(value, hn::Set(d, kMinAlpha)), value);
  a.alpha = hn::Min(a.unclamped, hn::Set(d, kMaxAlpha));
  return a;
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
  hn::Store(FoldBlocks(d, sums), hn::CappedTag<float, 4>(), out);
}
#endif

uint64_t BlendTile(const TileSplat* HWY_RESTRICT splats, const uint16_t* HWY_RESTRICT masks,
                   size_t count, TileForward* HWY_RESTRICT out) {
  const D d;
  const Lanes lanes = PixelCentres(d);
  for (int i = 0; i < kTilePixels; ++i) {
    out->colour[0][i] = out->colour[1][i] = out->colour[2][i] = 0;
    out->transmittance[i] = 1;
  }
  uint64_t evaluated = 0;
  uint32_t live = 0xffff;
  for (size_t i = 0; i < count && live != 0; ++i) {
    uint32_t mask = masks[i] & live;
    if (mask == 0) continue;
    const TileSplat& s = splats[i];
    evaluated += static_cast<uint64_t>(std::popcount(mask));
    for (; mask != 0; mask &= mask - 1) {
      const int block = std::countr_zero(mask);
      const V x = hn::Set(d, static_cast<float>(block % 4 * 4) - s.x);
      const V y = hn::Set(d, static_cast<float>(block / 4 * 4) - s.y);
      bool any = false;
      for (size_t v = 0; v < kVectors; ++v) {
        const size_t at = static_cast<size_t>(block) * 16 + v * kLanes;
        const Alpha a =
            EvaluateAlpha(d, s, hn::Add(lanes.x[v], x), hn::Add(lanes.y[v], y));
        const V before = hn::Load(d, out->transmittance + at);
        const V weight = hn::Mul(a.alpha, before);
        const V after = hn::Sub(before, weight);
        hn::Store(after, d, out->transmittance + at);
        for (int c = 0; c < 3; ++c) {
          float* colour = out->colour[c] + at;
          hn::Store(hn::MulAdd(weight, hn::Set(d, s.colour[c]), hn::Load(d, colour)), d, colour);
        }
        any |= !hn::AllFalse(d, hn::Ge(after, hn::Set(d, kMinTransmittance)));
      }
      if (!any) live &= ~(1u << block);
    }
  }
  return evaluated;
}

void BlendTileBackward(const TileSplat* HWY_RESTRICT splats, const uint16_t* HWY_RESTRICT masks,
                       size_t count, TileBackward* HWY_RESTRICT state,
                       RasterGradient* HWY_RESTRICT out) {
  const D d;
  const Lanes lanes = PixelCentres(d);
  const V one = hn::Set(d, 1.0f);
  alignas(64) float transmittance[kTilePixels];
  for (float& t : transmittance) t = 1;
  uint32_t live = 0xffff;
  for (size_t i = 0; i < count; ++i) {
    uint32_t mask = masks[i] & live;
    if (mask == 0) {
      out[i] = {};
      continue;
    }
    const TileSplat& s = splats[i];
    V sx = hn::Zero(d), sy = sx, sxx = sx, sxy = sx, syy = sx, so = sx;
    V sc0 = sx, sc1 = sx, sc2 = sx;
    for (; mask != 0; mask &= mask - 1) {
      const int block = std::countr_zero(mask);
      const V x = hn::Set(d, static_cast<float>(block % 4 * 4) - s.x);
      const V y = hn::Set(d, static_cast<float>(block / 4 * 4) - s.y);
      bool any = false;
      for (size_t v = 0; v < kVectors; ++v) {
        const size_t at = static_cast<size_t>(block) * 16 + v * kLanes;
        const Alpha a =
            EvaluateAlpha(d, s, hn::Add(lanes.x[v], x), hn::Add(lanes.y[v], y));
        const V before = hn::Load(d, transmittance + at);
        const V weight = hn::Mul(a.alpha, before);
        const V after = hn::Sub(before, weight);
        hn::Store(after, d, transmittance + at);
        any |= !hn::AllFalse(d, hn::Ge(after, hn::Set(d, kMinTransmittance)));

        const V g0 = hn::Load(d, state->d_colour[0] + at);
        const V g1 = hn::Load(d, state->d_colour[1] + at);
        const V g2 = hn::Load(d, state->d_colour[2] + at);
        sc0 = hn::MulAdd(weight, g0, sc0);
        sc1 = hn::MulAdd(weight, g1, sc1);
        sc2 = hn::MulAdd(weight, g2, sc2);
        V cg = hn::Mul(hn::Set(d, s.colour[0]), g0);
        cg = hn::MulAdd(hn::Set(d, s.colour[1]), g1, cg);
        cg = hn::MulAdd(hn::Set(d, s.colour[2]), g2, cg);
        const V behind = hn::NegMulAdd(weight, cg, hn::Load(d, state->behind + at));
        hn::Store(behind, d, state->behind + at);

        // dL/dalpha = T c.g - (what is behind).g / (1 - alpha)
        const V clear = hn::Sub(one, a.alpha);
        V inverse = hn::ApproximateReciprocal(clear);
        inverse = hn::Mul(inverse, hn::NegMulAdd(clear, inverse, hn::Set(d, 2.0f)));
        V d_alpha = hn::MulSub(before, cg, hn::Mul(behind, inverse));
        const auto active = hn::And(hn::Gt(a.unclamped, hn::Zero(d)),
                                    hn::Lt(a.unclamped, hn::Set(d, kMaxAlpha)));
        d_alpha = hn::IfThenElseZero(active, d_alpha);
        so = hn::MulAdd(d_alpha, a.unclamped, so);  // divided by the opacity below
        const V h = hn::Mul(d_alpha, a.exponential);  // times -gain / 2: dL/dq
        const V hx = hn::Mul(h, a.dx), hy = hn::Mul(h, a.dy);
        sx = hn::Add(sx, hx);
        sy = hn::Add(sy, hy);
        sxx = hn::MulAdd(hx, a.dx, sxx);
        sxy = hn::MulAdd(hx, a.dy, sxy);
        syy = hn::MulAdd(hy, a.dy, syy);
      }
      if (!any) live &= ~(1u << block);
    }
    alignas(16) float moments[4], rest[4];
    SumOfLanes4(d, sx, sy, sxx, sxy, moments);
    SumOfLanes4(d, syy, sc0, sc1, sc2, rest);
    const float to_q = -0.5f * s.gain;
    const float tx = to_q * moments[0], ty = to_q * moments[1];
    RasterGradient& g = out[i];
    g.value[0] = -2 * (s.conic[0] * tx + s.conic[1] * ty);
    g.value[1] = -2 * (s.conic[1] * tx + s.conic[2] * ty);
    g.value[2] = to_q * moments[2];
    g.value[3] = 2 * to_q * moments[3];
    g.value[4] = to_q * rest[0];
    g.value[5] = hn::GetLane(hn::SumOfLanes(d, so)) / s.opacity;
    g.value[6] = rest[1];
    g.value[7] = rest[2];
    g.value[8] = rest[3];
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

TileSplat MakeTileSplat(const Projected& splat, float tile_x, float tile_y) {
  TileSplat s;
  s.x = splat.mean_px[0] - tile_x;
  s.y = splat.mean_px[1] - tile_y;
  s.p = splat.conic[0] * (-1.0f / 16);
  s.q = splat.conic[1] * (-2.0f / 16);
  s.r = splat.conic[2] * (-1.0f / 16);
  s.gain = splat.opacity * kFalloffScale;
  s.floor = s.gain * kFalloffFloor;
  for (int c = 0; c < 3; ++c) {
    s.colour[c] = splat.colour[c];
    s.conic[c] = splat.conic[c];
  }
  s.opacity = splat.opacity;
  return s;
}

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
                       TileBackward* state, RasterGradient* out) {
  HWY_DYNAMIC_DISPATCH(BlendTileBackward)(splats, masks, count, state, out);
}

}  // namespace ajar::splat::internal
#endif
