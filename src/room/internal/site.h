// The last step: what a visitor's browser loads.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "photo/photo.h"
#include "room/build.h"
#include "room/document.h"
#include "room/internal/folder.h"
#include "room/internal/ledger.h"
#include "room/internal/placement.h"
#include "room/internal/recordings.h"
#include "scene/reconstruction.h"
#include "scene/splat_cloud.h"

namespace ajar::room {

// Writes site/: the page, visit.json, the splats in the room frame, the plan and the collision mesh
// of place/, and of stories/ and photos/
// exactly what room.json names, without metadata. `text` is that of `document`, which may have been
// changed on the disk meanwhile. Gives a sentence for each thing whose place was
// not found. Errors: kInput when room.json names what is not there; kTool when the page's files
// are missing.
std::vector<std::string> MakeSite(const BuildOptions& options, const Document& document,
                                  const std::string& text, const Reconstruction& reconstruction, const Placement& placement,
                                  const Folder& folder, Ledger* ledger, const Progress& progress);

// Everything the page needs to know, as the page reads it; things have their places already.
// `heard`: what visitors get of each story's recording. `room_cloud` is in the room frame, `plan`
// is place/plan.json; `has_collision`: whether there is a mesh.
Json VisitJson(const Document& document, const Placement& placement, const SplatCloud& room_cloud,
               const std::vector<std::optional<Heard>>& heard, const Json& plan,
               bool has_collision);

}  // namespace ajar::room
