#include "photo/markers.h"

#include <Eigen/Geometry>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>

namespace ajar::photo {
namespace {

using Eigen::Vector2d;

// A marker on white paper on a grey wall, turned and leant, 4 × 4 rays a pixel.
Image8 Draw(int id, double turn, double lean, double side_px, std::array<Vector2d, 4>* corners) {
  constexpr int kWidth = 400, kHeight = 300;
  const Eigen::Rotation2Dd rotation(turn);
  // Marker coordinates, -0.5 to 0.5, to pixels: turned, then a perspective that shrinks downwards.
  const auto to_px = [&](const Vector2d& p) -> Vector2d {
    const Vector2d q = rotation * p;
    return Vector2d(200, 150) + side_px * q / (1 + lean * q.y());
  };
  const auto from_px = [&](const Vector2d& x) -> Vector2d {
    const Vector2d d = (x - Vector2d(200, 150)) / side_px;
    const double y = d.y() / (1 - lean * d.y());
    return rotation.inverse() * Vector2d(d.x() * (1 + lean * y), y);
  };
  constexpr std::array<std::array<double, 2>, 4> kCorners = {
      {{-0.5, -0.5}, {0.5, -0.5}, {0.5, 0.5}, {-0.5, 0.5}}};
  for (size_t k = 0; k < 4; ++k) (*corners)[k] = to_px({kCorners[k][0], kCorners[k][1]});
  Image8 picture(kWidth, kHeight, 3);
  for (int y = 0; y < kHeight; ++y) {
    for (int x = 0; x < kWidth; ++x) {
      double sum = 0;
      for (int s = 0; s < 16; ++s) {
        const Vector2d p = from_px({x + (s % 4 + 0.5) / 4, y + (s / 4 + 0.5) / 4});
        const double reach = std::max(std::abs(p.x()), std::abs(p.y()));
        double value = 120;
        if (reach < 0.7) value = 230;
        if (reach < 0.5) {
          const int column = static_cast<int>(7 * (p.x() + 0.5)), row = static_cast<int>(7 * (p.y() + 0.5));
          value = IsWhite(id, row, column) ? 230 : 25;
        }
        sum += value / 16;
      }
      for (int c = 0; c < 3; ++c) picture.pixel(x, y)[c] = static_cast<uint8_t>(std::lround(sum));
    }
  }
  return picture;
}

TEST(Markers, AreFoundHoweverTheyLie) {
  for (const int id : UnmistakableIds(6)) {
    for (const double turn : {0.0, 0.4, 1.57, 2.6, -1.2}) {
      for (const double lean : {0.0, 0.35}) {
        std::array<Vector2d, 4> corners;
        const auto found = FindMarkers(Draw(id, turn, lean, 110, &corners));
        ASSERT_EQ(found.size(), 1u) << id << " " << turn << " " << lean;
        EXPECT_EQ(found[0].id, id);
        for (size_t k = 0; k < 4; ++k) {
          EXPECT_LT((found[0].corners_px[k] - corners[k]).norm(), 0.35) << id << " " << turn;
        }
      }
    }
  }
}

// As a phone takes it by lamplight: unsharp, dark, unevenly lit, with grain.
Image8 Poorly(const Image8& picture, double light, double grain, uint64_t seed) {
  Image8 poor = picture;
  std::mt19937_64 random(seed);
  std::normal_distribution<double> noise(0, grain);
  for (int y = 0; y < picture.height; ++y) {
    for (int x = 0; x < picture.width; ++x) {
      double sum = 0;
      for (int k = 0; k < 9; ++k) {
        const int i = std::clamp(x + k % 3 - 1, 0, picture.width - 1);
        const int j = std::clamp(y + k / 3 - 1, 0, picture.height - 1);
        sum += *picture.pixel(i, j) / 9.0;
      }
      const double lit = light * (0.7 + 0.6 * x / picture.width) * sum;
      for (int c = 0; c < 3; ++c) {
        poor.pixel(x, y)[c] = static_cast<uint8_t>(std::clamp(lit + noise(random), 0.0, 255.0));
      }
    }
  }
  return poor;
}

TEST(Markers, AreFoundByLamplight) {
  int found = 0, all = 0;
  for (const int id : UnmistakableIds(4)) {
    for (const double turn : {0.0, 0.4, 2.6}) {
      std::array<Vector2d, 4> corners;
      const Image8 picture = Draw(id, turn, 0.35, 110, &corners);
      const auto markers = FindMarkers(Poorly(picture, 0.35, 4, static_cast<uint64_t>(++all)));
      if (markers.size() != 1) continue;
      ++found;
      EXPECT_EQ(markers[0].id, id) << "seed " << all;
      for (size_t k = 0; k < 4; ++k) {
        EXPECT_LT((markers[0].corners_px[k] - corners[k]).norm(), 0.7) << "seed " << all;
      }
    }
  }
  EXPECT_GE(found, all - 1);
}

TEST(Markers, NothingIsFoundWhereNothingIs) {
  EXPECT_TRUE(FindMarkers(Image8(300, 200, 3, 128)).empty());
  EXPECT_TRUE(FindMarkers(Image8(3, 2, 3)).empty());
  Image8 square(300, 200, 3, 220);
  for (int y = 50; y < 150; ++y) {
    for (int x = 90; x < 190; ++x) std::fill_n(square.pixel(x, y), 3, uint8_t{20});
  }
  // Black all over is id 0 to nobody: rows of five blacks are no words.
  EXPECT_TRUE(FindMarkers(square).empty());
}

TEST(Markers, ThePageSaysHowToUseIt) {
  const std::string page = MarkerPageSvg(0.07);
  EXPECT_NE(page.find("70.00 mm"), std::string::npos);
  EXPECT_NE(page.find("--markers 70.00mm"), std::string::npos);
  const auto count = [](const std::string& text) {
    size_t n = 0;
    for (size_t at = text.find("<g "); at != std::string::npos; at = text.find("<g ", at + 1)) ++n;
    return n;
  };
  EXPECT_EQ(count(page), 4u);
  EXPECT_EQ(count(MarkerPageSvg(0.08)), 2u);
  EXPECT_EQ(count(MarkerPageSvg(0.12)), 1u);
}

}  // namespace
}  // namespace ajar::photo
