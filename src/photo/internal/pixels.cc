#include "photo/internal/pixels.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "base/check.h"

namespace ajar::photo {
namespace {

// The source pixels [first, first + weights.size()) that cell `index` of `count` equal cells over
// [0, extent) covers, and how much of each, summing to 1.
struct Footprint {
  int first = 0;
  std::vector<float> weights;
};

Footprint FootprintOf(int index, int count, double extent, int pixels) {
  const double cell = extent / count;
  const double begin = cell * index, end = std::min(cell * (index + 1), double(pixels));
  Footprint footprint;
  footprint.first = std::min(static_cast<int>(begin), pixels - 1);
  const int last =
      std::max(footprint.first + 1, std::min(static_cast<int>(std::ceil(end)), pixels));
  double sum = 0;
  std::vector<double> parts;
  for (int i = footprint.first; i < last; ++i) {
    const double part = std::min(end, i + 1.0) - std::max(begin, double(i));
    parts.push_back(std::max(part, 0.0));
    sum += parts.back();
  }
  for (const double part : parts) footprint.weights.push_back(static_cast<float>(part / sum));
  return footprint;
}

}  // namespace

void ReduceRows(const Image8& picture, double extent_x, double extent_y, Image8& to, int row_begin,
                int row_end) {
  AJAR_CHECK_EQ(picture.channels, to.channels);
  AJAR_CHECK(to.width >= 1 && to.height >= 1);
  AJAR_CHECK(extent_x <= picture.width && extent_y <= picture.height);
  std::vector<Footprint> columns;
  for (int x = 0; x < to.width; ++x) {
    columns.push_back(FootprintOf(x, to.width, extent_x, picture.width));
  }
  const int channels = picture.channels;
  const size_t row_values = static_cast<size_t>(picture.width) * channels;
  std::vector<float> sums(row_values);
  for (int y = row_begin; y < row_end; ++y) {
    // First down the columns, which is where the bulk of the pixels goes, then along the row.
    const Footprint rows = FootprintOf(y, to.height, extent_y, picture.height);
    std::fill(sums.begin(), sums.end(), 0.0f);
    for (size_t k = 0; k < rows.weights.size(); ++k) {
      const uint8_t* from = picture.pixel(0, rows.first + static_cast<int>(k));
      const float weight = rows.weights[k];
      for (size_t i = 0; i < row_values; ++i) sums[i] += weight * from[i];
    }
    uint8_t* out = to.pixel(0, y);
    for (const Footprint& column : columns) {
      for (int c = 0; c < channels; ++c) {
        const float* from = sums.data() + static_cast<size_t>(column.first) * channels + c;
        float value = 0;
        for (const float weight : column.weights) {
          value += weight * *from;
          from += channels;
        }
        *out++ = static_cast<uint8_t>(std::min(value + 0.5f, 255.0f));
      }
    }
  }
}

Image8 Upright(Image8 picture, int orientation) {
  AJAR_CHECK(orientation >= 1 && orientation <= 8);
  if (orientation == 1) return picture;
  // Exif 2.32, 4.6.4: which side of the scene the stored row 0 and column 0 are. 2, 3 and 4 are
  // the mirror image, the half turn and both; 5 to 8 are transposed besides.
  const bool transposed = orientation >= 5;
  const bool from_right =
      orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8;
  const bool from_bottom =
      orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7;
  const int w = picture.width, h = picture.height, channels = picture.channels;
  Image8 upright(transposed ? h : w, transposed ? w : h, channels);
  for (int y = 0; y < upright.height; ++y) {
    uint8_t* to = upright.pixel(0, y);
    for (int x = 0; x < upright.width; ++x) {
      const int along = transposed ? y : x, down = transposed ? x : y;
      const uint8_t* from =
          picture.pixel(from_right ? w - 1 - along : along, from_bottom ? h - 1 - down : down);
      for (int c = 0; c < channels; ++c) *to++ = from[c];
    }
  }
  return upright;
}

double LaplacianVariance(const ImageF& luma) {
  AJAR_CHECK_EQ(luma.channels, 1);
  if (luma.width < 3 || luma.height < 3) return 0;
  double sum = 0, sum_of_squares = 0;
  for (int y = 1; y + 1 < luma.height; ++y) {
    const float* up = luma.pixel(0, y - 1);
    const float* row = luma.pixel(0, y);
    const float* down = luma.pixel(0, y + 1);
    for (int x = 1; x + 1 < luma.width; ++x) {
      const double v = double(up[x]) + down[x] + row[x - 1] + row[x + 1] - 4.0 * row[x];
      sum += v;
      sum_of_squares += v * v;
    }
  }
  const double count = double(luma.width - 2) * (luma.height - 2);
  const double mean = sum / count;
  return std::max(0.0, sum_of_squares / count - mean * mean);
}

}  // namespace ajar::photo
