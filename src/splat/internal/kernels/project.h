// Projection of a block of splats and its derivative, vectorised over splats. Each function has
// a plain double-precision reference in splat/reference_test_util.h.
#pragma once

#include <cstddef>
#include <cstdint>

#include "splat/frame.h"

namespace ajar::splat::internal {

// A pinhole camera in single precision.
struct ProjectionCamera {
  float rotation[9];      // row-major, cam_from_world
  float translation[3];
  float centre[3];        // of the camera, in the world
  float fx, fy, cx, cy;
  float near_su;          // splats nearer than this are not drawn
  float max_variance_px2;  // along either axis of a splat on the screen
  int width, height;
};

// Projects splats [begin, begin + kBlockSplats) and writes those that touch the picture to
// `out` (room for kBlockSplats). Returns how many.
size_t ProjectBlock(const SplatPlanes& splats, size_t begin, const ProjectionCamera& camera,
                    int sh_degree, Projected* out);

// Derivatives for the same block. `raster[kPixelGradients + 1][kBlockSplats]`: kPixelGradients of
// each splat, plane by plane, then 1 where the splat was visible and 0 elsewhere. Fills
// gradients[planes][kBlockSplats], zero where not visible and for harmonics above sh_degree, and
// camera_gradient[6] with the block's share of CameraGradient.
void ProjectBlockBackward(const SplatPlanes& splats, size_t begin, const ProjectionCamera& camera,
                          int sh_degree, const float* raster, float* gradients,
                          float* camera_gradient);

// Name of the instruction set chosen at run time.
const char* InstructionSet();

}  // namespace ajar::splat::internal
