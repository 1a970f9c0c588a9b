#include "room/internal/recording_desk.h"

#include <algorithm>

#include "base/error.h"
#include "room/document.h"

namespace ajar::room {
namespace {

namespace fs = std::filesystem;

constexpr size_t kMostFiles = 10'000;

}  // namespace

RecordingDesk::RecordingDesk(const Folder& folder) : folder_(folder) {
  thread_ = std::thread([this] { Work(); });
}

RecordingDesk::~RecordingDesk() {
  {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

// With the mutex held.
void RecordingDesk::Look() {
  std::map<std::string, DeskEntry> now;
  std::error_code error;
  for (auto it = fs::recursive_directory_iterator(folder_.stories(), error);
       !error && it != fs::recursive_directory_iterator() && now.size() < kMostFiles;
       it.increment(error)) {
    std::error_code gone;
    const std::string path = it->path().lexically_relative(folder_.stories()).generic_string();
    const bool hidden = it->path().filename().string().starts_with(".");
    if (hidden || it->is_symlink(gone) || !it->is_regular_file(gone)) continue;
    if (CannotBeARecording(path) || PathViolation(path)) continue;
    const std::pair<uint64_t, int64_t> seen = {
        it->file_size(gone), it->last_write_time(gone).time_since_epoch().count()};
    const auto known = entries_.find(path);
    if (known != entries_.end() && seen_[path] == seen) {
      now[path] = known->second;
    } else {
      now[path].path = path;
      now[path].bytes = seen.first;
      seen_[path] = seen;
    }
  }
  entries_ = std::move(now);
  changed_.notify_all();
}

std::vector<DeskEntry> RecordingDesk::All() {
  const std::lock_guard lock(mutex_);
  Look();
  std::vector<DeskEntry> all;
  for (const auto& [path, entry] : entries_) all.push_back(entry);
  return all;
}

std::optional<DeskEntry> RecordingDesk::Find(const std::string& path) {
  const std::lock_guard lock(mutex_);
  Look();
  const auto found = entries_.find(path);
  return found == entries_.end() ? std::nullopt : std::optional(found->second);
}

void RecordingDesk::Remove(const std::string& path) {
  const std::lock_guard lock(mutex_);
  std::error_code error;
  fs::remove(folder_.stories() / path, error);
  if (error) FailErrno(error.value(), "remove", path);
  entries_.erase(path);
  seen_.erase(path);
}

void RecordingDesk::Work() {
  std::unique_lock lock(mutex_);
  Look();
  while (!stopped_) {
    const auto next = std::ranges::find_if(
        entries_, [](const auto& entry) { return entry.second.state == "waiting"; });
    if (next == entries_.end()) {
      changed_.wait(lock);
      continue;
    }
    const std::string path = next->first;
    next->second.state = "making";
    lock.unlock();
    DeskEntry made;
    try {
      const Progress progress(
          [&](const ProgressUpdate& update) {
            const std::lock_guard guard(mutex_);
            const auto entry = entries_.find(path);
            if (entry != entries_.end()) entry->second.fraction = update.fraction;
          },
          &stopped_);
      made.heard = MakeHeard(folder_, path, std::nullopt, progress);
      made.state = "ready";
      made.fraction = 1;
    } catch (const std::exception& error) {
      made.state = "failed";
      const auto* told = dynamic_cast<const Error*>(&error);
      made.error = told ? told->message() : std::string(error.what());
    }
    lock.lock();
    const auto entry = entries_.find(path);
    if (entry == entries_.end()) continue;
    made.path = path;
    made.bytes = entry->second.bytes;
    entry->second = std::move(made);
  }
}

}  // namespace ajar::room
