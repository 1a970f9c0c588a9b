#include "room/internal/photos.h"

#include <algorithm>
#include <set>

#include "base/error.h"
#include "base/hash.h"
#include "room/internal/copy.h"

namespace ajar::room {
namespace {

namespace fs = std::filesystem;

constexpr int kPhotosVersion = 1;

// A room below its own photographs would be taken for photographs at the next build.
void CheckInputs(const std::vector<Path>& inputs, const Folder& folder) {
  for (const Path& input : inputs) {
    if (!fs::exists(input)) {
      Fail(ErrorCode::kInput, "There is no such file or folder.", input.string());
    }
    if (fs::is_directory(input) && IsWithin(folder.path(), input)) {
      Fail(ErrorCode::kInput, "The room cannot lie in the folder of its photographs.",
           folder.path().string(), "Give -o a folder beside it.");
    }
    if (IsWithin(input, folder.path()) && !IsWithin(input, folder.photos())) {
      Fail(ErrorCode::kInput, "This is a part of the room, not a photograph of it.",
           input.string());
    }
  }
}

struct Original {
  std::string name;
  Path path;
  std::string sha256;
};

std::vector<Original> Originals(const photo::PhotoSet& photos) {
  std::vector<Original> originals;
  std::set<std::string> videos;
  for (const photo::Photo& photo : photos.photos) {
    if (!photo.video) {
      originals.push_back({photo.name, photo.path, photo.sha256});
    } else if (videos.insert(*photo.video).second) {
      originals.push_back({*photo.video, photo.video_path, Sha256HexOfFile(photo.video_path)});
    }
  }
  return originals;
}

// Copies made in this run, taken back when it fails, so that the room is as it was.
class NewCopies {
 public:
  void Add(const Path& path) { paths_.push_back(path); }
  void Keep() { paths_.clear(); }
  NewCopies() = default;
  ~NewCopies() {
    std::error_code ignored;
    for (const Path& path : paths_) fs::remove(path, ignored);
  }
  NewCopies(const NewCopies&) = delete;
  NewCopies& operator=(const NewCopies&) = delete;

 private:
  std::vector<Path> paths_;
};

void CopyOriginals(const std::vector<Original>& originals, const Folder& folder,
                   const Progress& progress) {
  const Staging staging(folder, "photos");
  NewCopies copies;
  size_t done = 0;
  for (const Original& original : originals) {
    progress.ThrowIfCancelled();
    progress.Report({"copying the photographs",
                     static_cast<double>(done++) / static_cast<double>(originals.size()),
                     std::nullopt, original.name});
    const Path target = folder.photos() / original.name;
    if (!fs::exists(target)) {
      CopyVerified(original.path, target, original.sha256, staging.path());
      copies.Add(target);
    } else if (Sha256HexOfFile(target) != original.sha256) {
      Fail(ErrorCode::kInput,
           "The room has another picture of this name already, and originals are never replaced.",
           target.string(), "Give the new picture another name, or the room a new folder.");
    }
  }
  SyncTree(folder.photos());
  copies.Keep();
}

Json Report(const photo::PhotoSet& photos) {
  Json used = Json::array(), left_out = Json::array();
  for (const photo::Photo& photo : photos.photos) {
    Json entry = {{"name", photo.name}, {"width", photo.width}, {"height", photo.height}};
    if (photo.video) entry["video"] = *photo.video;
    used.push_back(std::move(entry));
  }
  for (const photo::LeftOut& entry : photos.left_out) {
    left_out.push_back({{"name", entry.name}, {"reason", entry.reason}});
  }
  return {{"used", std::move(used)}, {"left_out", std::move(left_out)}};
}

// photos/ keeps what earlier builds used, too; a photograph that was taken out of the set since
// must not come back when nothing but the words has changed.
void KeepThoseOfTheLastBuild(const Ledger& ledger, photo::PhotoSet* photos) {
  const StageRecord* record = ledger.Find("photos");
  if (!record) return;
  std::vector<std::string> ignored;
  ObjectReader report(record->report, "", &ignored);
  const Json* used = report.Array("used");
  if (!used) return;
  std::set<std::string> names;
  for (const Json& entry : *used) names.insert(ObjectReader(entry, "", &ignored).RequiredText("name"));
  std::erase_if(photos->photos, [&](const photo::Photo& p) { return !names.contains(p.name); });
}

}  // namespace

photo::PhotoSet GatherPhotos(const BuildOptions& options, const Folder& folder, Ledger* ledger,
                             const Progress& progress) {
  const Meter meter;
  std::vector<Path> inputs = options.inputs;
  if (inputs.empty()) inputs.push_back(folder.photos());
  if (options.inputs.empty() && !fs::is_directory(folder.photos())) {
    Fail(ErrorCode::kUsage, "No photographs were given and the room has none yet.",
         folder.path().string(), "Say: ajar build PHOTOS -o ROOM");
  }
  CheckInputs(options.inputs, folder);
  photo::PhotoSet photos = photo::Open(inputs, folder.frames(), options.photo, progress);
  if (options.inputs.empty()) KeepThoseOfTheLastBuild(*ledger, &photos);

  std::vector<std::string> key_parts = Identity(photos);
  photo::OpenOptions photo_options = options.photo;
  key_parts.push_back(Canonical(Fields(photo_options)));
  for (const photo::LeftOut& entry : photos.left_out) key_parts.push_back("- " + entry.name);
  const std::string key = StageKey("photos", kPhotosVersion, key_parts);

  MakeFolder(folder.photos());
  const std::vector<Original> originals = Originals(photos);
  const bool all_there = std::ranges::all_of(
      originals, [&](const Original& o) { return fs::exists(folder.photos() / o.name); });
  if (!ledger->IsFresh("photos", key) || !all_there) {
    CopyOriginals(originals, folder, progress);
    ledger->Record("photos", {key, meter.seconds(), meter.peak_memory_bytes(), Report(photos)});
  }
  for (photo::Photo& photo : photos.photos) {
    if (!photo.video) photo.path = folder.photos() / photo.name;
  }
  return photos;
}

std::vector<std::string> NamesOf(const photo::PhotoSet& photos) {
  std::vector<std::string> names;
  for (const photo::Photo& photo : photos.photos) names.push_back(photo.name);
  return names;
}

std::vector<std::string> Identity(const photo::PhotoSet& photos) {
  std::vector<std::string> lines;
  for (const photo::Photo& photo : photos.photos) lines.push_back(photo.name + " " + photo.sha256);
  return lines;
}

}  // namespace ajar::room
