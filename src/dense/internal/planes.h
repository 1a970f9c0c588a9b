// Plain walls: what is too plain to compare lies on the plane on which its edges lie.
#pragma once

#include <cstdint>
#include <vector>

#include "dense/dense.h"
#include "dense/internal/depth_map.h"

namespace ajar::dense::internal {

struct Plane {
  Eigen::Vector3d normal;  // unit length
  double offset;           // normal . x = offset on it
};

// Planes that hold many of the points, largest first: sequential RANSAC (Fischler & Bolles 1981)
// with each point's own normal. `tolerance`: distance within which a point is on a plane. The same
// points give the same planes.
std::vector<Plane> FindPlanes(const std::vector<SurfacePoint>& points, double tolerance);

// Gives pixels that are not `agreed` and lie in a plain part of the picture the depth of a plane,
// where the nearest agreed pixels in most of eight directions are on that plane. Returns which
// pixels were given one; the map's depths change there.
std::vector<uint8_t> FillPlain(const Prepared& view, const std::vector<Plane>& planes,
                               double tolerance, const std::vector<uint8_t>& agreed, DepthMap* map);

}  // namespace ajar::dense::internal
