// Running another program (FFmpeg, our own decoder child) within limits.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/files.h"
#include "base/progress.h"

namespace ajar {

struct SubprocessOptions {
  std::vector<std::string> argv;  // argv[0] is looked up in PATH; no shell is involved
  std::vector<std::string> env;   // "NAME=value", added to ours
  Path working_folder;            // empty: ours
  Path log_file;                  // empty: none; else stdout and stderr are appended to it
  double timeout_s = 0;           // 0: none; else the child is killed after so long
  uint64_t max_memory_bytes = 0;  // 0: no limit (RLIMIT_AS)
  int niceness = 0;               // added to ours, 0..19
  // Called for each line of stdout and stderr together (without the newline); carriage returns
  // end lines, too. Lines are cut at 64 KiB.
  std::function<void(const std::string& line)> on_line;
  // When set, stdout's bytes go here unparsed and on_line sees stderr only.
  std::function<void(const uint8_t* bytes, size_t count)> on_stdout_bytes;
};

struct SubprocessResult {
  int exit_code = -1;      // valid when signal == 0
  int signal = 0;          // that ended it, or 0
  bool timed_out = false;
  uint64_t peak_memory_bytes = 0;
  std::vector<std::string> last_lines;  // up to 40, for messages
  bool ok() const { return signal == 0 && exit_code == 0 && !timed_out; }
};

// Errors: kTool when the program is not found, kCancelled when `progress` was cancelled (the
// child and its process group are killed first). The child dies with us.
SubprocessResult RunSubprocess(const SubprocessOptions& options, const Progress& progress = {});

// The full path of a program in PATH, if there.
std::optional<Path> FindProgram(const std::string& name);

// The path of this very program.
Path ThisProgram();

}  // namespace ajar
