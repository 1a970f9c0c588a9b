// Depth maps that came with the photographs: a few of their numbers are kept in the room, for its
// scale.
#pragma once

#include <vector>

#include "base/files.h"
#include "scene/reconstruction.h"
#include "space/space.h"

namespace ajar::room {

// Reads the depth maps in `maps` (NAME.png or STEM.png for a photograph, with its folder or, where
// no other photograph has that stem, without; grey, 16 bit, depth along the view axis in units of
// `unit_m`, 0 where unknown; of the photograph's shape, any size) and writes `file`. Errors: kInput where there is none for any photograph, or one that cannot be read
// or has another shape.
void KeepDepths(const Path& maps, double unit_m, const Reconstruction& reconstruction,
                const Path& file);

// What KeepDepths wrote, of the photographs that are posed; nothing where there is no file. Errors:
// kInput.
std::vector<space::MeasuredDepth> ReadDepths(const Path& file,
                                             const Reconstruction& reconstruction);

}  // namespace ajar::room
