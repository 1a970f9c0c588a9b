#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>

#include "base/parallel.h"
#include "scene/splat_convention.h"
#include "splat/frame.h"
#include "splat/internal/kernels/raster.h"
#include "splat/reference_test_util.h"
#include "splat/render.h"

namespace ajar::splat {
namespace {

View MakeView(int width, int height) {
  View view;
  view.camera = {CameraModel::kPinhole, width, height,
                 {0.9 * width, 0.95 * width, 0.5 * width + 1.3, 0.5 * height - 0.7}};
  view.cam_from_world = {
      Eigen::Quaterniond(Eigen::AngleAxisd(0.2, Eigen::Vector3d(1, 2, -1).normalized())),
      {0.1, -0.2, 0.3}};
  return view;
}

SplatCloud RandomCloud(size_t count, int degree, unsigned seed, float depth = 4) {
  std::mt19937 random(seed);
  std::normal_distribution<float> normal;
  std::uniform_real_distribution<float> uniform(-1, 1);
  SplatCloud cloud;
  cloud.Resize(count, degree);
  for (size_t i = 0; i < count; ++i) {
    cloud.means[i] = {1.5f * uniform(random), 1.5f * uniform(random),
                      depth + 2 * uniform(random)};
    cloud.rotations[i] = {normal(random), normal(random), normal(random), normal(random)};
    for (int k = 0; k < 3; ++k) cloud.log_scales[i][k] = -2.2f + 0.8f * normal(random);
    cloud.opacity_logits[i] = 1.5f * normal(random);
  }
  for (float& c : cloud.sh) c = 0.25f * normal(random);
  return cloud;
}

TEST(Render, OneSplatHasItsClosedForm) {
  SplatCloud cloud;
  cloud.Resize(1, 0);
  cloud.means[0] = {0, 0, 2};
  cloud.log_scales[0].setConstant(std::log(0.1f));
  cloud.opacity_logits[0] = 1.0f;
  for (int c = 0; c < 3; ++c) cloud.sh[static_cast<size_t>(c)] = (0.2f * c - 0.1f) / kShC0;
  View view;
  view.camera = {CameraModel::kPinhole, 32, 24, {40, 40, 16.5, 12.5}};
  const Rendering r = Render(cloud, view, {0.1f, 0.2f, 0.3f});
  const double variance = 2.0 * 2.0, filtered = variance + 0.3;  // (40 * 0.1 / 2)^2
  const double opacity = 1 / (1 + std::exp(-1.0)) * variance / filtered;
  for (const int dx : {0, 1, 3, 5, 9}) {
    const double q = dx * dx / filtered;
    double alpha = q > 8 ? 0 : opacity * (std::exp(-q / 2) - std::exp(-4)) / (1 - std::exp(-4));
    if (alpha < 1.0 / 255) alpha = 0;
    for (int c = 0; c < 3; ++c) {
      EXPECT_NEAR(r.colour.pixel(16 + dx, 12)[c],
                  alpha * (0.4 + 0.2 * c) + (1 - alpha) * 0.1 * (c + 1), 1e-5);
    }
    EXPECT_NEAR(*r.alpha.pixel(16 + dx, 12), alpha, 1e-5);
    if (alpha > 0) {
      EXPECT_NEAR(*r.depth.pixel(16 + dx, 12), 2, 1e-3);
    }
  }
}

TEST(Frame, AgreesWithTheSlowReference) {
  for (int degree = 0; degree <= 3; ++degree) {
    SplatCloud cloud = RandomCloud(700, degree, 11 + static_cast<unsigned>(degree));
    cloud.log_scales[5] = {2, 1, 0};  // larger than the picture: cut to size
    cloud.opacity_logits[5] = -1;
    const SplatPlanes planes(cloud);
    const View view = MakeView(75, 50);
    Frame frame;
    frame.Forward(planes, view, degree, {0.3f, 0.5f, 0.7f});
    const auto expected =
        reference::Render(reference::Splats(planes), view, degree, {0.3, 0.5, 0.7});
    double worst = 0, sum = 0;
    for (int y = 0; y < 50; ++y) {
      for (int x = 0; x < 75; ++x) {
        for (int c = 0; c < 3; ++c) {
          const double error =
              std::abs(frame.colour().channel(c)[y * frame.colour().stride + x] -
                       expected[static_cast<size_t>(c)][static_cast<size_t>(y * 75 + x)]);
          worst = std::max(worst, error);
          sum += error;
        }
      }
    }
    // A pixel on a splat's edge may fall to either side of the cut: one alpha step at most.
    EXPECT_LT(worst, 1.5 / 255) << degree;
    EXPECT_LT(sum / (50 * 75 * 3), 2e-5) << degree;
  }
}

// Gradients of all parameters, for a loss that weighs every pixel and channel differently.
struct Analytic {
  std::vector<std::vector<double>> gradients;  // [plane][splat]
  CameraGradient camera;
};
Analytic AnalyticGradients(const SplatPlanes& planes, const View& view, int degree,
                           const std::array<std::vector<double>, 3>& weights) {
  Frame frame;
  frame.Forward(planes, view, degree, {0.3f, 0.5f, 0.7f});
  PixelPlanes d_colour(view.camera.width, view.camera.height);
  std::fill(d_colour.data.begin(), d_colour.data.end(), std::numeric_limits<float>::quiet_NaN());
  for (int c = 0; c < 3; ++c) {
    for (int y = 0; y < view.camera.height; ++y) {
      for (int x = 0; x < view.camera.width; ++x) {
        d_colour.channel(c)[y * d_colour.stride + x] = static_cast<float>(
            weights[static_cast<size_t>(c)][static_cast<size_t>(y * view.camera.width + x)]);
      }
    }
  }
  Analytic result;
  result.gradients.assign(static_cast<size_t>(planes.planes()),
                          std::vector<double>(planes.count(), 0.0));
  result.camera = frame.Backward(planes, d_colour, [&](const Frame::BlockGradients& block) {
    for (size_t lane = 0; lane < kBlockSplats; ++lane) {
      const size_t i = block.block * kBlockSplats + lane;
      if (i >= planes.count()) break;
      for (size_t p = 0; p < result.gradients.size(); ++p) {
        result.gradients[p][i] = static_cast<double>(block.gradients[p * kBlockSplats + lane]);
      }
    }
  });
  return result;
}

class Gradients : public testing::TestWithParam<int> {};

TEST_P(Gradients, MatchCentralDifferences) {
  const int degree = GetParam();
  SplatCloud cloud = RandomCloud(12, degree, 101 + static_cast<unsigned>(degree));
  cloud.opacity_logits[0] = 9;           // saturated: alpha at its cap
  for (int c = 0; c < 3; ++c) cloud.sh[cloud.sh_stride() + static_cast<size_t>(c)] = -2.5f;  // clipped
  cloud.log_scales[2].setConstant(-7);   // far smaller than a pixel
  cloud.log_scales[3] = {-0.5f, -6, -6};  // a needle
  cloud.means[4].z() = -3;               // behind the camera
  const SplatPlanes planes(cloud);
  const View view = MakeView(40, 36);
  std::mt19937 random(7);
  std::array<std::vector<double>, 3> weights;
  for (auto& plane : weights) {
    for (int i = 0; i < 40 * 36; ++i) {
      plane.push_back(static_cast<float>(std::normal_distribution<double>()(random)));
    }
  }
  const auto loss = [&](const reference::Splats& s) {
    const auto picture = reference::Render(s, view, degree, {0.3, 0.5, 0.7});
    double sum = 0;
    for (size_t c = 0; c < 3; ++c) {
      for (size_t i = 0; i < picture[c].size(); ++i) sum += weights[c][i] * picture[c][i];
    }
    return sum;
  };
  const Analytic analytic = AnalyticGradients(planes, view, degree, weights);
  reference::Splats splats(planes);
  for (int p = 0; p < planes.planes(); ++p) {
    double scale = 0;
    for (size_t i = 0; i < planes.count(); ++i) {
      scale = std::max(scale, std::abs(analytic.gradients[static_cast<size_t>(p)][i]));
    }
    for (size_t i = 0; i < planes.count(); ++i) {
      double& value = splats.values[static_cast<size_t>(p)][i];
      const double kept = value;
      // The cut at the least alpha makes the loss jump; of three step sizes at least one is free
      // of a jump.
      double nearest = std::numeric_limits<double>::infinity(), closest = 0;
      const double got = analytic.gradients[static_cast<size_t>(p)][i];
      for (const double h : {1e-4, 2e-6, 5e-8}) {
        value = kept + h;
        const double above = loss(splats);
        value = kept - h;
        const double below = loss(splats);
        value = kept;
        const double expected = (above - below) / (2 * h);
        if (std::abs(expected - got) < nearest) {
          nearest = std::abs(expected - got);
          closest = expected;
        }
      }
      EXPECT_NEAR(got, closest, 2e-3 * std::abs(closest) + 1e-3 * scale + 1e-5)
          << "plane " << p << " splat " << i;
    }
  }
}
TEST_P(Gradients, OfTheCameraMatchCentralDifferences) {
  const int degree = GetParam();
  const SplatPlanes planes(RandomCloud(12, degree, 31 + static_cast<unsigned>(degree)));
  const View view = MakeView(40, 36);
  std::mt19937 random(5);
  std::array<std::vector<double>, 3> weights;
  for (auto& plane : weights) {
    for (int i = 0; i < 40 * 36; ++i) plane.push_back(0.5 + 1e-4 * (random() % 10000));
  }
  const CameraGradient got = AnalyticGradients(planes, view, degree, weights).camera;
  const reference::Splats splats(planes);
  const auto loss = [&](const Eigen::Vector3d& turn, const Eigen::Vector3d& move) {
    View moved = view;
    const double angle = turn.norm();
    const Eigen::Quaterniond q(
        angle > 0 ? Eigen::AngleAxisd(angle, turn / angle)
                  : Eigen::AngleAxisd(0, Eigen::Vector3d::UnitX()));
    moved.cam_from_world = Rigid3{q, move} * view.cam_from_world;
    const auto picture = reference::Render(splats, moved, degree, {0.3, 0.5, 0.7});
    double sum = 0;
    for (size_t c = 0; c < 3; ++c) {
      for (size_t i = 0; i < picture[c].size(); ++i) sum += weights[c][i] * picture[c][i];
    }
    return sum;
  };
  for (int k = 0; k < 6; ++k) {
    double nearest = std::numeric_limits<double>::infinity(), closest = 0;
    const double value = k < 3 ? got.turn[k] : got.move[k - 3];
    for (const double h : {1e-4, 2e-6, 5e-8}) {
      Eigen::Vector3d turn = Eigen::Vector3d::Zero(), move = turn;
      (k < 3 ? turn[k] : move[k - 3]) = h;
      const double expected = (loss(turn, move) - loss(-turn, -move)) / (2 * h);
      if (std::abs(expected - value) < nearest) {
        nearest = std::abs(expected - value);
        closest = expected;
      }
    }
    EXPECT_NEAR(value, closest, 5e-3 * std::abs(closest) + 1e-2) << k;
  }
}
INSTANTIATE_TEST_SUITE_P(EveryDegree, Gradients, testing::Values(0, 1, 2, 3));

TEST(Frame, TheSameBitsForAnyNumberOfThreads) {
  const SplatPlanes planes(RandomCloud(5000, 2, 3));
  const View view = MakeView(130, 90);
  std::vector<float> colours, gradients;
  for (const int threads : {1, 2, 5}) {
    SetThreadCount(threads);
    Frame frame;
    frame.Forward(planes, view, 2, {0, 0, 0});
    PixelPlanes d(130, 90);
    for (size_t i = 0; i < d.data.size(); ++i) d.data[i] = std::sin(static_cast<float>(i));
    std::vector<float> all(static_cast<size_t>(planes.planes()) * planes.stride());
    frame.Backward(planes, d, [&](const Frame::BlockGradients& b) {
      for (int p = 0; p < planes.planes(); ++p) {
        std::copy_n(b.gradients + static_cast<size_t>(p) * kBlockSplats, kBlockSplats,
                    all.begin() + static_cast<ptrdiff_t>(static_cast<size_t>(p) * planes.stride() +
                                                         b.block * kBlockSplats));
      }
    });
    const std::vector<float> now(frame.colour().data.begin(), frame.colour().data.end());
    if (threads == 1) {
      colours = now;
      gradients = all;
    }
    EXPECT_EQ(now, colours) << threads;
    EXPECT_EQ(all, gradients) << threads;
  }
}

TEST(Frame, NothingInViewShowsTheBackground) {
  SplatCloud cloud = RandomCloud(100, 1, 5);
  for (auto& mean : cloud.means) mean.z() = -5;
  const Rendering r = Render(cloud, MakeView(33, 17), {0.25f, 0.5f, 0.75f});
  for (int c = 0; c < 3; ++c) EXPECT_EQ(r.colour.pixel(20, 9)[c], 0.25f * (c + 1));
  EXPECT_EQ(*r.alpha.pixel(3, 3), 0);
  const Rendering empty = Render(SplatCloud{}, MakeView(33, 17), {0.25f, 0.5f, 0.75f});
  EXPECT_EQ(empty.colour.data, r.colour.data);
}

TEST(Frame, TenThousandSplatsOnOnePixelAndBrokenNumbersAreSurvived) {
  SplatCloud cloud;
  cloud.Resize(10'000, 0);
  for (size_t i = 0; i < cloud.size(); ++i) {
    cloud.means[i] = {0, 0, 3};
    cloud.log_scales[i].setConstant(-5);
    cloud.opacity_logits[i] = -2;
  }
  cloud.means[0].x() = std::numeric_limits<float>::quiet_NaN();
  cloud.log_scales[1].setConstant(60);
  cloud.log_scales[2].setConstant(-90);
  cloud.rotations[3].setZero();
  const SplatPlanes planes(cloud);
  Frame frame;
  const View view = MakeView(40, 30);
  frame.Forward(planes, view, 0, {0, 0, 0});
  for (int y = 0; y < 30; ++y) {
    for (int x = 0; x < 40; ++x) {
      ASSERT_TRUE(std::isfinite(frame.colour().channel(0)[y * frame.colour().stride + x]));
    }
  }
  PixelPlanes d(40, 30);
  std::fill(d.data.begin(), d.data.end(), 1.0f);
  frame.Backward(planes, d, [&](const Frame::BlockGradients& b) {
    for (size_t i = 0; i < static_cast<size_t>(planes.planes()) * kBlockSplats; ++i) {
      ASSERT_TRUE(std::isfinite(b.gradients[i]));
    }
  });
}

TEST(BlockMask, HoldsEveryBlockThatHasAPixelInTheEllipse) {
  std::mt19937 random(9);
  std::uniform_real_distribution<float> uniform(-6, 22), shape(0.02f, 3.0f);
  int extra = 0, exact = 0;
  for (int trial = 0; trial < 2000; ++trial) {
    Projected s{};
    s.mean_px[0] = uniform(random);
    s.mean_px[1] = uniform(random);
    s.conic[0] = shape(random);
    s.conic[2] = shape(random);
    s.conic[1] = 0.9f * std::sqrt(s.conic[0] * s.conic[2]) * std::sin(uniform(random));
    s.max_q = shape(random) * 2.6f;
    const uint16_t mask = internal::BlockMask(s, 0, 0);
    for (int block = 0; block < 16; ++block) {
      bool reached = false;
      for (int i = 0; i < 16; ++i) {
        const float dx = static_cast<float>(block % 4 * 4 + i % 4) + 0.5f - s.mean_px[0];
        const float dy = static_cast<float>(block / 4 * 4 + i / 4) + 0.5f - s.mean_px[1];
        reached |= s.conic[0] * dx * dx + 2 * s.conic[1] * dx * dy + s.conic[2] * dy * dy <=
                   s.max_q * 0.9999f;
      }
      const bool set = (mask >> block & 1) != 0;
      EXPECT_TRUE(set || !reached) << trial << " " << block;
      exact += set;
      extra += set && !reached;
    }
  }
  EXPECT_LT(extra, exact / 4);  // it culls, too
}

}  // namespace
}  // namespace ajar::splat
