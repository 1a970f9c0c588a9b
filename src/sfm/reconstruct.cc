#include "sfm/reconstruct.h"

#include <algorithm>
#include <chrono>
#include <set>

#include "base/error.h"
#include "base/log.h"
#include "base/parallel.h"
#include "base/subprocess.h"
#include "bundle/colmap.h"
#include "sfm/internal/colmap_output.h"
#include "sfm/internal/prepare.h"

namespace ajar::sfm {
namespace {

namespace fs = std::filesystem;
using internal::CameraGroup;

constexpr char kStage[] = "placing the photographs";
constexpr char kMethod[] = "COLMAP 3.8";

double Now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

// The phases, and what share of the whole each takes for `n` photographs (matching is
// quadratic); measured on 35 and 50 photographs of rooms.
struct Shares {
  double prepare, features, matching, mapping;
};
Shares SharesFor(size_t n) {
  const double count = static_cast<double>(n);
  const double prepare = 0.25 * count, features = 1.2 * count, matching = 0.18 * count * count,
               mapping = 1.2 * count;
  const double sum = prepare + features + matching + mapping;
  return {prepare / sum, features / sum, matching / sum, mapping / sum};
}

// Tells one fraction for all phases, and the time left from how fast the fraction has grown.
class Teller {
 public:
  explicit Teller(const Progress& progress) : progress_(progress), start_(Now()) {}

  void Begin(double share, std::string note) {
    done_ += share_;
    share_ = share;
    note_ = std::move(note);
    Tell(0);
  }
  void Skipped() {  // was there from an earlier run: it says nothing about speed
    skipped_ += share_;
    Tell(1);
  }
  void Tell(double fraction) {
    ProgressUpdate update;
    update.stage = kStage;
    update.fraction = std::clamp(done_ + share_ * fraction, 0.0, 1.0);
    update.note = note_;
    const double elapsed = Now() - start_, worked = update.fraction - skipped_;
    if (worked > 0.03 && elapsed > 3) {
      update.seconds_left = elapsed * (1 - update.fraction) / worked;
    }
    progress_.Report(update);
  }

 private:
  const Progress& progress_;
  double start_, done_ = 0, share_ = 0, skipped_ = 0;
  std::string note_;
};

class Colmap {
 public:
  Colmap(Path folder, const Progress& progress)
      : folder_(std::move(folder)), progress_(progress) {}

  Path log() const { return folder_ / "colmap.log"; }

  template <class OnLine>
  void Run(std::vector<std::string> arguments, const OnLine& on_line) const {
    SubprocessOptions options;
    const std::string verb = arguments.front();
    arguments.insert(arguments.begin(), "colmap");
    options.argv = std::move(arguments);
    options.env = {"QT_QPA_PLATFORM=offscreen", "LC_ALL=C"};
    options.log_file = log();
    options.niceness = 5;
    options.on_line = on_line;
    const SubprocessResult result = RunSubprocess(options, progress_);
    if (!result.ok()) {
      Fail(ErrorCode::kTool,
           "COLMAP's " + verb + " failed" +
               (result.signal ? " (it was ended by signal " + std::to_string(result.signal) + ")"
                              : " (exit code " + std::to_string(result.exit_code) + ")") + ".",
           log().string(), "Its log says more.");
    }
  }

