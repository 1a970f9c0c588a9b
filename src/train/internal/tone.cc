#include "train/internal/tone.h"

#include <algorithm>
#include <cmath>

namespace ajar::train::internal {
namespace {

constexpr float kRate = 2e-3f;
// Cameras change exposure by a factor; an offset is haze or glare, and rarer.
constexpr float kOffsetShare = 0.2f;

class Adam {
 public:
  Adam(int64_t step, double progress) {
    const double steps = static_cast<double>(step);
    rate_ = kRate * static_cast<float>(std::pow(0.1, progress) * std::sqrt(1 - std::pow(0.999, steps)) /
                                       (1 - std::pow(0.9, steps)));
  }
  void Step(float g, float share, float* m, float* v, float* value) const {
    *m = 0.9f * *m + 0.1f * g;
    *v = 0.999f * *v + 0.001f * g * g;
    *value -= share * rate_ * *m / (std::sqrt(*v) + 1e-15f);
  }

 private:
  float rate_;
};

}  // namespace

void UpdateExposure(const Exposure& gradient, double progress, ExposureState* state) {
  const Adam adam(++state->steps, progress);
  for (int c = 0; c < 3; ++c) {
    adam.Step(gradient.gain[c], 1, &state->m.gain[c], &state->v.gain[c], &state->value.gain[c]);
    adam.Step(gradient.offset[c], kOffsetShare, &state->m.offset[c], &state->v.offset[c],
              &state->value.offset[c]);
  }
}

void UpdateVignette(const Vignette& gradient, double progress, VignetteState* state) {
  const Adam adam(++state->steps, progress);
  adam.Step(gradient.a, 1, &state->m.a, &state->v.a, &state->value.a);
  adam.Step(gradient.b, 1, &state->m.b, &state->v.b, &state->value.b);
}

void CentreExposures(std::vector<ExposureState>* exposures) {
  Exposure mean{Eigen::Vector3f::Zero(), Eigen::Vector3f::Zero()};
  for (const ExposureState& e : *exposures) {
    mean.gain += e.value.gain;
    mean.offset += e.value.offset;
  }
  const float inverse = 1 / static_cast<float>(exposures->size());
  for (ExposureState& e : *exposures) {
    e.value.gain = e.value.gain.cwiseQuotient((mean.gain * inverse).cwiseMax(0.1f));
    e.value.offset -= mean.offset * inverse;
  }
}

}  // namespace ajar::train::internal
