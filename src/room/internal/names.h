// Which photograph is meant by a name written elsewhere.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "scene/reconstruction.h"

namespace ajar::room {

// For each name the index of the photograph it means, or nothing. Tried in this order, each time
// among those that are still unmatched and only where the match is the only one: the same name,
// the same path without its ending, the same file name, the same file name without its ending.
std::vector<std::optional<size_t>> MatchNames(const std::vector<std::string>& names,
                                              const std::vector<std::string>& photos);

// The photograph that a name means among those that were placed; null when there is none.
const PosedImage* ImageNamed(const Reconstruction& reconstruction, const std::string& name);

// "a, b, c and 7 more".
std::string ListOfNames(const std::vector<std::string>& names, size_t at_most = 20);

// Parts between commas, spaces around them removed, empty ones left out.
std::vector<std::string> SplitAtCommas(const std::string& text);

// Indices of the photographs to hold out, ascending. `text` is empty (none), a number N (every
// Nth in order, from the first) or names. Errors: kUsage for N < 2, names that no photograph or
// several have, and when nothing would be left to learn from.
std::vector<size_t> SelectHoldOut(const std::string& text, const std::vector<std::string>& photos);

}  // namespace ajar::room
