#include "dense/internal/kernels/match.h"

#include <algorithm>
#include <cmath>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "dense/internal/kernels/match.cc"
#include "hwy/foreach_target.h"  // IWYU pragma: keep
#include "hwy/highway.h"

HWY_BEFORE_NAMESPACE();
namespace ajar::dense::internal {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

using D = hn::CappedTag<float, 16>;
using V = hn::Vec<D>;
using DU = hn::RebindToUnsigned<D>;
using DI = hn::RebindToSigned<D>;

constexpr int kWindow = 2 * kWindowRadius + 1;
constexpr float kWindowShare = 1.0f / (kWindow * kWindow);

HWY_INLINE V Bilinear(hn::Vec<DU> quad, V fx, V fy) {
  const D d;
  const DU du;
  const auto mask = hn::Set(du, 255u);
  const auto value = [&](hn::Vec<DU> v) { return hn::ConvertTo(d, hn::BitCast(DI(), v)); };
  const V p00 = value(hn::And(quad, mask));
  const V p10 = value(hn::And(hn::ShiftRight<8>(quad), mask));
  const V p01 = value(hn::And(hn::ShiftRight<16>(quad), mask));
  const V p11 = value(hn::ShiftRight<24>(quad));
  const V top = hn::MulAdd(fx, hn::Sub(p10, p00), p00);
  const V bottom = hn::MulAdd(fx, hn::Sub(p11, p01), p01);
  return hn::Sub(hn::MulAdd(fy, hn::Sub(bottom, top), top), hn::Set(d, 128.0f));
}

// The second picture's row as the first would see it, and 1 where it does, else 0.
void WarpRow(const MatchPicture& second, const PlaneMap& map, float w, int y, size_t width,
             float* HWY_RESTRICT out, float* HWY_RESTRICT seen) {
  const D d;
  const DI di;
  const V zero = hn::Zero(d);
  const float row = static_cast<float>(y) + 0.5f;
  float h[3], step[3];
  for (int i = 0; i < 3; ++i) {
    step[i] = map.a[3 * i];
    h[i] = map.a[3 * i + 1] * row + map.a[3 * i + 2] + map.b[i] * w;
  }
  const V most_x = hn::Set(d, static_cast<float>(second.width - 1));
  const V most_y = hn::Set(d, static_cast<float>(second.height - 1));
  const V half = hn::Set(d, 0.5f);
  V x = hn::Add(hn::Iota(d, 0.0f), half);
  for (size_t i = 0; i < width; i += hn::Lanes(d)) {
    const V h0 = hn::MulAdd(hn::Set(d, step[0]), x, hn::Set(d, h[0]));
    const V h1 = hn::MulAdd(hn::Set(d, step[1]), x, hn::Set(d, h[1]));
    const V h2 = hn::MulAdd(hn::Set(d, step[2]), x, hn::Set(d, h[2]));
    const V inverse = hn::Div(hn::Set(d, 1.0f), h2);
    V u = hn::Sub(hn::Mul(h0, inverse), half), v = hn::Sub(hn::Mul(h1, inverse), half);
    auto inside = hn::And(hn::Gt(h2, zero), hn::And(hn::Ge(u, zero), hn::Ge(v, zero)));
    inside = hn::And(inside, hn::And(hn::Le(u, most_x), hn::Le(v, most_y)));
    // Max first: of a NaN and zero it gives zero.
    u = hn::Min(hn::Max(u, zero), most_x);
    v = hn::Min(hn::Max(v, zero), most_y);
    u = hn::IfThenElseZero(hn::Eq(u, u), u);
    v = hn::IfThenElseZero(hn::Eq(v, v), v);
    const V whole_u = hn::Floor(u), whole_v = hn::Floor(v);
    const auto index = hn::Add(hn::Mul(hn::ConvertTo(di, whole_v), hn::Set(di, second.width)),
                               hn::ConvertTo(di, whole_u));
    const auto quad = hn::GatherIndex(DU(), second.quads.data(), index);
    hn::StoreU(Bilinear(quad, hn::Sub(u, whole_u), hn::Sub(v, whole_v)), d, out + i);
    hn::StoreU(hn::IfThenElseZero(inside, hn::Set(d, 1.0f)), d, seen + i);
    x = hn::Add(x, hn::Set(d, static_cast<float>(hn::Lanes(d))));
  }
}

// out[x] = sum over the window's columns of in[x + k], for whole windows: x from the radius on.
template <class Load>
HWY_INLINE void SumAcross(size_t width, const Load& load, float* HWY_RESTRICT out) {
  const D d;
  for (size_t x = kWindowRadius; x + kWindowRadius < width; x += hn::Lanes(d)) {
    V sum = load(x - kWindowRadius);
    for (int k = 1; k < kWindow; ++k) {
      sum = hn::Add(sum, load(x - kWindowRadius + static_cast<size_t>(k)));
    }
    hn::StoreU(sum, d, out + x);
  }
}

void MatchPlane(const MatchPicture& first, const MatchPicture& second, const PlaneMap& map,
                float inverse_depth, std::vector<float>* scratch, float* HWY_RESTRICT cost) {
  const D d;
  const size_t width = static_cast<size_t>(first.width), stride = first.stride;
  const int height = first.height;
  // The warped row, and rings of rows: who is seen, and three quantities summed across.
  scratch->assign(stride * (1 + 4 * kWindow), 0.0f);
  float* warped = scratch->data();
  const auto ring = [&](int quantity, int y) {
    return scratch->data() + stride * static_cast<size_t>(1 + quantity * kWindow + y % kWindow);
  };
  const V share = hn::Set(d, kWindowShare);
  for (int y = 0; y < height; ++y) {
    WarpRow(second, map, inverse_depth, y, width, warped, ring(0, y));
    const float* luma = first.luma.data() + static_cast<size_t>(y) * stride;
    SumAcross(width, [&](size_t x) { return hn::LoadU(d, warped + x); }, ring(1, y));
    SumAcross(
        width,
        [&](size_t x) {
          const V v = hn::LoadU(d, warped + x);
          return hn::Mul(v, v);
        },
        ring(2, y));
    SumAcross(
        width, [&](size_t x) { return hn::Mul(hn::LoadU(d, warped + x), hn::LoadU(d, luma + x)); },
        ring(3, y));
    if (y + 1 < kWindow) continue;
    const int centre = y - kWindowRadius;
    const float* mean = first.mean.data() + static_cast<size_t>(centre) * stride;
    const float* inv_deviation = first.inv_deviation.data() + static_cast<size_t>(centre) * stride;
    const float* seen = ring(0, centre);
    float* out = cost + static_cast<size_t>(centre) * stride;
    for (size_t x = kWindowRadius; x + kWindowRadius < width; x += hn::Lanes(d)) {
      V sums[3];
      for (int q = 0; q < 3; ++q) {
        sums[q] = hn::LoadU(d, ring(q + 1, y) + x);
        for (int k = 1; k < kWindow; ++k) {
          sums[q] = hn::Add(sums[q], hn::LoadU(d, ring(q + 1, y - k) + x));
        }
        sums[q] = hn::Mul(sums[q], share);
      }
      const V variance = hn::Add(hn::Max(hn::NegMulAdd(sums[0], sums[0], sums[1]), hn::Zero(d)),
                                 hn::Set(d, kNoise));
      const V covariance = hn::NegMulAdd(sums[0], hn::LoadU(d, mean + x), sums[2]);
      const V likeness = hn::Div(hn::Mul(covariance, hn::LoadU(d, inv_deviation + x)),
                                 hn::Sqrt(variance));
      V value = hn::Min(hn::Max(hn::Sub(hn::Set(d, 1.0f), likeness), hn::Zero(d)),
                        hn::Set(d, 2.0f));
      value = hn::IfThenElse(hn::Gt(hn::LoadU(d, seen + x), hn::Zero(d)), value,
                             hn::Set(d, kNotSeen));
      hn::StoreU(value, d, out + x);
    }
    // Beside the last whole window, what it found.
    std::fill_n(out, kWindowRadius, out[kWindowRadius]);
    std::fill_n(out + width - kWindowRadius, kWindowRadius, out[width - kWindowRadius - 1]);
  }
  for (int y = 0; y < kWindowRadius; ++y) {
    const float* top = cost + static_cast<size_t>(kWindowRadius) * stride;
    const float* bottom = cost + static_cast<size_t>(height - 1 - kWindowRadius) * stride;
    std::copy_n(top, width, cost + static_cast<size_t>(y) * stride);
    std::copy_n(bottom, width, cost + static_cast<size_t>(height - 1 - y) * stride);
  }
}

void CombineCosts(const float* const* costs, size_t count, size_t pixels, float scale,
                  uint8_t* HWY_RESTRICT combined) {
  const D d;
  constexpr size_t kMost = 8;
  alignas(64) float result[16];
  for (size_t i = 0; i < pixels; i += hn::Lanes(d)) {
    V sorted[kMost];
    V seen = hn::Zero(d);
    for (size_t k = 0; k < count; ++k) {
      V value = hn::LoadU(d, costs[k] + i);
      seen = hn::Add(seen, hn::IfThenElseZero(hn::Lt(value, hn::Set(d, kNotSeen)),
                                              hn::Set(d, 1.0f)));
      for (size_t j = 0; j < k; ++j) {
        const V less = hn::Min(sorted[j], value);
        value = hn::Max(sorted[j], value);
        sorted[j] = less;
      }
      sorted[k] = value;
    }
    // The better half, rounded up.
    const V wanted = hn::Max(hn::Floor(hn::Mul(hn::Add(seen, hn::Set(d, 1.0f)),
                                               hn::Set(d, 0.5f))), hn::Set(d, 1.0f));
    V sum = hn::Zero(d);
    for (size_t k = 0; k < count; ++k) {
      const auto used = hn::Lt(hn::Set(d, static_cast<float>(k)), wanted);
      sum = hn::Add(sum, hn::IfThenElseZero(used, sorted[k]));
    }
    V value = hn::MulAdd(hn::Div(sum, wanted), hn::Set(d, scale), hn::Set(d, 0.5f));
    value = hn::IfThenElse(hn::Gt(seen, hn::Zero(d)), hn::Min(value, hn::Set(d, 255.0f)),
                           hn::Set(d, 255.0f));
    hn::Store(value, d, result);
    for (size_t k = 0; k < hn::Lanes(d) && i + k < pixels; ++k) {
      combined[i + k] = static_cast<uint8_t>(result[k]);
    }
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace ajar::dense::internal
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace ajar::dense::internal {
HWY_EXPORT(MatchPlane);
HWY_EXPORT(CombineCosts);

MatchPicture MakeMatchPicture(std::vector<uint8_t> luma, int width, int height) {
  MatchPicture p;
  p.width = width;
  p.height = height;
  const size_t w = static_cast<size_t>(width), h = static_cast<size_t>(height);
  p.stride = (w + kRowPad - 1) / kRowPad * kRowPad + kRowPad;
  for (std::vector<float>* plane : {&p.luma, &p.mean, &p.inv_deviation}) {
    plane->assign(p.stride * h, 0.0f);
  }
  p.quads.resize(w * h);
  for (size_t y = 0; y < h; ++y) {
    const size_t below = std::min(y + 1, h - 1);
    for (size_t x = 0; x < w; ++x) {
      const size_t right = std::min(x + 1, w - 1);
      p.luma[y * p.stride + x] = static_cast<float>(luma[y * w + x]) - 128;
      p.quads[y * w + x] = luma[y * w + x] | uint32_t{luma[y * w + right]} << 8 |
                           uint32_t{luma[below * w + x]} << 16 |
                           uint32_t{luma[below * w + right]} << 24;
    }
  }
  constexpr int r = kWindowRadius;
  constexpr float share = 1.0f / ((2 * r + 1) * (2 * r + 1));
  for (int y = r; y + r < height; ++y) {
    for (int x = r; x + r < width; ++x) {
      float sum = 0, squares = 0;
      for (int j = -r; j <= r; ++j) {
        for (int i = -r; i <= r; ++i) {
          const float v = p.luma[static_cast<size_t>(y + j) * p.stride + static_cast<size_t>(x + i)];
          sum += v;
          squares += v * v;
        }
      }
      const size_t at = static_cast<size_t>(y) * p.stride + static_cast<size_t>(x);
      p.mean[at] = sum * share;
      p.inv_deviation[at] =
          1 / std::sqrt(std::max(0.0f, squares * share - p.mean[at] * p.mean[at]) + kNoise);
    }
  }
  return p;
}

void MatchPlane(const MatchPicture& first, const MatchPicture& second, const PlaneMap& map,
                float inverse_depth, std::vector<float>* scratch, float* cost) {
  HWY_DYNAMIC_DISPATCH(MatchPlane)(first, second, map, inverse_depth, scratch, cost);
}
void CombineCosts(const float* const* costs, size_t count, size_t pixels, float scale,
                  uint8_t* combined) {
  HWY_DYNAMIC_DISPATCH(CombineCosts)(costs, count, pixels, scale, combined);
}

}  // namespace ajar::dense::internal
#endif
