// The relative pose of two cameras from the rays along which they see the same points. Rays are
// (x, y, 1) in the camera's frame, their first two coordinates; E satisfies x2' E x1 = 0.
#pragma once

#include <Eigen/Core>
#include <span>
#include <vector>

#include "scene/rigid3.h"

namespace ajar::sfm::internal {

struct RayPair {
  Eigen::Vector2d first, second;
};

// Essential matrices of five pairs: at most ten (D. Nister, "An efficient solution to the
// five-point relative pose problem", 2004).
std::vector<Eigen::Matrix3d> FivePoint(std::span<const RayPair> five);

// Squared Sampson distance, in squared units of the rays.
double SampsonError(const Eigen::Matrix3d& e, const RayPair& pair);

// second_from_first with translation of length 1, of the four that E allows the one for which most
// pairs lie before both cameras; `in_front` gets that number.
Rigid3 PoseFromEssential(const Eigen::Matrix3d& e, std::span<const RayPair> pairs, int* in_front);
Eigen::Matrix3d EssentialFromPose(const Rigid3& second_from_first);

// Minimises the Sampson distances over rotation and direction of translation, weighted by
// 1 / (1 + error / scale^2) (Cauchy's).
Rigid3 RefinePose(const Rigid3& start, std::span<const RayPair> pairs, double scale, int steps);

// The homography of four pairs, or of more in least squares (normalised DLT); x2 ~ H x1. Not
// finite where three of four lie on a line.
Eigen::Matrix3d FitHomography(std::span<const RayPair> pairs);
// Squared transfer error in the second.
double TransferError(const Eigen::Matrix3d& h, const RayPair& pair);

// The rotation that takes the first's rays to the second's best in least squares.
Eigen::Matrix3d FitRotation(std::span<const RayPair> pairs);

// The point that both see, in the first's frame, by the midpoint of the rays; its depths may be
// negative. Nothing useful for parallel rays.
Eigen::Vector3d MidPoint(const Rigid3& second_from_first, const RayPair& pair);

}  // namespace ajar::sfm::internal
