// A splat cloud in parts, to be shown one after the other as they come over a slow line.
#pragma once

#include <cstddef>
#include <vector>

#include "scene/splat_cloud.h"

namespace ajar::bundle {

// The first part holds the `first` splats (or all, if there are hardly more) that show most of the
// room; the rest follows in parts of at most `further`, about equally large. Every splat is in one of
// them, in the order in which they were. Importance: opacity times the fourth root of the area
// (of the two longer axes), so that neither a few large splats nor all the small ones come first.
std::vector<SplatCloud> PartsByImportance(const SplatCloud& cloud, size_t first, size_t further);

}  // namespace ajar::bundle
