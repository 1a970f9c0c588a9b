// What a visitor sees of the splats.
#pragma once

#include "scene/reconstruction.h"
#include "scene/splat_cloud.h"

namespace ajar::room {

// The splats as opaque as photographs looked at them (space::HowSeen): what no photograph saw is
// not known, and training leaves shreds there. What cannot be seen any more is left out. Both in
// the reconstruction's frame.
SplatCloud WithCalmEdges(const SplatCloud& cloud, const Reconstruction& reconstruction);

}  // namespace ajar::room
