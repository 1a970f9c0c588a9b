// Work on bytes from outside, done in a child process within limits.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <span>

#include "photo/internal/decode.h"

namespace ajar::photo {

struct SandboxLimits {
  // Of address space, on top of what this process has; not enforced under sanitizers, which
  // reserve terabytes.
  uint64_t memory_bytes = 2ull << 30;
  // How far the body may raise it with AllowMemory().
  uint64_t most_memory_bytes = 10ull << 30;
  int cpu_s = 60;
  double wall_s = 300;
};

// Runs `body` in a forked child while the caller goes on. In the child there is one thread: the
// body must not use base/parallel.h, nor take locks that other threads of this program may hold
// (memory allocation is safe in glibc). Several may run at a time.
class Sandboxed {
 public:
  Sandboxed(const std::function<Decoded()>& body, const SandboxLimits& limits);
  ~Sandboxed();  // ends the child
  Sandboxed(const Sandboxed&) = delete;
  Sandboxed& operator=(const Sandboxed&) = delete;

  // What the body returned, or the message of the Error it raised. Once only.
  // Errors: kInput; "This picture could not be read." when the child crashed or exceeded a limit.
  Decoded Wait();

 private:
  bool Reap();

  double wall_s_;
  std::chrono::steady_clock::time_point start_;
  int answer_fd_ = -1, done_fd_ = -1;
  pid_t child_ = -1;
};

// For use by the body: allows it `bytes` of memory on top of what the limits started with.
void AllowMemory(uint64_t bytes);

// Starts Decode() in a sandbox; what it returns waits for the result, once. `file` may go as soon
// as this returns. Under sanitizers it decodes here and now: their allocators may not be used in
// the child of a program with several threads, and a fault is theirs to report.
std::function<Decoded()> StartDecoding(std::span<const uint8_t> file, DecodeRequest request);

}  // namespace ajar::photo
