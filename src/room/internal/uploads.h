// Files on their way into stories/, in pieces, each of them on the disk before it counts; after a
// kill at any moment they are taken up where they stopped.
#pragma once

#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "room/internal/folder.h"
#include "room/internal/json.h"

namespace ajar::room {

inline constexpr uint64_t kMostUploadBytes = uint64_t{4} << 30;
inline constexpr size_t kMostUploads = 32;

struct Upload {
  struct Piece {
    uint64_t bytes = 0;
    std::string sha256;
  };
  std::string id, name;  // as it was sent
  uint64_t bytes = 0, offset = 0;
  std::string path;  // below stories/, once it lies there
  // What has come, in order: by these a sender knows whether this is its file or another of the
  // same name and size.
  std::vector<Piece> pieces;
};

Json PiecesJson(const Upload& upload);

// A name that any system takes, of a file that came from somewhere: never empty, never hidden, its
// ending kept.
std::string SafeName(const std::string& name);

// Gives a file a second name in a folder, or a copy where the disk has no second names, that nobody
// has taken: `name`, or NAME-2, NAME-3, ...; gives that.
std::string LinkUnderNewName(const Path& from, const Path& folder, const std::string& name);

// Thread-safe; one for a room at a time.
class Uploads {
 public:
  // Drops those of which nothing came for 30 days.
  explicit Uploads(const Folder& folder);

  // How large one may be now.
  uint64_t Room() const;
  // Errors: kUsage for too many or too large; kDisk where the disk has no room for it.
  Upload Create(const std::string& name, uint64_t bytes);
  std::vector<Upload> Unfinished() const;
  std::optional<Upload> Find(const std::string& id) const;
  // The piece is on the disk when it returns; nothing where it does not begin at the offset.
  // Errors: kInput for a piece of another SHA-256 or beyond the end; kDisk.
  std::optional<Upload> Append(const std::string& id, uint64_t offset, const std::string& piece,
                               const std::string& sha256);
  // Checks it and moves it into stories/. Called again, it gives the same. Errors: kInput where it
  // is not complete, of another SHA-256, or neither recording nor captions; it then stays.
  struct Arrived {
    std::string path, kind;  // sound, video, captions
  };
  Arrived Finish(const std::string& id, const std::optional<std::string>& sha256);
  void Remove(const std::string& id);

 private:
  Path FileOf(const std::string& id) const { return folder_.uploads() / (id + ".part"); }
  Path NoteOf(const std::string& id) const { return folder_.uploads() / (id + ".json"); }
  std::optional<Upload> Read(const std::string& id) const;
  void Write(const Upload& upload) const;
  std::vector<Upload> All() const;

  Folder folder_;
  mutable std::mutex mutex_;
};

}  // namespace ajar::room
