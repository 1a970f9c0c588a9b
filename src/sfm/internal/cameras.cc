#include "sfm/internal/cameras.h"

#include <algorithm>
#include <map>
#include <string>
#include <tuple>

namespace ajar::sfm::internal {

std::vector<CameraGroup> GroupByCamera(const photo::PhotoSet& set, int long_side_px) {
  std::map<std::tuple<std::string, int, int>, CameraGroup> groups;
  for (size_t i = 0; i < set.photos.size(); ++i) {
    const photo::Photo& photo = set.photos[i];
    CameraGroup& group = groups[{photo.camera_key, photo.width, photo.height}];
    if (group.photos.empty()) {
      const photo::Size size = photo::FitLongSide(photo.width, photo.height, long_side_px);
      group.width = size.width;
      group.height = size.height;
      if (photo.focal_px) group.focal_px = *photo.focal_px * size.width / photo.width;
    }
    group.photos.push_back(static_cast<uint32_t>(i));
  }
  std::vector<CameraGroup> result;
  for (auto& [key, group] : groups) result.push_back(std::move(group));
  std::sort(result.begin(), result.end(), [](const CameraGroup& a, const CameraGroup& b) {
    return a.photos.front() < b.photos.front();
  });
  return result;
}

}  // namespace ajar::sfm::internal
