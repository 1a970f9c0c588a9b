#include "room/internal/viewer_folder.h"

#include <cstdlib>

#include "base/error.h"

namespace ajar::room {

Path ViewerFolder(const std::string& page) {
  const char* given = std::getenv("AJAR_VIEWER_DIST");
  const Path folder = given && *given ? given : AJAR_VIEWER_DIST;
  if (!std::filesystem::is_regular_file(folder / page)) {
    Fail(ErrorCode::kTool, "The files of the page are missing.", folder.string(),
         "Run ./ajar, which builds them.");
  }
  return folder;
}

}  // namespace ajar::room
