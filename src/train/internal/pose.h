// Small corrections of where photographs were taken, learned beside the splats.
#pragma once

#include <Eigen/Core>
#include <array>
#include <cstdint>

#include "scene/rigid3.h"
#include "splat/frame.h"

namespace ajar::train::internal {

// Trivially copyable, for the checkpoint. The correction is applied after cam_from_world.
struct PoseState {
  std::array<double, 4> rotation_wxyz{1, 0, 0, 0};
  std::array<double, 3> translation{};  // scene units
  std::array<double, 6> m{}, v{};       // Adam's moments: turn, move
  int64_t steps = 0;
};

Rigid3 Corrected(const PoseState& state, const Rigid3& cam_from_world);

// One step of Adam at progress in [0, 1] of the training; nothing before kPosesFrom.
inline constexpr double kPosesFrom = 0.15;
void UpdatePose(const splat::CameraGradient& gradient, double progress, double scene_extent,
                PoseState* state);

}  // namespace ajar::train::internal
