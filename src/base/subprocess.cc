#include "base/subprocess.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <sstream>

#include "base/check.h"
#include "base/error.h"

namespace ajar {
namespace {

constexpr size_t kMaxLine = 64 << 10;
constexpr size_t kLastLines = 40;

struct Pipe {
  int read_end = -1, write_end = -1;
  Pipe() {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) FailErrno(errno, "start a program", "pipe");
    read_end = ends[0];
    write_end = ends[1];
  }
  ~Pipe() {
    CloseRead();
    CloseWrite();
  }
  void CloseRead() {
    if (read_end >= 0) ::close(read_end);
    read_end = -1;
  }
  void CloseWrite() {
    if (write_end >= 0) ::close(write_end);
    write_end = -1;
  }
};

// Splits a stream of bytes into lines.
class LineSplitter {
 public:
  template <class F>
  void Push(const char* bytes, size_t count, const F& emit) {
    for (size_t i = 0; i < count; ++i) {
      const char c = bytes[i];
      if (c == '\n' || c == '\r') {
        Flush(emit);
      } else if (line_.size() < kMaxLine) {
        line_ += c;
      }
    }
  }
  template <class F>
  void Flush(const F& emit) {
    if (!line_.empty()) emit(line_);
    line_.clear();
  }

 private:
  std::string line_;
};

// Only async-signal-safe calls from here on: we are between fork and exec.
[[noreturn]] void ExecChild(const SubprocessOptions& options, const std::vector<char*>& argv,
                            const std::vector<char*>& env, const char* program, int out_fd,
                            int err_fd, int failure_fd, pid_t parent) {
  ::setpgid(0, 0);
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) ::_exit(127);
  ::dup2(out_fd, 1);
  ::dup2(err_fd, 2);
  const int null_fd = ::open("/dev/null", O_RDONLY);
  if (null_fd >= 0) ::dup2(null_fd, 0);
  if (options.max_memory_bytes > 0) {
    const struct rlimit limit {options.max_memory_bytes, options.max_memory_bytes};
    ::setrlimit(RLIMIT_AS, &limit);
  }
  if (options.niceness > 0) ::setpriority(PRIO_PROCESS, 0, options.niceness);
  if (!options.working_folder.empty() && ::chdir(options.working_folder.c_str()) != 0) {
    const int error = errno;
    [[maybe_unused]] const ssize_t n = ::write(failure_fd, &error, sizeof(error));
    ::_exit(127);
  }
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  ::execve(program, argv.data(), env.data());
  const int error = errno;
  [[maybe_unused]] const ssize_t n = ::write(failure_fd, &error, sizeof(error));
  ::_exit(127);
}

}  // namespace

std::optional<Path> FindProgram(const std::string& name) {
  if (name.find('/') != std::string::npos) {
    if (::access(name.c_str(), X_OK) == 0) return Path(name);
    return std::nullopt;
  }
  const char* path = std::getenv("PATH");
  std::istringstream folders(path ? path : "/usr/local/bin:/usr/bin:/bin");
  for (std::string folder; std::getline(folders, folder, ':');) {
    const Path candidate = Path(folder.empty() ? "." : folder) / name;
    if (::access(candidate.c_str(), X_OK) == 0 && std::filesystem::is_regular_file(candidate)) {
      return candidate;
    }
  }
  return std::nullopt;
}

Path ThisProgram() { return std::filesystem::read_symlink("/proc/self/exe"); }

