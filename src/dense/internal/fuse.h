// Depth maps to surface points: what several photographs agree on.
#pragma once

#include <span>
#include <vector>

#include "dense/dense.h"
#include "dense/internal/depth_map.h"

namespace ajar::dense::internal {

// Per pixel of view `self`: 1 where at least `least` of `others` find the same surface.
std::vector<uint8_t> Agreed(const std::vector<Prepared>& views, const std::vector<DepthMap>& maps,
                            size_t self, std::span<const size_t> others, int least);

// Points of all agreed pixels that no other photograph looks through, one a cell of a grid as fine
// as `max_points` allows.
std::vector<SurfacePoint> Fuse(const std::vector<Prepared>& views,
                               const std::vector<DepthMap>& maps,
                               const std::vector<std::vector<uint8_t>>& agreed,
                               const std::vector<std::vector<size_t>>& neighbours,
                               size_t max_points);

}  // namespace ajar::dense::internal
