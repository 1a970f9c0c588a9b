// The third step: photographs and poses to splats; and the views that were kept out of it.
#pragma once

#include <functional>
#include <set>
#include <string>

#include "photo/photo.h"
#include "room/build.h"
#include "room/internal/folder.h"
#include "room/internal/ledger.h"
#include "scene/reconstruction.h"
#include "train/train.h"

namespace ajar::room {

// A photograph as training and evaluation see it: undistorted, at training size.
train::TrainPhoto PrepareView(const photo::Photo& photo, const PosedImage& image,
                              const Camera& camera, int64_t long_side_px);
// The pinhole camera of PrepareView.
Camera ViewCamera(const Camera& camera, int64_t long_side_px);

// Whether the room has splats that were trained in these very poses.
bool HasSplatsOf(const Folder& folder, const Ledger& ledger);

// Whether the room's splats were trained with the same options; the number of threads aside.
bool WereTrainedWith(const BuildOptions& options, const Ledger& ledger);

// The photographs that were kept out when the room's splats were trained, and the size of pictures
// then.
std::set<std::string> HeldOutBefore(const Ledger& ledger, int64_t* long_side_px);

// Trains unless that was done; the splats lie in splats/room.ply, in the reconstruction's frame.
// `on_preview` gets them, in the same frame, as they are learned.
void TrainSplats(const BuildOptions& options, const photo::PhotoSet& photos,
                 const Reconstruction& reconstruction, const std::set<std::string>& held_out,
                 const Folder& folder, Ledger* ledger, const Progress& progress,
                 const std::function<void(const SplatCloud&)>& on_preview);

// Renders the held-out photographs that were placed and compares; evaluation/ is removed when
// none are held out.
void Evaluate(const BuildOptions& options, const photo::PhotoSet& photos,
              const Reconstruction& reconstruction, const std::set<std::string>& held_out,
              const Folder& folder, Ledger* ledger, const Progress& progress);

// The schedule in a report.json. Errors: kInput.
train::Schedule ReadSchedule(const Path& report);

}  // namespace ajar::room
