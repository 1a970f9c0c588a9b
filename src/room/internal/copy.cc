#include "room/internal/copy.h"

#include <fcntl.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/hash.h"

namespace ajar::room {
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

 private:
  int fd_;
};

void CopyBytes(int from, int to, const Path& from_path, const Path& to_path) {
  if (::ioctl(to, FICLONE, from) == 0) return;
  std::vector<char> buffer(1 << 20);
  while (true) {
    const ssize_t n = ::read(from, buffer.data(), buffer.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) FailErrno(errno, "read", from_path.string());
    if (n == 0) return;
    for (ssize_t done = 0; done < n;) {
      const ssize_t written = ::write(to, buffer.data() + done, static_cast<size_t>(n - done));
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) FailErrno(errno, "copy", to_path.string());
      done += written;
    }
  }
}

// Leaves nothing aside when copying fails.
class Unlinker {
 public:
  explicit Unlinker(const Path& path) : path_(path) {}
  ~Unlinker() { ::unlink(path_.c_str()); }  // after the rename there is nothing to remove
  Unlinker(const Unlinker&) = delete;
  Unlinker& operator=(const Unlinker&) = delete;

 private:
  const Path& path_;
};

}  // namespace

void CopyVerified(const Path& from, const Path& to, const std::string& sha256,
                  const Path& staging) {
  const Path aside = staging / "copy";
  const Unlinker unlinker(aside);
  {
    const Descriptor source(::open(from.c_str(), O_RDONLY | O_CLOEXEC));
    if (source.get() < 0) FailErrno(errno, "read", from.string());
    const Descriptor copy(::open(aside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666));
    if (copy.get() < 0) FailErrno(errno, "copy", to.string());
    CopyBytes(source.get(), copy.get(), from, to);
    if (::fsync(copy.get()) != 0) FailErrno(errno, "copy", to.string());
  }
  if (Sha256HexOfFile(aside) != sha256) {
    Fail(ErrorCode::kInput, "The file changed while it was being copied.", from.string(),
         "Run the same command again.");
  }
  MakeFolder(to.parent_path());
  if (::rename(aside.c_str(), to.c_str()) != 0) FailErrno(errno, "copy", to.string());
}

}  // namespace ajar::room
