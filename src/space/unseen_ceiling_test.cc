#include <gtest/gtest.h>

#include <cmath>

#include "scene/splat_convention.h"
#include "space/space.h"

namespace ajar::space {
namespace {

using Eigen::Vector2d;
using Eigen::Vector3d;
using Eigen::Vector3f;

constexpr double kHeight_m = 2.5;
const std::vector<Vector2d> kOutline{{-2, -1.5}, {2, -1.5}, {2, 1.5}, {-2, 1.5}};

// Level splats, grey at one end and white at the other, where `at` says so.
SplatCloud Ceiling(const std::function<bool(double x, double z)>& at, double height_m = kHeight_m) {
  SplatCloud cloud;
  cloud.sh_degree = 1;
  for (double x = -1.95; x < 2; x += 0.1) {
    for (double z = -1.45; z < 1.5; z += 0.1) {
      if (!at(x, z)) continue;
      const size_t i = cloud.size();
      cloud.Resize(i + 1, 1);
      cloud.means[i] = Vector3d(x, height_m, z).cast<float>();
      cloud.rotations[i] = {1, 0, 0, 0};
      cloud.log_scales[i] = Vector3f(0.08f, 0.005f, 0.08f).array().log();
      cloud.opacity_logits[i] = 3;
      for (size_t c = 0; c < 3; ++c) {
        cloud.sh[i * cloud.sh_stride() + c] = static_cast<float>(0.2 + 0.1 * x) / kShC0;
      }
    }
  }
  return cloud;
}

bool IsRing(double x, double z) { return std::abs(x) > 1 || std::abs(z) > 0.9; }

std::vector<float> SeenInTheRing(const std::vector<Vector3d>& places) {
  std::vector<float> seen;
  for (const Vector3d& x : places) seen.push_back(IsRing(x.x(), x.z()) ? 1.0f : 0.0f);
  return seen;
}

TEST(UnseenCeiling, GoesOnWhereNobodyLooked) {
  const SplatCloud made = UnseenCeiling(Ceiling(IsRing), kOutline, kHeight_m, SeenInTheRing);
  ASSERT_GT(made.size(), 400u);
  EXPECT_EQ(made.sh_degree, 0);
  EXPECT_TRUE(Violations(made).empty());
  for (size_t i = 0; i < made.size(); ++i) {
    const Vector3f& x = made.means[i];
    EXPECT_FALSE(IsRing(static_cast<double>(x.x()), static_cast<double>(x.z())));
    EXPECT_FLOAT_EQ(x.y(), static_cast<float>(kHeight_m));
    // The colours about it lead smoothly from one end to the other.
    EXPECT_NEAR(0.5f + kShC0 * made.sh[3 * i], 0.7f + 0.1f * x.x(), 0.02f);
  }
  // Together as good as opaque.
  double clear = 1;
  for (size_t i = 0; i < made.size(); ++i) {
    const Vector3f scale = made.log_scales[i].array().exp();
    const float q = std::pow((made.means[i].x() - 0.31f) / scale.x(), 2.0f) +
                    std::pow((made.means[i].z() - 0.17f) / scale.z(), 2.0f);
    if (q < kMaxQ) {
      clear *= 1 - static_cast<double>(std::exp(-q / 2) / (1 + std::exp(-made.opacity_logits[i])));
    }
  }
  EXPECT_LT(clear, 0.03);
}

TEST(UnseenCeiling, LeavesAloneWhatPhotographsLookedAt) {
  const auto all = [](const std::vector<Vector3d>& places) {
    return std::vector<float>(places.size(), 1);
  };
  EXPECT_EQ(UnseenCeiling(Ceiling(IsRing), kOutline, kHeight_m, all).size(), 0u);
}

TEST(UnseenCeiling, NeedsACeilingOfWhichEnoughIsSeen) {
  const auto at = [&](const SplatCloud& cloud, const std::vector<Vector2d>& outline,
                      std::optional<double> height_m) {
    return UnseenCeiling(cloud, outline, height_m, SeenInTheRing).size();
  };
  EXPECT_EQ(at(Ceiling(IsRing), kOutline, std::nullopt), 0u);
  EXPECT_EQ(at(Ceiling(IsRing), {}, kHeight_m), 0u);
  EXPECT_EQ(at({}, kOutline, kHeight_m), 0u);
  EXPECT_EQ(at(Ceiling(IsRing, kHeight_m - 0.4), kOutline, kHeight_m), 0u);
  const auto strip = [](double x, double) { return x > 1.6; };
  EXPECT_EQ(at(Ceiling(strip), kOutline, kHeight_m), 0u);
}

}  // namespace
}  // namespace ajar::space
