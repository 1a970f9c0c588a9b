#include "sfm/reconstruct.h"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <optional>
#include <set>
#include <sstream>

#include "base/error.h"
#include "bundle/colmap.h"
#include "sfm/internal/colmap.h"
#include "sfm/internal/prepare.h"
#include "sfm/internal/time_left.h"

namespace ajar::sfm {
namespace {

namespace fs = std::filesystem;
using internal::Colmap;

enum Phase : size_t { kPrepare, kFeatures, kMatching, kMapping };
// Of the files that mark what is done; kPrepare needs none, its pictures speak for themselves.
constexpr const char* kMarkNames[] = {"", "features", "matches", "models"};

double Now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

// Seconds that each phase takes for `n` photographs (matching is quadratic): measured on 35 and
// 50 photographs of rooms, on two cores.
std::vector<double> ExpectedSeconds(size_t n) {
  const double count = static_cast<double>(n);
  return {0.25 * count, 1.2 * count, 0.18 * count * count, 1.2 * count};
}

// Tells one fraction and one time left for all phases.
class Teller {
 public:
  Teller(size_t photographs, const Progress& progress)
      : time_left_(ExpectedSeconds(photographs)), progress_(progress) {}

  void Begin(Phase phase, std::string note) {
    note_ = std::move(note);
    time_left_.Begin(phase, Now());
    Report();
  }
  void Skip(Phase phase) {
    time_left_.Skip(phase);
    Report();
  }
  void Tell(double fraction) {
    time_left_.Reached(fraction, Now());
    Report();
  }

 private:
  void Report() const {
    progress_.Report({"placing the photographs", time_left_.Fraction(), time_left_.SecondsLeft(),
                      note_});
  }

  internal::TimeLeft time_left_;
  const Progress& progress_;
  std::string note_;
};

// What a finished phase leaves behind: the hash of what it worked on, how long it took, and what
// did the work.
struct DoneMark {
  double seconds = 0;
  std::string method;
};

std::optional<DoneMark> ReadMark(const Path& folder, const char* name, const std::string& hash) {
  const Path file = folder / (std::string(name) + ".done");
  if (!fs::exists(file)) return std::nullopt;
  std::istringstream lines(ReadTextFile(file));
  std::string of, seconds, method;
  std::getline(lines, of);
  std::getline(lines, seconds);
  std::getline(lines, method);
  if (of != hash) return std::nullopt;
  return DoneMark{std::strtod(seconds.c_str(), nullptr), method};
}

void WriteMark(const Path& folder, const char* name, const std::string& hash,
               const DoneMark& mark) {
  WriteFileAtomic(folder / (std::string(name) + ".done"),
                  hash + "\n" + std::to_string(mark.seconds) + "\n" + mark.method + "\n");
}

// Other photographs or options: nothing that is here can be used.
void StartAfresh(const Path& folder, const Colmap& colmap) {
  for (const char* name : kMarkNames) fs::remove(folder / (std::string(name) + ".done"));
  for (const char* name : {"pictures", "models", "models.new"}) fs::remove_all(folder / name);
  colmap.RemoveDatabase();
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
  std::set<std::string> listed;
  for (const auto& [id, image] : pieces.front().images) listed.insert(image.name);
  for (const photo::Photo& photo : photos.photos) {
    if (!listed.contains(photo.name)) report->not_placed.push_back(photo.name);
  }
  for (size_t k = 1; k < pieces.size(); ++k) {
    // Pieces may overlap: what is in the room, or in a larger piece, is not elsewhere.
    std::vector<std::string> names;
    for (const auto& [id, image] : pieces[k].images) {
      if (listed.insert(image.name).second) names.push_back(image.name);
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
  RecoverFolder(work_folder / "models");
  const Colmap colmap(work_folder, options.seed, progress);
  const std::string hash = internal::InputHash(photos, options);
  if (!ReadMark(work_folder, "input", hash)) {
    StartAfresh(work_folder, colmap);
    WriteMark(work_folder, "input", hash, {});
  }

  const size_t count = photos.photos.size();
  const int long_side_px = static_cast<int>(options.long_side_px);
  Result result;
  Report& report = result.report;
  Teller teller(count, progress);
  const auto tell = [&](double fraction) { teller.Tell(fraction); };
  const auto phase = [&](Phase which, const char* note, double* seconds, const auto& work) {
    if (const auto mark = ReadMark(work_folder, kMarkNames[which], hash)) {
      *seconds = mark->seconds;
      if (report.method.empty()) report.method = mark->method;
      teller.Skip(which);
      return;
    }
    teller.Begin(which, note);
    const double start = Now();
    work();
    *seconds = Now() - start;
    SyncTree(work_folder);  // COLMAP leaves that to the system; the mark must not come first
    WriteMark(work_folder, kMarkNames[which], hash, {*seconds, report.method});
  };
  if (!ReadMark(work_folder, kMarkNames[kMapping], hash)) {
    report.method = colmap.Method();  // first of all: is it there?
    teller.Begin(kPrepare, "opening " + std::to_string(count) + " photographs");
    internal::WritePrepared(photos, long_side_px, work_folder / "pictures", progress, tell);
  }
  phase(kFeatures, "looking for details", &report.features_s, [&] {
    colmap.ExtractFeatures(internal::GroupByCamera(photos, long_side_px), tell);
  });
  phase(kMatching, "comparing photographs", &report.matching_s, [&] { colmap.Match(count, tell); });
  phase(kMapping, "finding where each was taken", &report.mapping_s,
        [&] { colmap.Map(count, tell); });

  std::vector<Reconstruction> pieces = ReadPieces(work_folder / "models");
  if (pieces.empty()) {
    Fail(ErrorCode::kNotEnough, "None of the photographs could be placed.", {},
         "They may overlap too little, be blurred, or show mostly bare walls. Walk round the "
         "room and take a photograph every small step, each sharing two thirds with the last.");
  }
  for (Reconstruction& piece : pieces) piece = internal::ForOriginals(piece, photos);
  if (const auto violations = Violations(pieces.front(), 1); !violations.empty()) {
    Fail(ErrorCode::kTool, "COLMAP's result is not sound: " + violations.front(),
         (work_folder / "models").string());
  }
  FillReport(pieces, photos, &report);
  result.reconstruction = std::move(pieces.front());
  return result;
}

}  // namespace ajar::sfm
