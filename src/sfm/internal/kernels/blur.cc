#include "sfm/internal/kernels/blur.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "sfm/internal/kernels/blur.cc"
#include "hwy/foreach_target.h"  // IWYU pragma: keep
#include "hwy/highway.h"

HWY_BEFORE_NAMESPACE();
namespace ajar::sfm::internal {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

using D = hn::CappedTag<float, 16>;

// out[x] = k[0] c[x] + sum of k[i] (before[i][x] + after[i][x]), i = 1 .. radius.
void CombineRows(const float* centre, const float* const* before, const float* const* after,
                 const float* kernel, int radius, size_t width, float* out) {
  const D d;
  size_t x = 0;
  for (; x + hn::Lanes(d) <= width; x += hn::Lanes(d)) {
    auto sum = hn::Mul(hn::Set(d, kernel[0]), hn::LoadU(d, centre + x));
    for (int i = 1; i <= radius; ++i) {
      sum = hn::MulAdd(hn::Set(d, kernel[i]),
                       hn::Add(hn::LoadU(d, before[i] + x), hn::LoadU(d, after[i] + x)), sum);
    }
    hn::StoreU(sum, d, out + x);
  }
  for (; x < width; ++x) {
    float sum = kernel[0] * centre[x];
    for (int i = 1; i <= radius; ++i) sum += kernel[i] * (before[i][x] + after[i][x]);
    out[x] = sum;
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace ajar::sfm::internal
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace ajar::sfm::internal {
namespace {

HWY_EXPORT(CombineRows);

// Half of a symmetric kernel, from its middle.
std::vector<float> Kernel(double sigma_px) {
  const int radius = std::max(1, static_cast<int>(std::ceil(4 * sigma_px)));
  std::vector<double> k(static_cast<size_t>(radius) + 1);
  double sum = 0;
  for (size_t i = 0; i < k.size(); ++i) {
    k[i] = std::exp(-0.5 * static_cast<double>(i * i) / (sigma_px * sigma_px));
    sum += i ? 2 * k[i] : k[i];
  }
  std::vector<float> kernel;
  for (const double v : k) kernel.push_back(static_cast<float>(v / sum));
  return kernel;
}

int Mirrored(int i, int count) {
  if (count == 1) return 0;
  const int period = 2 * (count - 1);
  i = ((i % period) + period) % period;
  return i < count ? i : period - i;
}

}  // namespace

void Blur(const float* in, int width, int height, double sigma_px, std::vector<float>* scratch,
          float* out) {
  const std::vector<float> kernel = Kernel(sigma_px);
  const int radius = static_cast<int>(kernel.size()) - 1;
  const size_t w = static_cast<size_t>(width);
  const size_t reach = static_cast<size_t>(radius);
  scratch->resize(w + 2 * reach);
  float* const padded = scratch->data();
  std::vector<const float*> before(kernel.size()), after(kernel.size());
  for (int y = 0; y < height; ++y) {
    const size_t row = static_cast<size_t>(y) * w;
    for (int i = 1; i <= radius; ++i) {
      before[static_cast<size_t>(i)] = in + static_cast<size_t>(Mirrored(y - i, height)) * w;
      after[static_cast<size_t>(i)] = in + static_cast<size_t>(Mirrored(y + i, height)) * w;
    }
    HWY_DYNAMIC_DISPATCH(CombineRows)
    (in + row, before.data(), after.data(), kernel.data(), radius, w, padded + reach);
    for (int i = 1; i <= radius; ++i) {
      padded[radius - i] = padded[radius + Mirrored(-i, width)];
      padded[radius + width - 1 + i] = padded[radius + Mirrored(width - 1 + i, width)];
    }
    for (int i = 1; i <= radius; ++i) {
      before[static_cast<size_t>(i)] = padded + radius - i;
      after[static_cast<size_t>(i)] = padded + radius + i;
    }
    HWY_DYNAMIC_DISPATCH(CombineRows)
    (padded + reach, before.data(), after.data(), kernel.data(), radius, w, out + row);
  }
}

}  // namespace ajar::sfm::internal
#endif
