// Between masks and polygons. Polygons go round so that their area is positive, x to z.
#pragma once

#include <Eigen/Core>
#include <vector>

#include "space/internal/grid.h"

namespace ajar::space {

using Polygon = std::vector<Eigen::Vector2d>;  // x, z; without its first corner again at the end

double SignedArea(const Polygon& polygon);
bool Contains(const Polygon& polygon, const Eigen::Vector2d& p);
double DistanceToSegment(const Eigen::Vector2d& p, const Eigen::Vector2d& a,
                         const Eigen::Vector2d& b);
double DistanceToBorder(const Polygon& polygon, const Eigen::Vector2d& p);

// Number of the connected part that a cell belongs to, from 1; 0 where the mask is not set.
// Neighbours share a side. `sizes[k]`: cells of part k; sizes[0] is 0.
Map<int> Parts(const Mask& mask, std::vector<int>* sizes);

// The outer border of one part, along the sides of its cells.
Polygon OuterBorder(const Map<int>& parts, int part);

// Corners that lie within `tolerance` of the line without them are left out (Douglas and Peucker
// 1973).
Polygon Simplified(const Polygon& polygon, double tolerance);

// The smallest convex polygon about the corners (Andrew 1979).
Polygon ConvexHull(Polygon points);

// Sides that run along x or z but for a slope of `slope` (a tangent below 1) are laid along it,
// each through its middle; two in one direction that meet are joined by a step. The others stay.
Polygon Squared(const Polygon& polygon, double slope);

// Distance from each cell's centre to the nearest set cell's centre, metres (Felzenszwalb and
// Huttenlocher 2012); large where none is set.
Map<float> DistanceTo(const Mask& mask);

}  // namespace ajar::space