 private:
  Path folder_;
  const Progress& progress_;
};

// A phase that was finished leaves a mark with the hash of what it worked on.
bool IsMarked(const Path& folder, const std::string& phase, const std::string& hash) {
  const Path mark = folder / (phase + ".done");
  return fs::exists(mark) && ReadTextFile(mark) == hash;
}
void Mark(const Path& folder, const std::string& phase, const std::string& hash) {
  WriteFileAtomic(folder / (phase + ".done"), hash);
}

std::string Threads() { return std::to_string(ThreadCount()); }

void ExtractFeatures(const Colmap& colmap, const std::vector<CameraGroup>& groups,
                     const Path& folder, Teller* teller) {
  fs::remove(folder / "database.db");
  size_t all = 0, before = 0;
  for (const CameraGroup& group : groups) all += group.photos.size();
  int number = 0;
  for (const CameraGroup& group : groups) {
    std::string list;
    for (const size_t photo : group.photos) list += internal::PreparedName(photo) + "\n";
    const Path list_file = folder / ("camera-" + std::to_string(++number) + ".txt");
    WriteFileAtomic(list_file, list);
    std::vector<std::string> arguments = {
        "feature_extractor", "--database_path", (folder / "database.db").string(),
        "--image_path", (folder / "pictures").string(), "--image_list_path", list_file.string(),
        "--ImageReader.single_camera", "1", "--ImageReader.camera_model", "SIMPLE_RADIAL",
        "--SiftExtraction.use_gpu", "0", "--SiftExtraction.num_threads", Threads()};
    if (group.focal_px) {
      arguments.push_back("--ImageReader.camera_params");
      arguments.push_back(std::to_string(*group.focal_px) + "," +
                          std::to_string(0.5 * group.width) + "," +
                          std::to_string(0.5 * group.height) + ",0");
    }
    internal::FeatureProgress phase;
    colmap.Run(arguments, [&](const std::string& line) {
      phase.Line(line);
      teller->Tell((static_cast<double>(before) +
                    phase.fraction() * static_cast<double>(group.photos.size())) /
                   static_cast<double>(all));
    });
    before += group.photos.size();
  }
}

void Match(const Colmap& colmap, const Path& folder, int64_t seed, Teller* teller) {
  internal::MatchProgress phase;
  // Small blocks, so that there is progress to tell.
  colmap.Run({"exhaustive_matcher", "--random_seed", std::to_string(seed), "--database_path",
              (folder / "database.db").string(), "--SiftMatching.use_gpu", "0",
              "--SiftMatching.num_threads", Threads(), "--ExhaustiveMatching.block_size", "10"},
             [&](const std::string& line) {
               phase.Line(line);
               teller->Tell(phase.fraction());
             });
}

void Map(const Colmap& colmap, const Path& folder, int64_t seed, size_t photographs,
         Teller* teller) {
  const Path models = folder / "models.new";
  fs::remove_all(models);
  MakeFolder(models);
  internal::MapProgress phase(static_cast<int>(photographs));
  colmap.Run({"mapper", "--random_seed", std::to_string(seed), "--database_path",
              (folder / "database.db").string(), "--image_path", (folder / "pictures").string(),
              "--output_path", models.string(), "--Mapper.num_threads", Threads()},
             [&](const std::string& line) {
               phase.Line(line);
               teller->Tell(phase.fraction());
             });
  CommitFolder(models, folder / "models");
}

// All pieces that COLMAP found, the one with most photographs first.
std::vector<Reconstruction> ReadPieces(const Path& models) {
  std::vector<Reconstruction> pieces;
  std::vector<Path> folders;
  if (fs::is_directory(models)) {
    for (const fs::directory_entry& entry : fs::directory_iterator(models)) {
      if (fs::exists(entry.path() / "images.bin")) folders.push_back(entry.path());
    }
  }
  std::sort(folders.begin(), folders.end());
  for (const Path& folder : folders) pieces.push_back(bundle::ReadColmap(folder));
  std::stable_sort(pieces.begin(), pieces.end(),
                   [](const Reconstruction& a, const Reconstruction& b) {
                     return a.images.size() > b.images.size();
                   });
  return pieces;
}

void FillReport(const std::vector<Reconstruction>& pieces, const photo::PhotoSet& photos,
                Report* report) {
  std::set<std::string> placed;
  for (const auto& [id, image] : pieces.front().images) placed.insert(image.name);
  for (const photo::Photo& photo : photos.photos) {
    if (!placed.contains(photo.name)) report->not_placed.push_back(photo.name);
  }
  for (size_t k = 1; k < pieces.size(); ++k) {
    std::vector<std::string> names;
    for (const auto& [id, image] : pieces[k].images) {
      // Pieces may overlap; what is in the room is not elsewhere.
      if (!placed.contains(image.name)) names.push_back(image.name);
    }
    std::sort(names.begin(), names.end());
    if (!names.empty()) report->other_pieces.push_back(std::move(names));
  }
  report->mean_error_px = MeanReprojectionErrorPx(pieces.front());
}

}  // namespace

std::vector<OptionField> Fields(Options& options) {
  return {{"pose-long-side", "Longer side of the pictures that are matched, in pixels",
           &options.long_side_px, 320, 6400},
          {"pose-seed", "Start of the random sequence of the matching", &options.seed, 0, 2e9}};
}

Result Reconstruct(const photo::PhotoSet& photos, const Options& options, const Path& work_folder,
                   const Progress& progress) {
  Options checked = options;
  Validate(Fields(checked));
  if (photos.photos.size() < 3) {
    Fail(ErrorCode::kNotEnough,
         "There are only " + std::to_string(photos.photos.size()) + " photographs.", {},
         "Take 30 or more, each overlapping the last by two thirds.");
  }
  MakeFolder(work_folder);
  const std::string hash = internal::InputHash(photos, options);
  if (!IsMarked(work_folder, "input", hash)) {
    // Other photographs or options: nothing that is here can be used.
    for (const char* name : {"pictures", "models", "models.new"}) {
      fs::remove_all(work_folder / name);
    }
    for (const char* name : {"features.done", "matches.done", "models.done", "database.db"}) {
      fs::remove(work_folder / name);
    }
    Mark(work_folder, "input", hash);
  }
  RecoverFolder(work_folder / "models");

  const Shares shares = SharesFor(photos.photos.size());
  const Colmap colmap(work_folder, progress);
  const std::vector<CameraGroup> groups =
      internal::GroupByCamera(photos, static_cast<int>(options.long_side_px));
  Result result;
  result.report.method = kMethod;
  Teller teller(progress);
  const auto phase = [&](double share, const char* note, const char* mark, double* seconds,
                         const auto& work) {
    progress.ThrowIfCancelled();
    teller.Begin(share, note);
    if (IsMarked(work_folder, mark, hash)) {
      teller.Skipped();
      return;
    }
    const double start = Now();
    work();
    if (seconds) *seconds = Now() - start;
    Mark(work_folder, mark, hash);
  };
  const std::string count = std::to_string(photos.photos.size());
  teller.Begin(shares.prepare, "opening " + count + " photographs");
  internal::WritePrepared(photos, static_cast<int>(options.long_side_px),
                          work_folder / "pictures", progress,
                          [&](double fraction) { teller.Tell(fraction); });
  phase(shares.features, "looking for details", "features", &result.report.features_s,
        [&] { ExtractFeatures(colmap, groups, work_folder, &teller); });
  phase(shares.matching, "comparing photographs", "matches", &result.report.matching_s,
        [&] { Match(colmap, work_folder, options.seed, &teller); });
  phase(shares.mapping, "finding where each was taken", "models", &result.report.mapping_s,
        [&] { Map(colmap, work_folder, options.seed, photos.photos.size(), &teller); });

  std::vector<Reconstruction> pieces = ReadPieces(work_folder / "models");
  if (pieces.empty()) {
    Fail(ErrorCode::kNotEnough, "None of the photographs could be placed.", {},
         "They may overlap too little, be blurred, or show mostly bare walls. Walk round the "
         "room and take a photograph every small step, each sharing two thirds with the last.");
  }
  for (Reconstruction& piece : pieces) piece = internal::ForOriginals(piece, photos);
  FillReport(pieces, photos, &result.report);
  result.reconstruction = std::move(pieces.front());
  return result;
}

}  // namespace ajar::sfm
