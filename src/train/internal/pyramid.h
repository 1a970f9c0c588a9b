// A photograph at full, half and quarter size.
#pragma once

#include <array>

#include "train/internal/loss.h"
#include "train/train.h"

namespace ajar::train::internal {

struct Pyramid {
  std::array<Planar8, 3> levels;
  std::array<Camera, 3> cameras;
};
Pyramid MakePyramid(const TrainPhoto& photo);

}  // namespace ajar::train::internal
