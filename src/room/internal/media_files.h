// Files below stories/ and photos/ by their names.
#pragma once

#include <string>

#include "base/files.h"

namespace ajar::room {

// With its dot, in small letters; empty when there is none.
std::string EndingOf(const Path& path);

// Whether `path` below `folder` is a file that really lies there (a link may lead elsewhere).
bool IsFileBelow(const Path& folder, const std::string& path);

}  // namespace ajar::room
