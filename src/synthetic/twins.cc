#include "synthetic/internal/twins.h"

#include <cmath>

namespace ajar::synthetic {
namespace {

using Eigen::Vector2d;
using Eigen::Vector3d;

// A rectangle on a wall. `right` is where someone who faces the wall has their right hand.
struct Hung {
  Vector3d centre, right;
  double width, height;
  uint32_t surface;
};
constexpr uint32_t kPoster = 80, kWindow = 81;

const std::array<Hung, 4>& AllHung() {
  static const std::array<Hung, 4> all = {{
      {{0.3, -1.55, 2.1}, {1, 0, 0}, 0.9, 1.2, kPoster},
      {{-0.4, -1.55, -2.1}, {-1, 0, 0}, 0.9, 1.2, kPoster},
      {{-1.8, -1.6, -1.1}, {0, 0, 1}, 0.8, 1.1, kWindow},
      {{-1.8, -1.6, 0.7}, {0, 0, 1}, 0.8, 1.1, kWindow},
  }};
  return all;
}

}  // namespace

std::optional<OnSurface> OnTwinOnWall(const Vector3d& x) {
  for (const Hung& hung : AllHung()) {
    const Vector3d from_centre = x - hung.centre;
    const double u = from_centre.dot(hung.right), v = from_centre.y();
    const double off = (from_centre - u * hung.right - v * Vector3d::UnitY()).norm();
    if (off < 1e-6 && std::abs(u) < 0.5 * hung.width && std::abs(v) < 0.5 * hung.height) {
      return OnSurface{hung.surface, {u, v}};
    }
  }
  return std::nullopt;
}

const std::array<Box, 2>& TwinStools() {
  static const std::array<Box, 2> stools = {{
      {{-1.5, -0.6, -1.6}, {-1.05, 0, -1.15}},
      {{0.2, -0.6, -0.5}, {0.65, 0, -0.05}},
  }};
  return stools;
}

Vector2d OnStool(const Box& stool, const Vector3d& x) {
  const Vector3d in = x - stool.low;
  const Vector3d size = stool.high - stool.low;
  for (int axis = 0; axis < 3; ++axis) {
    if (std::abs(in[axis]) < 1e-6 || std::abs(in[axis] - size[axis]) < 1e-6) {
      return {in[(axis + 1) % 3], in[(axis + 2) % 3]};
    }
  }
  return Vector2d::Zero();
}

}  // namespace ajar::synthetic
