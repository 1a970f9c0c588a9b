// Points looked for in the photographs that ought to show them, now that it is known where.
#pragma once

#include <span>

#include "sfm/internal/features.h"
#include "sfm/internal/model.h"

namespace ajar::sfm::internal {

struct CompleteOptions {
  double most_error_px = 3;     // between where a point should be and a feature
  double most_distance = 0.65;  // of its description from the most alike of the point's, as unit
                                // vectors
  double most_angle_rad = 0.9;  // between the ways it is seen
};

// Adds free features of placed images to points that their neighbours see. Returns how many.
size_t CompleteTracks(const Graph& graph, std::span<const Features> features,
                      const CompleteOptions& options, Model* model);

}  // namespace ajar::sfm::internal
