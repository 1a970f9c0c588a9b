#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>

#include "base/parallel.h"
#include "photo/internal/fixtures.h"
#include "photo/photo.h"

namespace ajar::photo {
namespace {

using fixtures::DistanceOf;
using fixtures::Pattern;

// Exactly the mean over each cell's area, by adding up every overlap.
Image8 BoxReference(const Image8& picture, int width, int height) {
  Image8 out(width, height, 3);
  const double cell_x = double(picture.width) / width, cell_y = double(picture.height) / height;
  const auto overlap = [](double begin, double end, int pixel) {
    return std::max(0.0, std::min(end, pixel + 1.0) - std::max(begin, double(pixel)));
  };
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      double sums[3] = {0, 0, 0};
      for (int v = 0; v < picture.height; ++v) {
        const double wy = overlap(y * cell_y, (y + 1) * cell_y, v);
        for (int u = 0; wy > 0 && u < picture.width; ++u) {
          const double w = wy * overlap(x * cell_x, (x + 1) * cell_x, u);
          for (int c = 0; c < 3; ++c) sums[c] += w * picture.pixel(u, v)[c];
        }
      }
      for (int c = 0; c < 3; ++c) {
        out.pixel(x, y)[c] = static_cast<uint8_t>(std::lround(sums[c] / (cell_x * cell_y)));
      }
    }
  }
  return out;
}

Image8 Noise(int width, int height) {
  Image8 picture(width, height, 3);
  uint32_t state = 12345;
  for (uint8_t& v : picture.data) {
    state = state * 1664525 + 1013904223;
    v = static_cast<uint8_t>(state >> 24);
  }
  return picture;
}

Camera Pinhole(int width, int height, double focal) {
  return {CameraModel::kPinhole, width, height, {focal, focal, width / 2.0, height / 2.0}};
}

TEST(FitLongSide, RoundsAndNeverEnlarges) {
  const auto is = [](Size size, int width, int height) {
    return size.width == width && size.height == height;
  };
  EXPECT_TRUE(is(FitLongSide(4032, 3024, 960), 960, 720));
  EXPECT_TRUE(is(FitLongSide(1080, 1920, 640), 360, 640));
  EXPECT_TRUE(is(FitLongSide(100, 50, 200), 100, 50));
  EXPECT_TRUE(is(FitLongSide(10000, 3, 100), 100, 1));
  EXPECT_TRUE(is(FitLongSide(1000, 667, 500), 500, 334));
}

TEST(Resized, IsTheMeanOverEachPixelsArea) {
  const Image8 noise = Noise(97, 61);
  for (const Size size : {Size{97, 61}, {96, 60}, {50, 61}, {33, 20}, {7, 3}, {1, 1}}) {
    const auto distance = DistanceOf(Resized(noise, size.width, size.height),
                                     BoxReference(noise, size.width, size.height));
    EXPECT_LE(distance.largest, 1) << size.width;
    EXPECT_LE(distance.mean, 0.01) << size.width;
  }
  const Image8 white = fixtures::Plain(101, 77, 255, 254, 1);
  EXPECT_EQ(Resized(white, 37, 29).data, fixtures::Plain(37, 29, 255, 254, 1).data);
}

TEST(Undistorted, TheSameCameraChangesNothing) {
  const Image8 noise = Noise(64, 48);
  EXPECT_EQ(Undistorted(noise, Pinhole(64, 48, 50), Pinhole(64, 48, 50)).data, noise.data);
}

TEST(Undistorted, ASmallerPinholeAveragesLikeResized) {
  const Image8 noise = Noise(120, 80);
  const Image8 seen = Undistorted(noise, Pinhole(120, 80, 100), Pinhole(30, 20, 25));
  EXPECT_LE(DistanceOf(seen, Resized(noise, 30, 20)).largest, 1);
}

TEST(Undistorted, PixelCentresLieAtOneHalf) {
  // One pixel to the right and half a pixel down, in a picture with a slope in each direction.
  Image8 slope(60, 40, 3);
  for (int y = 0; y < 40; ++y) {
    for (int x = 0; x < 60; ++x) {
      slope.pixel(x, y)[0] = static_cast<uint8_t>(2 * x);
      slope.pixel(x, y)[1] = static_cast<uint8_t>(4 * y);
    }
  }
  const Camera camera = Pinhole(60, 40, 50);
  Camera moved = camera;
  moved.params[2] -= 1;
  moved.params[3] -= 0.5;
  const Image8 seen = Undistorted(slope, camera, moved);
  EXPECT_EQ(seen.pixel(10, 10)[0], 2 * 11);
  EXPECT_EQ(seen.pixel(10, 10)[1], 4 * 10 + 2);
  EXPECT_EQ(seen.pixel(59, 39)[0], 2 * 59) << "the border is repeated";
  EXPECT_EQ(seen.pixel(59, 39)[1], 4 * 39);
}

