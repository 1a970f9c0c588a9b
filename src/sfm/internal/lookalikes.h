// Pairs of photographs that look alike, but do not show the same place.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "sfm/internal/graph.h"
#include "sfm/internal/relative_pose.h"

namespace ajar::sfm::internal {

struct LookalikeOptions {
  double most_error = 0.002;   // of a match that agrees, in units of the rays
  double most_turn_rad = 0.1;  // in which a way round must come back
};

// Each pair's share of the triangles it is in that agree with it, each weighted by its weakest
// side's inliers; -1 where it is in none (C. Zach, M. Klopschitz and M. Pollefeys, "Disambiguating
// visual relations using loop constraints", 2010). A way round by a third photograph agrees when
// it turns as the pair does, or when half of the pair's own matches fit its turn as well: in
// pictures of one plane more than one turn does.
// `rays[k]`: of the inliers of pair k.
std::vector<double> TriangleAgreement(size_t images, std::span<const ViewPair> pairs,
                                      std::span<const std::vector<RayPair>> rays,
                                      const LookalikeOptions& options);

// The share of the pairs that a camera turned like this can explain by moving in some direction.
double ShareExplained(const Eigen::Quaterniond& second_from_first, std::span<const RayPair> pairs,
                      double most_error);

}  // namespace ajar::sfm::internal
