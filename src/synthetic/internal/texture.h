// Procedural surface colours: pure functions of a place on a surface, rich in detail that
// feature detectors find, different on every surface.
#pragma once

#include <Eigen/Core>
#include <cstdint>

namespace ajar::synthetic {

// Colour in [0, 1] of surface number `surface` at (u, v) metres.
Eigen::Vector3f SurfaceColour(uint32_t surface, float u, float v);

}  // namespace ajar::synthetic
