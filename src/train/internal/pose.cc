#include "train/internal/pose.h"

#include <cmath>

namespace ajar::train::internal {
namespace {

// Radians, and shares of the scene's extent, a step.
constexpr double kRate = 2e-5;
// What a step keeps of the correction: where pictures do not ask for one, it fades.
constexpr double kKept = 0.999;

Rigid3 CorrectionOf(const PoseState& s) {
  return {Eigen::Quaterniond(s.rotation_wxyz[0], s.rotation_wxyz[1], s.rotation_wxyz[2],
                             s.rotation_wxyz[3]),
          {s.translation[0], s.translation[1], s.translation[2]}};
}

}  // namespace

Rigid3 Corrected(const PoseState& state, const Rigid3& cam_from_world) {
  return CorrectionOf(state) * cam_from_world;
}

void UpdatePose(const splat::CameraGradient& gradient, double progress, double scene_extent,
                PoseState* state) {
  if (progress < kPosesFrom || !(gradient.turn + gradient.move).allFinite()) return;
  const double steps = static_cast<double>(++state->steps);
  const double rate = kRate * std::pow(0.1, progress) * std::sqrt(1 - std::pow(0.999, steps)) /
                      (1 - std::pow(0.9, steps));
  Eigen::Vector3d step[2];
  for (size_t k = 0; k < 6; ++k) {
    const Eigen::Index axis = static_cast<Eigen::Index>(k % 3);
    const double g = k < 3 ? gradient.turn[axis] : gradient.move[axis];
    state->m[k] = 0.9 * state->m[k] + 0.1 * g;
    state->v[k] = 0.999 * state->v[k] + 0.001 * g * g;
    const double size = k < 3 ? rate : rate * scene_extent;
    step[k / 3][axis] = -size * state->m[k] / (std::sqrt(state->v[k]) + 1e-15);
  }
  const Eigen::Quaterniond turn(Eigen::AngleAxisd(
      step[0].norm(), step[0].norm() > 0 ? step[0].normalized() : Eigen::Vector3d::UnitX()));
  const Rigid3 moved = Rigid3{turn, step[1]} * CorrectionOf(*state);
  const Eigen::Quaterniond kept =
      Eigen::Quaterniond::Identity().slerp(kKept, moved.rotation.normalized());
  const Eigen::Vector3d t = kKept * moved.translation;
  state->rotation_wxyz = {kept.w(), kept.x(), kept.y(), kept.z()};
  state->translation = {t.x(), t.y(), t.z()};
}

}  // namespace ajar::train::internal
