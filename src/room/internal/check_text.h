// What was found of photographs, as text for a terminal.
#pragma once

#include <string>

#include "check/check.h"

namespace ajar::room {

std::string CheckText(const check::Findings& findings, const std::string& language);

}  // namespace ajar::room
