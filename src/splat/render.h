// Splats to pixels on the CPU, by the convention of scene/splat_convention.h.
#pragma once

#include <Eigen/Core>

#include "scene/camera.h"
#include "scene/raster.h"
#include "scene/rigid3.h"
#include "scene/splat_cloud.h"

namespace ajar::splat {

struct View {
  Camera camera;          // without distortion (kPinhole or kSimplePinhole)
  Rigid3 cam_from_world;  // world: the cloud's frame
};

struct Rendering {
  ImageF colour;  // 3 channels, sRGB, over the background
  ImageF alpha;   // 1 channel: 1 - transmittance
  ImageF depth;   // 1 channel: mean depth along the view axis of what is seen, scene units,
                  // weighted as the colours are; 0 where alpha is 0
};

// Uses all threads; the same bits for any number of them. Degree: the harmonics used, at most
// the cloud's; -1 for all.
Rendering Render(const SplatCloud& cloud, const View& view,
                 const Eigen::Vector3f& background = Eigen::Vector3f::Zero(), int sh_degree = -1);

}  // namespace ajar::splat
