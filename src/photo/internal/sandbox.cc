#include "photo/internal/sandbox.h"

#include <fcntl.h>
#include <malloc.h>
#include <poll.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <exception>
#include <future>
#include <limits>
#include <memory>
#include <type_traits>

#include "base/error.h"

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define AJAR_UNDER_SANITIZER 1
#endif
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define AJAR_UNDER_SANITIZER 1
#endif

namespace ajar::photo {
namespace {

#ifdef AJAR_UNDER_SANITIZER
constexpr bool kUnderSanitizer = true;
#else
constexpr bool kUnderSanitizer = false;
#endif

// What comes back, followed by the pixels. Whoever has taken over the child has written it, so
// every field is checked.
struct Answer {
  static constexpr uint64_t kMagic = 0x616a617270686f74;
  uint64_t magic;
  int32_t failed;  // then `message` says why
  int32_t picture_width, picture_height;
  int32_t width, height;
  double focal_px;  // NaN: not known
  char camera_key[320];
  char taken[32];
  char message[512];
};
static_assert(std::is_trivially_copyable_v<Answer>);

template <size_t N>
void PutText(char (&to)[N], const std::string& from) {
  std::memcpy(to, from.data(), std::min(from.size(), N - 1));
}

template <size_t N>
std::string GetText(const char (&from)[N]) {
  return std::string(from, ::strnlen(from, N - 1));
}

bool WriteAll(int fd, const void* bytes, size_t count) {
  const auto* from = static_cast<const uint8_t*>(bytes);
  while (count > 0) {
    const ssize_t n = ::write(fd, from, count);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;
    from += n;
    count -= static_cast<size_t>(n);
  }
  return true;
}

bool ReadAll(int fd, void* bytes, size_t count) {
  auto* to = static_cast<uint8_t*>(bytes);
  while (count > 0) {
    const ssize_t n = ::read(fd, to, count);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;
    to += n;
    count -= static_cast<size_t>(n);
  }
  return true;
}

uint64_t AddressSpaceBytes() {
  unsigned long pages = 0;
  if (FILE* file = std::fopen("/proc/self/statm", "re")) {
    if (std::fscanf(file, "%lu", &pages) != 1) pages = 0;
    std::fclose(file);
  }
  return static_cast<uint64_t>(pages) * static_cast<uint64_t>(::sysconf(_SC_PAGESIZE));
}

// Only ever set in the child.
uint64_t memory_at_start_bytes = 0;

void Limit(__rlimit_resource resource, uint64_t soft, uint64_t hard) {
  const struct rlimit limit { soft, hard };
  ::setrlimit(resource, &limit);
}

void EnterSandbox(const SandboxLimits& limits, pid_t parent) {
  // Ctrl-C is for the parent, which ends us when it dies.
  ::setpgid(0, 0);
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) ::_exit(1);
  for (const int signal : {SIGINT, SIGTERM, SIGSEGV, SIGBUS, SIGFPE, SIGABRT, SIGILL}) {
    if (!kUnderSanitizer) ::signal(signal, SIG_DFL);
  }
  if (!kUnderSanitizer) {
    // What a dying decoder prints is nothing for a person.
    const int null_fd = ::open("/dev/null", O_RDWR | O_CLOEXEC);
    for (const int fd : {0, 1, 2}) ::dup2(null_fd, fd);
    // A decoder's threads must not reserve an arena each out of the limit.
    ::mallopt(M_ARENA_MAX, 1);
    memory_at_start_bytes = AddressSpaceBytes();
    Limit(RLIMIT_AS, memory_at_start_bytes + limits.memory_bytes,
          memory_at_start_bytes + limits.most_memory_bytes);
  }
  const auto cpu_s = static_cast<uint64_t>(limits.cpu_s);
  Limit(RLIMIT_CPU, cpu_s, cpu_s);
  Limit(RLIMIT_CORE, 0, 0);
}

[[noreturn]] void RunChild(const std::function<Decoded()>& body, int answer_fd) {
  Answer answer = {};
  answer.magic = Answer::kMagic;
  Decoded decoded;
  try {
    decoded = body();
    answer.picture_width = decoded.width;
    answer.picture_height = decoded.height;
    answer.width = decoded.pixels.width;
    answer.height = decoded.pixels.height;
    answer.focal_px = decoded.focal_px.value_or(std::numeric_limits<double>::quiet_NaN());
    PutText(answer.camera_key, decoded.camera_key);
    PutText(answer.taken, decoded.taken.value_or(""));
  } catch (const Error& error) {
    answer.failed = 1;
    PutText(answer.message, error.message());
  } catch (const std::bad_alloc&) {
    answer.failed = 1;
    PutText(answer.message, "This picture needs more memory than pictures may take.");
  }
  const bool written = WriteAll(answer_fd, &answer, sizeof(answer)) &&
                       WriteAll(answer_fd, decoded.pixels.data.data(), decoded.pixels.data.size());
  ::_exit(written ? 0 : 1);
}

std::optional<Decoded> ReadAnswer(int fd) {
  Answer answer;
  if (::lseek(fd, 0, SEEK_SET) != 0 || !ReadAll(fd, &answer, sizeof(answer)) ||
      answer.magic != Answer::kMagic) {
    return std::nullopt;
  }
  if (answer.failed != 0) {
    Fail(ErrorCode::kInput, GetText(answer.message));
  }
  const auto sane = [](int32_t w, int32_t h) {
    return w >= 1 && h >= 1 && w <= 1 << 16 && h <= 1 << 16 &&
           static_cast<double>(w) * h <= kMostMegapixels * 1e6;
  };
  if (!sane(answer.picture_width, answer.picture_height) || !sane(answer.width, answer.height)) {
    return std::nullopt;
  }
  Decoded decoded;
  decoded.width = answer.picture_width;
  decoded.height = answer.picture_height;
  if (std::isfinite(answer.focal_px) && answer.focal_px > 0) decoded.focal_px = answer.focal_px;
  decoded.camera_key = GetText(answer.camera_key);
  if (answer.taken[0]) decoded.taken = GetText(answer.taken);
  decoded.pixels = Image8(answer.width, answer.height, 3);
  if (!ReadAll(fd, decoded.pixels.data.data(), decoded.pixels.data.size())) return std::nullopt;
  return decoded;
}

}  // namespace

