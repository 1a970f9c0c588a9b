#include "room/internal/marker_scale.h"

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "photo/photo.h"

namespace ajar::room {
namespace {

using Eigen::Vector3d;

constexpr double kLeastSpread = 0.003;   // of the rays' directions: from one place they meet anywhere
constexpr double kMostOff_px = 4;        // a corner's median distance from where it was seen
constexpr double kLeastDeviation = 0.003;
constexpr double kOneMarkerDeviation = 0.01;

struct Sight {
  const PosedImage* image;
  const Camera* camera;
  Eigen::Vector2d x_px;
};

// Where rays meet best: least squares of the distances to them.
std::optional<Vector3d> Meet(const std::vector<Sight>& sights) {
  Eigen::Matrix3d a = Eigen::Matrix3d::Zero();
  Vector3d b = Vector3d::Zero();
  for (const Sight& s : sights) {
    const auto ray = s.camera->CamFromImg(s.x_px);
    if (!ray) return std::nullopt;
    const Vector3d d =
        (s.image->cam_from_world.rotation.conjugate() * Vector3d(ray->x(), ray->y(), 1)).normalized();
    const Eigen::Matrix3d across = Eigen::Matrix3d::Identity() - d * d.transpose();
    a += across;
    b += across * s.image->CentreInWorld();
  }
  const Eigen::SelfAdjointEigenSolver<Eigen::Matrix3d> solver(a);
  if (solver.eigenvalues()[0] < kLeastSpread * static_cast<double>(sights.size())) return std::nullopt;
  const Vector3d x = a.ldlt().solve(b);
  std::vector<double> off;
  for (const Sight& s : sights) {
    const auto px = s.camera->ImgFromCam(s.image->cam_from_world * x);
    off.push_back(px ? (*px - s.x_px).norm() : 1e9);
  }
  const auto middle = off.begin() + static_cast<std::ptrdiff_t>(off.size() / 2);
  std::nth_element(off.begin(), middle, off.end());
  return *middle <= kMostOff_px ? std::optional(x) : std::nullopt;
}

}  // namespace

std::optional<MarkerScale> ScaleOfMarkers(
    const Reconstruction& reconstruction,
    const std::map<uint32_t, std::vector<photo::Marker>>& seen, double side_m) {
  std::map<int, std::array<std::vector<Sight>, 4>> sights;
  for (const auto& [image_id, markers] : seen) {
    const PosedImage& image = reconstruction.images.at(image_id);
    const Camera& camera = reconstruction.cameras.at(image.camera_id);
    for (const photo::Marker& marker : markers) {
      for (size_t k = 0; k < 4; ++k) {
        sights[marker.id][k].push_back({&image, &camera, marker.corners_px[k]});
      }
    }
  }
  std::vector<double> logs;
  for (const auto& [id, corners] : sights) {
    if (corners[0].size() < 2) continue;
    std::array<std::optional<Vector3d>, 4> places;
    for (size_t k = 0; k < 4; ++k) places[k] = Meet(corners[k]);
    if (!std::ranges::all_of(places, [](const auto& p) { return p.has_value(); })) continue;
    double least = 1e300, most = 0, sum = 0;
    for (size_t k = 0; k < 4; ++k) {
      const double side = (*places[(k + 1) % 4] - *places[k]).norm();
      least = std::min(least, side), most = std::max(most, side), sum += side / 4;
    }
    // What is no square is no marker, or was not triangulated.
    if (sum > 0 && most < 1.1 * least) logs.push_back(std::log(side_m / sum));
  }
  if (logs.empty()) return std::nullopt;
  double mean = 0, spread = 0;
  for (const double x : logs) mean += x / static_cast<double>(logs.size());
  for (const double x : logs) spread += (x - mean) * (x - mean);
  const auto n = static_cast<double>(logs.size());
  const double deviation = logs.size() > 1 ? std::sqrt(spread / (n - 1) / n) : kOneMarkerDeviation;
  return MarkerScale{std::exp(mean), std::max(kLeastDeviation, deviation), logs.size()};
}

std::map<uint32_t, std::vector<photo::Marker>> FindMarkersIn(const Reconstruction& reconstruction,
                                                             const Path& folder,
                                                             const Progress& progress) {
  std::map<uint32_t, std::vector<photo::Marker>> seen;
  size_t done = 0;
  for (const auto& [id, image] : reconstruction.images) {
    progress.ThrowIfCancelled();
    progress.Report({"looking for markers",
                     static_cast<double>(done++) / static_cast<double>(reconstruction.images.size()),
                     std::nullopt, image.name});
    const Path path = folder / image.name;
    if (!std::filesystem::is_regular_file(path)) continue;
    const Image8 picture = photo::Load(path);
    const Camera& camera = reconstruction.cameras.at(image.camera_id);
    if (picture.width != camera.width || picture.height != camera.height) continue;
    std::vector<photo::Marker> markers = photo::FindMarkers(picture);
    if (!markers.empty()) seen[id] = std::move(markers);
  }
  return seen;
}

}  // namespace ajar::room
