// What was found of photographs, as text for a terminal.
#pragma once

#include <optional>
#include <string>

#include "base/files.h"
#include "check/check.h"

namespace ajar::room {

// `page`: where the same was written with pictures.
std::string CheckText(const check::Findings& findings, const std::string& language,
                      const std::optional<Path>& page = {});

}  // namespace ajar::room
