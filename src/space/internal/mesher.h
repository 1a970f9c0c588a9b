// From the floor map to triangles.
#pragma once

#include <optional>

#include "space/internal/floor_map.h"
#include "space/mesh.h"

namespace ajar::space {

// In the room frame, small enough for the page: where the map's cells would give too many
// rectangles it is made coarser, and a coarse cell is free only when all of it is.
CollisionMesh MakeMesh(const FloorMap& map, const Polygon& outline,
                       std::optional<double> ceiling_m, const Rigid3& room_from_level);

}  // namespace ajar::space
