#include <cstdlib>

#include "base/error.h"
#include "room/verbs.h"

namespace ajar::room {
namespace {

Path SourceFolder() {
  const char* given = std::getenv("AJAR_SOURCE");
  return given && *given ? given : AJAR_SOURCE;
}

}  // namespace

Example GetExample() {
  const Path bedroom = SourceFolder() / "examples" / "bedroom";
  if (!std::filesystem::is_directory(bedroom / "photos")) {
    Fail(ErrorCode::kTool, "The example room's photographs are missing.", bedroom.string(),
         "They are part of Ajar's source; fetch it anew.");
  }
  return {bedroom / "photos", bedroom};
}

}  // namespace ajar::room
