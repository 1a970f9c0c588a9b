// Where the page's built files lie.
#pragma once

#include <string>

#include "base/files.h"

namespace ajar::room {

// Errors: kTool when `page`, index.html or edit.html, is not there.
Path ViewerFolder(const std::string& page = "index.html");

}  // namespace ajar::room
