// The room's scale from printed markers that its photographs show.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/files.h"
#include "base/progress.h"
#include "photo/markers.h"
#include "scene/reconstruction.h"

namespace ajar::room {

struct MarkerScale {
  double metres_per_unit = 1;
  double deviation = 0;  // as a share of it
  size_t markers = 0;
};

// Markers that two photographs or more show from places apart, each corner where its rays meet; the
// mean of what their sides tell. `seen`: by image id, in pixels of the photograph (distorted).
// Nothing when there is none.
std::optional<MarkerScale> ScaleOfMarkers(
    const Reconstruction& reconstruction,
    const std::map<uint32_t, std::vector<photo::Marker>>& seen, double side_m);

// Looks for markers in every photograph of `folder` that was placed; those that are not there as
// files (frames of videos) are passed over.
std::map<uint32_t, std::vector<photo::Marker>> FindMarkersIn(const Reconstruction& reconstruction,
                                                             const Path& folder,
                                                             const Progress& progress);

}  // namespace ajar::room
