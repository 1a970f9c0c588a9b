#include "sfm/internal/colmap.h"

#include <signal.h>

#include "base/error.h"
#include "base/parallel.h"
#include "base/subprocess.h"
#include "sfm/internal/colmap_output.h"

namespace ajar::sfm::internal {
namespace {

namespace fs = std::filesystem;

// Small blocks, so that there is progress to tell.
constexpr int kMatchingBlock = 10;

std::string Threads() { return std::to_string(ThreadCount()); }

[[noreturn]] void FailAs(const SubprocessResult& result, const std::string& verb, const Path& log) {
  for (const std::string& line : result.last_lines) {
    if (SaysDiskFull(line)) {
      Fail(ErrorCode::kDisk, "The disk is full: the photographs could not be placed.",
           log.parent_path().string(), "Make room on the disk and run the same command again.");
    }
  }
  const std::string how =
      result.signal ? "it was ended by signal " + std::to_string(result.signal)
                    : "exit code " + std::to_string(result.exit_code);
  Fail(ErrorCode::kTool, "COLMAP's " + verb + " failed (" + how + ").", log.string(),
       result.signal == SIGKILL
           ? "The computer may have run out of memory. Close other programs and run the same "
             "command again; it goes on from there."
           : "Its log says more.");
}

}  // namespace

void Colmap::Run(std::vector<std::string> arguments, const OnLine& on_line) const {
  SubprocessOptions options;
  const std::string verb = arguments.front();
  arguments.insert(arguments.begin(), "colmap");
  options.argv = std::move(arguments);
  options.env = {"QT_QPA_PLATFORM=offscreen", "LC_ALL=C"};
  options.log_file = log();
  options.niceness = 5;
  bool nothing_fits = false;
  options.on_line = [&](const std::string& line) {
    nothing_fits = nothing_fits || SaysNothingFits(line);
    on_line(line);
  };
  const SubprocessResult result = RunSubprocess(options, progress_);
  if (result.ok() || (nothing_fits && result.signal == 0)) return;
  FailAs(result, verb, log());
}

std::string Colmap::Method() const {
  SubprocessOptions options;
  options.argv = {"colmap", "help"};
  options.env = {"QT_QPA_PLATFORM=offscreen", "LC_ALL=C"};
  std::string first_line;
  options.on_line = [&](const std::string& line) {
    if (first_line.empty()) first_line = line;
  };
  const SubprocessResult result = RunSubprocess(options, progress_);
  if (!result.ok()) {
    Fail(ErrorCode::kTool, "COLMAP is installed, but does not run: " + first_line, "colmap",
         "Install it anew: sudo apt-get install --reinstall colmap");
  }
  return MethodOf(first_line);
}

void Colmap::RemoveDatabase() const {
  for (const char* suffix : {"", "-wal", "-shm", "-journal"}) {
    Path file = database();
    file += suffix;
    fs::remove(file);
  }
}

void Colmap::ExtractFeatures(const std::vector<CameraGroup>& groups, const Tell& tell) const {
  RemoveDatabase();
  size_t all = 0, before = 0;
  for (const CameraGroup& group : groups) all += group.photos.size();
  int number = 0;
  for (const CameraGroup& group : groups) {
    std::string list;
    for (const size_t photo : group.photos) list += PreparedName(photo) + "\n";
    const Path list_file = folder_ / ("camera-" + std::to_string(++number) + ".txt");
    WriteFileAtomic(list_file, list);
    std::vector<std::string> arguments = {
        "feature_extractor", "--random_seed", seed_, "--database_path", database().string(),
        "--image_path", (folder_ / "pictures").string(), "--image_list_path", list_file.string(),
        "--ImageReader.single_camera", "1", "--ImageReader.camera_model", "SIMPLE_RADIAL",
        "--SiftExtraction.use_gpu", "0", "--SiftExtraction.num_threads", Threads()};
    if (group.focal_px) {  // COLMAP trusts a focal length that it is given
      arguments.push_back("--ImageReader.camera_params");
      arguments.push_back(std::to_string(*group.focal_px) + "," +
                          std::to_string(0.5 * group.width) + "," +
                          std::to_string(0.5 * group.height) + ",0");
    }
    FeatureProgress phase;
    Run(std::move(arguments), [&](const std::string& line) {
      phase.Line(line);
      tell((static_cast<double>(before) +
            phase.fraction() * static_cast<double>(group.photos.size())) /
           static_cast<double>(all));
    });
    before += group.photos.size();
  }
}

void Colmap::Match(size_t photographs, const Tell& tell) const {
  MatchProgress phase(static_cast<int>(photographs), kMatchingBlock);
  Run({"exhaustive_matcher", "--random_seed", seed_, "--database_path", database().string(),
       "--SiftMatching.use_gpu", "0", "--SiftMatching.num_threads", Threads(),
       "--ExhaustiveMatching.block_size", std::to_string(kMatchingBlock)},
      [&](const std::string& line) {
        phase.Line(line);
        tell(phase.fraction());
      });
}

void Colmap::Map(size_t photographs, const Tell& tell) const {
  const Path made = folder_ / "models.new";
  fs::remove_all(made);
  MakeFolder(made);
  MapProgress phase(static_cast<int>(photographs));
  Run({"mapper", "--random_seed", seed_, "--database_path", database().string(), "--image_path",
       (folder_ / "pictures").string(), "--output_path", made.string(), "--Mapper.num_threads",
       Threads()},
      [&](const std::string& line) {
        phase.Line(line);
        tell(phase.fraction());
      });
  CommitFolder(made, folder_ / "models");
}

}  // namespace ajar::sfm::internal
