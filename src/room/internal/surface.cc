#include "room/internal/surface.h"

#include <cstring>

#include "dense/dense.h"

namespace ajar::room {
namespace {

constexpr int kSurfaceVersion = 3;
constexpr size_t kPointBytes = 6 * sizeof(float) + 3;

// For this program alone, and only for as long as training lasts.
std::vector<uint8_t> Encode(const std::vector<dense::SurfacePoint>& points) {
  std::vector<uint8_t> bytes(points.size() * kPointBytes);
  uint8_t* to = bytes.data();
  for (const dense::SurfacePoint& p : points) {
    std::memcpy(to, p.x_in_world.data(), 3 * sizeof(float));
    std::memcpy(to + 3 * sizeof(float), p.normal_in_world.data(), 3 * sizeof(float));
    std::memcpy(to + 6 * sizeof(float), p.rgb.data(), 3);
    to += kPointBytes;
  }
  return bytes;
}

std::vector<dense::SurfacePoint> Decode(const std::vector<uint8_t>& bytes) {
  std::vector<dense::SurfacePoint> points(bytes.size() / kPointBytes);
  const uint8_t* from = bytes.data();
  for (dense::SurfacePoint& p : points) {
    std::memcpy(p.x_in_world.data(), from, 3 * sizeof(float));
    std::memcpy(p.normal_in_world.data(), from + 3 * sizeof(float), 3 * sizeof(float));
    std::memcpy(p.rgb.data(), from + 6 * sizeof(float), 3);
    from += kPointBytes;
  }
  return points;
}

}  // namespace

size_t AddSurface(const BuildOptions& options, const std::string& key, const Folder& folder,
                  Ledger* ledger, const Progress& progress, train::TrainInput* input) {
  if (options.surface_points == 0 || input->photos.size() < 2) return 0;
  dense::Options dense_options;
  dense_options.max_points = options.surface_points;
  const std::string stage_key =
      StageKey("surface", kSurfaceVersion, {key, Canonical(Fields(dense_options))});
  DoStage(folder, ledger, "surface", stage_key, folder.surface(), [&](const Path& staging) {
    std::vector<dense::View> views;
    for (const train::TrainPhoto& photo : input->photos) {
      views.push_back({&photo.picture, photo.camera, photo.cam_from_world});
    }
    const std::vector<dense::SurfacePoint> points = dense::FindSurface(
        views, input->points, input->scene_extent, dense_options, progress);
    WriteFileAtomic(staging / "points.bin", Encode(points));
    return Json{{"points", points.size()}};
  });
  const std::vector<dense::SurfacePoint> points = Decode(ReadFile(folder.surface() / "points.bin"));
  input->point_normals.assign(input->points.size(), Eigen::Vector3f::Zero());
  for (const dense::SurfacePoint& point : points) {
    input->points.push_back(point.x_in_world);
    input->point_colours.push_back(point.rgb);
    input->point_normals.push_back(point.normal_in_world);
  }
  return points.size();
}

}  // namespace ajar::room
