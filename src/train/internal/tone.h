// What cameras did to photographs, learned beside the splats: exposure and white balance of each,
// and one darkening towards the corners for all.
#pragma once

#include <cstdint>
#include <vector>

#include "train/internal/loss.h"

namespace ajar::train::internal {

struct ExposureState {
  Exposure value;
  Exposure m{Eigen::Vector3f::Zero(), Eigen::Vector3f::Zero()}, v = m;  // Adam's moments
  int64_t steps = 0;
};

struct VignetteState {
  Vignette value, m, v;
  int64_t steps = 0;
};

// One step of Adam each, at progress in [0, 1] of the training.
void UpdateExposure(const Exposure& gradient, double progress, ExposureState* state);
void UpdateVignette(const Vignette& gradient, double progress, VignetteState* state);

// The gauge: over all photographs gains average to one and offsets to nothing.
void CentreExposures(std::vector<ExposureState>* exposures);

}  // namespace ajar::train::internal
