// Plain surfaces of which only the rim is known: a ceiling that is too plain to be compared ends
// where the walls do.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "dense/dense.h"
#include "dense/internal/depth_map.h"
#include "dense/internal/planes.h"

namespace ajar::dense::internal {

// Where a plane ends in a photograph, at an edge behind which a plain part begins whose depth
// nobody knows.
struct Rim {
  Eigen::Vector3d x_in_world;  // on the edge
  Eigen::Vector3d normal;      // of the plane that ends, unit length
  size_t beyond;               // a pixel of the plain part
};
// `known`: one of fuse.h's for each pixel.
std::vector<Rim> FindRims(const Prepared& view, const std::vector<Plane>& planes, double tolerance,
                          const std::vector<uint8_t>& known, const DepthMap& map);

// A plane that has all cameras and nearly all points on one side. Its normal points to the other.
using Bound = Plane;

// Those of `planes` that are bounds.
std::vector<Bound> BoundsAmong(const std::vector<Plane>& planes,
                               const std::vector<SurfacePoint>& points,
                               std::span<const Eigen::Vector3d> cameras, double tolerance);

// Bounds in which rims of several views lie (`rims[i]`: view i's), parallel to one of `planes` or
// square to two; most rims first. Rims count only where the plane that ends stands across, points
// only where such rims lie about them.
std::vector<Bound> BoundsThroughRims(const std::vector<std::vector<Rim>>& rims,
                                     const std::vector<Plane>& planes,
                                     const std::vector<SurfacePoint>& points,
                                     std::span<const Eigen::Vector3d> cameras, double tolerance);

// Gives the plain part behind rims that lie in one of `through` its depth, as far as no other
// bound is nearer. Returns which pixels were given one; the map's depths change there.
std::vector<uint8_t> FillBehindRims(const Prepared& view, const std::vector<Rim>& rims,
                                    const std::vector<Bound>& through,
                                    const std::vector<Bound>& others, double tolerance,
                                    const std::vector<uint8_t>& known, DepthMap* map);

}  // namespace ajar::dense::internal
