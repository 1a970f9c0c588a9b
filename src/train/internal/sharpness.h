// Blurred photographs teach less, and wrongly: they are shown less often.
#pragma once

#include <span>
#include <vector>

#include "train/internal/pyramid.h"

namespace ajar::train::internal {

// For each photograph the share of rounds in which it is shown, in (0, 1]; 1 for all that are about as
// sharp as most. Sharpness is the energy of a picture's differences at full size over that at a
// quarter: blur takes from the first and hardly from the second, whatever is in the picture. A
// picture in which there is nothing to be sharp counts as sharp.
std::vector<float> ShownShares(std::span<const Pyramid> photos);

}  // namespace ajar::train::internal
