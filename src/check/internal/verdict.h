// Whether it is enough, and why not.
#pragma once

#include "check/check.h"
#include "sfm/reconstruct.h"

namespace ajar::check::internal {

// Sets verdict and reasons by all else in `findings`.
void Judge(const sfm::Report& report, Findings* findings);

}  // namespace ajar::check::internal
