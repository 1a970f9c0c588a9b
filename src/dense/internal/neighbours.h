// Which photographs to compare with which.
#pragma once

#include <Eigen/Core>
#include <vector>

#include "scene/camera.h"
#include "scene/rigid3.h"

namespace ajar::dense::internal {

struct Pose {
  Camera camera;  // pinhole
  Rigid3 cam_from_world;
};

// For each view, at most `count` others that see what it sees (`seen[i]`: places in the world that
// view i shows) from a different enough place, best first.
std::vector<std::vector<size_t>> ChooseNeighbours(
    const std::vector<Pose>& poses, const std::vector<std::vector<Eigen::Vector3d>>& seen,
    size_t count);

}  // namespace ajar::dense::internal
