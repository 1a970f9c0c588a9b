#include "space/internal/surfels.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <optional>

#include "base/parallel.h"

namespace ajar::space {
namespace {

using Eigen::Vector3d;

constexpr int kStep_px = 2;
// Where depth bends by more than this share between neighbours there is an edge, not a surface.
constexpr double kBend = 0.02;
// More slanting looks (cosine) tell little of where a surface is.
constexpr double kLeastFacing = 0.15;
// A cell whose normals point all ways has no surface of its own.
constexpr double kLeastAgreement = 0.6;

struct Sample {
  std::array<int32_t, 3> cell;
  uint32_t view;
  Vector3d x, normal;
};

std::optional<Sample> SampleAt(const DepthView& view, const Rigid3& world_from_cam, int x, int y) {
  const auto depth = [&](int i, int j) { return static_cast<double>(*view.depth.pixel(i, j)); };
  const double d = depth(x, y);
  const double l = depth(x - kStep_px, y), r = depth(x + kStep_px, y);
  const double t = depth(x, y - kStep_px), b = depth(x, y + kStep_px);
  if (d <= 0 || l <= 0 || r <= 0 || t <= 0 || b <= 0) return std::nullopt;
  // On a plane inverse depths are linear in pixels.
  if (std::abs(0.5 * (1 / l + 1 / r) - 1 / d) > kBend / d ||
      std::abs(0.5 * (1 / t + 1 / b) - 1 / d) > kBend / d) {
    return std::nullopt;
  }
  const Vector3d across = view.Ray(x + kStep_px, y) * r - view.Ray(x - kStep_px, y) * l;
  const Vector3d down = view.Ray(x, y + kStep_px) * b - view.Ray(x, y - kStep_px) * t;
  Vector3d normal = down.cross(across);
  const double length = normal.norm();
  if (length < 1e-30) return std::nullopt;
  normal /= length;
  const Vector3d ray = view.Ray(x, y);
  const double facing = -normal.dot(ray) / ray.norm();
  if (std::abs(facing) < kLeastFacing) return std::nullopt;
  if (facing < 0) normal = -normal;
  Sample sample;
  sample.x = world_from_cam * (ray * d);
  sample.normal = world_from_cam.rotation * normal;
  return sample;
}

}  // namespace

std::vector<Surfel> FindSurfels(const std::vector<DepthView>& views, double cell_su) {
  std::vector<std::vector<Sample>> of_view(views.size());
  ParallelFor(views.size(), 1, [&](size_t v) {
    const DepthView& view = views[v];
    const Rigid3 world_from_cam = Inverse(view.cam_from_world);
    for (int y = kStep_px; y < view.depth.height - kStep_px; y += kStep_px) {
      for (int x = kStep_px; x < view.depth.width - kStep_px; x += kStep_px) {
        auto sample = SampleAt(view, world_from_cam, x, y);
        if (!sample) continue;
        for (size_t k = 0; k < 3; ++k) {
          sample->cell[k] = static_cast<int32_t>(std::floor(
              std::clamp(sample->x[static_cast<int>(k)] / cell_su, -1e9, 1e9)));
        }
        sample->view = static_cast<uint32_t>(v);
        of_view[v].push_back(*sample);
      }
    }
  });
  std::vector<Sample> samples;
  for (std::vector<Sample>& part : of_view) {
    samples.insert(samples.end(), part.begin(), part.end());
    part = {};
  }
  std::ranges::stable_sort(samples, {}, &Sample::cell);
  const uint32_t fewest = views.size() > 1 ? 2 : 1;
  std::vector<Surfel> surfels;
  for (size_t begin = 0, end = 0; begin < samples.size(); begin = end) {
    Vector3d x = Vector3d::Zero(), normal = Vector3d::Zero();
    uint32_t seen_by = 0;
    for (; end < samples.size() && samples[end].cell == samples[begin].cell; ++end) {
      x += samples[end].x;
      normal += samples[end].normal;
      if (end == begin || samples[end].view != samples[end - 1].view) ++seen_by;
    }
    const auto count = static_cast<double>(end - begin);
    if (seen_by < fewest || normal.norm() < kLeastAgreement * count) continue;
    surfels.push_back({x / count, normal.normalized()});
  }
  return surfels;
}

double MedianDepth(const std::vector<DepthView>& views) {
  std::vector<float> depths;
  for (const DepthView& view : views) {
    for (size_t i = 0; i < view.depth.data.size(); i += 7) {
      if (view.depth.data[i] > 0) depths.push_back(view.depth.data[i]);
    }
  }
  if (depths.empty()) return 0;
  const auto middle = depths.begin() + static_cast<std::ptrdiff_t>(depths.size() / 2);
  std::nth_element(depths.begin(), middle, depths.end());
  return static_cast<double>(*middle);
}

}  // namespace ajar::space
