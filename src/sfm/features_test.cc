#include "sfm/internal/features.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>

#include "base/random.h"
#include "sfm/internal/kernels/blur.h"
#include "sfm/internal/kernels/nearest.h"
#include "sfm/internal/matching.h"

namespace ajar::sfm::internal {
namespace {

struct Blob {
  double x, y, sigma, height;  // x, y: the first pixel's centre is (0.5, 0.5)
};

Image8 Picture(int width, int height, const std::vector<Blob>& blobs) {
  std::vector<double> values(static_cast<size_t>(width * height), 100);
  for (const Blob& b : blobs) {
    const double reach = 5 * b.sigma;
    for (int y = std::max(0, static_cast<int>(b.y - reach));
         y < std::min<double>(height, b.y + reach); ++y) {
      for (int x = std::max(0, static_cast<int>(b.x - reach));
           x < std::min<double>(width, b.x + reach); ++x) {
        const double dx = x + 0.5 - b.x, dy = y + 0.5 - b.y;
        values[static_cast<size_t>(y * width + x)] +=
            b.height * std::exp(-0.5 * (dx * dx + dy * dy) / (b.sigma * b.sigma));
      }
    }
  }
  Image8 picture(width, height, 3);
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      const double value = values[static_cast<size_t>(y * width + x)];
      std::fill_n(picture.pixel(x, y), 3,
                  static_cast<uint8_t>(std::clamp(value, 0.0, 255.0) + 0.5));
    }
  }
  return picture;
}

std::vector<Blob> Grid(double sigma, uint64_t seed) {
  Random random{seed};
  std::vector<Blob> blobs;
  for (int j = 0; j < 6; ++j) {
    for (int i = 0; i < 8; ++i) {
      blobs.push_back({40 + 48 * i + random.Uniform(), 40 + 48 * j + random.Uniform(), sigma,
                       (i + j) % 2 ? 90.0 : -70.0});
    }
  }
  return blobs;
}

// Offsets of the features nearest to each blob.
void ExpectFoundWhereTheyAre(bool double_size, double sigma) {
  const std::vector<Blob> blobs = Grid(sigma, 3);
  FeatureOptions options;
  options.double_size = double_size;
  const Features found = FindFeatures(Picture(460, 360, blobs), options);
  double mean_x = 0, mean_y = 0;
  for (const Blob& b : blobs) {
    double best = 1e9;
    const Feature* nearest = nullptr;
    for (const Feature& f : found.features) {
      const double d = std::hypot(f.x_px - b.x, f.y_px - b.y);
      if (d < best) {
        best = d;
        nearest = &f;
      }
    }
    ASSERT_LT(best, 0.12) << "at " << b.x << ", " << b.y;
    EXPECT_NEAR(nearest->scale_px / sigma, 1, 0.15);
    mean_x += (nearest->x_px - b.x) / static_cast<double>(blobs.size());
    mean_y += (nearest->y_px - b.y) / static_cast<double>(blobs.size());
  }
  EXPECT_NEAR(mean_x, 0, 0.01);
  EXPECT_NEAR(mean_y, 0, 0.01);
}

TEST(Features, LieOnTheBlobsWithoutBias) {
  for (const double sigma : {2.6, 3.3, 5.0}) ExpectFoundWhereTheyAre(false, sigma);
  for (const double sigma : {1.5, 2.0, 4.0}) ExpectFoundWhereTheyAre(true, sigma);
}

// A field of blobs of many sizes: something to describe.
std::vector<Blob> Field(uint64_t seed, double extent) {
  Random random{seed};
  std::vector<Blob> blobs;
  for (int i = 0; i < 200; ++i) {
    blobs.push_back({extent * random.Uniform(), extent * random.Uniform(),
                     1.5 + 6 * random.Uniform(), 160.0 * random.Uniform() - 80});
  }
  return blobs;
}

TEST(Features, AreKnownAgainTurnedAndLarger) {
  const std::vector<Blob> field = Field(5, 400);
  const double angle = 0.6, scale = 1.4;
  std::vector<Blob> moved;
  const auto place = [&](double x, double y) {
    return std::pair(scale * (std::cos(angle) * (x - 200) - std::sin(angle) * (y - 200)) + 300,
                     scale * (std::sin(angle) * (x - 200) + std::cos(angle) * (y - 200)) + 300);
  };
  for (const Blob& b : field) {
    const auto [x, y] = place(b.x, b.y);
    moved.push_back({x, y, scale * b.sigma, b.height});
  }
  const Features first = FindFeatures(Picture(400, 400, field), {});
  const Features second = FindFeatures(Picture(600, 600, moved), {});
  const std::vector<Match> matches =
      MatchDescriptors(Pack(first.descriptors), Pack(second.descriptors), 0.8);
  size_t right = 0;
  for (const Match& m : matches) {
    const Feature &a = first.features[m.first], &b = second.features[m.second];
    const auto [x, y] = place(a.x_px, a.y_px);
    const double turn = std::remainder(b.angle_rad - a.angle_rad - angle, 2 * std::numbers::pi);
    if (std::hypot(x - b.x_px, y - b.y_px) < 1.5 && std::abs(turn) < 0.2 &&
        std::abs(std::log(b.scale_px / a.scale_px / scale)) < 0.2) {
      ++right;
    }
  }
  EXPECT_GT(matches.size(), 100u);
  EXPECT_GT(static_cast<double>(right), 0.88 * static_cast<double>(matches.size()));
  EXPECT_TRUE(std::ranges::is_sorted(matches, {}, &Match::ratio));
}

