// Where the room ends: its ceiling, its walls and the gaps in them. Level frame.
#pragma once

#include <optional>
#include <vector>

#include "space/internal/contour.h"
#include "space/internal/grid.h"
#include "space/internal/surfels.h"
#include "space/plan.h"

namespace ajar::space {

struct FloorMap;

// The highest level above the cameras at which much faces down; nothing when there is none. `surfels`
// are in the level frame, `eye_m` is the median height of the cameras.
std::optional<double> CeilingHeight(const std::vector<Surfel>& surfels, double eye_m);

// The room's outline; empty when the cameras are nowhere in the grid.
//
// What is seen through glass, in a mirror or through a door lies behind a column that is wall at
// its top: windows, doors and mirrors seldom reach the ceiling. So only what the cameras reach
// along level lines that cross no such column counts for the room, and the border is where walls
// are, or across the narrowest gap between them.
Polygon FindOutline(const VoxelGrid& grid, const std::vector<Surfel>& surfels,
                    const std::vector<Eigen::Vector2d>& cameras, std::optional<double> ceiling_m);

// Gaps in the outline through which the photographs look on. What is not looked through, a frame or
// a pane that mirrors, is not part of them: they may be larger.
std::vector<Opening> FindOpenings(const VoxelGrid& grid, const Polygon& outline,
                                  std::optional<double> ceiling_m);

// Whether something stands right before most of a door. Nobody goes through there: more likely it is a
// mirror on that thing's front, or a hole in its splats, and what is behind was not seen.
bool IsBlocked(const Opening& door, const FloorMap& map);

}  // namespace ajar::space
