// How far away a small piece of surface is, by what photographs show of it.
#pragma once

#include <Eigen/Core>
#include <optional>

#include "scene/reconstruction.h"
#include "space/internal/depth_view.h"
#include "space/space.h"

namespace ajar::space {

// A depth and its standard deviation, scene units.
struct DepthGuess {
  double depth = 0, deviation = 0;
};

struct PhotoDepth {
  DepthGuess guess;
  double likeness = 0;  // of what the photographs show there, mean over them; -1 to 1
};

// `surface`: what the splats have about the pixel, a square seen with the photograph's pose;
// `depth` is that of the surface that is meant. Where it is smooth, a piece of its plane is moved
// along the pixel's ray by up to 5 %, to where the other photographs look most like this one there
// (normalised cross-correlation; Goesele et al. 2007, Furukawa and Ponce 2010); at edges and
// corners a small piece that stands across the ray. Nothing where too few photographs agree: bare
// walls, mirrors.
std::optional<PhotoDepth> DepthFromPhotographs(const Reconstruction& reconstruction,
                                               uint32_t image_id, const Eigen::Vector2d& x_px,
                                               const DepthView& surface, double depth,
                                               const PictureOf& picture_of);

}  // namespace ajar::space
