// Which features of two photographs show the same, by their descriptors alone.
#pragma once

#include <cstdint>
#include <vector>

#include "sfm/internal/kernels/nearest.h"

namespace ajar::sfm::internal {

struct Match {
  uint32_t first = 0, second = 0;  // features of the two photographs
  float ratio = 1;                 // of the distance to that of the runner-up: smaller is surer
};

// Each other's nearest neighbours, nearer than `most_ratio` times the runner-up, the surest first.
std::vector<Match> MatchDescriptors(const PackedDescriptors& first, const PackedDescriptors& second,
                                    double most_ratio);

}  // namespace ajar::sfm::internal
