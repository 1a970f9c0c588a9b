// Upright edges in photographs (of doors, shelves, corners of walls) meet in one vanishing point:
// up.
#pragma once

#include <Eigen/Core>
#include <optional>
#include <vector>

#include "scene/camera.h"
#include "scene/raster.h"
#include "space/space.h"

namespace ajar::space {

struct Edge {
  Eigen::Vector2d from_px = Eigen::Vector2d::Zero(), to_px = Eigen::Vector2d::Zero();
};

// Straight edges, at least a twentieth of the picture's longer side long, that run within 20
// degrees of where an upright thing would, `up_in_cam` being about up. Regions of like gradients, a
// line through each (after von Gioi et al. 2010). `grey`: one channel, 0 to 1; the edges are in its
// pixels.
std::vector<Edge> UprightEdges(const ImageF& grey, const Camera& camera,
                               const Eigen::Vector3d& up_in_cam);

// Up as the edges of at most 24 photographs have it, starting from `near`, which may be 10 degrees
// off (reweighted least squares on the planes through camera and edge, Tukey's weights). Unit
// length. Nothing where too few edges agree, or all of them would agree on other directions as
// well.
std::optional<Eigen::Vector3d> UpFromEdges(const Eigen::Vector3d& near,
                                           const Reconstruction& reconstruction,
                                           const PictureOf& picture_of);

}  // namespace ajar::space
