#include "base/files.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <system_error>
#include <utility>

#include "base/error.h"

namespace ajar {
namespace fs = std::filesystem;
namespace {

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return fd_; }
  int Close() { return ::close(std::exchange(fd_, -1)); }

 private:
  int fd_;
};

void SyncPath(const Path& path) {
  Descriptor fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (fd.get() < 0) FailErrno(errno, "open", path.string());
  // Some file systems do not sync folders; that is not an error we can act on.
  if (::fsync(fd.get()) != 0 && errno != EINVAL) FailErrno(errno, "write", path.string());
}

Path ParentOf(const Path& path) {
  const Path parent = path.parent_path();
  return parent.empty() ? Path(".") : parent;
}

void Rename(const Path& from, const Path& to) {
  if (::rename(from.c_str(), to.c_str()) != 0) FailErrno(errno, "rename", to.string());
}

Path SetAsideName(const Path& target) {
  return ParentOf(target) / ("." + target.filename().string() + ".old");
}

}  // namespace

std::vector<uint8_t> ReadFile(const Path& path, uint64_t max_bytes) {
  Descriptor fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (fd.get() < 0) FailErrno(errno, "read", path.string());
  struct stat info {};
  if (::fstat(fd.get(), &info) != 0) FailErrno(errno, "read", path.string());
  if (!S_ISREG(info.st_mode)) Fail(ErrorCode::kInput, "This is not a file.", path.string());
  if (static_cast<uint64_t>(info.st_size) > max_bytes) {
    Fail(ErrorCode::kInput,
         "The file has " + std::to_string(info.st_size) + " bytes; at most " +
             std::to_string(max_bytes) + " are read.",
         path.string());
  }
  std::vector<uint8_t> bytes(static_cast<size_t>(info.st_size));
  size_t done = 0;
  while (done < bytes.size()) {
    const ssize_t n = ::read(fd.get(), bytes.data() + done, bytes.size() - done);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) FailErrno(errno, "read", path.string());
    if (n == 0) break;
    done += static_cast<size_t>(n);
  }
  bytes.resize(done);
  return bytes;
}

std::string ReadTextFile(const Path& path, uint64_t max_bytes) {
  const std::vector<uint8_t> bytes = ReadFile(path, max_bytes);
  return {bytes.begin(), bytes.end()};
}

void WriteFileAtomic(const Path& path, std::span<const uint8_t> bytes) {
  WriteFileAtomic(path, std::span(&bytes, 1));
}

void WriteFileAtomic(const Path& path, std::span<const std::span<const uint8_t>> pieces) {
  std::string aside = (ParentOf(path) / ("." + path.filename().string() + ".XXXXXX")).string();
  Descriptor fd(::mkostemp(aside.data(), O_CLOEXEC));
  if (fd.get() < 0) FailErrno(errno, "write", path.string());
  int error = 0;
  for (const std::span<const uint8_t> bytes : pieces) {
    size_t done = 0;
    while (done < bytes.size() && error == 0) {
      const ssize_t n = ::write(fd.get(), bytes.data() + done, bytes.size() - done);
      if (n >= 0) {
        done += static_cast<size_t>(n);
      } else if (errno != EINTR) {
        error = errno;
      }
    }
  }
  const mode_t mask = ::umask(0);
  ::umask(mask);
  if (error == 0 && ::fchmod(fd.get(), 0666 & ~mask) != 0) error = errno;
  if (error == 0 && ::fsync(fd.get()) != 0) error = errno;
  if (fd.Close() != 0 && error == 0) error = errno;
  if (error == 0 && ::rename(aside.c_str(), path.c_str()) != 0) error = errno;
  if (error != 0) {
    ::unlink(aside.c_str());
    FailErrno(error, "write", path.string());
  }
  SyncPath(ParentOf(path));
}

void WriteFileAtomic(const Path& path, std::string_view text) {
  WriteFileAtomic(path, std::span(reinterpret_cast<const uint8_t*>(text.data()), text.size()));
}

void MakeFolder(const Path& path) {
  std::error_code error;
  fs::create_directories(path, error);
  if (error) FailErrno(error.value(), "create the folder", path.string());
}

void SyncTree(const Path& folder) {
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.is_symlink()) continue;
    if (entry.is_regular_file() || entry.is_directory()) SyncPath(entry.path());
  }
  SyncPath(folder);
}

void CommitFolder(const Path& staged, const Path& target) {
  SyncTree(staged);
  const Path aside = SetAsideName(target);
  RecoverFolder(target);
  const bool replacing = fs::exists(target);
  if (replacing && ::renameat2(AT_FDCWD, staged.c_str(), AT_FDCWD, target.c_str(),
                               RENAME_EXCHANGE) == 0) {
    Rename(staged, aside);
  } else {  // not every file system can exchange two
    if (replacing) Rename(target, aside);
    Rename(staged, target);
  }
  SyncPath(ParentOf(target));
  if (replacing) {
    std::error_code ignored;  // a leftover is removed by the next RecoverFolder
    fs::remove_all(aside, ignored);
  }
}

void RecoverFolder(const Path& target) {
  const Path aside = SetAsideName(target);
  if (!fs::exists(aside)) return;
  if (fs::exists(target)) {
    std::error_code ignored;
    fs::remove_all(aside, ignored);
  } else {
    Rename(aside, target);
    SyncPath(ParentOf(target));
  }
}

TempFolder::TempFolder(std::string_view prefix) {
  std::error_code error;
  Path base = fs::temp_directory_path(error);
  if (error) base = "/tmp";
  std::string name = (base / (std::string(prefix) + ".XXXXXX")).string();
  if (::mkdtemp(name.data()) == nullptr) FailErrno(errno, "create a temporary folder", base);
  path_ = name;
}

TempFolder::~TempFolder() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

FileLock::FileLock(const Path& path, const std::string& busy_message) {
  fd_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
  if (fd_ < 0) FailErrno(errno, "lock", path.string());
  if (::flock(fd_, LOCK_EX | LOCK_NB) != 0) {
    const int error = errno;
    ::close(fd_);
    fd_ = -1;
    if (error == EWOULDBLOCK) Fail(ErrorCode::kBusy, busy_message, path.parent_path().string());
    FailErrno(error, "lock", path.string());
  }
}

bool FileLock::IsHeld(const Path& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return false;
  const bool held = ::flock(fd, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
  ::close(fd);
  return held;
}

FileLock::~FileLock() {
  if (fd_ >= 0) ::close(fd_);
}

}  // namespace ajar
