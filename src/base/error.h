// Errors of the world: a bad file, a bad option, a full disk.
//
// Three kinds of trouble are told apart (docs/conventions.md): our own bugs abort with
// AJAR_CHECK (check.h); errors of the world are raised with Fail() and caught only in
// cli/main.cc and in the server's request wrapper; expected outcomes (a photograph that could
// not be placed) are values: an optional, a count, an entry in a report.
#pragma once

#include <exception>
#include <string>
#include <string_view>

namespace ajar {

// The numbers are the program's exit codes and are documented in docs/exit-codes.md.
enum class ErrorCode {
  kUsage = 2,       // the command line or an option is wrong
  kInput = 3,       // a file or folder given to us is missing, malformed or not ours to use
  kNotEnough = 4,   // the photographs do not suffice (too few, too few placed)
  kDisk = 5,        // the disk is full or cannot be written
  kBusy = 6,        // another program is working on the same room
  kTool = 7,        // a program we run (FFmpeg) is missing or failed
  kMemory = 8,      // not enough memory
  kCancelled = 130  // stopped by the person (Ctrl-C)
};

// Message: one sentence, what went wrong. Where: the file, option or JSON path it is about
// (may be empty). Hint: what to do about it (may be empty).
class Error : public std::exception {
 public:
  Error(ErrorCode code, std::string message, std::string where, std::string hint);
  const char* what() const noexcept override { return full_.c_str(); }

  ErrorCode code() const { return code_; }
  const std::string& message() const { return message_; }
  const std::string& where() const { return where_; }
  const std::string& hint() const { return hint_; }

 private:
  ErrorCode code_;
  std::string message_, where_, hint_, full_;
};

[[noreturn]] void Fail(ErrorCode code, std::string message, std::string where = {},
                       std::string hint = {});

// Raises kDisk for ENOSPC, EDQUOT, EROFS, EIO and EFBIG, kInput otherwise, with the system's
// words for `error_number` (an errno value). `doing` is a verb phrase: "write", "read".
[[noreturn]] void FailErrno(int error_number, std::string_view doing, std::string where);

}  // namespace ajar
