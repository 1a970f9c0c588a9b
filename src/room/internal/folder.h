// The room folder: where everything lies, and who may write.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "base/files.h"
#include "room/document.h"

namespace ajar::room {

class Folder {
 public:
  // For writing: creates the folder if need be, takes its lock and puts right what an
  // interrupted program left. Errors: kInput when the folder holds something that is not a room;
  // kBusy when another program is working on it.
  static Folder OpenForWriting(const Path& path);
  // For reading: kInput when there is no room.
  static Folder OpenForReading(const Path& path);
  static bool HoldsRoom(const Path& path);
  // Whether a program is working on it now.
  bool IsBusy() const;

  const Path& path() const { return path_; }
  Path document() const { return path_ / "room.json"; }
  Path depths() const { return path_ / "depth.json"; }
  Path ledger() const { return path_ / "ledger.json"; }
  Path report() const { return path_ / "report.json"; }
  Path photos() const { return path_ / "photos"; }
  Path stories() const { return path_ / "stories"; }
  Path reconstruction() const { return path_ / "reconstruction"; }
  Path placement() const { return reconstruction() / "placement.json"; }
  Path splats() const { return path_ / "splats"; }
  Path splat_ply() const { return splats() / "room.ply"; }
  Path place() const { return path_ / "place"; }
  Path evaluation() const { return path_ / "evaluation"; }
  Path site() const { return path_ / "site"; }
  Path work() const { return path_ / ".work"; }
  Path frames() const { return work() / "frames"; }
  Path heard() const { return work() / "heard"; }    // recordings, made ready for visitors
  Path uploads() const { return work() / "uploads"; }
  Path history() const { return path_ / "history"; }
  Path words() const { return path_ / "room.txt"; }
  Path surface() const { return work() / "surface"; }
  Path checkpoint() const { return work() / "train.checkpoint"; }

  // For what a person asks to have written elsewhere. Errors: kUsage when `output` lies in the
  // room, where it would stand among what is never altered or made again.
  void CheckOutside(const Path& output) const;

  // Whether nothing lay there when it was opened for writing.
  bool was_empty() const { return was_empty_; }
  // Takes away what was made since, and the folder if it was not there before. Only for one that
  // was empty, and only by the holder of its lock.
  void Remove() const;

  // The document as it stands on disk, and its text. Errors as ParseDocument.
  std::string DocumentText() const;
  Document ReadDocument() const;
  // Writes a first document when there is none; never touches one that is there. `from` is a
  // folder whose room.json and stories/ the room starts with, instead of a title alone.
  void WriteDocumentIfMissing(const std::optional<Path>& from = std::nullopt) const;

 private:
  explicit Folder(Path path) : path_(std::move(path)) {}

  Path path_;
  bool was_there_ = true, was_empty_ = false;
  std::shared_ptr<FileLock> lock_;
};

// Whether a path, there or not, lies in a folder or is that folder; links are followed.
bool IsWithin(const Path& inner, const Path& outer);

// An empty folder .work/<name>.new, removed at the end unless it was moved into place.
class Staging {
 public:
  Staging(const Folder& folder, const std::string& name);
  ~Staging();
  Staging(const Staging&) = delete;
  Staging& operator=(const Staging&) = delete;
  const Path& path() const { return path_; }

 private:
  Path path_;
};

}  // namespace ajar::room
