// The second step: where each photograph was taken from.
#pragma once

#include "photo/photo.h"
#include "room/build.h"
#include "room/internal/folder.h"
#include "room/internal/ledger.h"
#include "scene/reconstruction.h"

namespace ajar::room {

// Reconstructs, or takes the poses that were given; keeps the result in reconstruction/ in
// COLMAP's format. Errors: kNotEnough when fewer than half of the photographs could be placed.
Reconstruction PosePhotos(const BuildOptions& options, const photo::PhotoSet& photos,
                          const Folder& folder, Ledger* ledger, const Progress& progress);

// What the person should know of that besides which photographs were not placed: poses that do not
// fit their photographs, and photographs that belong together, but not to the room.
std::vector<std::string> NotesOnPoses(const Ledger& ledger);

// A model made elsewhere, from a folder with a COLMAP model or a transforms.json, or the path of
// one; as it stands, with its own names and sizes.
Reconstruction ReadPoses(const Path& path);

struct AdoptedPoses {
  Reconstruction reconstruction;         // images named as in the set, cameras of its sizes
  std::vector<std::string> wrong_shape;  // photographs whose sides have another ratio than the
                                         // camera that was given for them; left unplaced
};
// A model made elsewhere for our photographs: names matched (names.h), cameras and observations
// scaled to the photographs' real sizes, images that mean none of them left out.
AdoptedPoses AdoptPoses(const Reconstruction& given, const photo::PhotoSet& photos);

// Names of the photographs without a pose, in the set's order.
std::vector<std::string> NotPlaced(const Reconstruction& reconstruction,
                                   const std::vector<std::string>& photos);

// Raises kNotEnough below half; gives a sentence below four fifths.
std::optional<std::string> CheckEnoughPlaced(const std::vector<std::string>& photos,
                                             const std::vector<std::string>& not_placed);

}  // namespace ajar::room
