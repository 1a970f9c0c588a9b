// Durations as people write and read them.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace ajar::cli {

// "90s", "5m", "5 min", "1h30m", "1.5h"; a bare number counts seconds. Nothing for anything else,
// for zero and for more than 30 days.
std::optional<double> ParseDuration(std::string_view text);

// "about 3 minutes left", "less than 10 seconds left".
std::string TimeLeftInWords(double seconds);

// "8 minutes 5 seconds", "1 hour 2 minutes", "0.4 seconds".
std::string DurationInWords(double seconds);

}  // namespace ajar::cli
