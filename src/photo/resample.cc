#include <algorithm>
#include <cmath>

#include "base/check.h"
#include "base/parallel.h"
#include "photo/internal/pixels.h"
#include "photo/photo.h"

namespace ajar::photo {
namespace {

constexpr size_t kRowsAtOnce = 16;

// Where a ray of the new camera falls in the old picture. A ray beyond the lens's reach is drawn
// in along its line to the axis until it is within; the border of the picture repeats there.
Eigen::Vector2d SourceOf(const Camera& camera, const Eigen::Vector2d& uv) {
  if (const auto x_px = camera.ImgFromCam({uv.x(), uv.y(), 1})) return *x_px;
  double inside = 0, outside = 1;
  Eigen::Vector2d best(camera.cx(), camera.cy());
  for (int i = 0; i < 24; ++i) {
    const double middle = 0.5 * (inside + outside);
    if (const auto x_px = camera.ImgFromCam({uv.x() * middle, uv.y() * middle, 1})) {
      inside = middle;
      best = *x_px;
    } else {
      outside = middle;
    }
  }
  return best;
}

// Bilinear, the border repeated; pixel centres at (0.5, 0.5).
void AddSample(const Image8& picture, double x_px, double y_px, float* sums) {
  const auto x = static_cast<float>(std::clamp(x_px - 0.5, 0.0, picture.width - 1.0));
  const auto y = static_cast<float>(std::clamp(y_px - 0.5, 0.0, picture.height - 1.0));
  const int x0 = static_cast<int>(x), y0 = static_cast<int>(y);
  const int x1 = std::min(x0 + 1, picture.width - 1), y1 = std::min(y0 + 1, picture.height - 1);
  const float fx = x - static_cast<float>(x0), fy = y - static_cast<float>(y0);
  const uint8_t* p00 = picture.pixel(x0, y0);
  const uint8_t* p10 = picture.pixel(x1, y0);
  const uint8_t* p01 = picture.pixel(x0, y1);
  const uint8_t* p11 = picture.pixel(x1, y1);
  for (int c = 0; c < 3; ++c) {
    const float top = p00[c] + fx * (static_cast<float>(p10[c]) - p00[c]);
    const float bottom = p01[c] + fx * (static_cast<float>(p11[c]) - p01[c]);
    sums[c] += top + fy * (bottom - top);
  }
}

// The lens's map is smooth, so it is computed on a grid of this step and is bilinear between.
constexpr int kGridStep = 4;

class SourceMap {
 public:
  SourceMap(const Camera& camera, const Camera& pinhole)
      : columns_(pinhole.width / kGridStep + 2), rows_(pinhole.height / kGridStep + 2) {
    nodes_.resize(static_cast<size_t>(columns_) * rows_);
    ParallelFor(static_cast<size_t>(rows_), kRowsAtOnce, [&](size_t row) {
      for (int column = 0; column < columns_; ++column) {
        const Eigen::Vector2d uv(
            (column * kGridStep - pinhole.cx()) / pinhole.fx(),
            (static_cast<double>(row) * kGridStep - pinhole.cy()) / pinhole.fy());
        nodes_[row * columns_ + column] = SourceOf(camera, uv);
      }
    });
  }

  Eigen::Vector2d At(double x, double y) const {
    const double gx = x / kGridStep, gy = y / kGridStep;
    const int column = std::min(static_cast<int>(gx), columns_ - 2);
    const int row = std::min(static_cast<int>(gy), rows_ - 2);
    const double fx = gx - column, fy = gy - row;
    const Eigen::Vector2d* node = nodes_.data() + static_cast<size_t>(row) * columns_ + column;
    const Eigen::Vector2d top = node[0] + fx * (node[1] - node[0]);
    const Eigen::Vector2d bottom = node[columns_] + fx * (node[columns_ + 1] - node[columns_]);
    return top + fy * (bottom - top);
  }

 private:
  int columns_, rows_;
  std::vector<Eigen::Vector2d> nodes_;
};

}  // namespace

Size FitLongSide(int width, int height, int long_side_px) {
  AJAR_CHECK(width >= 1 && height >= 1 && long_side_px >= 1);
  const int long_side = std::max(width, height);
  if (long_side <= long_side_px) return {width, height};
  const double scale = static_cast<double>(long_side_px) / long_side;
  return {std::max(1, static_cast<int>(std::lround(width * scale))),
          std::max(1, static_cast<int>(std::lround(height * scale)))};
}

Image8 Resized(const Image8& picture, int width, int height) {
  AJAR_CHECK(width >= 1 && height >= 1);
  AJAR_CHECK(width <= picture.width && height <= picture.height);
  if (width == picture.width && height == picture.height) return picture;
  Image8 resized(width, height, picture.channels);
  ParallelForChunks(static_cast<size_t>(height), kRowsAtOnce,
                    [&](size_t, size_t begin, size_t end) {
                      ReduceRows(picture, picture.width, picture.height, resized,
                                 static_cast<int>(begin), static_cast<int>(end));
                    });
  return resized;
}

Image8 Undistorted(const Image8& picture, const Camera& camera, const Camera& pinhole) {
  AJAR_CHECK_EQ(picture.channels, 3);
  AJAR_CHECK_EQ(picture.width, camera.width);
  AJAR_CHECK_EQ(picture.height, camera.height);
  AJAR_CHECK(!pinhole.has_distortion());
  const SourceMap map(camera, pinhole);
  // A pixel of a smaller picture shows an area: the mean of a grid of samples, about one for
  // each of the pixels below it. At a whole ratio and without distortion this is Resized().
  constexpr int kMostSamples = 64;
  const double ratio = std::max(camera.fx() / pinhole.fx(), camera.fy() / pinhole.fy());
  const int samples = std::clamp(static_cast<int>(std::ceil(ratio - 0.01)), 1, kMostSamples);
  const float share = 1.0f / static_cast<float>(samples * samples);

  Image8 seen(pinhole.width, pinhole.height, 3);
  ParallelFor(static_cast<size_t>(seen.height), kRowsAtOnce, [&](size_t row) {
    for (int x = 0; x < seen.width; ++x) {
      float sums[3] = {0, 0, 0};
      for (int j = 0; j < samples; ++j) {
        for (int i = 0; i < samples; ++i) {
          const Eigen::Vector2d x_px =
              map.At(x + (i + 0.5) / samples, static_cast<double>(row) + (j + 0.5) / samples);
          AddSample(picture, x_px.x(), x_px.y(), sums);
        }
      }
      uint8_t* to = seen.pixel(x, static_cast<int>(row));
      for (int c = 0; c < 3; ++c) to[c] = static_cast<uint8_t>(sums[c] * share + 0.5f);
    }
  });
  return seen;
}

double Sharpness(const Image8& picture) {
  AJAR_CHECK_EQ(picture.channels, 3);
  constexpr int kLongSide = 1000;
  const Size size = FitLongSide(picture.width, picture.height, kLongSide);
  const Image8 small = Resized(picture, size.width, size.height);
  ImageF luma(size.width, size.height, 1);
  for (size_t i = 0; i < luma.data.size(); ++i) {
    const uint8_t* rgb = small.data.data() + 3 * i;
    luma.data[i] = 0.299f * rgb[0] + 0.587f * rgb[1] + 0.114f * rgb[2];
  }
  return LaplacianVariance(luma);
}

}  // namespace ajar::photo
