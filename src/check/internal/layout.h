// The room as a rectangle with photographs in it, from poses and sparse points alone.
#pragma once

#include <Eigen/Core>
#include <vector>

#include "base/progress.h"
#include "check/check.h"
#include "scene/reconstruction.h"

namespace ajar::check::internal {

// A photograph or one to be taken, in the plan's frame in space: x and z as the plan's x and y, y
// up from the floor, metres.
struct View {
  uint32_t image_id = 0;  // 0: to be taken
  Camera camera;
  Rigid3 cam_from_plan;
  Eigen::Vector3d centre = Eigen::Vector3d::Zero();
  // How far what it shows is, in columns x rows of the picture: four fifths of the points are
  // nearer; 0: not known.
  std::vector<float> far_m;
};
inline constexpr int kFarColumns = 12, kFarRows = 9;

struct Layout {
  Eigen::Vector2d low = Eigen::Vector2d::Zero(), high = Eigen::Vector2d::Zero();
  std::vector<View> views;
  std::vector<Eigen::Vector3d> points;
};

// At least one image.
Layout FindLayout(const Reconstruction& reconstruction, const Progress& progress);

Eigen::Vector2d OnPlan(const Eigen::Vector3d& x);
// Unit length; nothing for a look steeper than 60 degrees.
Eigen::Vector2d AheadOnPlan(const Rigid3& cam_from_plan);
// To the right of one who looks along `ahead`.
inline Eigen::Vector2d RightOf(const Eigen::Vector2d& ahead) { return {-ahead.y(), ahead.x()}; }

// The rectangle's sides, clockwise from the upper one, each from left to right as seen from inside.
struct Sides {
  Eigen::Vector2d from, to, outward;
};
std::vector<Sides> SidesOf(const Layout& layout);

}  // namespace ajar::check::internal
