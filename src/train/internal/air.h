// Where photographs looked through there was air: no splat may be so wide that it fogs it.
#pragma once

#include <Eigen/Core>
#include <span>
#include <vector>

#include "train/internal/model.h"
#include "train/train.h"

namespace ajar::train::internal {

// Places between cameras and the nearest of the surface points that they show, each looked through
// by three photographs or more: one in a cube of a tenth of the scene's extent. None without known
// surfaces (input.point_normals).
std::vector<Eigen::Vector3f> SeenThrough(const TrainInput& input);

// Makes splats of more than that size (largest standard deviation) that reach one of these places
// smaller, by a third at most, unless they are too faint to be seen. Photographs leave them so
// where it costs no light: wide, out of doors or below the floor, with tails to where people stand.
void KeepAirClear(std::span<const Eigen::Vector3f> air, double scene_extent, Model* model);

}  // namespace ajar::train::internal
