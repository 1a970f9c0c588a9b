// thing, story and tour: what is told of a room, from scripts.
#pragma once

#include "cli/internal/verb.h"

namespace ajar::cli {

void AddTelling(CLI::App* app, Shell* shell);

}  // namespace ajar::cli
