// What a walking visitor may stand on and bumps into, as triangles.
#pragma once

#include <Eigen/Core>
#include <cstdint>
#include <vector>

namespace ajar::space {

// Room frame, metres. Indices into `positions`, three a triangle, counterclockwise seen from where
// a person may be. Everything but the floor stands in the way, from the floor up to its own top.
struct CollisionMesh {
  std::vector<Eigen::Vector3f> positions;
  std::vector<uint32_t> floor;      // seen to be free, at y = 0
  std::vector<uint32_t> obstacles;  // furniture, as boxes
  std::vector<uint32_t> walls;      // the outline, up to the ceiling
  std::vector<uint32_t> unknown;    // floor that nobody saw, closed off as boxes

  bool empty() const { return positions.empty(); }
};

}  // namespace ajar::space
