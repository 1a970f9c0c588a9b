#include "base/log.h"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

namespace ajar {
namespace {

spdlog::level::level_enum Level(LogLevel level) {
  switch (level) {
    case LogLevel::kDebug: return spdlog::level::debug;
    case LogLevel::kInfo: return spdlog::level::info;
    case LogLevel::kWarning: return spdlog::level::warn;
  }
  return spdlog::level::warn;
}

spdlog::logger& Logger() {
  static spdlog::logger logger = [] {
    spdlog::logger made("ajar", std::make_shared<spdlog::sinks::stderr_sink_mt>());
    made.set_pattern("%l: %v");
    made.set_level(spdlog::level::warn);
    return made;
  }();
  return logger;
}

}  // namespace

void SetLogLevel(LogLevel lowest_shown) { Logger().set_level(Level(lowest_shown)); }
void Log(LogLevel level, std::string_view message) { Logger().log(Level(level), message); }

}  // namespace ajar
