// Where a person can stand, and what stands there instead. Level frame.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "space/internal/contour.h"
#include "space/internal/grid.h"
#include "space/plan.h"

namespace ajar::space {

enum class Ground : uint8_t { kOutside = 0, kUnknown = 1, kFree = 2, kBlocked = 3 };

struct FloorMap {
  Map<Ground> ground;
  Map<float> top_m;  // of what is in the way; 0 where nothing is
  std::vector<Furniture> furniture;
};

// Free is a cell whose column is seen through near the floor and has nothing solid from the step
// up to a head's height. What is small and stands alone (a tripod, a chair) takes up the rectangle
// around it, since nobody steps between its legs; what is as high as a door (its leaf) does not. `cameras`: where photographs were taken; below
// one held standing the floor is free unless something is seen there.
// `floor_deviation_m`: how rough the floor was seen to be; what rises less than twice that is floor.
FloorMap MapFloor(const VoxelGrid& grid, const Polygon& outline, std::optional<double> ceiling_m,
                  double floor_deviation_m, const std::vector<Eigen::Vector3d>& cameras);

// The part of the free floor that a disc of `radius_m` covers on its way from `start`.
Mask ReachedFrom(const Map<Ground>& ground, const Eigen::Vector2d& start, double radius_m);

}  // namespace ajar::space
