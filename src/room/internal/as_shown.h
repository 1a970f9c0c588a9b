// What a visitor sees of the splats.
#pragma once

#include "room/internal/json.h"
#include "scene/reconstruction.h"
#include "scene/splat_cloud.h"

namespace ajar::room {

// The splats in the room frame, as opaque as photographs looked at them (space::HowSeen): what no
// photograph saw is not known, and training leaves shreds there. What cannot be seen any more is
// left out; a plain ceiling goes on where nobody looked up (space::UnseenCeiling). `plan`: as
// place/plan.json has it, or null.
SplatCloud AsShown(const SplatCloud& cloud, const Reconstruction& reconstruction,
                   const Sim3& room_from_reconstruction, const Json& plan);

}  // namespace ajar::room
