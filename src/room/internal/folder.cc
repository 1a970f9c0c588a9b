#include "room/internal/folder.h"

#include <algorithm>
#include <array>
#include <vector>

#include "base/check.h"
#include "base/error.h"

namespace ajar::room {
namespace {

namespace fs = std::filesystem;

constexpr uint64_t kMaxDocumentBytes = 16 << 20;

bool LooksLikeARoom(const Path& path) {
  return fs::exists(path / "room.json") || fs::exists(path / "ledger.json") ||
         fs::exists(path / ".work");
}

// An interrupted first start leaves a lock at most; a keeper may have put stories there first.
bool HoldsNothingElse(const Path& path) {
  static constexpr std::array<const char*, 4> kOurs = {".lock", "stories", "photos", ".DS_Store"};
  return std::ranges::all_of(fs::directory_iterator(path), [](const fs::directory_entry& entry) {
    return std::ranges::find(kOurs, entry.path().filename().string()) != kOurs.end();
  });
}

// What a program left that was killed in the middle of a stage.
void RemoveStagings(const Path& work) {
  std::vector<Path> stagings;
  for (const fs::directory_entry& entry : fs::directory_iterator(work)) {
    if (entry.path().extension() == ".new") stagings.push_back(entry.path());
  }
  std::error_code ignored;
  for (const Path& staging : stagings) fs::remove_all(staging, ignored);
}

}  // namespace

bool IsWithin(const Path& inner, const Path& outer) {
  const auto plain = [](const Path& path) {
    const Path whole = fs::weakly_canonical(fs::absolute(path));
    return whole.has_filename() ? whole : whole.parent_path();  // without a slash at the end
  };
  const Path a = plain(inner), b = plain(outer);
  return std::ranges::mismatch(b, a).in1 == b.end();
}

Folder Folder::OpenForWriting(const Path& path) {
  if (path.empty()) Fail(ErrorCode::kUsage, "No room folder was given.", "-o");
  std::error_code error;
  const bool was_there = fs::exists(path, error);
  if (error) FailErrno(error.value(), "open the room's folder", path.string());
  if (was_there) {
    if (!fs::is_directory(path)) {
      Fail(ErrorCode::kInput, "This is a file, and a room is a folder.", path.string());
    }
    // In this order: another program that begins here at this instant makes .work first of all.
    if (!HoldsNothingElse(path) && !LooksLikeARoom(path)) {
      Fail(ErrorCode::kInput, "This folder holds other things than a room.", path.string(),
           "Give the name of a new folder, or of one that Ajar made.");
    }
  }
  Folder folder(path);
  MakeFolder(folder.path());
  folder.lock_ = std::make_shared<FileLock>(
      path / ".lock", "Another ajar is working on this room; wait until it is done.");
  folder.was_there_ = was_there;
  // Under the lock: whatever else lies there now is nobody's unfinished work.
  folder.was_empty_ = std::ranges::all_of(fs::directory_iterator(path), [](const auto& entry) {
    return entry.path().filename() == ".lock";
  });
  MakeFolder(folder.work());
  RemoveStagings(folder.work());
  for (const Path& target :
       {folder.reconstruction(), folder.splats(), folder.evaluation(), folder.site()}) {
    RecoverFolder(target);
  }
  return folder;
}

bool Folder::HoldsRoom(const Path& path) { return fs::is_directory(path) && LooksLikeARoom(path); }

bool Folder::IsBusy() const { return FileLock::IsHeld(path_ / ".lock"); }

Folder Folder::OpenForReading(const Path& path) {
  if (!HoldsRoom(path)) {
    Fail(ErrorCode::kInput, "There is no room in this folder.", path.string(),
         "Build one with: ajar build PHOTOS -o ROOM");
  }
  return Folder(path);
}

void Folder::Remove() const {
  AJAR_CHECK(was_empty_ && lock_);
  std::error_code ignored;
  std::vector<Path> made;
  for (const fs::directory_entry& entry : fs::directory_iterator(path_, ignored)) {
    if (entry.path().filename() != ".lock") made.push_back(entry.path());
  }
  made.push_back(path_ / ".lock");  // last, so that nobody comes between
  for (const Path& path : made) fs::remove_all(path, ignored);
  if (!was_there_) fs::remove(path_, ignored);
}

void Folder::CheckOutside(const Path& output) const {
  if (!IsWithin(output, path_)) return;
  Fail(ErrorCode::kUsage, "This lies in the room itself.", output.string(),
       "Give -o a place outside of it.");
}

std::string Folder::DocumentText() const { return ReadTextFile(document(), kMaxDocumentBytes); }

Document Folder::ReadDocument() const { return ParseDocument(DocumentText(), document().string()); }

void Folder::WriteDocumentIfMissing(const std::optional<Path>& from) const {
  if (fs::exists(document())) return;
  if (!from) {
    WriteFileAtomic(document(), FormatDocument(NewDocument(path_)));
    return;
  }
  // The document comes last: as long as it is missing, all of this is done again.
  if (fs::is_directory(*from / "stories")) {
    for (const fs::directory_entry& entry : fs::directory_iterator(*from / "stories")) {
      const Path to = stories() / entry.path().filename();
      if (!entry.is_regular_file() || fs::exists(to)) continue;
      MakeFolder(stories());
      WriteFileAtomic(to, ReadFile(entry.path()));
    }
  }
  WriteFileAtomic(document(), ReadTextFile(*from / "room.json", kMaxDocumentBytes));
}

Staging::Staging(const Folder& folder, const std::string& name)
    : path_(folder.work() / (name + ".new")) {
  fs::remove_all(path_);
  MakeFolder(path_);
}

Staging::~Staging() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

}  // namespace ajar::room
