// How far a rendered picture is from its photograph, and which way to go:
//
//   x    = gain * render + offset, a channel (exposure)
//   loss = (1 - w) mean |x - y| + w (1 - mean SSIM(x, y))
//
// SSIM: Wang et al. 2004, 11 × 11 Gaussian window, sigma 1.5, zero padding, K1 0.01, K2 0.03.
#pragma once

#include <Eigen/Core>

#include "scene/raster.h"
#include "splat/frame.h"

namespace ajar::train::internal {

struct Exposure {
  Eigen::Vector3f gain = Eigen::Vector3f::Ones();
  Eigen::Vector3f offset = Eigen::Vector3f::Zero();
};

struct LossValue {
  double loss = 0, l1 = 0, ssim = 0;
  Exposure gradient;  // dL/dgain and dL/doffset
};

// Keeps its buffers from call to call.
class Loss {
 public:
  // `photo`: 3 channels, the size of `render`. Fills d_render with dL/drender.
  LossValue Evaluate(const splat::PixelPlanes& render, const Image8& photo,
                     const Exposure& exposure, float ssim_weight, splat::PixelPlanes* d_render);

 private:
  splat::PixelPlanes x_, y_, d_mx_, d_xx_, d_xy_;
};

}  // namespace ajar::train::internal
