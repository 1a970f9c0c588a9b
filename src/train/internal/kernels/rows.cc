#include "train/internal/kernels/rows.h"

#include <array>
#include <cmath>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "train/internal/kernels/rows.cc"
#include "hwy/foreach_target.h"  // IWYU pragma: keep
#include "hwy/highway.h"

HWY_BEFORE_NAMESPACE();
namespace ajar::train::internal {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

using D = hn::CappedTag<float, 16>;
using V = hn::Vec<D>;

// Calls body(x, lanes) over whole vectors and then over what is left, lane by lane.
template <class Whole, class Single>
HWY_INLINE void Sweep(size_t count, const Whole& whole, const Single& single) {
  const size_t lanes = hn::Lanes(D());
  size_t x = 0;
  for (; x + lanes <= count; x += lanes) whole(x);
  for (; x < count; ++x) single(x);
}

void FilterRow(const float* HWY_RESTRICT in, size_t count, float* HWY_RESTRICT out) {
  const D d;
  const float* w = WindowWeights();
  Sweep(
      count,
      [&](size_t x) {
        V sum = hn::Mul(hn::Set(d, w[0]), hn::LoadU(d, in + x));
        for (int k = 1; k <= kWindowRadius; ++k) {
          sum = hn::MulAdd(hn::Set(d, w[k]),
                           hn::Add(hn::LoadU(d, in + x - k), hn::LoadU(d, in + x + k)), sum);
        }
        hn::StoreU(sum, d, out + x);
      },
      [&](size_t x) {
        float sum = w[0] * in[x];
        for (int k = 1; k <= kWindowRadius; ++k) {
          sum += w[k] * (*(in + x - k) + *(in + x + k));
        }
        out[x] = sum;
      });
}

template <Taps kTaps>
HWY_INLINE void FilterTaps(const float* const* HWY_RESTRICT rows, size_t count,
                           float* HWY_RESTRICT out) {
  constexpr int kFirst = kTaps == Taps::kEven ? 2 : 1, kStep = kTaps == Taps::kAll ? 1 : 2;
  const float* w = WindowWeights();
  const float* const* middle = rows + kWindowRadius;
  const auto at = [&](auto d, size_t x) HWY_ATTR {
    auto sum = hn::Zero(d);
    if constexpr (kTaps != Taps::kOdd) {
      sum = hn::Mul(hn::Set(d, w[0]), hn::LoadU(d, middle[0] + x));
    }
    for (int k = kFirst; k <= kWindowRadius; k += kStep) {
      sum = hn::MulAdd(hn::Set(d, w[k]),
                       hn::Add(hn::LoadU(d, middle[-k] + x), hn::LoadU(d, middle[k] + x)), sum);
    }
    hn::StoreU(sum, d, out + x);
  };
  Sweep(
      count, [&](size_t x) HWY_ATTR { at(D(), x); },
      [&](size_t x) HWY_ATTR { at(hn::CappedTag<float, 1>(), x); });
}

void FilterColumn(const float* const* HWY_RESTRICT rows, Taps taps, size_t count,
                  float* HWY_RESTRICT out) {
  switch (taps) {
    case Taps::kAll: return FilterTaps<Taps::kAll>(rows, count, out);
    case Taps::kEven: return FilterTaps<Taps::kEven>(rows, count, out);
    case Taps::kOdd: return FilterTaps<Taps::kOdd>(rows, count, out);
  }
}

void Products(const float* HWY_RESTRICT x, const float* HWY_RESTRICT y, size_t count,
              float* HWY_RESTRICT squares, float* HWY_RESTRICT xy) {
  const D d;
  Sweep(
      count,
      [&](size_t i) {
        const V a = hn::LoadU(d, x + i), b = hn::LoadU(d, y + i);
        hn::StoreU(hn::MulAdd(a, a, hn::Mul(b, b)), d, squares + i);
        hn::StoreU(hn::Mul(a, b), d, xy + i);
      },
      [&](size_t i) {
        squares[i] = x[i] * x[i] + y[i] * y[i];
        xy[i] = x[i] * y[i];
      });
}

void UnitRow(const uint8_t* HWY_RESTRICT bytes, size_t count, float* HWY_RESTRICT out) {
  const D d;
  const hn::RebindToSigned<D> di;
  const hn::Rebind<uint8_t, D> d8;
  constexpr float unit = 1.0f / 255;
  Sweep(
      count,
      [&](size_t i) {
        const V v = hn::ConvertTo(d, hn::PromoteTo(di, hn::LoadU(d8, bytes + i)));
        hn::StoreU(hn::Mul(v, hn::Set(d, unit)), d, out + i);
      },
      [&](size_t i) { out[i] = static_cast<float>(bytes[i]) * unit; });
}

template <class Tag>
HWY_INLINE hn::Vec<Tag> SquaredRadius(Tag d, const ToneOfRow& tone, size_t i) {
  const auto along = hn::Add(hn::Iota(d, static_cast<float>(i)), hn::Set(d, tone.left));
  return hn::MulAdd(hn::Mul(along, along), hn::Set(d, tone.scale), hn::Set(d, tone.below));
}

template <class Tag>
HWY_INLINE hn::Vec<Tag> Falloff(Tag d, const ToneOfRow& tone, hn::Vec<Tag> r2) {
  return hn::MulAdd(hn::MulAdd(hn::Set(d, tone.b), r2, hn::Set(d, tone.a)), r2, hn::Set(d, 1.0f));
}

void ToneRow(const float* HWY_RESTRICT render, const ToneOfRow& tone, size_t count,
             float* HWY_RESTRICT x) {
  const auto at = [&](auto d, size_t i) HWY_ATTR {
    const auto gain = hn::Mul(hn::Set(d, tone.gain), Falloff(d, tone, SquaredRadius(d, tone, i)));
    hn::StoreU(hn::MulAdd(gain, hn::LoadU(d, render + i), hn::Set(d, tone.offset)), d, x + i);
  };
  Sweep(
      count, [&](size_t i) HWY_ATTR { at(D(), i); },
      [&](size_t i) HWY_ATTR { at(hn::CappedTag<float, 1>(), i); });
}

// Adds one vector's share to four sums of the same shape.
template <class Tag>
HWY_INLINE void ToneGradientAt(Tag d, const float* render, const ToneOfRow& tone, size_t i,
                               float* gradient, hn::Vec<Tag>* sums) {
  const auto r2 = SquaredRadius(d, tone, i);
  const auto falloff = Falloff(d, tone, r2);
  const auto g = hn::LoadU(d, gradient + i);
  const auto by_gain = hn::Mul(g, hn::LoadU(d, render + i));
  sums[0] = hn::MulAdd(by_gain, falloff, sums[0]);
  sums[1] = hn::Add(g, sums[1]);
  const auto by_a = hn::Mul(hn::Mul(by_gain, hn::Set(d, tone.gain)), r2);
  sums[2] = hn::Add(by_a, sums[2]);
  sums[3] = hn::MulAdd(by_a, r2, sums[3]);
  hn::StoreU(hn::Mul(g, hn::Mul(falloff, hn::Set(d, tone.gain))), d, gradient + i);
}

void ToneGradientRow(const float* HWY_RESTRICT render, const ToneOfRow& tone, size_t count,
                     float* HWY_RESTRICT gradient, double* sums) {
  const D d;
  const hn::CappedTag<float, 1> d1;
  V totals[4] = {hn::Zero(d), hn::Zero(d), hn::Zero(d), hn::Zero(d)};
  hn::Vec<hn::CappedTag<float, 1>> rest[4] = {hn::Zero(d1), hn::Zero(d1), hn::Zero(d1),
                                              hn::Zero(d1)};
  Sweep(
      count,
      [&](size_t i) HWY_ATTR { ToneGradientAt(d, render, tone, i, gradient, totals); },
      [&](size_t i) HWY_ATTR { ToneGradientAt(d1, render, tone, i, gradient, rest); });
  for (int k = 0; k < 4; ++k) {
    sums[k] += static_cast<double>(hn::GetLane(hn::SumOfLanes(d, totals[k]))) +
               static_cast<double>(hn::GetLane(rest[k]));
  }
}

template <class Tag>
HWY_INLINE hn::Vec<Tag> SsimAt(Tag d, const float* mx, const float* my, const float* squares,
                               const float* xy, float* d_mx, float* d_xx, float* d_xy) {
  using T = hn::Vec<Tag>;
  const T c1 = hn::Set(d, 1e-4f), c2 = hn::Set(d, 9e-4f), two = hn::Set(d, 2.0f);
  const T a = hn::LoadU(d, mx), b = hn::LoadU(d, my);
  const T aa = hn::Mul(a, a), bb = hn::Mul(b, b), ab = hn::Mul(a, b);
  const T cov = hn::Sub(hn::LoadU(d, xy), ab), means = hn::Add(aa, bb);
  const T a1 = hn::MulAdd(two, ab, c1), a2 = hn::MulAdd(two, cov, c2);
  const T b1 = hn::Add(means, c1);
  const T b2 = hn::Add(hn::Sub(hn::LoadU(d, squares), means), c2);
  const T inv_b1 = hn::Div(hn::Set(d, 1.0f), b1), inv_b2 = hn::Div(hn::Set(d, 1.0f), b2);
  const T inv = hn::Mul(inv_b1, inv_b2);
  const T ssim = hn::Mul(hn::Mul(a1, a2), inv);
  hn::StoreU(hn::Neg(hn::Mul(ssim, inv_b2)), d, d_xx);
  hn::StoreU(hn::Mul(two, hn::Mul(a1, inv)), d, d_xy);
  const T to_y = hn::Mul(hn::Mul(b, inv), hn::Sub(a2, a1));
  const T to_x = hn::Mul(hn::Mul(a, ssim), hn::Sub(inv_b2, inv_b1));
  hn::StoreU(hn::Mul(two, hn::Add(to_y, to_x)), d, d_mx);
  return ssim;
}

void SsimRow(const float* HWY_RESTRICT mx, const float* HWY_RESTRICT my,
             const float* HWY_RESTRICT squares, const float* HWY_RESTRICT xy, size_t count,
             float* HWY_RESTRICT d_mx,
             float* HWY_RESTRICT d_xx, float* HWY_RESTRICT d_xy, double* sum) {
  const D d;
  const hn::CappedTag<float, 1> d1;
  V total = hn::Zero(d);
  double rest = 0;
  Sweep(
      count,
      [&](size_t i) {
        total = hn::Add(total, SsimAt(d, mx + i, my + i, squares + i, xy + i, d_mx + i, d_xx + i,
                                      d_xy + i));
      },
      [&](size_t i) {
        rest += static_cast<double>(hn::GetLane(SsimAt(
            d1, mx + i, my + i, squares + i, xy + i, d_mx + i, d_xx + i, d_xy + i)));
      });
  *sum += rest + static_cast<double>(hn::GetLane(hn::SumOfLanes(d, total)));
}

template <class Tag>
HWY_INLINE hn::Vec<Tag> GradientAt(Tag d, const float* x, const float* y, const float* f_mx,
                                   const float* f_xx, const float* f_xy, float l1, float ssim,
                                   float* out) {
  using T = hn::Vec<Tag>;
  const T a = hn::LoadU(d, x), b = hn::LoadU(d, y);
  const T difference = hn::Sub(a, b);
  const T sign = hn::IfThenElseZero(hn::Ne(difference, hn::Zero(d)),
                                    hn::CopySign(hn::Set(d, l1), difference));
  T g = hn::MulAdd(hn::Add(a, a), hn::LoadU(d, f_xx), hn::LoadU(d, f_mx));
  g = hn::MulAdd(b, hn::LoadU(d, f_xy), g);
  hn::StoreU(hn::MulAdd(hn::Set(d, ssim), g, sign), d, out);
  return hn::Abs(difference);
}

void LossGradientRow(const float* HWY_RESTRICT x, const float* HWY_RESTRICT y,
                     const float* HWY_RESTRICT f_mx, const float* HWY_RESTRICT f_xx,
                     const float* HWY_RESTRICT f_xy, size_t count, float l1, float ssim,
                     float* HWY_RESTRICT out, double* sum) {
  const D d;
  const hn::CappedTag<float, 1> d1;
  V total = hn::Zero(d);
  double rest = 0;
  Sweep(
      count,
      [&](size_t i) {
        total = hn::Add(total, GradientAt(d, x + i, y + i, f_mx + i, f_xx + i, f_xy + i, l1, ssim,
                                          out + i));
      },
      [&](size_t i) {
        rest += static_cast<double>(hn::GetLane(
            GradientAt(d1, x + i, y + i, f_mx + i, f_xx + i, f_xy + i, l1, ssim, out + i)));
      });
  *sum += rest + static_cast<double>(hn::GetLane(hn::SumOfLanes(d, total)));
}

void AdamRow(const AdamStep& step, const float* HWY_RESTRICT gradient,
             const float* HWY_RESTRICT visible, size_t count, float* HWY_RESTRICT m,
             float* HWY_RESTRICT v, float* HWY_RESTRICT value) {
  const D d;
  const V beta1 = hn::Set(d, step.beta1), beta2 = hn::Set(d, step.beta2);
  const V rest1 = hn::Set(d, 1 - step.beta1), rest2 = hn::Set(d, 1 - step.beta2);
  const V rate = hn::Set(d, step.rate), epsilon = hn::Set(d, step.epsilon);
  const V keep = hn::Set(d, step.keep);
  for (size_t i = 0; i < count; i += hn::Lanes(d)) {
    const auto seen = hn::Ne(hn::Load(d, visible + i), hn::Zero(d));
    const V g = hn::Load(d, gradient + i);
    const V m0 = hn::Load(d, m + i), v0 = hn::Load(d, v + i), x0 = hn::Load(d, value + i);
    const V m1 = hn::MulAdd(beta1, m0, hn::Mul(rest1, g));
    const V v1 = hn::MulAdd(beta2, v0, hn::Mul(rest2, hn::Mul(g, g)));
    const V move = hn::Div(hn::Mul(rate, m1), hn::Add(hn::Sqrt(v1), epsilon));
    const V x1 = hn::MulSub(keep, x0, move);
    hn::Store(hn::IfThenElse(seen, m1, m0), d, m + i);
    hn::Store(hn::IfThenElse(seen, v1, v0), d, v + i);
    hn::Store(hn::IfThenElse(seen, x1, x0), d, value + i);
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace ajar::train::internal
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace ajar::train::internal {
HWY_EXPORT(FilterRow);
HWY_EXPORT(FilterColumn);
HWY_EXPORT(Products);
HWY_EXPORT(UnitRow);
HWY_EXPORT(ToneRow);
HWY_EXPORT(ToneGradientRow);
HWY_EXPORT(SsimRow);
HWY_EXPORT(LossGradientRow);
HWY_EXPORT(AdamRow);

const float* WindowWeights() {
  static const std::array<float, kWindowRadius + 1> weights = [] {
    std::array<double, kWindowRadius + 1> w{};
    double sum = 0;
    for (int k = 0; k <= kWindowRadius; ++k) {
      w[static_cast<size_t>(k)] = std::exp(-k * k / (2 * 1.5 * 1.5));
      sum += (k == 0 ? 1 : 2) * w[static_cast<size_t>(k)];
    }
    std::array<float, kWindowRadius + 1> result{};
    for (size_t k = 0; k < w.size(); ++k) result[k] = static_cast<float>(w[k] / sum);
    return result;
  }();
  return weights.data();
}

void FilterRow(const float* in, size_t count, float* out) {
  HWY_DYNAMIC_DISPATCH(FilterRow)(in, count, out);
}
void FilterColumn(const float* const* rows, Taps taps, size_t count, float* out) {
  HWY_DYNAMIC_DISPATCH(FilterColumn)(rows, taps, count, out);
}
void Products(const float* x, const float* y, size_t count, float* squares, float* xy) {
  HWY_DYNAMIC_DISPATCH(Products)(x, y, count, squares, xy);
}
void UnitRow(const uint8_t* bytes, size_t count, float* out) {
  HWY_DYNAMIC_DISPATCH(UnitRow)(bytes, count, out);
}
void ToneRow(const float* render, const ToneOfRow& tone, size_t count, float* x) {
  HWY_DYNAMIC_DISPATCH(ToneRow)(render, tone, count, x);
}
void ToneGradientRow(const float* render, const ToneOfRow& tone, size_t count, float* d,
                     double* sums) {
  HWY_DYNAMIC_DISPATCH(ToneGradientRow)(render, tone, count, d, sums);
}
void SsimRow(const float* mx, const float* my, const float* squares, const float* xy, size_t count,
             float* d_mx, float* d_xx, float* d_xy, double* sum) {
  HWY_DYNAMIC_DISPATCH(SsimRow)(mx, my, squares, xy, count, d_mx, d_xx, d_xy, sum);
}
void LossGradientRow(const float* x, const float* y, const float* f_mx, const float* f_xx,
                     const float* f_xy, size_t count, float l1, float ssim, float* d,
                     double* sum) {
  HWY_DYNAMIC_DISPATCH(LossGradientRow)(x, y, f_mx, f_xx, f_xy, count, l1, ssim, d, sum);
}
void AdamRow(const AdamStep& step, const float* gradient, const float* visible, size_t count,
             float* m, float* v, float* value) {
  HWY_DYNAMIC_DISPATCH(AdamRow)(step, gradient, visible, count, m, v, value);
}

}  // namespace ajar::train::internal
#endif
