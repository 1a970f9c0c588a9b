// What a person sees while they wait, and what another program reads.
#pragma once

#include <cstdio>
#include <string>

#include "base/error.h"
#include "base/progress.h"

namespace ajar::cli {

enum class ScreenMode {
  kBar,    // one line that is drawn again and again, on standard error
  kPlain,  // a line now and then, on standard error
  kJson,   // one JSON object a line, on standard output
  kQuiet   // nothing but results and errors
};

// kJson or kQuiet when asked for, else a bar where standard error is a terminal.
ScreenMode ChooseMode(bool json, bool quiet);

class Screen {
 public:
  explicit Screen(ScreenMode mode) : mode_(mode) {}
  Screen(ScreenMode mode, std::FILE* out, std::FILE* err) : mode_(mode), out_(out), err_(err) {}

  ScreenMode mode() const { return mode_; }

  void Show(const ProgressUpdate& update);
  // Ends the bar's line, so that other words can follow; of a stage that is done it keeps that.
  void EndLine(bool done = true);

  // A result, on standard output; as JSON when `json` (the fields of an object, without its
  // braces) is given and asked for.
  void Say(const std::string& words);
  void SayJson(const std::string& object);
  // The sentence on standard error; in kJson also an object on standard output.
  void ShowError(const Error& error);

 private:
  void ShowBar(const ProgressUpdate& update);
  void ShowPlain(const ProgressUpdate& update);
  void ShowJson(const ProgressUpdate& update);

  ScreenMode mode_;
  std::FILE* out_ = stdout;
  std::FILE* err_ = stderr;
  std::string stage_;
  double last_shown_s_ = -1e9;
  double last_fraction_ = 0;
  bool line_open_ = false;
};

// The bar's line for a terminal of so many columns: stage, bar, percentage, time left, note.
std::string BarLine(const ProgressUpdate& update, int columns);

}  // namespace ajar::cli
