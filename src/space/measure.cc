#include <algorithm>
#include <cmath>
#include <vector>

#include "space/internal/depth_view.h"
#include "space/space.h"

namespace ajar::space {
namespace {

using Eigen::Vector2d;
using Eigen::Vector3d;

constexpr int kWindow_px = 11;   // of the photograph at full size
constexpr double kPointing_px = 1.5;
constexpr double kLeastDepthShare = 0.002;  // no surface is known better than this share of its depth

}  // namespace

std::optional<SurfacePoint> FindSurfacePoint(const Reconstruction& reconstruction,
                                             uint32_t image_id, const Vector2d& x_px,
                                             const SplatCloud& cloud) {
  const PosedImage& image = reconstruction.images.at(image_id);
  const Camera& camera = reconstruction.cameras.at(image.camera_id);
  const bool inside = x_px.x() >= 0 && x_px.y() >= 0 && x_px.x() <= camera.width &&
                      x_px.y() <= camera.height;
  const auto ray = inside ? camera.CamFromImg(x_px) : std::nullopt;
  if (!ray || cloud.size() == 0) return std::nullopt;
  // A pinhole camera that sees nothing but the pixel's surroundings.
  Camera window;
  window.model = CameraModel::kPinhole;
  window.width = window.height = kWindow_px;
  window.params = {camera.fx(), camera.fy(), 0.5 * kWindow_px - ray->x() * camera.fx(),
                   0.5 * kWindow_px - ray->y() * camera.fy()};
  DepthDrawer drawer(cloud);
  const ImageF depth = drawer.Draw({window, image.cam_from_world});
  std::vector<double> depths;
  for (const float d : depth.data) {
    if (d > 0) depths.push_back(static_cast<double>(d));
  }
  // Half of the window: else there is a hole.
  if (2 * depths.size() < depth.data.size()) return std::nullopt;
  std::vector<double> near;  // around the pixel itself
  for (int y = kWindow_px / 2 - 1; y <= kWindow_px / 2 + 1; ++y) {
    for (int x = kWindow_px / 2 - 1; x <= kWindow_px / 2 + 1; ++x) {
      if (*depth.pixel(x, y) > 0) near.push_back(static_cast<double>(*depth.pixel(x, y)));
    }
  }
  const auto median = [](std::vector<double> v) {
    const auto nth = v.begin() + static_cast<std::ptrdiff_t>(v.size() / 2);
    std::nth_element(v.begin(), nth, v.end());
    return *nth;
  };
  const double d = median(near.empty() ? depths : near);
  std::vector<double> off;
  for (const double other : depths) off.push_back(std::abs(other - d));
  const double spread = 1.48 * median(off);
  const Vector3d along(ray->x(), ray->y(), 1);
  SurfacePoint point;
  point.x_in_world = Inverse(image.cam_from_world) * Vector3d(along * d);
  point.deviation_su = std::hypot(along.norm() * std::max(spread, kLeastDepthShare * d),
                                  kPointing_px * d / camera.fx());
  return point;
}

}  // namespace ajar::space
