// What stands on the floor, piece by piece. Level frame, axes along the walls.
#pragma once

#include "space/internal/floor_map.h"

namespace ajar::space {

// Fills in `map->furniture` from what is in the way. A piece is what is level or nearly so; what it
// is, nobody knows, and a thing with parts of several heights is several. Its outline is drawn as
// at most a few rectangles along the walls where these are nearly it, else as it is. What is small
// and stands alone takes up the rectangle around it in `map->ground`, too.
void FindFurniture(const Polygon& outline, FloorMap* map);

}  // namespace ajar::space
