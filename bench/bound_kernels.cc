#include "bench/bound_kernels.h"

#include "scene/splat_convention.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "bench/bound_kernels.cc"
#include "hwy/foreach_target.h"  // IWYU pragma: keep
#include "hwy/highway.h"

HWY_BEFORE_NAMESPACE();
namespace ajar::bench {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

using splat::RasterMoments;
using splat::internal::TileSplat;
using D = hn::CappedTag<float, kBlockPixels>;
using V = hn::Vec<D>;
constexpr size_t kLanes = hn::MaxLanes(D());
constexpr size_t kVectors = kBlockPixels / kLanes;

// As raster.cc has it.
HWY_INLINE V Exp4(D d, V t) {
  const V t2 = hn::Mul(t, t);
  const V low = hn::MulAdd(hn::Set(d, 0.588602662f), t, hn::Set(d, 0.588605464f));
  const V middle = hn::MulAdd(hn::Set(d, 0.0981298760f), t, hn::Set(d, 0.294267833f));
  const V high = hn::MulAdd(hn::Set(d, 0.00485605746f), t, hn::Set(d, 0.0248647835f));
  V p = hn::MulAdd(hn::MulAdd(high, t2, middle), t2, low);
  p = hn::Mul(p, p);
  return hn::Mul(p, p);
}

struct Alpha {
  V exponential, unclamped, alpha;
};

HWY_INLINE Alpha EvaluateAlpha(D d, const TileSplat& s, V dx, V dy) {
  const V along = hn::MulAdd(hn::Set(d, s.q), dy, hn::Mul(hn::Set(d, s.p), dx));
  const V shifted = hn::MulAdd(hn::Mul(hn::Set(d, s.r), dy), dy, hn::Set(d, 0.53f));
  const V t = hn::MulAdd(along, dx, shifted);
  Alpha a;
  a.exponential = Exp4(d, hn::Max(t, hn::Set(d, -0.53f)));
  const V value = hn::MulSub(hn::Set(d, s.gain), a.exponential, hn::Set(d, s.floor));
  a.unclamped = hn::IfThenElseZero(hn::Ge(value, hn::Set(d, kMinAlpha)), value);
  a.alpha = hn::Min(a.unclamped, hn::Set(d, kMaxAlpha));
  return a;
}

struct Centres {
  V x[kVectors], y[kVectors];
};

HWY_INLINE Centres PixelCentres(D d, float left, float top) {
  alignas(64) float x[kBlockPixels], y[kBlockPixels];
  for (int i = 0; i < kBlockPixels; ++i) {
    x[i] = static_cast<float>(i % 4) + 0.5f + left;
    y[i] = static_cast<float>(i / 4) + 0.5f + top;
  }
  Centres centres;
  for (size_t v = 0; v < kVectors; ++v) {
    centres.x[v] = hn::Load(d, x + v * kLanes);
    centres.y[v] = hn::Load(d, y + v * kLanes);
  }
  return centres;
}

void BoundForward(const TileSplat* HWY_RESTRICT splats, size_t count, float left, float top,
                  BlockForward* HWY_RESTRICT out) {
  const D d;
  const Centres centres = PixelCentres(d, left, top);
  V transmittance[kVectors], red[kVectors], green[kVectors], blue[kVectors];
  for (size_t v = 0; v < kVectors; ++v) {
    transmittance[v] = hn::Set(d, 1.0f);
    red[v] = green[v] = blue[v] = hn::Zero(d);
  }
  bool any = true;
  for (size_t i = 0; i < count && any; ++i) {
    const TileSplat& s = splats[i];
    const V x = hn::Set(d, s.x), y = hn::Set(d, s.y);
    any = false;
    for (size_t v = 0; v < kVectors; ++v) {
      const Alpha a = EvaluateAlpha(d, s, hn::Sub(centres.x[v], x), hn::Sub(centres.y[v], y));
      const V weight = hn::Mul(a.alpha, transmittance[v]);
      transmittance[v] = hn::Sub(transmittance[v], weight);
      red[v] = hn::MulAdd(weight, hn::Set(d, s.colour[0]), red[v]);
      green[v] = hn::MulAdd(weight, hn::Set(d, s.colour[1]), green[v]);
      blue[v] = hn::MulAdd(weight, hn::Set(d, s.colour[2]), blue[v]);
      any |= !hn::AllFalse(d, hn::Ge(transmittance[v], hn::Set(d, kMinTransmittance)));
    }
  }
  for (size_t v = 0; v < kVectors; ++v) {
    hn::Store(red[v], d, out->colour[0] + v * kLanes);
    hn::Store(green[v], d, out->colour[1] + v * kLanes);
    hn::Store(blue[v], d, out->colour[2] + v * kLanes);
    hn::Store(transmittance[v], d, out->transmittance + v * kLanes);
  }
}

struct Sums {
  V x, y, xx, xy, yy, opacity, colour[3];
};

HWY_INLINE Sums NoSums(D d) {
  const V zero = hn::Zero(d);
  return {zero, zero, zero, zero, zero, zero, {zero, zero, zero}};
}

HWY_INLINE RasterMoments Reduced(D d, const Sums& sums) {
  const V all[] = {sums.x,       sums.y,         sums.xx,        sums.xy,       sums.yy,
                   sums.opacity, sums.colour[0], sums.colour[1], sums.colour[2]};
  RasterMoments moments;
  for (int v = 0; v < splat::kPixelGradients; ++v) {
    moments.value[v] = hn::GetLane(hn::SumOfLanes(d, all[v]));
  }
  return moments;
}

template <bool kEachSplat>
HWY_INLINE void Backward(const TileSplat* HWY_RESTRICT splats, size_t count, float left, float top,
                         const BlockBackward& state, RasterMoments* HWY_RESTRICT out) {
  const D d;
  const Centres centres = PixelCentres(d, left, top);
  const V one = hn::Set(d, 1.0f);
  V transmittance[kVectors], behind[kVectors], g0[kVectors], g1[kVectors], g2[kVectors];
  for (size_t v = 0; v < kVectors; ++v) {
    transmittance[v] = one;
    behind[v] = hn::Load(d, state.behind + v * kLanes);
    g0[v] = hn::Load(d, state.d_colour[0] + v * kLanes);
    g1[v] = hn::Load(d, state.d_colour[1] + v * kLanes);
    g2[v] = hn::Load(d, state.d_colour[2] + v * kLanes);
  }
  Sums sums = NoSums(d);
  bool any = true;
  for (size_t i = 0; i < count && any; ++i) {
    const TileSplat& s = splats[i];
    const V x = hn::Set(d, s.x), y = hn::Set(d, s.y);
    if constexpr (kEachSplat) sums = NoSums(d);
    any = false;
    for (size_t v = 0; v < kVectors; ++v) {
      const V dx = hn::Sub(centres.x[v], x), dy = hn::Sub(centres.y[v], y);
      const Alpha a = EvaluateAlpha(d, s, dx, dy);
      const V before = transmittance[v];
      const V weight = hn::Mul(a.alpha, before);
      transmittance[v] = hn::Sub(before, weight);
      any |= !hn::AllFalse(d, hn::Ge(transmittance[v], hn::Set(d, kMinTransmittance)));

      sums.colour[0] = hn::MulAdd(weight, g0[v], sums.colour[0]);
      sums.colour[1] = hn::MulAdd(weight, g1[v], sums.colour[1]);
      sums.colour[2] = hn::MulAdd(weight, g2[v], sums.colour[2]);
      V cg = hn::Mul(hn::Set(d, s.colour[0]), g0[v]);
      cg = hn::MulAdd(hn::Set(d, s.colour[1]), g1[v], cg);
      cg = hn::MulAdd(hn::Set(d, s.colour[2]), g2[v], cg);
      behind[v] = hn::NegMulAdd(weight, cg, behind[v]);

      const V clear = hn::Sub(one, a.alpha);
      V inverse = hn::ApproximateReciprocal(clear);
      inverse = hn::Mul(inverse, hn::NegMulAdd(clear, inverse, hn::Set(d, 2.0f)));
      V d_alpha = hn::MulSub(before, cg, hn::Mul(behind[v], inverse));
      const auto active =
          hn::And(hn::Gt(a.unclamped, hn::Zero(d)), hn::Lt(a.unclamped, hn::Set(d, kMaxAlpha)));
      d_alpha = hn::IfThenElseZero(active, d_alpha);
      sums.opacity = hn::MulAdd(d_alpha, a.unclamped, sums.opacity);
      const V h = hn::Mul(d_alpha, a.exponential);
      const V hx = hn::Mul(h, dx), hy = hn::Mul(h, dy);
      sums.x = hn::Add(sums.x, hx);
      sums.y = hn::Add(sums.y, hy);
      sums.xx = hn::MulAdd(hx, dx, sums.xx);
      sums.xy = hn::MulAdd(hx, dy, sums.xy);
      sums.yy = hn::MulAdd(hy, dy, sums.yy);
    }
    if constexpr (kEachSplat) out[i] = Reduced(d, sums);
  }
  if constexpr (!kEachSplat) *out = Reduced(d, sums);
}

void BoundBackward(const TileSplat* splats, size_t count, float left, float top,
                   const BlockBackward& state, RasterMoments* out) {
  Backward<true>(splats, count, left, top, state, out);
}

void BoundBackwardSummedOnce(const TileSplat* splats, size_t count, float left, float top,
                             const BlockBackward& state, RasterMoments* out) {
  Backward<false>(splats, count, left, top, state, out);
}

}  // namespace HWY_NAMESPACE
}  // namespace ajar::bench
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace ajar::bench {
HWY_EXPORT(BoundForward);
HWY_EXPORT(BoundBackward);
HWY_EXPORT(BoundBackwardSummedOnce);

using splat::RasterMoments;
using splat::internal::TileSplat;

void BoundForward(const TileSplat* splats, size_t count, float left, float top, BlockForward* out) {
  HWY_DYNAMIC_DISPATCH(BoundForward)(splats, count, left, top, out);
}
void BoundBackward(const TileSplat* splats, size_t count, float left, float top,
                   const BlockBackward& state, RasterMoments* out) {
  HWY_DYNAMIC_DISPATCH(BoundBackward)(splats, count, left, top, state, out);
}
void BoundBackwardSummedOnce(const TileSplat* splats, size_t count, float left, float top,
                             const BlockBackward& state, RasterMoments* out) {
  HWY_DYNAMIC_DISPATCH(BoundBackwardSummedOnce)(splats, count, left, top, state, out);
}

}  // namespace ajar::bench
#endif
