// The pose of a camera from points whose place is known and the rays along which it sees them.
#pragma once

#include <Eigen/Core>
#include <cstdint>
#include <span>
#include <vector>

#include "scene/rigid3.h"

namespace ajar::sfm::internal {

struct Sighting {
  Eigen::Vector2d ray;  // (x, y, 1) in the camera's frame
  Eigen::Vector3d x_in_world;
};

// cam_from_world of three sightings: at most four (J. Grunert, 1841, as in R. Haralick and others,
// "Review and analysis of solutions of the three point perspective pose estimation problem",
// 1994).
std::vector<Rigid3> ThreePoint(std::span<const Sighting> three);

struct AbsolutePoseOptions {
  double most_error = 0.003;  // of an inlier, in units of the rays
  int most_samples = 1000;
  uint64_t seed = 0;
};
struct AbsolutePose {
  Rigid3 cam_from_world;
  std::vector<uint32_t> inliers;  // indices into the sightings, ascending; few or none when
                                  // nothing fits
};
// Random sampling with local refinement, as in two_view.h.
AbsolutePose FindAbsolutePose(std::span<const Sighting> sightings,
                              const AbsolutePoseOptions& options);

// Squared error in units of the rays; very large for what is behind the camera.
double SightingError(const Rigid3& cam_from_world, const Sighting& sighting);

// Gauss-Newton on the errors, weighted by Cauchy's loss of that scale.
Rigid3 RefineAbsolutePose(const Rigid3& start, std::span<const Sighting> sightings, double scale,
                          int steps);

}  // namespace ajar::sfm::internal
