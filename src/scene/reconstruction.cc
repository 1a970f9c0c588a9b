#include "scene/reconstruction.h"

#include <algorithm>
#include <cmath>
#include <set>

namespace ajar {

std::vector<std::string> Violations(const Reconstruction& reconstruction, int max_violations) {
  std::vector<std::string> found;
  const auto add = [&](std::string text) {
    if (static_cast<int>(found.size()) < max_violations) found.push_back(std::move(text));
  };
  for (const auto& [id, camera] : reconstruction.cameras) {
    for (const std::string& violation : Violations(camera)) {
      add("camera " + std::to_string(id) + ": " + violation);
    }
  }
  std::set<std::string> names;
  for (const auto& [id, image] : reconstruction.images) {
    const std::string where = "image " + std::to_string(id) + " (" + image.name + ")";
    if (!names.insert(image.name).second) add(where + ": the name is used twice");
    if (!reconstruction.cameras.contains(image.camera_id)) {
      add(where + ": there is no camera " + std::to_string(image.camera_id));
    }
    if (!image.cam_from_world.translation.allFinite() ||
        !image.cam_from_world.rotation.coeffs().allFinite() ||
        std::abs(image.cam_from_world.rotation.norm() - 1) > 1e-3) {
      add(where + ": the pose is not a rigid motion");
    }
    for (const Observation& observation : image.observations) {
      if (observation.point_id != kNoPoint &&
          !reconstruction.points.contains(observation.point_id)) {
        add(where + ": there is no point " + std::to_string(observation.point_id));
        break;
      }
    }
  }
  for (const auto& [id, point] : reconstruction.points) {
    if (!point.x_in_world.allFinite()) add("point " + std::to_string(id) + ": not finite");
    for (const TrackElement& element : point.track) {
      const auto image = reconstruction.images.find(element.image_id);
      if (image == reconstruction.images.end() ||
          element.observation >= image->second.observations.size()) {
        add("point " + std::to_string(id) + ": its track names an observation that is not there");
        break;
      }
    }
  }
  return found;
}

Eigen::Vector3d MeanUpInWorld(const Reconstruction& reconstruction) {
  Eigen::Vector3d sum = Eigen::Vector3d::Zero();
  for (const auto& [id, image] : reconstruction.images) {
    sum += image.cam_from_world.rotation.conjugate() * Eigen::Vector3d(0, -1, 0);
  }
  const double norm = sum.norm();
  if (!(norm > 1e-6)) return {0, -1, 0};
  return sum / norm;
}

double CameraExtent(const Reconstruction& reconstruction) {
  Eigen::Vector3d low = Eigen::Vector3d::Constant(1e300), high = -low;
  for (const auto& [id, image] : reconstruction.images) {
    const Eigen::Vector3d centre = image.CentreInWorld();
    low = low.cwiseMin(centre);
    high = high.cwiseMax(centre);
  }
  if (reconstruction.images.empty()) return 1e-6;
  return std::max(1e-6, 0.5 * (high - low).norm());
}

double MeanReprojectionErrorPx(const Reconstruction& reconstruction) {
  double sum = 0, weight = 0;
  for (const auto& [id, point] : reconstruction.points) {
    if (point.error_px < 0) continue;
    const double length = std::max<double>(1, static_cast<double>(point.track.size()));
    sum += point.error_px * length;
    weight += length;
  }
  return weight > 0 ? sum / weight : -1;
}

}  // namespace ajar
