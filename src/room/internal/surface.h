// Surfaces that the photographs agree on, found once and kept in .work/ until training is done.
#pragma once

#include <string>

#include "room/build.h"
#include "room/internal/folder.h"
#include "room/internal/ledger.h"
#include "train/train.h"

namespace ajar::room {

// Adds surface points to what training starts from. `key` names everything that photographs and
// poses depend on. Returns how many.
size_t AddSurface(const BuildOptions& options, const std::string& key, const Folder& folder,
                  Ledger* ledger, const Progress& progress, train::TrainInput* input);

}  // namespace ajar::room
