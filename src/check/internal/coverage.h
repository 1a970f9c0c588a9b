// Which places of the room how many photographs see, and from how far apart.
#pragma once

#include <Eigen/Core>
#include <span>
#include <vector>

#include "check/internal/layout.h"

namespace ajar::check::internal {

inline constexpr int kEnoughViews = 3;
inline constexpr double kApart_rad = 0.14;  // 8 degrees: what tells depth well

// A place that photographs should show.
struct Sample {
  Eigen::Vector3d x = Eigen::Vector3d::Zero();
  Eigen::Vector2d outward = Eigen::Vector2d::Zero();  // of a wall; nothing: seen from anywhere
  int wall = -1;                                      // index of the side
  int column = 0, row = 0;  // of the wall: from the left as seen from inside, from below
  std::vector<Eigen::Vector3d> rays = {};  // from it to who sees it, unit length
  double apart_rad = 0;                    // the widest angle between two of them

  bool covered() const {
    return static_cast<int>(rays.size()) >= kEnoughViews && apart_rad >= kApart_rad;
  }
  // From 1, nobody sees it, to 0, it is covered.
  double Lacks() const;
  void Add(const Eigen::Vector3d& ray);
};

inline constexpr double kSquare_m = 0.3;

struct Coverage {
  std::vector<Sample> samples;
  std::vector<int> columns;  // of each wall
};

// Nobody sees anything yet.
Coverage Places(const Layout& layout);

// Whether a view shows a place, and nothing that it is known to show stands before it.
bool Sees(const View& view, const Sample& sample);

void Count(const View& view, Coverage* coverage);

// Walls and squares of the plan with what was counted. Who is beside a wall is not told.
void Draw(const Layout& layout, const Coverage& coverage, Plan* plan);

}  // namespace ajar::check::internal
