// The place of a point from the photographs that see it.
#pragma once

#include <Eigen/Core>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "scene/rigid3.h"
#include "sfm/internal/lens.h"

namespace ajar::sfm::internal {

struct View {
  const Rigid3* cam_from_world = nullptr;
  const Lens* lens = nullptr;
  Eigen::Vector2d x_px;
};

// Pixels between where the view shows the point and where it should; a large number behind it.
double ReprojectionError_px(const View& view, const Eigen::Vector3d& x_in_world);

// The largest angle under which any two of the views see the point.
double LargestAngle_rad(std::span<const View> views, const Eigen::Vector3d& x_in_world);

struct Triangulated {
  Eigen::Vector3d x_in_world;
  std::vector<uint32_t> views;  // that agree on it, ascending, two or more
};
// Of all pairs of views (some, where there are many) the one whose point most views agree on within
// most_px; then that point in least squares. Nothing where no two agree, or all that do see it
// under less than least_angle_rad.
std::optional<Triangulated> Triangulate(std::span<const View> views, double most_px,
                                        double least_angle_rad);

}  // namespace ajar::sfm::internal