SubprocessResult RunSubprocess(const SubprocessOptions& options, const Progress& progress) {
  AJAR_CHECK(!options.argv.empty());
  const std::optional<Path> program = FindProgram(options.argv[0]);
  if (!program) {
    Fail(ErrorCode::kTool, "The program " + options.argv[0] + " is not installed.",
         options.argv[0], "Run ./ajar, which installs what it needs.");
  }
  int log_fd = -1;
  if (!options.log_file.empty()) {
    log_fd = ::open(options.log_file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
    if (log_fd < 0) FailErrno(errno, "write", options.log_file.string());
  }

  std::vector<std::string> words = options.argv, settings;
  for (char** e = environ; *e; ++e) settings.emplace_back(*e);
  for (const std::string& e : options.env) {
    // A later setting must win over an inherited one of the same name.
    const std::string name = e.substr(0, e.find('=') + 1);
    std::erase_if(settings, [&](const std::string& s) { return s.starts_with(name); });
    settings.push_back(e);
  }
  std::vector<char*> argv, env;
  for (std::string& word : words) argv.push_back(word.data());
  for (std::string& setting : settings) env.push_back(setting.data());
  argv.push_back(nullptr);
  env.push_back(nullptr);

  Pipe out, err, failure;
  const pid_t parent = ::getpid();
  const pid_t child = ::fork();
  if (child < 0) FailErrno(errno, "start", options.argv[0]);
  if (child == 0) {
    ExecChild(options, argv, env, program->c_str(), out.write_end,
              options.on_stdout_bytes ? err.write_end : out.write_end, failure.write_end, parent);
  }
  ::setpgid(child, child);
  out.CloseWrite();
  err.CloseWrite();
  failure.CloseWrite();

  SubprocessResult result;
  LineSplitter lines;
  const auto on_line = [&](const std::string& line) {
    if (result.last_lines.size() == kLastLines) result.last_lines.erase(result.last_lines.begin());
    result.last_lines.push_back(line);
    if (options.on_line) options.on_line(line);
  };
  const auto kill_and_reap = [&] {
    ::kill(-child, SIGKILL);
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
    if (log_fd >= 0) ::close(log_fd);
  };

  const auto start = std::chrono::steady_clock::now();
  std::array<char, 1 << 16> buffer;
  try {
    while (out.read_end >= 0 || err.read_end >= 0) {
      if (progress.cancelled()) progress.ThrowIfCancelled();
      const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - start;
      if (options.timeout_s > 0 && elapsed.count() > options.timeout_s) {
        result.timed_out = true;
        ::kill(-child, SIGKILL);
        break;
      }
      struct pollfd fds[2] = {{out.read_end, POLLIN, 0}, {err.read_end, POLLIN, 0}};
      if (::poll(fds, 2, 100) < 0 && errno != EINTR) FailErrno(errno, "read from", argv[0]);
      for (int i = 0; i < 2; ++i) {
        if (fds[i].fd < 0 || !(fds[i].revents & (POLLIN | POLLHUP | POLLERR))) continue;
        const ssize_t n = ::read(fds[i].fd, buffer.data(), buffer.size());
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) {
          if (i == 0) out.CloseRead();
          else err.CloseRead();
          continue;
        }
        const size_t count = static_cast<size_t>(n);
        if (i == 0 && options.on_stdout_bytes) {
          options.on_stdout_bytes(reinterpret_cast<const uint8_t*>(buffer.data()), count);
          continue;
        }
        if (log_fd >= 0) {
          [[maybe_unused]] const ssize_t written = ::write(log_fd, buffer.data(), count);
        }
        lines.Push(buffer.data(), count, on_line);
      }
    }
    lines.Flush(on_line);
  } catch (...) {
    kill_and_reap();
    throw;
  }
  if (log_fd >= 0) ::close(log_fd);

  int status = 0;
  struct rusage usage {};
  while (::wait4(child, &status, 0, &usage) < 0 && errno == EINTR) {
  }
  int exec_error = 0;
  if (::read(failure.read_end, &exec_error, sizeof(exec_error)) == sizeof(exec_error)) {
    Fail(ErrorCode::kTool,
         "The program " + options.argv[0] + " could not be started: " + std::strerror(exec_error) +
             ".",
         program->string());
  }
  result.peak_memory_bytes = static_cast<uint64_t>(usage.ru_maxrss) * 1024;
  if (WIFSIGNALED(status)) result.signal = WTERMSIG(status);
  if (WIFEXITED(status)) result.exit_code = WEXITSTATUS(status);
  return result;
}

}  // namespace ajar
