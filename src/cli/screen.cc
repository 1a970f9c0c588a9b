#include "cli/screen.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <nlohmann/json.hpp>

#include "cli/duration.h"

namespace ajar::cli {
namespace {

using Json = nlohmann::ordered_json;

constexpr double kBarInterval_s = 0.1;
constexpr double kJsonInterval_s = 0.2;
constexpr double kPlainInterval_s = 30;
constexpr int kBarCells = 24;

double Now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

int TerminalColumns(std::FILE* file) {
  struct winsize size {};
  if (::ioctl(::fileno(file), TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return 80;
  return size.ws_col;
}

std::string Line(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

// Cut to so many characters (not bytes: names may hold any letters).
std::string Cut(const std::string& text, int characters) {
  int count = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    const bool begins = (static_cast<unsigned char>(text[i]) & 0xc0) != 0x80;
    if (begins && count++ == characters) return text.substr(0, i);
  }
  return text;
}

int Percent(double fraction) {
  return static_cast<int>(std::floor(100 * std::clamp(fraction, 0.0, 1.0) + 1e-9));
}

}  // namespace

ScreenMode ChooseMode(bool json, bool quiet) {
  if (json) return ScreenMode::kJson;
  if (quiet) return ScreenMode::kQuiet;
  return ::isatty(::fileno(stderr)) ? ScreenMode::kBar : ScreenMode::kPlain;
}

std::string BarLine(const ProgressUpdate& update, int columns) {
  const int percent = Percent(update.fraction);
  const int filled = percent * kBarCells / 100;
  std::string line = update.stage + " [" + std::string(static_cast<size_t>(filled), '#') +
                     std::string(static_cast<size_t>(kBarCells - filled), '.') + "] " +
                     std::to_string(percent) + " %";
  if (update.seconds_left) line += ", " + TimeLeftInWords(*update.seconds_left);
  if (!update.note.empty()) line += " (" + update.note + ")";
  // The last column stays empty: some terminals wrap when it is written to.
  return Cut(line, std::max(10, columns - 1));
}

void Screen::Show(const ProgressUpdate& update) {
  switch (mode_) {
    case ScreenMode::kBar:
      return ShowBar(update);
    case ScreenMode::kPlain:
      return ShowPlain(update);
    case ScreenMode::kJson:
      return ShowJson(update);
    case ScreenMode::kQuiet:
      return;
  }
}

void Screen::ShowBar(const ProgressUpdate& update) {
  const bool new_stage = update.stage != stage_;
  if (new_stage) EndLine();
  const double now = Now();
  if (!new_stage && update.fraction < 1 && now - last_shown_s_ < kBarInterval_s) return;
  stage_ = update.stage;
  last_shown_s_ = now;
  std::fprintf(err_, "\r%s\x1b[K", BarLine(update, TerminalColumns(err_)).c_str());
  std::fflush(err_);
  line_open_ = true;
}

void Screen::ShowPlain(const ProgressUpdate& update) {
  const bool new_stage = update.stage != stage_;
  const double now = Now();
  const bool due = now - last_shown_s_ >= kPlainInterval_s && update.fraction > last_fraction_;
  if (!new_stage && !due) return;
  stage_ = update.stage;
  last_shown_s_ = now;
  last_fraction_ = update.fraction;
  std::string line = stage_;
  if (!new_stage) line += ": " + std::to_string(Percent(update.fraction)) + " %";
  if (update.seconds_left) line += ", " + TimeLeftInWords(*update.seconds_left);
  std::fprintf(err_, "%s\n", line.c_str());
  std::fflush(err_);
}

void Screen::ShowJson(const ProgressUpdate& update) {
  const double now = Now();
  if (update.stage == stage_ && update.fraction < 1 && now - last_shown_s_ < kJsonInterval_s) {
    return;
  }
  stage_ = update.stage;
  last_shown_s_ = now;
  Json json = {{"type", "progress"}, {"stage", update.stage}, {"fraction", update.fraction}};
  json["seconds_left"] = update.seconds_left ? Json(*update.seconds_left) : Json();
  json["note"] = update.note;
  SayJson(json.dump(-1, ' ', false, Json::error_handler_t::replace));
}

void Screen::EndLine(bool done) {
  if (!line_open_) return;
  if (done) std::fprintf(err_, "\r%s: done\x1b[K", stage_.c_str());
  std::fputc('\n', err_);
  std::fflush(err_);
  line_open_ = false;
}

void Screen::Say(const std::string& words) {
  EndLine();
  std::fprintf(out_, "%s\n", words.c_str());
  std::fflush(out_);
}

void Screen::SayJson(const std::string& object) { Say(object); }

void Screen::ShowError(const Error& error) {
  EndLine(false);
  std::fprintf(err_, "ajar: %s\n", error.what());
  if (mode_ != ScreenMode::kJson) return;
  const Json json = {{"type", "error"},
                     {"code", static_cast<int>(error.code())},
                     {"message", error.message()},
                     {"where", error.where()},
                     {"hint", error.hint()}};
  std::fputs(Line(json).c_str(), out_);
  std::fflush(out_);
}

}  // namespace ajar::cli
