// The first step: photographs found, looked at, and copied into the room.
#pragma once

#include "photo/photo.h"
#include "room/build.h"
#include "room/internal/folder.h"
#include "room/internal/ledger.h"

namespace ajar::room {

// Opens the photographs that were given and keeps the originals in photos/, byte for byte and
// under their names; what lies there already is never altered or removed. The set's paths lead
// to the copies. Errors: kInput when photos/ has another picture of the same name, or when the
// room lies inside a folder of photographs; as photo::Open; kDisk (new copies are taken back).
photo::PhotoSet GatherPhotos(const BuildOptions& options, const Folder& folder, Ledger* ledger,
                             const Progress& progress);

std::vector<std::string> NamesOf(const photo::PhotoSet& photos);

// A line for each photograph that says which one it is: name and content.
std::vector<std::string> Identity(const photo::PhotoSet& photos);

}  // namespace ajar::room
