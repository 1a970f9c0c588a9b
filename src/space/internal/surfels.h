// Small pieces of surface that photographs agree on, spread evenly whatever was photographed often.
#pragma once

#include <Eigen/Core>
#include <vector>

#include "space/internal/depth_view.h"

namespace ajar::space {

struct Surfel {
  Eigen::Vector3d x = Eigen::Vector3d::Zero();       // reconstruction's frame
  Eigen::Vector3d normal = Eigen::Vector3d::Zero();  // unit length, towards those who saw it;
                                                     // 0 where nobody knows
};

// One for each cube of `cell_su` that at least two views (one, when there is only one) have a
// surface in; normals from neighbouring pixels of a view, averaged.
std::vector<Surfel> FindSurfels(const std::vector<DepthView>& views, double cell_su);

// Median of all depths, scene units; 0 when nothing was seen.
double MedianDepth(const std::vector<DepthView>& views);

}  // namespace ajar::space
