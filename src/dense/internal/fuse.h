// Depth maps to surface points: what several photographs agree on.
#pragma once

#include <span>
#include <vector>

#include "dense/dense.h"
#include "dense/internal/depth_map.h"

namespace ajar::dense::internal {

// What is known of a pixel's depth: nothing, that others agree, or what a plane says.
enum : uint8_t { kUnknown = 0, kAgreed = 1, kFilled = 2 };

// Per pixel of view `self`: kAgreed where at least `least` of `others` find the same surface.
std::vector<uint8_t> Agreed(const std::vector<Prepared>& views, const std::vector<DepthMap>& maps,
                            size_t self, std::span<const size_t> others, int least);

// Points of all known pixels that other photographs do not look through, one a cell of a grid as fine
// as `max_points` allows.
std::vector<SurfacePoint> Fuse(const std::vector<Prepared>& views,
                               const std::vector<DepthMap>& maps,
                               const std::vector<std::vector<uint8_t>>& known,
                               const std::vector<std::vector<size_t>>& neighbours,
                               size_t max_points);

}  // namespace ajar::dense::internal
