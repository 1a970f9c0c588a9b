// Files that are either there whole or not there at all, locks between programs, and folders
// that are committed in one step.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ajar {

using Path = std::filesystem::path;

// Reads a whole regular file of at most `max_bytes`. Errors: kInput (missing, not a regular
// file, larger).
std::vector<uint8_t> ReadFile(const Path& path, uint64_t max_bytes = 1ull << 32);
std::string ReadTextFile(const Path& path, uint64_t max_bytes = 64ull << 20);

// Writes beside `path`, fsyncs, renames over it and fsyncs the folder: after a power cut the
// file has either its old or its new content. Errors: kDisk, kInput.
void WriteFileAtomic(const Path& path, std::span<const uint8_t> bytes);
void WriteFileAtomic(const Path& path, std::string_view text);
// The pieces one after another; for what would be large as a whole.
void WriteFileAtomic(const Path& path, std::span<const std::span<const uint8_t>> pieces);

// Creates the folder and its parents. Errors: kDisk, kInput.
void MakeFolder(const Path& path);
// fsyncs every regular file and folder below `folder`, and `folder` itself.
void SyncTree(const Path& folder);
// Makes `staged` (a sibling on the same file system) become `target`, replacing what was there;
// both are synced. The two change places at one instant, so who reads meanwhile always finds one of
// them; where the file system cannot do that, the old folder is moved aside first, and RecoverFolder
// puts an interrupted replacement right: it must be called before `target` is read.
void CommitFolder(const Path& staged, const Path& target);
void RecoverFolder(const Path& target);

// A folder of one's own below the system's temporary folder, removed at the end.
class TempFolder {
 public:
  explicit TempFolder(std::string_view prefix = "ajar");
  ~TempFolder();
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;
  const Path& path() const { return path_; }

 private:
  Path path_;
};

// An advisory lock between programs (flock), released by the kernel when the holder dies.
class FileLock {
 public:
  // Creates `path` if need be. Errors: kBusy when another program holds it, with `busy_message`.
  FileLock(const Path& path, const std::string& busy_message);
  ~FileLock();
  // Whether another program holds it now.
  static bool IsHeld(const Path& path);
  FileLock(const FileLock&) = delete;
  FileLock& operator=(const FileLock&) = delete;

 private:
  int fd_ = -1;
};

}  // namespace ajar