TEST(Undistorted, StraightensWhatALensBent) {
  // A smooth pattern over the directions, drawn as a bending lens sees it, must come out as the
  // pinhole sees it.
  const auto shade = [](const Eigen::Vector2d& uv, int c) {
    return 127 + 100 * std::sin(6 * uv.x() + c) * std::cos(5 * uv.y());
  };
  for (const Camera& camera :
       {Camera{CameraModel::kOpenCv, 320, 240, {260, 262, 158, 121, -0.2, 0.05, 0.002, -0.001}},
        Camera{CameraModel::kSimpleRadial, 320, 240, {250, 160, 120, 0.1}},
        Camera{CameraModel::kOpenCvFisheye, 320, 240, {150, 150, 160, 120, 0.02, -0.005, 0, 0}}}) {
    Image8 bent(320, 240, 3);
    for (int y = 0; y < 240; ++y) {
      for (int x = 0; x < 320; ++x) {
        const auto uv = camera.CamFromImg({x + 0.5, y + 0.5});
        ASSERT_TRUE(uv);
        for (int c = 0; c < 3; ++c) {
          bent.pixel(x, y)[c] = static_cast<uint8_t>(std::lround(shade(*uv, c)));
        }
      }
    }
    for (const int width : {320, 107}) {
      const Camera pinhole = ResizedCamera(UndistortedCamera(camera), width, width * 3 / 4);
      const Image8 seen = Undistorted(bent, camera, pinhole);
      int largest = 0;
      for (int y = 0; y < seen.height; ++y) {
        for (int x = 0; x < seen.width; ++x) {
          const Eigen::Vector2d uv = *pinhole.CamFromImg({x + 0.5, y + 0.5});
          for (int c = 0; c < 3; ++c) {
            largest =
                std::max(largest, std::abs(seen.pixel(x, y)[c] - int(std::lround(shade(uv, c)))));
          }
        }
      }
      EXPECT_LE(largest, 3) << CameraModelName(camera.model) << " " << width;
    }
  }
}

TEST(Undistorted, RaysBeyondTheLensRepeatTheBorder) {
  // This polynomial folds back at r = 0.88; the pinhole looks far beyond.
  const Camera camera = {CameraModel::kSimpleRadial, 200, 100, {200, 100, 50, -0.43}};
  const Image8 seen =
      Undistorted(fixtures::Plain(200, 100, 10, 20, 30), camera, Pinhole(200, 100, 40));
  EXPECT_EQ(seen.data, fixtures::Plain(200, 100, 10, 20, 30).data);
}

TEST(Undistorted, TheSameBitsForAnyNumberOfThreads) {
  const Image8 noise = Noise(200, 150);
  const Camera camera = {CameraModel::kSimpleRadial, 200, 150, {180, 100, 75, -0.1}};
  const Camera pinhole = Pinhole(77, 55, 60);
  SetThreadCount(1);
  const Image8 alone = Undistorted(noise, camera, pinhole);
  const Image8 alone_small = Resized(noise, 50, 49);
  SetThreadCount(3);
  EXPECT_EQ(Undistorted(noise, camera, pinhole).data, alone.data);
  EXPECT_EQ(Resized(noise, 50, 49).data, alone_small.data);
}

TEST(Sharpness, FallsWithBlur) {
  const Image8 sharp = Noise(400, 300);
  Image8 blurred = sharp;
  for (int y = 0; y < 300; ++y) {
    for (int x = 1; x < 399; ++x) {
      for (int c = 0; c < 3; ++c) {
        blurred.pixel(x, y)[c] = static_cast<uint8_t>(
            (sharp.pixel(x - 1, y)[c] + sharp.pixel(x, y)[c] + sharp.pixel(x + 1, y)[c]) / 3);
      }
    }
  }
  EXPECT_GT(Sharpness(sharp), 1.5 * Sharpness(blurred));
  EXPECT_EQ(Sharpness(fixtures::Plain(50, 50, 9, 9, 9)), 0);
  EXPECT_EQ(Sharpness(fixtures::Plain(2, 2, 9, 9, 9)), 0);
  // The Laplacian of a checkerboard of 0 and 100 is ±400 everywhere.
  Image8 board(52, 42, 3);
  for (int y = 0; y < 42; ++y) {
    for (int x = 0; x < 52; ++x) {
      for (int c = 0; c < 3; ++c) board.pixel(x, y)[c] = (x + y) % 2 ? 100 : 0;
    }
  }
  EXPECT_NEAR(Sharpness(board), 160'000, 1);
}

}  // namespace
}  // namespace ajar::photo
