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

float* RowOf(PixelPlanes& planes, int channel, int y) {
  return planes.channel(channel) + static_cast<size_t>(y) * static_cast<size_t>(planes.stride);
}
const float* RowOf(const PixelPlanes& planes, int channel, int y) {
  return planes.channel(channel) + static_cast<size_t>(y) * static_cast<size_t>(planes.stride);
}

constexpr int kRing = 2 * kWindowRadius + 1;
using Window = std::array<const float*, kRing>;

size_t WholeVectors(int width) { return (static_cast<size_t>(width) + kPad - 1) / kPad * kPad; }

bool IsTaken(SsimRows rows, int y) {
  return rows == SsimRows::kAll || (y % 2 == 0) == (rows == SsimRows::kEven);
}

// Rows as high as the window, each in the place of the one that left it, so that they stay in the
// cache. Rows outside the picture are nothing.
class RowRing {
 public:
  RowRing(size_t quantities, int width, int height)
      : row_floats_(WholeVectors(width)),
        height_(height),
        data_((quantities * kRing + 1) * row_floats_, 0.0f) {}
  float* row(size_t quantity, int y) {
    return data_.data() + (quantity * kRing + static_cast<size_t>(y % kRing)) * row_floats_;
  }
  Window Around(size_t quantity, int y) {
    return WindowAround(y, [&](int from) { return row(quantity, from); });
  }
  template <class Row>
  Window WindowAround(int y, const Row& row_at) {
    Window window;
    for (int k = -kWindowRadius; k <= kWindowRadius; ++k) {
      const int from = y + k;
      window[static_cast<size_t>(k + kWindowRadius)] =
          from < 0 || from >= height_ ? data_.data() + data_.size() - row_floats_ : row_at(from);
    }
    return window;
  }

 private:
  size_t row_floats_;
  int height_;
  std::vector<float> data_;
};

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
                         float ssim_weight, SsimRows ssim_rows, PixelPlanes* d_render) {
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
  const int taken = ssim_rows == SsimRows::kAll    ? height
                    : ssim_rows == SsimRows::kEven ? (height + 1) / 2
                                                   : height / 2;
  const double ssim_count = 3.0 * std::max(1, taken) * static_cast<double>(columns);
  // The means around each taken row, down the columns and then across; SSIM from them.
  for_strips([&](size_t job, int c, size_t begin, size_t end) {
    const int first = static_cast<int>(begin), last = static_cast<int>(end);
    RowRing products(2, width, height);
    std::vector<float> down(rounded + 2 * kPad, 0.0f), means(4 * rounded);
    for (int y = std::max(0, first - kWindowRadius); y < last + kWindowRadius; ++y) {
      if (y < height) {
        Products(RowOf(x_, c, y), RowOf(y_, c, y), rounded, products.row(0, y),
                 products.row(1, y));
      }
      const int centre = y - kWindowRadius;
      if (centre < first || !IsTaken(ssim_rows, centre)) continue;
      const std::array<Window, 4> windows = {
          products.WindowAround(centre, [&](int from) { return RowOf(x_, c, from); }),
          products.WindowAround(centre, [&](int from) { return RowOf(y_, c, from); }),
          products.Around(0, centre), products.Around(1, centre)};
      for (size_t q = 0; q < 4; ++q) {
        FilterColumn(windows[q].data(), Taps::kAll, rounded, down.data() + kPad);
        FilterRow(down.data() + kPad, rounded, means.data() + q * rounded);
      }
      SsimRow(means.data(), means.data() + rounded, means.data() + 2 * rounded,
              means.data() + 3 * rounded, columns, RowOf(d_mx_, c, centre),
              RowOf(d_xx_, c, centre), RowOf(d_xy_, c, centre), &sums[job].ssim);
    }
  });
  // Back: across the taken rows, then down to every row.
  for_strips([&](size_t job, int c, size_t begin, size_t end) {
    const float l1 = static_cast<float>((1 - static_cast<double>(ssim_weight)) / count);
    const float ssim = static_cast<float>(-static_cast<double>(ssim_weight) / ssim_count);
    const int first = static_cast<int>(begin), last = static_cast<int>(end);
    RowRing across(3, width, height);
    std::vector<float> padded(rounded + 2 * kPad, 0.0f), f(3 * rounded);
    for (int y = std::max(0, first - kWindowRadius); y < last + kWindowRadius; ++y) {
      if (y < height && IsTaken(ssim_rows, y)) {
        const std::array<const float*, 3> rows_of = {RowOf(d_mx_, c, y), RowOf(d_xx_, c, y),
                                                     RowOf(d_xy_, c, y)};
        for (size_t q = 0; q < 3; ++q) {
          std::copy_n(rows_of[q], columns, padded.data() + kPad);
          FilterRow(padded.data() + kPad, rounded, across.row(q, y));
        }
      }
      const int centre = y - kWindowRadius;
      if (centre < first) continue;
      const Taps taps = ssim_rows == SsimRows::kAll  ? Taps::kAll
                        : IsTaken(ssim_rows, centre) ? Taps::kEven
                                                     : Taps::kOdd;
      for (size_t q = 0; q < 3; ++q) {
        FilterColumn(across.Around(q, centre).data(), taps, rounded, f.data() + q * rounded);
      }
      float* d = RowOf(*d_render, c, centre);
      LossGradientRow(RowOf(x_, c, centre), RowOf(y_, c, centre), f.data(), f.data() + rounded,
                      f.data() + 2 * rounded, columns, l1, ssim, d, &sums[job].l1);
      ToneGradientRow(RowOf(render, c, centre), RowTone(tone, width, height, c, centre), columns,
                      d, sums[job].tone);
    }
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
  value.ssim /= ssim_count;
  value.l1 /= count;
  value.exposure_gradient = {gain.cast<float>(), offset.cast<float>()};
  value.vignette_gradient = {static_cast<float>(a), static_cast<float>(b)};
  const double w = static_cast<double>(ssim_weight);
  value.loss = (1 - w) * value.l1 + w * (1 - value.ssim);
  return value;
}

}  // namespace ajar::train::internal
