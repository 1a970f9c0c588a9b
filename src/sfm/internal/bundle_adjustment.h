// Poses, points and lenses that explain all observations best: Levenberg-Marquardt on the
// reprojection errors, the points eliminated first (B. Triggs and others, "Bundle Adjustment - A
// Modern Synthesis", 1999).
#pragma once

#include <Eigen/Core>
#include <cstdint>
#include <vector>

#include "scene/rigid3.h"
#include "sfm/internal/lens.h"

namespace ajar::sfm::internal {

struct BundleImage {
  Rigid3 cam_from_world;
  uint32_t lens = 0;
  bool fixed = false;
};
struct BundleObservation {
  uint32_t image = 0, point = 0;
  Eigen::Vector2d x_px;
  double sigma_px = 1;  // how exact it is, relative to the others
};

// What a lens parameter is expected to be, and how surely; it is not moved where sigma is 0.
struct LensPrior {
  Eigen::Matrix<double, kLensParams, 1> expected = Eigen::Matrix<double, kLensParams, 1>::Zero();
  Eigen::Matrix<double, kLensParams, 1> sigma = Eigen::Matrix<double, kLensParams, 1>::Zero();
};

struct BundleProblem {
  std::vector<Lens> lenses;
  std::vector<LensPrior> priors;  // one a lens
  std::vector<BundleImage> images;
  std::vector<Eigen::Vector3d> points;
  std::vector<BundleObservation> observations;  // sorted by point; an image sees a point once
};

struct BundleOptions {
  int most_steps = 50;
  double loss = 1;        // errors of more sigmas count less and less (Cauchy's loss)
  double settled = 1e-6;  // relative gain of a step at which to stop
};

struct BundleReport {
  double first_cost = 0, last_cost = 0;  // half the sum of losses and priors
  int steps = 0;
};

// Moves lenses, images that are not fixed, and points. Where no image is fixed the first is held,
// and the scale is left to the damping. The same bits for any number of threads.
BundleReport Adjust(const BundleOptions& options, BundleProblem* problem);

}  // namespace ajar::sfm::internal
