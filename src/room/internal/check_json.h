// What was found of photographs, for programs.
#pragma once

#include "check/check.h"
#include "room/internal/json.h"

namespace ajar::room {

// docs/check.md lists the keys.
Json ToJson(const check::Findings& findings);

}  // namespace ajar::room
