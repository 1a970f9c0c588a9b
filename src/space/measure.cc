#include <algorithm>
#include <cmath>
#include <vector>

#include "space/internal/depth_view.h"
#include "space/space.h"

namespace ajar::space {
namespace {

using Eigen::Vector2d;
using Eigen::Vector3d;

constexpr int kWindow_px = 11;   // of the photograph itself, at full size
constexpr size_t kMostOthers = 16;
constexpr int kOtherWindow_px = 48;
// Of the depth: how far before and behind the first guess the surface may be for other photographs,
// and where one that disagrees by more counts no further.
constexpr double kReach = 0.03, kTruncation = 0.012;
constexpr int kSteps = 60;
constexpr double kSparseReach = 0.08;  // of the photograph's longer side
constexpr size_t kMostSparse = 15, kFewestSparse = 5;
constexpr double kPointing_px = 1.0;
constexpr double kLeastDeviation = 0.002;  // no surface is known better than this share of its depth

double MedianOf(std::vector<double> values) {
  const auto nth = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), nth, values.end());
  return *nth;
}

// A pinhole camera of the photograph's focal length that sees what is around one direction only.
Camera WindowAround(const Camera& camera, const Vector2d& direction, int size_px) {
  Camera window;
  window.model = CameraModel::kPinhole;
  window.width = window.height = size_px;
  window.params = {camera.fx(), camera.fy(), 0.5 * size_px - direction.x() * camera.fx(),
                   0.5 * size_px - direction.y() * camera.fy()};
  return window;
}

// Depth of what one photograph shows along a ray of its own; nothing where there is a hole.
std::optional<double> DepthAlong(const Camera& camera, const Rigid3& cam_from_world,
                                 const Vector2d& direction, DepthDrawer* drawer) {
  const ImageF depth =
      drawer->Draw({WindowAround(camera, direction, kWindow_px), cam_from_world});
  std::vector<double> all, near;
  for (int y = 0; y < kWindow_px; ++y) {
    for (int x = 0; x < kWindow_px; ++x) {
      const auto d = static_cast<double>(*depth.pixel(x, y));
      if (d <= 0) continue;
      all.push_back(d);
      if (std::abs(x - kWindow_px / 2) <= 1 && std::abs(y - kWindow_px / 2) <= 1) near.push_back(d);
    }
  }
  if (2 * all.size() < depth.data.size()) return std::nullopt;
  return MedianOf(near.empty() ? all : near);
}

// The ray that is pointed along, x(t) = eye + t along, and where other photographs say it ends.
struct Ray {
  Vector3d eye, along;
  Vector3d At(double t) const { return eye + t * along; }
};

// How far the surface is behind x(t) as one photograph sees it, cut off; for kSteps + 1 depths.
// Nothing where the photograph does not see the place.
std::optional<std::vector<double>> Gaps(const PosedImage& image, const Camera& camera,
                                        const Ray& ray, double depth, DepthDrawer* drawer) {
  const Vector3d middle = image.cam_from_world * ray.At(depth);
  const auto px = camera.ImgFromCam(middle);
  if (!px || px->x() < 0 || px->y() < 0 || px->x() > camera.width || px->y() > camera.height) {
    return std::nullopt;
  }
  DepthView view;
  view.camera = WindowAround(camera, middle.head<2>() / middle.z(), kOtherWindow_px);
  view.depth = drawer->Draw({view.camera, image.cam_from_world});
  std::vector<double> gaps;
  for (int i = 0; i <= kSteps; ++i) {
    const double t = depth * (1 + kReach * (2.0 * i / kSteps - 1));
    const Vector3d x = image.cam_from_world * ray.At(t);
    const int pixel = view.PixelOf(x);
    const double seen =
        pixel < 0 ? 0 : static_cast<double>(view.depth.data[static_cast<size_t>(pixel)]);
    const double cut = kTruncation * depth;
    gaps.push_back(seen > 0 ? std::clamp(seen - x.z(), -cut, cut) : 0);
  }
  // It must see before the surface and not see behind it, or something stands between.
  if (!(gaps.front() > 0) || !(gaps.back() < 0)) return std::nullopt;
  return gaps;
}

// Where the gaps change sign for good, in steps.
double Crossing(const std::vector<double>& gaps) {
  for (size_t i = gaps.size() - 1; i > 0; --i) {
    if (gaps[i - 1] > 0 && gaps[i] <= 0) {
      return static_cast<double>(i - 1) + gaps[i - 1] / (gaps[i - 1] - gaps[i]);
    }
  }
  return 0.5 * static_cast<double>(gaps.size() - 1);
}

