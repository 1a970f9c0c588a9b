#include "train/internal/loss.h"

#include <algorithm>
#include <array>
#include <vector>

#include "base/check.h"
#include "base/parallel.h"
#include "train/internal/kernels/rows.h"

namespace ajar::train::internal {
namespace {

using splat::PixelPlanes;

constexpr size_t kRowsAtOnce = 64;
constexpr size_t kPad = 16;  // zeros beside a row, for the window and whole vectors

// Filters quantities over the rows [begin, end) of one channel: make_rows fills the padded input
// rows of image row y; use gets the filtered rows. Rows filtered across are kept in a ring as long
// as the window is high, so that they stay in the cache.
template <size_t kQuantities, class MakeRows, class Use>
void FilterRows(int width, int height, size_t begin, size_t end, const MakeRows& make_rows,
                const Use& use) {
  constexpr int kRing = 2 * kWindowRadius + 1;
  // Whole vectors: what lies beyond a row's end is there and is not used.
  const size_t rounded = (static_cast<size_t>(width) + kPad - 1) / kPad * kPad;
  const size_t padded = rounded + 2 * kPad, row_floats = rounded;
  static thread_local std::vector<float> input, ring, down;
  input.assign(kQuantities * padded, 0.0f);
  ring.assign((kQuantities * kRing + 1) * row_floats, 0.0f);
  down.resize(kQuantities * row_floats);
  const float* nothing = ring.data() + kQuantities * kRing * row_floats;  // rows outside
  const auto ring_row = [&](size_t quantity, int y) {
    return ring.data() + (quantity * kRing + static_cast<size_t>(y % kRing)) * row_floats;
  };
  std::array<float*, kQuantities> in;
  for (size_t q = 0; q < kQuantities; ++q) in[q] = input.data() + q * padded + kPad;
  const int first = static_cast<int>(begin), last = static_cast<int>(end);
  for (int y = std::max(0, first - kWindowRadius); y < last + kWindowRadius; ++y) {
    if (y < height) {
      make_rows(y, in);
      for (size_t q = 0; q < kQuantities; ++q) {
        FilterRow(in[q], rounded, ring_row(q, y));
      }
    }
    const int centre = y - kWindowRadius;
    if (centre < first) continue;
    std::array<const float*, kQuantities> filtered;
    for (size_t q = 0; q < kQuantities; ++q) {
      std::array<const float*, kRing> window;
      for (int k = -kWindowRadius; k <= kWindowRadius; ++k) {
        const int from = centre + k;
        window[static_cast<size_t>(k + kWindowRadius)] =
            from < 0 || from >= height ? nothing : ring_row(q, from);
      }
      float* out = down.data() + q * row_floats;
      FilterColumn(window.data(), rounded, out);
      filtered[q] = out;
    }
    use(centre, filtered);
  }
}

float* RowOf(PixelPlanes& planes, int channel, int y) {
  return planes.channel(channel) + static_cast<size_t>(y) * static_cast<size_t>(planes.stride);
}
const float* RowOf(const PixelPlanes& planes, int channel, int y) {
  return planes.channel(channel) + static_cast<size_t>(y) * static_cast<size_t>(planes.stride);
}

ToneOfRow RowTone(const Tone& tone, int width, int height, int channel, int y) {
  const float scale = 4 / static_cast<float>(width * width + height * height);
  const float down = static_cast<float>(y) + 0.5f - tone.centre_px.y();
  return {tone.exposure.gain[channel], tone.exposure.offset[channel], tone.vignette.a,
          tone.vignette.b,             0.5f - tone.centre_px.x(),     scale,
          down * down * scale};
}

}  // namespace

Planar8::Planar8(const Image8& picture)
    : width(picture.width), height(picture.height), data(picture.data.size()) {
  AJAR_CHECK_EQ(picture.channels, 3);
  const size_t pixels = data.size() / 3;
  for (size_t i = 0; i < pixels; ++i) {
    for (size_t c = 0; c < 3; ++c) data[c * pixels + i] = picture.data[3 * i + c];
  }
}

LossValue Loss::Evaluate(const PixelPlanes& render, const Planar8& photo, const Tone& tone,
                         float ssim_weight, PixelPlanes* d_render) {
  const int width = render.width, height = render.height;
  AJAR_CHECK(photo.width == width && photo.height == height);
  for (PixelPlanes* planes : {&x_, &y_, &d_mx_, &d_xx_, &d_xy_, d_render}) {
    if (planes->width != width || planes->height != height) *planes = PixelPlanes(width, height);
  }
  const size_t rows = static_cast<size_t>(height), columns = static_cast<size_t>(width);
  const size_t rounded = (columns + kPad - 1) / kPad * kPad;
  ParallelFor(rows, kRowsAtOnce, [&](size_t row) {
    const int y = static_cast<int>(row);
    for (int c = 0; c < 3; ++c) {
      ToneRow(RowOf(render, c, y), RowTone(tone, width, height, c, y), columns, RowOf(x_, c, y));
      UnitRow(photo.row(c, y), columns, RowOf(y_, c, y));
    }
  });

  // Work is cut into strips of rows of one channel; sums are kept per strip.
  const size_t strips = ChunkCount(rows, kRowsAtOnce);
  struct Sums {
    double ssim = 0, l1 = 0;
    double tone[4] = {};  // gain, offset, a, b
  };
  std::vector<Sums> sums(3 * strips);
  const auto for_strips = [&](const auto& body) {
    ParallelFor(3 * strips, 1, [&](size_t job) {
      const size_t begin = job % strips * kRowsAtOnce;
      body(job, static_cast<int>(job / strips), begin, std::min(rows, begin + kRowsAtOnce));
    });
  };
  const double count = 3.0 * static_cast<double>(rows) * static_cast<double>(columns);
  for_strips([&](size_t job, int c, size_t begin, size_t end) {
    FilterRows<4>(
        width, height, begin, end,
        [&](int y, const std::array<float*, 4>& in) {
          std::copy_n(RowOf(x_, c, y), columns, in[0]);
          std::copy_n(RowOf(y_, c, y), columns, in[1]);
          Products(in[0], in[1], rounded, in[2], in[3]);
        },
        [&](int y, const std::array<const float*, 4>& f) {
          SsimRow(f[0], f[1], f[2], f[3], columns, RowOf(d_mx_, c, y), RowOf(d_xx_, c, y),
                  RowOf(d_xy_, c, y), &sums[job].ssim);
        });
  });
  for_strips([&](size_t job, int c, size_t begin, size_t end) {
    const float l1 = static_cast<float>((1 - static_cast<double>(ssim_weight)) / count);
    const float ssim = static_cast<float>(-static_cast<double>(ssim_weight) / count);
    FilterRows<3>(
        width, height, begin, end,
        [&](int y, const std::array<float*, 3>& in) {
          std::copy_n(RowOf(d_mx_, c, y), columns, in[0]);
          std::copy_n(RowOf(d_xx_, c, y), columns, in[1]);
          std::copy_n(RowOf(d_xy_, c, y), columns, in[2]);
        },
        [&](int y, const std::array<const float*, 3>& f) {
          float* d = RowOf(*d_render, c, y);
          LossGradientRow(RowOf(x_, c, y), RowOf(y_, c, y), f[0], f[1], f[2], columns, l1, ssim, d,
                          &sums[job].l1);
          ToneGradientRow(RowOf(render, c, y), RowTone(tone, width, height, c, y), columns, d,
                          sums[job].tone);
        });
  });

  LossValue value;
  Eigen::Vector3d gain = Eigen::Vector3d::Zero(), offset = Eigen::Vector3d::Zero();
  double a = 0, b = 0;
  for (size_t job = 0; job < sums.size(); ++job) {
    value.ssim += sums[job].ssim;
    value.l1 += sums[job].l1;
    gain[static_cast<Eigen::Index>(job / strips)] += sums[job].tone[0];
    offset[static_cast<Eigen::Index>(job / strips)] += sums[job].tone[1];
    a += sums[job].tone[2];
    b += sums[job].tone[3];
  }
  value.ssim /= count;
  value.l1 /= count;
  value.exposure_gradient = {gain.cast<float>(), offset.cast<float>()};
  value.vignette_gradient = {static_cast<float>(a), static_cast<float>(b)};
  const double w = static_cast<double>(ssim_weight);
  value.loss = (1 - w) * value.l1 + w * (1 - value.ssim);
  return value;
}

}  // namespace ajar::train::internal
