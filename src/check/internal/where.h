// Places told by photographs.
#pragma once

#include <optional>
#include <vector>

#include "check/check.h"

namespace ajar::check::internal {

// The photograph by which a wall is told best: near it, square to it, and good.
std::optional<Beside> BesideWall(const Wall& wall, const std::vector<Photograph>& photographs);

}  // namespace ajar::check::internal
