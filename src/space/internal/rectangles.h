// Shapes made of rectangles. Cells of a map, axes along its rows and columns.
#pragma once

#include <vector>

#include "space/internal/grid.h"

namespace ajar::space {

struct CellBox {
  int x0 = 0, z0 = 0, x1 = -1, z1 = -1;  // both ends are within
  int wide() const { return x1 - x0 + 1; }
  int deep() const { return z1 - z0 + 1; }
};

// At most `most` rectangles within `within`, one after the other each the one that gains most: a
// cell of the mask that none has yet counts for it, one outside of the mask against it. None that
// gains less than `least_cells` (Bentley, Programming pearls: algorithm design techniques, 1984).
std::vector<CellBox> CoverByRectangles(const Mask& mask, const CellBox& within, int most,
                                       int least_cells);

}  // namespace ajar::space
