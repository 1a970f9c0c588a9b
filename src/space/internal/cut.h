// Parts a map in two with the cheapest border between them (minimum cut, Boykov and Jolly 2001;
// found by Dinic's algorithm).
#pragma once

#include "space/internal/grid.h"

namespace ajar::space {

// `pull[cell]`: what it costs to leave the cell outside (positive) or to take it in (negative).
// `border[cell]`: what a metre of border costs in it; between two cells the cheaper one's counts.
// Lengths are measured with eight neighbours (Boykov and Kolmogorov 2003). Gives 1 inside.
Mask CheapestBorder(const Map<float>& pull, const Map<float>& border);

}  // namespace ajar::space
