#include "dense/internal/depth_map.h"

#include <algorithm>
#include <cmath>

#include "dense/internal/kernels/aggregate.h"
#include "photo/photo.h"

namespace ajar::dense::internal {
namespace {

constexpr float kCostScale = 100;  // what a likeness of nothing at all costs

Eigen::Matrix3d Intrinsics(const Camera& camera) {
  Eigen::Matrix3d k = Eigen::Matrix3d::Identity();
  k(0, 0) = camera.fx();
  k(1, 1) = camera.fy();
  k(0, 2) = camera.cx();
  k(1, 2) = camera.cy();
  return k;
}

PlaneMap MapBetween(const Pose& first, const Pose& second) {
  const Rigid3 second_from_first = second.cam_from_world * Inverse(first.cam_from_world);
  const Eigen::Matrix3d k2 = Intrinsics(second.camera);
  const Eigen::Matrix3d a = k2 * second_from_first.rotation.toRotationMatrix() *
                            Intrinsics(first.camera).inverse();
  const Eigen::Vector3d b = k2 * second_from_first.translation;
  PlaneMap map{};
  for (int i = 0; i < 3; ++i) {
    for (int j = 0; j < 3; ++j) map.a[3 * i + j] = static_cast<float>(a(i, j));
    map.b[i] = static_cast<float>(b[i]);
  }
  return map;
}

}  // namespace

Prepared Prepare(const Image8& picture, const Pose& pose, int long_side_px) {
  Prepared p;
  const photo::Size size = photo::FitLongSide(picture.width, picture.height, long_side_px);
  p.picture = photo::Resized(picture, size.width, size.height);
  p.pose = {ResizedCamera(pose.camera, size.width, size.height), pose.cam_from_world};
  p.luma.resize(static_cast<size_t>(size.width) * static_cast<size_t>(size.height));
  for (size_t i = 0; i < p.luma.size(); ++i) {
    const uint8_t* rgb = p.picture.data.data() + 3 * i;
    p.luma[i] = static_cast<uint8_t>((77 * rgb[0] + 150 * rgb[1] + 29 * rgb[2] + 128) >> 8);
  }
  p.match = MakeMatchPicture(p.luma, size.width, size.height);
  return p;
}

int HypothesisCount(const Prepared& first, std::span<const Prepared* const> others,
                    const InverseRange& range) {
  constexpr int kFewest = 64, kMost = 192;
  double longest_px = 0;
  const Eigen::Vector3d centre = Inverse(first.pose.cam_from_world).translation;
  for (const Prepared* other : others) {
    const double baseline = (Inverse(other->pose.cam_from_world).translation - centre).norm();
    longest_px = std::max(longest_px, baseline * other->pose.camera.fx() * (range.near - range.far));
  }
  const int wanted = static_cast<int>(std::clamp(longest_px, 0.0, 1e6));
  constexpr int step = static_cast<int>(kHypothesisStep);
  return std::clamp((wanted + step - 1) / step * step, kFewest, kMost);
}

DepthMap FindDepth(const Prepared& first, std::span<const Prepared* const> others,
                   const InverseRange& range, int hypotheses) {
  const MatchPicture& picture = first.match;
  DepthMap map;
  map.width = picture.width;
  map.height = picture.height;
  map.step = static_cast<float>((range.near - range.far) / (hypotheses - 1));
  if (others.empty() || std::min(map.width, map.height) <= 2 * kWindowRadius) return map;
  const size_t width = static_cast<size_t>(map.width), height = static_cast<size_t>(map.height);
  const size_t pixels = width * height, count = static_cast<size_t>(hypotheses);

  std::vector<PlaneMap> maps;
  for (const Prepared* other : others) maps.push_back(MapBetween(first.pose, other->pose));
  std::vector<std::vector<float>> costs(others.size(),
                                        std::vector<float>(picture.stride * height));
  std::vector<const float*> planes;
  for (const std::vector<float>& plane : costs) planes.push_back(plane.data());
  std::vector<uint8_t> combined(picture.stride * height), volume(pixels * count);
  std::vector<float> scratch;
  for (size_t h = 0; h < count; ++h) {
    const float w = static_cast<float>(range.far) + map.step * static_cast<float>(h);
    for (size_t k = 0; k < others.size(); ++k) {
      MatchPlane(picture, others[k]->match, maps[k], w, &scratch, costs[k].data());
    }
    CombineCosts(planes.data(), planes.size(), combined.size(), kCostScale, combined.data());
    for (size_t y = 0; y < height; ++y) {
      std::copy_n(combined.data() + y * picture.stride, width,
                  volume.data() + h * pixels + y * width);
    }
  }
  std::vector<uint8_t> by_pixel(pixels * count);
  Transpose(volume.data(), count, pixels, by_pixel.data());
  volume = {};
  std::vector<uint16_t> sums;
  map.inverse_depth.resize(pixels);
  Aggregate(by_pixel.data(), first.luma.data(), map.width, map.height, hypotheses, Smoothness{},
            &sums, map.inverse_depth.data());
  for (float& value : map.inverse_depth) {
    value = static_cast<float>(range.far) + map.step * value;
  }
  return map;
}

}  // namespace ajar::dense::internal
