#include "sfm/internal/prepare.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "base/error.h"
#include "base/hash.h"
#include "base/parallel.h"
#include "bundle/picture.h"

namespace ajar::sfm::internal {

std::vector<CameraGroup> GroupByCamera(const photo::PhotoSet& set, int long_side_px) {
  std::map<std::string, CameraGroup> groups;
  for (size_t i = 0; i < set.photos.size(); ++i) {
    const photo::Photo& photo = set.photos[i];
    // Photographs turned upright by a quarter are another camera to the solver.
    const std::string key = photo.camera_key + "|" + std::to_string(photo.width) + "x" +
                            std::to_string(photo.height);
    CameraGroup& group = groups[key];
    if (group.photos.empty()) {
      const photo::Size size = photo::FitLongSide(photo.width, photo.height, long_side_px);
      group.width = size.width;
      group.height = size.height;
      if (photo.focal_px) group.focal_px = *photo.focal_px * size.width / photo.width;
    }
    group.photos.push_back(i);
  }
  std::vector<CameraGroup> result;
  for (auto& [key, group] : groups) result.push_back(std::move(group));
  std::sort(result.begin(), result.end(), [](const CameraGroup& a, const CameraGroup& b) {
    return a.photos.front() < b.photos.front();
  });
  return result;
}

std::string PreparedName(size_t photo) {
  char name[32];
  std::snprintf(name, sizeof(name), "%06zu.png", photo);
  return name;
}

size_t PhotoOfPreparedName(const std::string& name) {
  return static_cast<size_t>(std::strtoull(name.c_str(), nullptr, 10));
}

void WritePrepared(const photo::PhotoSet& set, int long_side_px, const Path& folder,
                   const Progress& progress, const std::function<void(double)>& report) {
  MakeFolder(folder);
  std::vector<size_t> missing;
  for (size_t i = 0; i < set.photos.size(); ++i) {
    if (!std::filesystem::exists(folder / PreparedName(i))) missing.push_back(i);
  }
  const size_t batch = static_cast<size_t>(ThreadCount());
  for (size_t begin = 0; begin < missing.size(); begin += batch) {
    progress.ThrowIfCancelled();
    const size_t end = std::min(begin + batch, missing.size());
    ParallelFor(end - begin, 1, [&](size_t k) {
      const size_t i = missing[begin + k];
      WriteFileAtomic(folder / PreparedName(i),
                      bundle::EncodePng(photo::Load(set.photos[i], long_side_px)));
    });
    report(static_cast<double>(set.photos.size() - missing.size() + end) /
           static_cast<double>(set.photos.size()));
  }
}

Reconstruction ForOriginals(const Reconstruction& prepared, const photo::PhotoSet& set) {
  Reconstruction result = prepared;
  std::map<uint32_t, const photo::Photo*> photo_of_camera;
  std::map<uint32_t, double> scale_of_image;
  for (auto& [id, image] : result.images) {
    const size_t index = PhotoOfPreparedName(image.name);
    if (index >= set.photos.size()) {
      Fail(ErrorCode::kTool, "COLMAP speaks of a picture it was not given.", image.name);
    }
    const photo::Photo& photo = set.photos[index];
    const Camera& camera = prepared.cameras.at(image.camera_id);
    const double sx = static_cast<double>(photo.width) / camera.width;
    const double sy = static_cast<double>(photo.height) / camera.height;
    photo_of_camera[image.camera_id] = &photo;
    scale_of_image[id] = 0.5 * (sx + sy);
    image.name = photo.name;
    for (Observation& o : image.observations) o.x_px = {o.x_px.x() * sx, o.x_px.y() * sy};
  }
  // A camera none of whose photographs was placed is of no use.
  std::erase_if(result.cameras, [&](const auto& c) { return !photo_of_camera.contains(c.first); });
  for (auto& [id, camera] : result.cameras) {
    const photo::Photo& photo = *photo_of_camera.at(id);
    camera = ResizedCamera(camera, photo.width, photo.height);
  }
  for (auto& [id, point] : result.points) {
    if (point.error_px < 0 || point.track.empty()) continue;
    double scale = 0;  // the error is a mean over the track
    for (const TrackElement& e : point.track) scale += scale_of_image.at(e.image_id);
    point.error_px *= scale / static_cast<double>(point.track.size());
  }
  return result;
}

std::string InputHash(const photo::PhotoSet& set, const Options& options) {
  Options copy = options;
  std::string text = Canonical(Fields(copy));
  for (const photo::Photo& photo : set.photos) {
    text += photo.name + "\n" + photo.sha256 + "\n" + photo.camera_key + "\n" +
            std::to_string(photo.focal_px.value_or(0)) + "\n";
  }
  return Sha256Hex(text);
}

}  // namespace ajar::sfm::internal
