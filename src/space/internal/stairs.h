// Where what stands on the floor is a stair. Level frame, axes along the walls.
#pragma once

#include <vector>

#include "space/internal/grid.h"
#include "space/plan.h"

namespace ajar::space {

// Level parts of the tops that begin at the floor and rise one beside the other, each by as much as
// a foot is lifted and about as wide as the last, become one piece with treads; at least three. It
// takes the place of what pieces lie mostly within it; the others stay as they are. `top_m`: of
// what stands in each cell, 0 where nothing does.
void JoinStairs(const Map<float>& top_m, std::vector<Furniture>* furniture);

}  // namespace ajar::space
