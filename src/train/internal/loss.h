// How far a rendered picture is from its photograph, and which way to go:
//
//   x    = gain * (1 + a r^2 + b r^4) * render + offset, a channel; gain and offset are the
//          photograph's exposure, a and b the lens's darkening towards the corners, r the distance
//          from the optical centre over half the picture's diagonal
//   loss = (1 - w) mean |x - y| + w (1 - mean SSIM(x, y))
//
// SSIM: Wang et al. 2004, 11 × 11 Gaussian window, sigma 1.5, zero padding, K1 0.01, K2 0.03.
#pragma once

#include <Eigen/Core>
#include <cstdint>
#include <vector>

#include "scene/raster.h"
#include "splat/frame.h"

namespace ajar::train::internal {

struct Exposure {
  Eigen::Vector3f gain = Eigen::Vector3f::Ones();
  Eigen::Vector3f offset = Eigen::Vector3f::Zero();
};

struct Vignette {
  float a = 0, b = 0;
};

// One photograph, a plane of bytes a channel.
struct Planar8 {
  int width = 0, height = 0;
  std::vector<uint8_t> data;
  Planar8() = default;
  explicit Planar8(const Image8& picture);
  const uint8_t* row(int channel, int y) const {
    return data.data() + (static_cast<size_t>(channel) * static_cast<size_t>(height) +
                          static_cast<size_t>(y)) * static_cast<size_t>(width);
  }
};

// What a camera did to a photograph.
struct Tone {
  Exposure exposure;
  Vignette vignette;
  Eigen::Vector2f centre_px = Eigen::Vector2f::Zero();  // of the vignette
};

struct LossValue {
  double loss = 0, l1 = 0, ssim = 0;
  Exposure exposure_gradient;
  Vignette vignette_gradient;
};

// Which rows the mean of SSIM goes over. Every other row costs half as much, and even and odd rows
// by turns pull the same way in the long run.
enum class SsimRows { kAll, kEven, kOdd };

// Keeps its buffers from call to call.
class Loss {
 public:
  // `photo`: the size of `render`. Fills d_render with dL/drender.
  LossValue Evaluate(const splat::PixelPlanes& render, const Planar8& photo, const Tone& tone,
                     float ssim_weight, SsimRows ssim_rows, splat::PixelPlanes* d_render);

 private:
  splat::PixelPlanes x_, y_, d_mx_, d_xx_, d_xy_;
};

}  // namespace ajar::train::internal
