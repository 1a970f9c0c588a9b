// From a rough border to straight walls.
#pragma once

#include <vector>

#include "space/internal/contour.h"
#include "space/internal/surfels.h"

namespace ajar::space {

// The rough border's long sides are moved and turned onto the upright surfaces beside them, sides
// that have none stay where they are, and neighbours are made to meet. Walls within 2 degrees of
// the frame's axes follow them. `surfels` are in the level frame; `cell_m`: the border's steps.
Polygon StraightWalls(const Polygon& rough, const std::vector<Surfel>& surfels, double cell_m);

}  // namespace ajar::space
