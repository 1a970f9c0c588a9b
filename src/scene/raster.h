// Pixels in memory: rows from the top, channels interleaved.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace ajar {

template <class T>
struct Raster {
  int width = 0, height = 0, channels = 0;
  std::vector<T> data;  // height * width * channels

  Raster() = default;
  Raster(int w, int h, int c, T fill = T{})
      : width(w),
        height(h),
        channels(c),
        data(static_cast<size_t>(w) * static_cast<size_t>(h) * static_cast<size_t>(c), fill) {}

  bool empty() const { return data.empty(); }
  T* pixel(int x, int y) {
    return data.data() + (static_cast<size_t>(y) * width + x) * static_cast<size_t>(channels);
  }
  const T* pixel(int x, int y) const {
    return data.data() + (static_cast<size_t>(y) * width + x) * static_cast<size_t>(channels);
  }
};

using Image8 = Raster<uint8_t>;  // sRGB (gamma-encoded), 3 channels unless said otherwise
using ImageF = Raster<float>;    // sRGB (gamma-encoded), nominal range [0, 1]

}  // namespace ajar