TEST(Features, DescriptorsHaveLength512) {
  const Features found = FindFeatures(Picture(300, 300, Field(7, 300)), {});
  ASSERT_FALSE(found.features.empty());
  ASSERT_EQ(found.descriptors.size(), found.features.size() * kDescriptorBytes);
  for (size_t i = 0; i < found.features.size(); ++i) {
    double squares = 0;
    for (size_t k = 0; k < kDescriptorBytes; ++k) {
      squares += std::pow(found.descriptors[i * kDescriptorBytes + k], 2);
    }
    EXPECT_NEAR(std::sqrt(squares), 512, 6);
  }
}

TEST(Features, AreSpreadWhenThereAreTooMany) {
  // Strong blobs on the left, weak ones on the right.
  std::vector<Blob> blobs;
  Random random{11};
  for (int i = 0; i < 900; ++i) {
    const bool left = i % 3 != 0;
    blobs.push_back({(left ? 20.0 : 320.0) + 260 * random.Uniform(), 20 + 360 * random.Uniform(),
                     1.8 + 2 * random.Uniform(), left ? 80.0 : 12.0});
  }
  FeatureOptions options;
  options.most = 150;
  const Features found = FindFeatures(Picture(600, 400, blobs), options);
  const auto right =
      std::ranges::count_if(found.features, [](const Feature& f) { return f.x_px > 310; });
  EXPECT_LE(found.features.size(), 2u * 150);  // some have two directions
  EXPECT_GT(right, 30);
}

TEST(Features, OfNothingAreNone) {
  EXPECT_TRUE(FindFeatures(Image8(200, 100, 3, 90), {}).features.empty());
  EXPECT_TRUE(FindFeatures(Image8(3, 2, 3, 90), {}).features.empty());
}

TEST(Blur, KeepsTheSumOfAPointAndItsSpread) {
  const int width = 61, height = 47;
  std::vector<float> in(width * height), out(in.size()), scratch;
  in[23 * width + 30] = 1;
  Blur(in.data(), width, height, 2.5, &scratch, out.data());
  double sum = 0, across = 0, down = 0;
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      const double v = out[static_cast<size_t>(y * width + x)];
      sum += v;
      across += v * (x - 30) * (x - 30);
      down += v * (y - 23) * (y - 23);
    }
  }
  EXPECT_NEAR(sum, 1, 1e-5);
  EXPECT_NEAR(across, 6.25, 0.02);
  EXPECT_NEAR(down, 6.25, 0.02);
  // A flat picture stays flat up to its edges.
  std::fill(in.begin(), in.end(), 0.5f);
  Blur(in.data(), width, height, 2.5, &scratch, out.data());
  for (const float v : out) EXPECT_NEAR(v, 0.5f, 1e-6f);
}

TEST(Nearest, IsExact) {
  Random random{21};
  for (const auto& [n, m] : {std::pair{1, 1}, {5, 33}, {64, 31}, {130, 97}, {3, 0}, {0, 3}}) {
    std::vector<uint8_t> a(static_cast<size_t>(n) * kDescriptorBytes);
    std::vector<uint8_t> b(static_cast<size_t>(m) * kDescriptorBytes);
    for (uint8_t& v : a) v = static_cast<uint8_t>(random.Below(256));
    for (uint8_t& v : b) v = static_cast<uint8_t>(random.Below(256));
    std::vector<Nearest> of_first;
    std::vector<int32_t> of_second;
    FindNearest(Pack(a), Pack(b), &of_first, &of_second);
    ASSERT_EQ(of_first.size(), static_cast<size_t>(n));
    ASSERT_EQ(of_second.size(), static_cast<size_t>(m));
    const auto dot = [&](int i, int j) {
      int32_t sum = 0;
      for (size_t k = 0; k < kDescriptorBytes; ++k) {
        sum += a[static_cast<size_t>(i) * kDescriptorBytes + k] *
               b[static_cast<size_t>(j) * kDescriptorBytes + k];
      }
      return sum;
    };
    for (int i = 0; i < n; ++i) {
      Nearest expected;
      for (int j = 0; j < m; ++j) {
        const int32_t d = dot(i, j);
        if (d > expected.dot) {
          expected.second_dot = expected.dot;
          expected.dot = d;
          expected.index = j;
        } else if (d > expected.second_dot) {
          expected.second_dot = d;
        }
      }
      const Nearest& found = of_first[static_cast<size_t>(i)];
      EXPECT_EQ(found.index, expected.index);
      EXPECT_EQ(found.dot, expected.dot);
      EXPECT_EQ(found.second_dot, expected.second_dot);
    }
    for (int j = 0; j < m; ++j) {
      int32_t best = -1, index = -1;
      for (int i = 0; i < n; ++i) {
        if (dot(i, j) > best) {
          best = dot(i, j);
          index = i;
        }
      }
      EXPECT_EQ(of_second[static_cast<size_t>(j)], index);
    }
  }
}

TEST(Matching, WhatIsThereTwiceIsNotMatched) {
  const Features found = FindFeatures(Picture(300, 300, Field(9, 300)), {});
  std::vector<uint8_t> twice = found.descriptors;
  twice.insert(twice.end(), found.descriptors.begin(), found.descriptors.end());
  EXPECT_FALSE(MatchDescriptors(Pack(found.descriptors), Pack(found.descriptors), 0.8).empty());
  EXPECT_TRUE(MatchDescriptors(Pack(found.descriptors), Pack(twice), 0.8).empty());
}

}  // namespace
}  // namespace ajar::sfm::internal
