// Places photographs one after another, from a pair that tells depth well (J. Schoenberger and
// J.-M. Frahm, "Structure-from-Motion Revisited", 2016).
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "sfm/internal/features.h"
#include "sfm/internal/model.h"

namespace ajar::sfm::internal {

struct MapperOptions {
  ModelOptions model;
  double last_error_px = 2.3;  // of an observation, in what is given back
  uint64_t seed = 0;
  int least_inliers = 15;       // sightings that must agree to place a photograph
  int least_pair_inliers = 40;  // of the first pair
  bool draft = false;           // the last adjustments are few
};

// Pieces with three photographs or more, the one with most first; no photograph is in two.
// `placed_share` is told how many of the photographs have been placed, in [0, 1]; it may throw to
// stop.
std::vector<Model> MapAll(const Graph& graph, std::span<const Features> features,
                          const std::vector<Lens>& lenses, const std::vector<LensPrior>& priors,
                          const std::vector<uint32_t>& lens_of_image, const MapperOptions& options,
                          const std::function<void(double placed_share)>& tell);

}  // namespace ajar::sfm::internal
