#include "dense/internal/kernels/aggregate.h"

#include <algorithm>
#include <array>
#include <cstdlib>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "dense/internal/kernels/aggregate.cc"
#include "hwy/foreach_target.h"  // IWYU pragma: keep
#include "hwy/highway.h"

HWY_BEFORE_NAMESPACE();
namespace ajar::dense::internal {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

using D = hn::CappedTag<uint16_t, 32>;
using V = hn::Vec<D>;

constexpr size_t kPad = kHypothesisStep;  // beside the hypotheses of a pixel

// One pixel's step along a path. `prev`: the path's costs at the pixel before, with the least of
// them, null at the beginning; `out`: here. Adds them to `sums` (or begins it). Returns the least.
HWY_INLINE uint16_t Step(const uint8_t* HWY_RESTRICT cost, const uint16_t* HWY_RESTRICT prev,
                         uint16_t prev_least, uint16_t small_step, uint16_t jump,
                         size_t hypotheses, bool begins, uint16_t* HWY_RESTRICT out,
                         uint16_t* HWY_RESTRICT sums) {
  const D d;
  const hn::Rebind<uint8_t, D> d8;
  const V p1 = hn::Set(d, small_step);
  const V jumped = hn::Set(d, static_cast<uint16_t>(prev_least + jump));
  const V least_before = hn::Set(d, prev_least);
  V least = hn::Set(d, uint16_t{0xffff});
  for (size_t h = 0; h < hypotheses; h += hn::Lanes(d)) {
    V value = hn::PromoteTo(d, hn::LoadU(d8, cost + h));
    if (prev) {
      V from = hn::Min(hn::LoadU(d, prev + h), jumped);
      from = hn::Min(from, hn::Add(hn::LoadU(d, prev + h - 1), p1));
      from = hn::Min(from, hn::Add(hn::LoadU(d, prev + h + 1), p1));
      value = hn::Add(value, hn::Sub(from, least_before));
    }
    hn::StoreU(value, d, out + h);
    least = hn::Min(least, value);
    hn::StoreU(begins ? value : hn::Add(value, hn::LoadU(d, sums + h)), d, sums + h);
  }
  return hn::GetLane(hn::MinOfLanes(d, least));
}

void AggregatePass(const uint8_t* costs, const uint8_t* luma, int width, int height,
                   int hypotheses, const Smoothness& smoothness, int way, uint16_t* rows,
                   uint16_t* sums) {
  const size_t count = static_cast<size_t>(hypotheses), pixel = count + 2 * kPad;
  const size_t columns = static_cast<size_t>(width);
  // Three directions from the row before, two rows of each; along the row, two pixels.
  const auto at = [&](int direction, int parity, int x) {
    return rows + ((static_cast<size_t>(direction) * 2 + static_cast<size_t>(parity)) * columns +
                   static_cast<size_t>(x)) * pixel + kPad;
  };
  uint16_t* along = rows + 6 * columns * pixel + kPad;
  std::vector<uint16_t> least(6 * columns);
  const auto least_at = [&](int direction, int parity, int x) -> uint16_t& {
    return least[(static_cast<size_t>(direction) * 2 + static_cast<size_t>(parity)) * columns +
                 static_cast<size_t>(x)];
  };
  const auto jump = [&](size_t a, size_t b) {
    const int step = std::abs(static_cast<int>(luma[a]) - static_cast<int>(luma[b]));
    return static_cast<uint16_t>(
        std::max(smoothness.least_jump, smoothness.jump * 8 / (8 + step)));
  };
  const uint16_t p1 = static_cast<uint16_t>(smoothness.small_step);
  uint16_t along_least = 0;
  for (int row = 0; row < height; ++row) {
    const int y = way > 0 ? row : height - 1 - row;
    const int parity = row & 1;
    for (int column = 0; column < width; ++column) {
      const int x = way > 0 ? column : width - 1 - column;
      const size_t here = static_cast<size_t>(y) * columns + static_cast<size_t>(x);
      const uint8_t* cost = costs + here * count;
      uint16_t* sum = sums + here * count;
      uint16_t* out = along + static_cast<size_t>(column & 1) * pixel;
      const uint16_t* prev = column > 0 ? along + static_cast<size_t>(~column & 1) * pixel : nullptr;
      along_least = Step(cost, prev, along_least, p1,
                         prev ? jump(here, here - static_cast<size_t>(way)) : uint16_t{0}, count,
                         way > 0, out, sum);
      for (int direction = 0; direction < 3; ++direction) {
        const int from = x + (direction - 1);
        const bool has = row > 0 && from >= 0 && from < width;
        const size_t there = here - static_cast<size_t>(way) * columns +
                             static_cast<size_t>(direction) - 1;
        least_at(direction, parity, x) =
            Step(cost, has ? at(direction, 1 - parity, from) : nullptr,
                 has ? least_at(direction, 1 - parity, from) : uint16_t{0}, p1,
                 has ? jump(here, there) : uint16_t{0}, count, false, at(direction, parity, x),
                 sum);
      }
    }
  }
}

// The least of each pixel's sums, between its neighbours by a parabola.
void TakeBest(const uint16_t* HWY_RESTRICT sums, size_t pixels, size_t hypotheses,
              float* HWY_RESTRICT best) {
  const D d;
  for (size_t i = 0; i < pixels; ++i) {
    const uint16_t* s = sums + i * hypotheses;
    V least = hn::LoadU(d, s);
    for (size_t h = hn::Lanes(d); h < hypotheses; h += hn::Lanes(d)) {
      least = hn::Min(least, hn::LoadU(d, s + h));
    }
    const uint16_t value = hn::GetLane(hn::MinOfLanes(d, least));
    const size_t h = static_cast<size_t>(std::find(s, s + hypotheses, value) - s);
    float offset = 0;
    if (h > 0 && h + 1 < hypotheses) {
      const float left = static_cast<float>(s[h - 1] - value);
      const float right = static_cast<float>(s[h + 1] - value);
      if (left + right > 0) offset = 0.5f * (left - right) / (left + right);
    }
    best[i] = static_cast<float>(h) + offset;
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace ajar::dense::internal
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace ajar::dense::internal {
HWY_EXPORT(AggregatePass);
HWY_EXPORT(TakeBest);

void Aggregate(const uint8_t* costs, const uint8_t* luma, int width, int height, int hypotheses,
               const Smoothness& smoothness, std::vector<uint16_t>* scratch, float* best) {
  const size_t pixels = static_cast<size_t>(width) * static_cast<size_t>(height);
  const size_t count = static_cast<size_t>(hypotheses), pixel = count + 2 * kHypothesisStep;
  const size_t row_values = (6 * static_cast<size_t>(width) + 2) * pixel;
  scratch->assign(row_values + pixels * count, kNoHypothesis);
  uint16_t* sums = scratch->data() + row_values;
  for (const int way : {1, -1}) {
    HWY_DYNAMIC_DISPATCH(AggregatePass)
    (costs, luma, width, height, hypotheses, smoothness, way, scratch->data(), sums);
  }
  HWY_DYNAMIC_DISPATCH(TakeBest)(sums, pixels, count, best);
}

void Transpose(const uint8_t* from, size_t hypotheses, size_t pixels, uint8_t* to) {
  constexpr size_t kTile = 64;
  for (size_t p = 0; p < pixels; p += kTile) {
    const size_t end = std::min(pixels, p + kTile);
    for (size_t h = 0; h < hypotheses; ++h) {
      for (size_t i = p; i < end; ++i) to[i * hypotheses + h] = from[h * pixels + i];
    }
  }
}

}  // namespace ajar::dense::internal
#endif