// By how much the splats' depths are off about a pixel, as a share: the points that photographs have
// in common there are known better than splats are. Nothing where too few are near.
std::optional<double> OffBySparsePoints(const Reconstruction& reconstruction,
                                        const PosedImage& image, const Camera& camera,
                                        const Vector2d& x_px, DepthDrawer* drawer) {
  const double reach = kSparseReach * std::max(camera.width, camera.height);
  std::vector<std::pair<double, const Observation*>> near;
  for (const Observation& o : image.observations) {
    const auto point = reconstruction.points.find(o.point_id);
    if (point == reconstruction.points.end() || point->second.track.size() < 3) continue;
    const double distance = (o.x_px - x_px).norm();
    if (distance < reach) near.push_back({distance, &o});
  }
  std::ranges::sort(near, {}, [](const auto& n) { return std::pair(n.first, n.second->point_id); });
  near.resize(std::min(near.size(), kMostSparse));
  std::vector<double> ratios;
  for (const auto& [distance, o] : near) {
    const auto direction = camera.CamFromImg(o->x_px);
    const double z =
        (image.cam_from_world * reconstruction.points.at(o->point_id).x_in_world).z();
    const auto depth = direction ? DepthAlong(camera, image.cam_from_world, *direction, drawer)
                                 : std::nullopt;
    if (depth && std::abs(z / *depth - 1) < kReach) ratios.push_back(z / *depth);
  }
  if (ratios.size() < kFewestSparse) return std::nullopt;
  return MedianOf(ratios);
}

}  // namespace

std::optional<SurfacePoint> FindSurfacePoint(const Reconstruction& reconstruction,
                                             uint32_t image_id, const Vector2d& x_px,
                                             const SplatCloud& cloud) {
  const PosedImage& image = reconstruction.images.at(image_id);
  const Camera& camera = reconstruction.cameras.at(image.camera_id);
  const bool inside = x_px.x() >= 0 && x_px.y() >= 0 && x_px.x() <= camera.width &&
                      x_px.y() <= camera.height;
  const auto direction = inside ? camera.CamFromImg(x_px) : std::nullopt;
  if (!direction || cloud.size() == 0) return std::nullopt;
  DepthDrawer drawer(cloud);
  const auto first = DepthAlong(camera, image.cam_from_world, *direction, &drawer);
  if (!first) return std::nullopt;
  const Ray ray{image.CentreInWorld(), image.cam_from_world.rotation.conjugate() *
                                           Vector3d(direction->x(), direction->y(), 1)};

  // Each photograph's own depths are a little off, and not all in one way: the surface is where the
  // mean of what they say changes sign (Curless and Levoy 1996, along one ray).
  std::vector<double> sum(kSteps + 1, 0), crossings;
  const size_t stride = 1 + reconstruction.images.size() / (4 * kMostOthers);
  size_t index = 0;
  for (const auto& [id, other] : reconstruction.images) {
    if (id != image_id && index++ % stride != 0) continue;
    if (crossings.size() >= kMostOthers) break;
    const auto gaps = Gaps(other, reconstruction.cameras.at(other.camera_id), ray, *first, &drawer);
    if (!gaps) continue;
    for (size_t i = 0; i < gaps->size(); ++i) sum[i] += (*gaps)[i];
    crossings.push_back(Crossing(*gaps));
  }
  double depth = *first, spread = 0.01 * depth;
  if (crossings.size() >= 3) {
    const double step = 2 * kReach * depth / kSteps;
    const double middle = Crossing(sum);
    std::vector<double> off;
    for (const double c : crossings) off.push_back(std::abs(c - middle) * step);
    spread = 1.48 * MedianOf(off) / std::sqrt(static_cast<double>(crossings.size()));
    depth += (middle - 0.5 * kSteps) * step;
  }
  if (const auto off = OffBySparsePoints(reconstruction, image, camera, x_px, &drawer)) {
    depth = *first * *off;
    spread = 0.003 * depth;
  }
  SurfacePoint point;
  point.x_in_world = ray.At(depth);
  point.deviation_su = std::hypot(ray.along.norm() * std::max(spread, kLeastDeviation * depth),
                                  kPointing_px * depth / camera.fx());
  return point;
}

}  // namespace ajar::space
