// Whether two photographs show the same things, and from where: geometry that their matches agree
// on, found among many wrong ones.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "scene/rigid3.h"
#include "sfm/internal/relative_pose.h"

namespace ajar::sfm::internal {

struct TwoViewOptions {
  double most_error = 0.002;  // of an inlier, in units of the rays (pixels over focal length)
  int most_samples = 500;
  int least_inliers = 15;  // with fewer there is no answer
  uint64_t seed = 0;
};

struct TwoView {
  Rigid3 second_from_first;       // translation of length 1
  std::vector<uint32_t> inliers;  // indices into the pairs, ascending
  int plane_inliers = 0;          // of the best homography
  int rotation_inliers = 0;       // of the best pure rotation: as many as inliers means that
                                  // there is no baseline to tell depth by
  double median_angle_rad = 0;    // between the rays of the inliers where they meet
};

// `pairs` are sorted, the surest first: samples are drawn from the front before the rest (O. Chum
// and J. Matas, PROSAC, 2005), scored by truncated squares (MSAC; P. Torr and A. Zisserman, 2000)
// and the best are refined on their own inliers (LO-RANSAC; O. Chum and others, 2003). Few or no
// inliers when nothing fits.
TwoView FindTwoView(std::span<const RayPair> pairs, const TwoViewOptions& options);

}  // namespace ajar::sfm::internal
