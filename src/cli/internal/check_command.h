// ajar check: do the photographs suffice for their room?
#pragma once

#include "cli/internal/verb.h"

namespace ajar::cli {

void AddCheck(CLI::App* app, Shell* shell);

}  // namespace ajar::cli
