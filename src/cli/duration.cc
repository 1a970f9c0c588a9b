#include "cli/duration.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstdio>

namespace ajar::cli {
namespace {

constexpr double kLongest_s = 30 * 86400;

std::optional<double> UnitSeconds(std::string_view unit) {
  if (unit == "s" || unit == "sec" || unit == "second" || unit == "seconds") return 1;
  if (unit == "m" || unit == "min" || unit == "minute" || unit == "minutes") return 60;
  if (unit == "h" || unit == "hour" || unit == "hours") return 3600;
  return std::nullopt;
}

std::string Count(int64_t count, const char* one) {
  return std::to_string(count) + " " + one + (count == 1 ? "" : "s");
}

// The number of digits that somebody waiting can use.
int64_t RoundedTo(double value, int64_t step) {
  return std::llround(value / static_cast<double>(step)) * step;
}

}  // namespace

std::optional<double> ParseDuration(std::string_view text) {
  double total = 0, last_unit = 1e9;
  bool any = false;
  const auto skip_spaces = [&] {
    while (!text.empty() && text[0] == ' ') text.remove_prefix(1);
  };
  for (skip_spaces(); !text.empty(); skip_spaces()) {
    double value = 0;
    const auto [end, error] =
        std::from_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed);
    if (error != std::errc() || !std::isfinite(value) || value < 0) return std::nullopt;
    text.remove_prefix(static_cast<size_t>(end - text.data()));
    skip_spaces();
    size_t letters = 0;
    while (letters < text.size() && std::isalpha(static_cast<unsigned char>(text[letters]))) {
      ++letters;
    }
    const bool bare = letters == 0 && text.empty() && !any;
    const std::optional<double> unit = bare ? 1 : UnitSeconds(text.substr(0, letters));
    // From large to small, each once: "30m1h" is more likely a slip than a wish.
    if (!unit || *unit >= last_unit) return std::nullopt;
    text.remove_prefix(letters);
    total += value * *unit;
    last_unit = *unit;
    any = true;
  }
  if (!any || !(total > 0) || total > kLongest_s) return std::nullopt;
  return total;
}

std::string TimeLeftInWords(double seconds) {
  if (!(seconds > 10)) return "less than 10 seconds left";
  if (seconds < 55) return "about " + Count(RoundedTo(seconds, 10), "second") + " left";
  if (seconds < 55 * 60) {
    return "about " + Count(std::max<int64_t>(1, RoundedTo(seconds / 60, 1)), "minute") + " left";
  }
  const int64_t minutes = RoundedTo(seconds / 60, 10);
  std::string words = "about " + Count(minutes / 60, "hour");
  if (minutes % 60 != 0) words += " " + Count(minutes % 60, "minute");
  return words + " left";
}

std::string DurationInWords(double seconds) {
  if (seconds < 9.95) {
    char text[32];
    std::snprintf(text, sizeof(text), "%.1f seconds", seconds);
    return text;
  }
  const int64_t whole = std::llround(seconds);
  const int64_t hours = whole / 3600, minutes = whole / 60 % 60, rest = whole % 60;
  if (hours > 0) return Count(hours, "hour") + (minutes ? " " + Count(minutes, "minute") : "");
  if (minutes > 0) return Count(minutes, "minute") + (rest ? " " + Count(rest, "second") : "");
  return Count(whole, "second");
}

}  // namespace ajar::cli
