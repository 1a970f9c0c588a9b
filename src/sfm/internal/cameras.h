// Which photographs share a lens, and what is known of it beforehand.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "photo/photo.h"

namespace ajar::sfm::internal {

struct CameraGroup {
  std::vector<uint32_t> photos;    // indices into the set, ascending
  std::optional<double> focal_px;  // prior, for pictures of this size; absent if not known
  int width = 0, height = 0;       // of the pictures that are looked at
};
// By camera key and size: photographs turned upright by a quarter are another camera. In the order
// of their first photographs.
std::vector<CameraGroup> GroupByCamera(const photo::PhotoSet& photos, int long_side_px);

}  // namespace ajar::sfm::internal
