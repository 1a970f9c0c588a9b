// The plan of the room as checked, as an SVG picture to stand in a page.
#pragma once

#include <string>

#include "check/check.h"
#include "room/internal/check_words.h"

namespace ajar::room {

// A metre is 100 units. Says what it shows in title and description; nothing is told by colour
// alone: a wall that too few see is dashed, a covered square has a dot, photographs have their
// numbers. Needs a plan with walls.
std::string CheckPlanSvg(const check::Findings& findings, const CheckWords& words);

}  // namespace ajar::room
