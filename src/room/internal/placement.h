// How the room lies in the reconstruction's frame, and where a visitor stands first: the
// keeper's word where room.json has it, otherwise an estimate that says it is one.
#pragma once

#include <string>
#include <vector>

#include "room/document.h"
#include "room/internal/json.h"
#include "scene/reconstruction.h"

namespace ajar::room {

inline constexpr double kAssumedEyeHeight_m = 1.5;

struct Placement {
  Sim3 room_from_reconstruction;
  Doorway doorway;            // room frame
  std::string doorway_photo;  // the photograph it was taken from; empty when the keeper set it
  double view_fov_deg = 60;   // of that photograph, from its top to its bottom
  bool scale_estimated = true, up_estimated = true, doorway_estimated = true;
  bool floor_seen = false;  // the estimated scale comes from a floor among the points
};

// Up: mean of the cameras' up. Floor: the lowest level at which points gather, if one stands
// out; the median camera is then 1.5 m above it. Without such a level half the diagonal of the
// cameras' box counts as 1.5 m, and the floor lies 1.5 m below the doorway. Doorway: of the
// cameras at the edge of the others that look inwards, the one that sees most points; its gaze
// levelled. At least one image; needs no points.
Placement EstimatePlacement(const Reconstruction& reconstruction);

// The estimate with the document's room_from_reconstruction and doorway in place of ours. A
// doorway at a photograph that was not placed stays an estimate; a sentence in `notes` says so.
Placement Place(const Reconstruction& reconstruction, const Document& document,
                std::vector<std::string>* notes);

// What reconstruction/placement.json holds.
Json ToJson(const Placement& placement);

}  // namespace ajar::room
