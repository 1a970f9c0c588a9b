// A person who walks in a room as the page lets them: for tests and for measuring.
#pragma once

#include <Eigen/Core>
#include <memory>

#include "space/mesh.h"

namespace ajar::space {

// A standing person: an upright cylinder that steps over what is lower than `step_m`.
struct Body {
  double radius_m = 0.2, height_m = 1.8, step_m = 0.06;
};

class Walker {
 public:
  // Only the mesh tells it where it may go.
  Walker(const CollisionMesh& mesh, const Body& body);
  ~Walker();
  Walker(Walker&&) noexcept;

  // Whether the whole body fits there, above floor; x and z of the room frame.
  bool CanStand(const Eigen::Vector2d& place) const;
  // Towards `place + by` in steps of at most a centimetre, along what is in the way where it is
  // met at a slant; gives where the body comes to.
  Eigen::Vector2d Walk(const Eigen::Vector2d& place, const Eigen::Vector2d& by) const;
  // The nearest place at which the body can stand, at most `reach_m` away; `place` itself if none.
  Eigen::Vector2d Nearest(const Eigen::Vector2d& place, double reach_m) const;

 private:
  struct Field;
  std::unique_ptr<Field> field_;
};

}  // namespace ajar::space
