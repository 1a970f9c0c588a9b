#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include "base/parallel.h"
#include "space/space.h"

namespace ajar::space {
namespace {

using Eigen::Vector3d;

// Photographs that suffice: so many of those that a splat in the middle has, as many as a well
// photographed room needs at most, and one that has it away from its border in any case.
constexpr double kSufficientShare = 0.1;
constexpr float kMostSufficient = 1.5f, kLeastSufficient = 0.5f;
constexpr float kNoneShare = 0.15f;  // of that: as good as none
constexpr double kBorderShare =
    0.25;                     // of a picture's shorter side: what lies there counts in part
constexpr float kNeedle = 2;  // times as long as broad
constexpr double kReach = 2;  // deviations from a needle's middle to what counts as its ends
constexpr size_t kSplatsAtOnce = 2048;

struct View {
  Camera camera;  // pinhole
  Rigid3 cam_from_world;
};

// From 0 at the picture's border and beyond to 1.
float SeenBy(const View& view, const Vector3d& x_in_world) {
  const Vector3d x = view.cam_from_world * x_in_world;
  if (!(x.z() > 1e-9)) return 0;
  const Camera& camera = view.camera;
  const double u = camera.fx() * x.x() / x.z() + camera.cx();
  const double v = camera.fy() * x.y() / x.z() + camera.cy();
  const double inside = std::min({u, v, camera.width - u, camera.height - v});
  const double border = kBorderShare * std::min(camera.width, camera.height);
  return static_cast<float>(std::clamp(inside / border, 0.0, 1.0));
}

float Count(const std::vector<View>& views, const Vector3d& x) {
  float count = 0;
  for (const View& view : views) count += SeenBy(view, x);
  return count;
}

std::vector<View> ViewsOf(const Reconstruction& reconstruction) {
  std::vector<View> views;
  for (const auto& [id, image] : reconstruction.images) {
    views.push_back(
        {UndistortedCamera(reconstruction.cameras.at(image.camera_id)), image.cam_from_world});
  }
  return views;
}

std::vector<float> Counts(const std::vector<View>& views, const SplatCloud& cloud) {
  std::vector<float> counts(cloud.size());
  ParallelFor(cloud.size(), kSplatsAtOnce,
              [&](size_t i) { counts[i] = Count(views, cloud.means[i].cast<double>()); });
  return counts;
}

float Sufficient(std::vector<float> counts) {
  if (counts.empty()) return kLeastSufficient;
  const auto middle = counts.begin() + static_cast<std::ptrdiff_t>(counts.size() / 2);
  std::nth_element(counts.begin(), middle, counts.end());
  return std::clamp(static_cast<float>(kSufficientShare * *middle), kLeastSufficient,
                    kMostSufficient);
}

float Share(float count, float sufficient) {
  const float t = std::clamp((count / sufficient - kNoneShare) / (1 - kNoneShare), 0.0f, 1.0f);
  return t * t * (3 - 2 * t);
}

}  // namespace

std::vector<float> HowSeen(const Reconstruction& reconstruction, const SplatCloud& cloud) {
  const std::vector<View> views = ViewsOf(reconstruction);
  const std::vector<float> counts = Counts(views, cloud);
  const float sufficient = Sufficient(counts);
  std::vector<float> seen(cloud.size());
  ParallelFor(cloud.size(), kSplatsAtOnce, [&](size_t i) {
    float least = counts[i];
    const Eigen::Vector4f& q = cloud.rotations[i];
    const Eigen::Matrix3f axes =
        Eigen::Quaternionf(q[0], q[1], q[2], q[3]).normalized().toRotationMatrix();
    std::array<int, 3> order{};
    std::iota(order.begin(), order.end(), 0);
    std::ranges::sort(
        order, [&](int a, int b) { return cloud.log_scales[i][a] > cloud.log_scales[i][b]; });
    const float length = cloud.log_scales[i][order[0]], breadth = cloud.log_scales[i][order[1]];
    if (length - breadth > std::log(kNeedle)) {
      const double reach_su = kReach * std::exp(static_cast<double>(length));
      const Vector3d middle = cloud.means[i].cast<double>();
      const Vector3d end = reach_su * axes.col(order[0]).cast<double>();
      least = std::min({least, Count(views, middle + end), Count(views, middle - end)});
    }
    seen[i] = Share(least, sufficient);
  });
  return seen;
}

std::vector<float> HowSeenAt(const Reconstruction& reconstruction, const SplatCloud& cloud,
                             const std::vector<Vector3d>& places) {
  const std::vector<View> views = ViewsOf(reconstruction);
  const float sufficient = Sufficient(Counts(views, cloud));
  std::vector<float> seen;
  for (const Vector3d& place : places) seen.push_back(Share(Count(views, place), sufficient));
  return seen;
}

}  // namespace ajar::space
