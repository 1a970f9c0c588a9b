// A photograph as a visitor gets it: whole, in no more pixels than a screen has, and where there
// are more, in pieces, of which a page fetches those that are looked at. docs/site-format.md says
// how.
#pragma once

#include "base/files.h"
#include "scene/raster.h"

namespace ajar::room {

constexpr int kWholePhotograph_px = 2048;  // its longer side, at most
constexpr int kPieceSide_px = 512;

struct PhotoInSite {
  int width = 0, height = 0;  // of all that there is of it, pixels
  int levels = 0;             // of pieces; 0: none are needed
};

// Writes `picture` (3 channels) to the WebP file `whole`, and pieces, where it needs any, below
// `pieces`: pixels alone, whatever else the photograph's file held.
PhotoInSite WritePhotograph(const Image8& picture, int quality, const Path& whole,
                            const Path& pieces);

}  // namespace ajar::room
