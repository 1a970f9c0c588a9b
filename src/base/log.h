// The program's log: a line a message on standard error (spdlog underneath). What a person is
// told goes through the progress bar and the error sentence; this is for what may help later.
#pragma once

#include <string_view>

namespace ajar {

enum class LogLevel { kDebug, kInfo, kWarning };

void SetLogLevel(LogLevel lowest_shown);  // default: kWarning
void Log(LogLevel level, std::string_view message);

}  // namespace ajar
