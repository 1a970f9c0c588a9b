// How the room lies in the reconstruction's frame, where a visitor stands first, where the floor
// and the walls are: the keeper's word where room.json has it, otherwise an estimate that says it
// is one.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/progress.h"
#include "room/document.h"
#include "room/internal/folder.h"
#include "room/internal/json.h"
#include "room/internal/ledger.h"
#include "scene/reconstruction.h"
#include "scene/splat_cloud.h"
#include "space/space.h"

namespace ajar::room {

struct Placement {
  Sim3 room_from_reconstruction;
  Doorway doorway;            // room frame
  std::string doorway_photo;  // the photograph it was taken from; empty when the keeper set it
  double view_fov_deg = 60;   // of that photograph, from its top to its bottom
  bool scale_estimated = true, up_estimated = true, doorway_estimated = true;
  bool floor_seen = false;
  // Where scale and up come from, in words: "lengths", "poses", "camera height", ...
  std::string scale_from, up_from;
  double scale_deviation = 0;  // standard deviation of the scale, as a share of it
};

// What a camera sees from top to bottom, within what a visitor's view may be: 30 to 90 degrees.
double VerticalFov_deg(const Camera& camera);

struct Place {
  Placement placement;
  space::Space space;
};

// `cloud` is empty until the room is trained, and then little is known. What the document says that
// cannot be followed (a photograph that was not placed, a pixel where the room has nothing) stays
// an estimate; a sentence in `notes` says so. `photos`: where photographs lie, for markers in them;
// may be empty. `depths`: of depth maps that were given. At least one image.
Place FindPlace(const Reconstruction& reconstruction, const SplatCloud& cloud,
                const Document& document, const Path& photos, std::vector<std::string>* notes,
                const Progress& progress, const std::vector<space::MeasuredDepth>& depths = {});

// What reconstruction/placement.json holds, and back. Errors: kInput.
Json ToJson(const Placement& placement);
Placement PlacementFromJson(const Json& json, const std::string& where);

// The plan in numbers, as place/plan.json has it.
Json ToJson(const space::Plan& plan);

// FindPlace with the room's splats as a stage of the ledger: place/ holds plan.svg, plan.json and
// collision.glb, and reconstruction/placement.json what is given back.
Placement PlaceRoom(const Reconstruction& reconstruction, const Document& document,
                    const Folder& folder, Ledger* ledger, std::vector<std::string>* notes,
                    const Progress& progress);

// Written apart from room.json, which is the keeper's alone.
void WritePlacement(const Folder& folder, const Placement& placement);

// As the room was last built, with what room.json says of the whole similarity since.
Placement CurrentPlacement(const Folder& folder, const Reconstruction& reconstruction);

}  // namespace ajar::room
