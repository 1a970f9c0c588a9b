// Which way is up, where the floor is and how the walls run; all in the reconstruction's frame.
#pragma once

#include <Eigen/Core>
#include <optional>
#include <vector>

#include "scene/reconstruction.h"
#include "space/internal/surfels.h"

namespace ajar::space {

// People hold cameras level: the direction that is most nearly square to all cameras' x axes,
// with a little weight on the mean of their own up directions, which decides where all look the
// same way. Unit length.
Eigen::Vector3d UpFromCameras(const Reconstruction& reconstruction);

struct Up {
  Eigen::Vector3d direction = Eigen::Vector3d::UnitY();
  bool from_surfaces = false;  // else from the cameras alone
};
// Floors, ceilings and tables face along up, walls square to it; surfaces that do neither
// (a roof's slope, a stair's underside) lose their vote as the estimate narrows
// (reweighted least squares, Tukey's weights, from 15 degrees to 3).
Up UpFromSurfaces(const Eigen::Vector3d& from_cameras, const std::vector<Surfel>& surfels);

// The normal of the plane below the cameras that most of what faces about up lies in (RANSAC,
// Fischler and Bolles 1981, then least squares): a floor or a bed tells up better by how far it
// reaches than by how its small pieces face. Nothing when no plane is large enough or it leans.
std::optional<Eigen::Vector3d> UpFromLevelPlane(const Eigen::Vector3d& up,
                                                const std::vector<Surfel>& surfels,
                                                const Reconstruction& reconstruction,
                                                double cell_su);

// Height along `up` of the lowest level below the cameras that much faces up on; nothing when no
// level stands out. `cell_su`: the surfels' cubes.
std::optional<double> FloorHeight(const Eigen::Vector3d& up, const std::vector<Surfel>& surfels,
                                  const Reconstruction& reconstruction, double cell_su);

// How far what faces up near the floor lies from it (1.48 median absolute deviations), metres, of
// surfels in a frame that stands upright on the floor; 0 where there is none.
double FloorDeviation(const std::vector<Surfel>& surfels);

// A direction square to `up` that most walls face or run along, unit length.
Eigen::Vector3d WallDirection(const Eigen::Vector3d& up, const std::vector<Surfel>& surfels);

}  // namespace ajar::space
