// Copies of originals, whole or not at all.
#pragma once

#include "base/files.h"

namespace ajar::room {

// Copies a file so that `to` is either not there or has exactly the bytes with this SHA-256;
// shares the blocks where the file system can. `to` must not exist; `staging` is a folder on the
// same file system. Errors: kDisk; kInput when the source cannot be read or changed meanwhile.
void CopyVerified(const Path& from, const Path& to, const std::string& sha256, const Path& staging);

}  // namespace ajar::room
