// Printed square markers of a known size, for a room's scale: ArUco's original dictionary
// (Garrido-Jurado et al., "Automatic generation and detection of highly reliable fiducial markers
// under occlusion", 2014): 7 × 7 cells, a black border, and five rows of five that tell two bits each.
#pragma once

#include <Eigen/Core>
#include <array>
#include <string>
#include <vector>

#include "scene/raster.h"

namespace ajar::photo {

struct Marker {
  int id = 0;  // 0 to 1023
  // Outer corners of the black border, pixels: the marker's own upper left first, then clockwise
  // as it was printed.
  std::array<Eigen::Vector2d, 4> corners_px;
};

// Markers whose sides are at least some 20 pixels long, in 3 channels. By id, then place.
std::vector<Marker> FindMarkers(const Image8& picture);

// Whether a cell of the 7 × 7 is white.
bool IsWhite(int id, int row, int column);

// The first ids from 500 on that cannot be taken for another one however the marker is turned.
std::vector<int> UnmistakableIds(size_t count);

// A page to print: four markers whose black squares are `side_m` wide (two above 7.5 cm, one above
// 8.5 cm), a ruler to check the printer by, and what to do with it. A4; sizes from 2 to 15 cm fit.
std::string MarkerPageSvg(double side_m);

}  // namespace ajar::photo
