#include "room/build.h"

#include <optional>
#include <set>

#include "base/error.h"
#include "room/internal/depths.h"
#include "room/internal/growing.h"
#include "room/internal/history.h"
#include "room/internal/names.h"
#include "room/internal/photos.h"
#include "room/internal/placement.h"
#include "room/internal/poses.h"
#include "room/internal/report.h"
#include "room/internal/room_text.h"
#include "room/internal/site.h"
#include "room/internal/splats.h"

namespace ajar::room {
namespace {

constexpr size_t kFewPhotos = 10;

// One seed and one set of limits for every stage; all violations are told before any work.
BuildOptions Settled(BuildOptions options) {
  Validate(Fields(options));
  options.sfm.seed = options.train.seed = options.sog.seed = options.seed;
  Validate(Fields(options.photo));
  Validate(Fields(options.sfm));
  Validate(Fields(options.train));
  Validate(Fields(options.sog));
  return options;
}

void ReadTheDocument(const BuildOptions& options, const Folder& folder, Document* document,
                     std::string* text, BuildSummary* summary) {
  const auto read = [&] {
    *text = folder.DocumentText();
    *document = ParseDocument(*text, folder.document().string());
  };
  folder.WriteDocumentIfMissing(options.words);
  read();
  if (Document changed = *document; AddMeasured(options.measured, &changed)) {
    const auto add = [&](Document* d) { AddMeasured(options.measured, d); };
    History(folder).Change("ajar build", add);
    read();
  }
  WriteRoomText(folder, *text);
  for (const std::string& path : document->unknown_keys) {
    summary->notes.push_back(
        "room.json has a key that this version does not know and leaves as "
        "it is: " +
        path + ".");
  }
}

std::set<std::string> HeldOut(const BuildOptions& options, const std::vector<std::string>& names) {
  std::set<std::string> held_out;
  for (const size_t i : SelectHoldOut(options.hold_out, names)) held_out.insert(names[i]);
  return held_out;
}

// A room that is empty at first and cannot be begun leaves nothing behind.
class NewRoom {
 public:
  NewRoom(const Folder& folder, const Progress& progress)
      : folder_(folder), progress_(progress), is_new_(folder.was_empty()) {}
  void Begun() { is_new_ = false; }
  ~NewRoom() {
    // A person who stops it goes on later.
    if (is_new_ && !progress_.cancelled()) folder_.Remove();
  }
  NewRoom(const NewRoom&) = delete;
  NewRoom& operator=(const NewRoom&) = delete;

 private:
  const Folder& folder_;
  const Progress& progress_;
  bool is_new_;
};

// Finding surfaces, which comes before training; comparing and packing, which come after it.
constexpr double kSurface_s = 20, kAfterTraining_s = 10;

double SecondsAfterPosing(const BuildOptions& options) {
  const bool by_the_clock = options.train.iterations == 0 && !options.schedule;
  if (options.until == Until::kPoses || !by_the_clock) return 0;
  return (options.surface_points > 0 ? kSurface_s : 0) + options.train.time_s + kAfterTraining_s;
}

void TellOfFewPhotos(size_t count, BuildSummary* summary) {
  if (count >= kFewPhotos) return;
  summary->notes.push_back("There " + std::string(count == 1 ? "is" : "are") + " only " +
                           std::to_string(count) + " photograph" + (count == 1 ? "" : "s") +
                           ". A whole room needs 30 or more.");
}

size_t SplatCount(const Ledger& ledger) {
  const StageRecord* record = ledger.Find("splats");
  return record ? record->report.value("splats", size_t{0}) : 0;
}

}  // namespace

std::vector<OptionField> Fields(BuildOptions& options) {
  return {
      {"long-side", "Longer side of the pictures that training sees, in pixels",
       &options.long_side_px, 64, 8192},
      {"surface-points", "Points of surfaces to find before training, to start from; 0: none",
       &options.surface_points, 0, 2e6},
      {"splats", "How many splats the room may have", &options.train.splats, 100, 10e6},
      {"sh-degree", "How much colours may change with the direction of view, 0 to 3",
       &options.train.sh_degree, 0, kMaxShDegree},
      {"iterations", "Train for exactly so many steps instead of by the clock; 0: by the clock",
       &options.train.iterations, 0, 10e6},
      {"seed", "Start of everything random: the same seed and schedule give the same bits",
       &options.seed, 0, 9e15},
  };
}

BuildSummary Build(const BuildOptions& given, const Progress& progress) {
  BuildOptions options = Settled(given);
  if (options.poses) ReadPoses(*options.poses);
  if (options.schedule) ReadSchedule(*options.schedule);
  const Folder folder = Folder::OpenForWriting(options.room);
  NewRoom room(folder, progress);
  Ledger ledger(folder);
  BuildSummary summary;
  Document document;
  std::string text;
  ReadTheDocument(options, folder, &document, &text, &summary);

  const photo::PhotoSet photos = GatherPhotos(options, folder, &ledger, progress);
  const std::vector<std::string> names = NamesOf(photos);
  std::set<std::string> held_out = HeldOut(options, names);
  room.Begun();
  summary.photos = photos.photos.size();
  summary.left_out = photos.left_out.size();
  for (const photo::LeftOut& entry : photos.left_out) {
    summary.notes.push_back("Left out " + entry.name + ": " + entry.reason);
  }
  TellOfFewPhotos(summary.photos, &summary);

  const Reconstruction reconstruction =
      PosePhotos(options, photos, folder, &ledger, progress.WithLater(SecondsAfterPosing(options)));
  summary.placed = reconstruction.images.size();
  if (options.depth) {
    KeepDepths(*options.depth, options.depth_unit_m, reconstruction, folder.depths());
  }
  if (const auto warning = CheckEnoughPlaced(names, NotPlaced(reconstruction, names))) {
    summary.notes.push_back(*warning);
  }
  for (std::string& note : NotesOnPoses(ledger)) summary.notes.push_back(std::move(note));
  if (!HasSplatsOf(folder, ledger)) {
    // What poses alone tell; nobody needs to hear what cannot be followed before there is a room.
    std::vector<std::string> later;
    WritePlacement(folder, FindPlace(reconstruction, {}, document, {}, &later, progress).placement);
  }

  std::optional<Growing> growing;  // until there is a page of the whole room
  if (options.until != Until::kPoses) {
    if (options.keep_splats && HasSplatsOf(folder, ledger)) {
      if (!options.inputs.empty() && !WereTrainedWith(options, ledger)) {
        summary.notes.push_back(
            "The room keeps what was learned with other options; say --time, or whatever else is "
            "wanted, to learn it anew.");
      }
      held_out = HeldOutBefore(ledger, &options.long_side_px);
    } else {
      growing.emplace(folder, document, CurrentPlacement(folder, reconstruction));
      TrainSplats(options, photos, reconstruction, held_out, folder, &ledger,
                  progress.WithLater(kAfterTraining_s),
                  [&](const SplatCloud& cloud) { growing->Show(cloud); });
    }
    Evaluate(options, photos, reconstruction, held_out, folder, &ledger, progress);
    summary.splats = SplatCount(ledger);
    summary.held_out = MeanFigures(ledger);
  }
  if (options.until == Until::kSite) {
    const Placement placement =
        PlaceRoom(reconstruction, document, folder, &ledger, &summary.notes, progress);
    for (std::string& note :
         MakeSite(options, document, text, reconstruction, placement, folder, &ledger, progress)) {
      summary.notes.push_back(std::move(note));
    }
  }
  WriteReport(options, folder, ledger);
  return summary;
}

}  // namespace ajar::room
