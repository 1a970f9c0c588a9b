// What the keeper measured, brought to the reconstruction's frame.
#pragma once

#include <string>
#include <vector>

#include "base/files.h"
#include "base/progress.h"
#include "room/document.h"
#include "scene/reconstruction.h"
#include "scene/splat_cloud.h"
#include "space/space.h"

namespace ajar::room {

struct KnownPlace {
  space::Known known;
  std::string scale_from;      // empty where it must be estimated
  double scale_deviation = 0;  // as a share of the scale
};

// `photos`: the folder of the photographs, for markers in them and to measure lengths by; empty: no
// markers are looked for, and the splats alone tell lengths. `depths`: of depth maps that were given.
// A sentence for each thing that the document says and that cannot be followed is appended to
// `notes`; it begins with its place in room.json.
KnownPlace ResolveKnown(const Reconstruction& reconstruction, const SplatCloud& cloud,
                        const Document& document, const Path& photos,
                        std::vector<std::string>* notes, const Progress& progress,
                        const std::vector<space::MeasuredDepth>& depths = {});

// Where a pixel of a photograph meets the room, by the pictures where there are any. Otherwise
// `why` says what is wrong.
std::optional<space::SurfacePoint> FindPixel(const Reconstruction& reconstruction,
                                             const SplatCloud& cloud,
                                             const space::PictureOf& pictures,
                                             const std::string& photo, const Eigen::Vector2d& x_px,
                                             std::string* why);

}  // namespace ajar::room
