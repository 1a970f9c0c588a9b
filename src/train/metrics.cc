#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "base/check.h"
#include "train/train.h"

namespace ajar::train {
namespace {

constexpr int kRadius = 5;

std::array<double, 2 * kRadius + 1> Window() {
  std::array<double, 2 * kRadius + 1> w{};
  double sum = 0;
  for (int k = -kRadius; k <= kRadius; ++k) sum += std::exp(-k * k / 4.5);
  for (int k = -kRadius; k <= kRadius; ++k) {
    w[static_cast<size_t>(k + kRadius)] = std::exp(-k * k / 4.5) / sum;
  }
  return w;
}

std::vector<double> Filtered(const std::vector<double>& in, int width, int height) {
  static const auto w = Window();
  std::vector<double> across(in.size()), out(in.size());
  for (int pass = 0; pass < 2; ++pass) {
    const std::vector<double>& from = pass == 0 ? in : across;
    std::vector<double>& to = pass == 0 ? across : out;
    for (int y = 0; y < height; ++y) {
      for (int x = 0; x < width; ++x) {
        double sum = 0;
        for (int k = -kRadius; k <= kRadius; ++k) {
          const int i = pass == 0 ? x + k : x, j = pass == 0 ? y : y + k;
          if (i < 0 || j < 0 || i >= width || j >= height) continue;
          sum += w[static_cast<size_t>(k + kRadius)] * from[static_cast<size_t>(j * width + i)];
        }
        to[static_cast<size_t>(y * width + x)] = sum;
      }
    }
  }
  return out;
}

void CheckAlike(const ImageF& a, const ImageF& b) {
  AJAR_CHECK(a.width == b.width && a.height == b.height && a.channels == b.channels);
  AJAR_CHECK(!a.empty());
}

}  // namespace

double Psnr(const ImageF& a, const ImageF& b) {
  CheckAlike(a, b);
  double sum = 0;
  for (size_t i = 0; i < a.data.size(); ++i) {
    const double difference = static_cast<double>(a.data[i]) - static_cast<double>(b.data[i]);
    sum += difference * difference;
  }
  return std::min(100.0, -10 * std::log10(sum / static_cast<double>(a.data.size()) + 1e-30));
}

double Ssim(const ImageF& a, const ImageF& b) {
  CheckAlike(a, b);
  const size_t pixels = static_cast<size_t>(a.width) * static_cast<size_t>(a.height);
  double total = 0;
  for (int c = 0; c < a.channels; ++c) {
    std::vector<double> x(pixels), y(pixels), xx(pixels), yy(pixels), xy(pixels);
    for (size_t i = 0; i < pixels; ++i) {
      const size_t at = i * static_cast<size_t>(a.channels) + static_cast<size_t>(c);
      x[i] = static_cast<double>(a.data[at]);
      y[i] = static_cast<double>(b.data[at]);
      xx[i] = x[i] * x[i];
      yy[i] = y[i] * y[i];
      xy[i] = x[i] * y[i];
    }
    for (std::vector<double>* plane : {&x, &y, &xx, &yy, &xy}) {
      *plane = Filtered(*plane, a.width, a.height);
    }
    for (size_t i = 0; i < pixels; ++i) {
      const double var_x = xx[i] - x[i] * x[i], var_y = yy[i] - y[i] * y[i];
      const double covariance = xy[i] - x[i] * y[i];
      total += (2 * x[i] * y[i] + 1e-4) * (2 * covariance + 9e-4) /
               ((x[i] * x[i] + y[i] * y[i] + 1e-4) * (var_x + var_y + 9e-4));
    }
  }
  return total / (static_cast<double>(pixels) * a.channels);
}

}  // namespace ajar::train
