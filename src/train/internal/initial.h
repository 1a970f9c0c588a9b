// The splats to start from: one a point, as large as its neighbours are far.
#pragma once

#include "splat/planes.h"
#include "train/train.h"

namespace ajar::train::internal {

// Mean distance of each point to its `neighbours` nearest others (fewer when there are fewer);
// 0 for a single point.
std::vector<float> NeighbourDistances(const std::vector<Eigen::Vector3f>& points, int neighbours);

// Splats in Morton order. At most `budget` points are used (evenly thinned).
splat::SplatPlanes InitialSplats(const TrainInput& input, const Options& options);

}  // namespace ajar::train::internal
