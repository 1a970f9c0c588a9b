// The program's verbs as a person writes them.
#pragma once

#include <atomic>

#include "cli/screen.h"

namespace ajar::cli {

// Does what the command line says and gives the exit code. Errors are raised (Error); wrong
// usage is kUsage. `screen` is set up by --json and --quiet before the verb begins.
int RunCommandLine(int argc, const char* const* argv, const std::atomic<bool>* cancelled,
                   Screen* screen);

}  // namespace ajar::cli
