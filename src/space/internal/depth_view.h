// How far away what a camera sees is, from the splats.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/progress.h"
#include "scene/raster.h"
#include "scene/reconstruction.h"
#include "scene/splat_cloud.h"
#include "splat/frame.h"
#include "splat/planes.h"

namespace ajar::space {

// Draws depths of one cloud from many places; keeps a reference to it.
class DepthDrawer {
 public:
  explicit DepthDrawer(const SplatCloud& cloud);

  // Depth along the view axis at which half of the light is stopped, scene units; 0 where less is.
  // A splat is met where its density along the pixel's ray is greatest, which for a flat one is
  // its plane, and not at its centre. The same bits for any number of threads.
  // Nothing but 0 for an empty cloud.
  ImageF Draw(const splat::View& view);

 private:
  const SplatCloud& cloud_;
  splat::SplatPlanes planes_;
  splat::Frame frame_;
};

struct DepthView {
  uint32_t image_id = 0;
  Camera camera;          // pinhole, of the depth's size
  Rigid3 cam_from_world;
  Eigen::Vector3d centre_in_world = Eigen::Vector3d::Zero();
  ImageF depth;

  // Pixel that a point in the camera's frame falls into, as x + y * width; -1 outside.
  int PixelOf(const Eigen::Vector3d& x_in_cam) const {
    if (!(x_in_cam.z() > 1e-9)) return -1;
    const double x = camera.fx() * x_in_cam.x() / x_in_cam.z() + camera.cx();
    const double y = camera.fy() * x_in_cam.y() / x_in_cam.z() + camera.cy();
    if (!(x >= 0 && y >= 0 && x < depth.width && y < depth.height)) return -1;
    return static_cast<int>(x) + static_cast<int>(y) * depth.width;
  }
  // Direction of depth 1 through a pixel's centre, in the camera's frame.
  Eigen::Vector3d Ray(int x, int y) const {
    return {(x + 0.5 - camera.cx()) / camera.fx(), (y + 0.5 - camera.cy()) / camera.fy(), 1};
  }
};

// Of each photograph, or of `max_views` spread evenly over them, without its distortion.
std::vector<DepthView> DrawDepthViews(const Reconstruction& reconstruction, DepthDrawer* drawer,
                                      int long_side_px, int max_views, const Progress& progress);

}  // namespace ajar::space
