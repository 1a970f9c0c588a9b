#include <algorithm>
#include <cmath>
#include <map>

#include "space/internal/depth_view.h"
#include "space/space.h"

namespace ajar::space {
namespace {

constexpr int kLongSide_px = 240, kMostViews = 160;
constexpr size_t kFewestInPhotograph = 10;
// What is seldom exact: how well one photograph tells, and how well many do at best.
constexpr double kOnePhotographDeviation = 0.02, kLeastDeviation = 0.003;
constexpr double kMostSpread = 0.1;  // of the photographs' scales: else these are other depths

double MedianOf(std::vector<double> values) {
  const auto nth = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), nth, values.end());
  return *nth;
}

}  // namespace

std::optional<ScaleFound> ScaleFromDepths(const Reconstruction& reconstruction,
                                          const SplatCloud& cloud,
                                          const std::vector<MeasuredDepth>& measured,
                                          const Progress& progress) {
  std::map<uint32_t, std::vector<const MeasuredDepth*>> of_image;
  for (const MeasuredDepth& m : measured) of_image[m.image_id].push_back(&m);
  Reconstruction with_depths;
  with_depths.cameras = reconstruction.cameras;
  for (const auto& [id, image] : reconstruction.images) {
    if (of_image.contains(id)) with_depths.images[id] = image;
  }
  if (with_depths.images.empty()) return std::nullopt;
  DepthDrawer drawer(cloud);
  std::vector<double> logs;
  for (const DepthView& view :
       DrawDepthViews(with_depths, &drawer, kLongSide_px, kMostViews, progress)) {
    const Camera& camera =
        reconstruction.cameras.at(reconstruction.images.at(view.image_id).camera_id);
    std::vector<double> own;
    for (const MeasuredDepth* m : of_image[view.image_id]) {
      const auto ray = camera.CamFromImg(m->x_px);
      const int pixel = ray ? view.PixelOf({ray->x(), ray->y(), 1}) : -1;
      if (pixel < 0) continue;
      const auto depth_su = static_cast<double>(view.depth.data[static_cast<size_t>(pixel)]);
      if (depth_su > 0 && m->depth_m > 0) own.push_back(std::log(m->depth_m / depth_su));
    }
    if (own.size() >= kFewestInPhotograph) logs.push_back(MedianOf(std::move(own)));
  }
  if (logs.empty()) return std::nullopt;
  const double middle = MedianOf(logs);
  if (logs.size() == 1) return ScaleFound{std::exp(middle), kOnePhotographDeviation, 1};
  std::vector<double> off;
  for (const double x : logs) off.push_back(std::abs(x - middle));
  const double spread = 1.48 * MedianOf(std::move(off));
  if (spread > kMostSpread) return std::nullopt;
  const double deviation = 1.25 * spread / std::sqrt(static_cast<double>(logs.size()));
  return ScaleFound{std::exp(middle), std::max(kLeastDeviation, deviation), logs.size()};
}

}  // namespace ajar::space
