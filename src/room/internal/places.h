// Places that the document points out in photographs, found in the room that was made of them.
#pragma once

#include <string>
#include <vector>

#include "room/document.h"
#include "room/internal/placement.h"
#include "scene/reconstruction.h"
#include "scene/splat_cloud.h"

namespace ajar::room {

// The document with a position for every thing that is seen in a photograph: on the surface that
// the splats have at that pixel, in the room frame. `cloud` is in the reconstruction's frame.
// A thing whose photograph was not placed, or where nothing is seen, stays without a position, and
// a sentence that says so is appended to `notes`.
Document WithPlaces(Document document, const Reconstruction& reconstruction,
                    const SplatCloud& cloud, const Placement& placement,
                    std::vector<std::string>* notes);

}  // namespace ajar::room
