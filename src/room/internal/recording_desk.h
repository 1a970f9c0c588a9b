// The recordings of a room while its keeper is at work: in the background, one after another, what
// visitors hear is made of each.
#pragma once

#include <atomic>
#include <condition_variable>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "room/internal/folder.h"
#include "room/internal/recordings.h"

namespace ajar::room {

struct DeskEntry {
  std::string path;  // below stories/
  uint64_t bytes = 0;
  std::string state = "waiting";  // making, ready, failed
  double fraction = 0;
  std::string error;           // a sentence
  std::optional<Heard> heard;  // when ready: of the whole of it
};

// Thread-safe.
class RecordingDesk {
 public:
  explicit RecordingDesk(const Folder& folder);
  ~RecordingDesk();
  RecordingDesk(const RecordingDesk&) = delete;
  RecordingDesk& operator=(const RecordingDesk&) = delete;

  // All in stories/, by their paths; looks there anew.
  std::vector<DeskEntry> All();
  std::optional<DeskEntry> Find(const std::string& path);
  // Takes it from the disk, for good.
  void Remove(const std::string& path);

 private:
  void Look();
  void Work();

  Folder folder_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::map<std::string, DeskEntry> entries_;
  std::map<std::string, std::pair<uint64_t, int64_t>>
      seen_;  // size and time of what an entry is of
  std::atomic<bool> stopped_ = false;
  std::thread thread_;
};

}  // namespace ajar::room