Sandboxed::Sandboxed(const std::function<Decoded()>& body, const SandboxLimits& limits)
    : wall_s_(limits.wall_s), start_(std::chrono::steady_clock::now()) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) FailErrno(errno, "open", "a pipe");
  answer_fd_ = ::memfd_create("ajar-picture", MFD_CLOEXEC);
  const pid_t parent = ::getpid();
  if (answer_fd_ >= 0) child_ = ::fork();
  if (child_ == 0) {
    EnterSandbox(limits, parent);
    RunChild(body, answer_fd_);
  }
  const int error = errno;
  ::close(ends[1]);
  done_fd_ = ends[0];
  if (child_ < 0) {
    ::close(done_fd_);
    if (answer_fd_ >= 0) ::close(answer_fd_);
    FailErrno(error, "start", "a process that reads pictures");
  }
}

Sandboxed::~Sandboxed() {
  if (child_ > 0) {
    ::kill(child_, SIGKILL);
    ::waitpid(child_, nullptr, 0);
  }
  ::close(done_fd_);
  ::close(answer_fd_);
}

// Says whether the child ended by itself and well.
bool Sandboxed::Reap() {
  const auto deadline = start_ + std::chrono::duration<double>(wall_s_);
  for (;;) {
    // The pipe ends when the child does, which wakes us at once; but children that other threads
    // forked at the same time may hold it open, too, so we also look from time to time.
    struct pollfd fd {
      done_fd_, POLLIN, 0
    };
    ::poll(&fd, 1, 20);
    int status = 0;
    const bool ended = (fd.revents & POLLHUP) != 0;
    if (::waitpid(child_, &status, ended ? 0 : WNOHANG) == child_) {
      child_ = -1;
      return WIFEXITED(status) && WEXITSTATUS(status) == 0;
    }
    if (std::chrono::steady_clock::now() > deadline) return false;
  }
}

Decoded Sandboxed::Wait() {
  if (Reap()) {
    if (std::optional<Decoded> decoded = ReadAnswer(answer_fd_)) return std::move(*decoded);
  }
  FailUnreadable();
}

void AllowMemory(uint64_t bytes) {
  if (memory_at_start_bytes == 0) return;
  struct rlimit limit {};
  if (::getrlimit(RLIMIT_AS, &limit) != 0) return;
  limit.rlim_cur = std::min<uint64_t>(memory_at_start_bytes + bytes, limit.rlim_max);
  ::setrlimit(RLIMIT_AS, &limit);
}

std::function<Decoded()> StartDecoding(std::span<const uint8_t> file, DecodeRequest request) {
  if constexpr (kUnderSanitizer) {
    std::packaged_task<Decoded()> task([&] { return Decode(file, request); });
    task();
    return [result = task.get_future().share()] { return result.get(); };
  }
  // The most that any of our decoders takes for a pixel: 16-bit samples, a second copy to turn
  // or convert them, and what progressive pictures keep.
  request.on_size = [](int64_t pixels) {
    AllowMemory((2ull << 30) + 24 * static_cast<uint64_t>(pixels));
  };
  const auto sandboxed =
      std::make_shared<Sandboxed>([&] { return Decode(file, request); }, SandboxLimits{});
  return [sandboxed] { return sandboxed->Wait(); };
}

}  // namespace ajar::photo
