#include <cstdlib>

#include "base/error.h"
#include "base/subprocess.h"
#include "room/verbs.h"

namespace ajar::room {
namespace {

namespace fs = std::filesystem;

Path SourceFolder() {
  const char* given = std::getenv("AJAR_SOURCE");
  return given && *given ? given : AJAR_SOURCE;
}

// Beside this program in the build folder, or in PATH.
std::string SyntheticRoomProgram() {
  const Path beside =
      ThisProgram().parent_path().parent_path() / "synthetic" / "ajar-synthetic-room";
  return fs::exists(beside) ? beside.string() : "ajar-synthetic-room";
}

}  // namespace

Example GetExample(const Path& made, const Progress& progress) {
  const Path bedroom = SourceFolder() / "examples" / "bedroom";
  if (fs::is_directory(bedroom / "photos")) return {bedroom / "photos", bedroom};
  if (fs::is_directory(made)) return {made, std::nullopt};
  progress.Report({"making pictures of a small room", 0, std::nullopt, {}});
  Path unfinished = made;
  unfinished += ".new";
  fs::remove_all(unfinished);
  SubprocessOptions maker;
  maker.argv = {SyntheticRoomProgram(), unfinished.string()};
  if (!RunSubprocess(maker, progress).ok()) {
    Fail(ErrorCode::kTool, "The pictures of the example room could not be made.", maker.argv[0]);
  }
  CommitFolder(unfinished, made);
  return {made, std::nullopt};
}

}  // namespace ajar::room
