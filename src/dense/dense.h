// Surface points from photographs whose poses are known: plane sweep between neighbouring
// photographs (Collins 1996), smoothed by semi-global matching (Hirschmueller 2008), kept where
// other photographs agree, and thinned to a number of points. For training to start from, so that
// plain walls begin as walls.
#pragma once

#include <Eigen/Core>
#include <cstdint>
#include <span>
#include <vector>

#include "base/options.h"
#include "base/progress.h"
#include "scene/camera.h"
#include "scene/raster.h"
#include "scene/rigid3.h"

namespace ajar::dense {

struct Options {
  int64_t long_side_px = 400;    // at which photographs are compared
  int64_t neighbours = 4;        // photographs that each is compared with
  int64_t max_points = 100'000;
};
std::vector<OptionField> Fields(Options& options);

struct View {
  const Image8* picture = nullptr;  // 3 channels, undistorted
  Camera camera;                    // pinhole, of the picture's size
  Rigid3 cam_from_world;
};

struct SurfacePoint {
  Eigen::Vector3f x_in_world;
  Eigen::Vector3f normal_in_world;  // unit length, towards those who saw it
  Eigen::Matrix<uint8_t, 3, 1> rgb;
};

// `sparse_points` (may be empty) say how far things are; without them a coarse sweep finds out.
// `scene_extent`: CameraExtent(), scene units. Points lie as evenly as the number allows. Empty
// when fewer than two views see the same things. The same bits for any number of threads.
std::vector<SurfacePoint> FindSurface(std::span<const View> views,
                                      std::span<const Eigen::Vector3f> sparse_points,
                                      double scene_extent, const Options& options,
                                      const Progress& progress);

}  // namespace ajar::dense
