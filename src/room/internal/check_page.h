// What was found of photographs, as a page to look at and to print.
#pragma once

#include <functional>
#include <string>

#include "check/check.h"
#include "scene/raster.h"

namespace ajar::room {

// A photograph's thumbnail by its index.
using ThumbnailOf = std::function<const Image8&(size_t photograph)>;

// One HTML file with everything in it: verdict, what to take next with pictures to go by, the plan,
// walls, every photograph. Without scripts; it loads nothing.
std::string CheckPage(const check::Findings& findings, const ThumbnailOf& thumbnail_of,
                      const std::string& language);

}  // namespace ajar::room
