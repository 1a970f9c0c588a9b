// Things that are in the room twice: equal posters on opposite walls, equal windows in one wall,
// equal stools. Places alike to the last pixel lead the placing of photographs astray.
#pragma once

#include <Eigen/Core>
#include <array>
#include <cstdint>
#include <optional>

namespace ajar::synthetic {

struct Box {
  Eigen::Vector3d low, high;
};

struct OnSurface {
  uint32_t surface = 0;
  Eigen::Vector2d uv = Eigen::Vector2d::Zero();
};

// Where on a poster or a window the place `x` on a wall is, if it is on one.
std::optional<OnSurface> OnTwinOnWall(const Eigen::Vector3d& x);

inline constexpr uint32_t kStoolSurface = 84;  // and the five after it
const std::array<Box, 2>& TwinStools();
// Where on the stool's side: the same for both stools.
Eigen::Vector2d OnStool(const Box& stool, const Eigen::Vector3d& x);

}  // namespace ajar::synthetic
