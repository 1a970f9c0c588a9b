// How a splat becomes pixels, written once: the trainer, the renderer and the page follow it.
// It is what the pinned playcanvas engine (viewer/package.json) draws with antialiasing on and
// its minimum pixel size set to 0; docs/conventions.md says how that was established and
// tests/ holds scenes of a few splats that both must draw alike.
//
//   Sigma_2d = J W Sigma W^T J^T           J: perspective Jacobian at the centre, unclamped
//   S        = Sigma_2d + kScreenFilterPx2 * I, both its eigenvalues cut to m^2 / 2, where m is
//              the least of kMaxSplatPx, the picture's width and its height
//   o        = sigmoid(logit) * sqrt(max(0, det Sigma_2d / det S)), before the cut
//   q        = d^T S^-1 d                   d: pixel centre minus projected mean, pixels
//   falloff  = (exp(-q / 2) - e^-4) / (1 - e^-4)   for q <= kMaxQ, else 0
//   alpha    = o * falloff, left out when below kMinAlpha; at most kMaxAlpha
//   pixel    = sum over splats, near to far by depth along the view axis, of
//              colour * alpha * product of (1 - alpha) of those before it; then + T * background
//
// Colours are blended as they are encoded (sRGB gamma).
#pragma once

#include <cmath>

namespace ajar {

inline constexpr float kScreenFilterPx2 = 0.3f;
inline constexpr float kMaxSplatPx = 1024.0f;
inline constexpr float kMaxQ = 8.0f;
inline constexpr float kFalloffFloor = 0.018315638888734179f;       // e^-4
inline constexpr float kFalloffScale = 1.0186573603637741f;         // 1 / (1 - e^-4)
inline constexpr float kMinAlpha = 1.0f / 255.0f;
inline constexpr float kMaxAlpha = 0.999f;
inline constexpr float kMinTransmittance = 1e-3f;  // nothing behind is seen; ours only

// Real spherical harmonics with the signs of the 3DGS reference; for a unit direction from the
// camera to the splat. Fills the first (degree + 1)^2 of `basis`.
template <class T>
void ShBasis(int degree, T x, T y, T z, T* basis) {
  basis[0] = T(0.28209479177387814);
  if (degree < 1) return;
  const T c1 = T(0.4886025119029199);
  basis[1] = -c1 * y;
  basis[2] = c1 * z;
  basis[3] = -c1 * x;
  if (degree < 2) return;
  const T xx = x * x, yy = y * y, zz = z * z, xy = x * y, yz = y * z, xz = x * z;
  basis[4] = T(1.0925484305920792) * xy;
  basis[5] = T(-1.0925484305920792) * yz;
  basis[6] = T(0.31539156525252005) * (T(2) * zz - xx - yy);
  basis[7] = T(-1.0925484305920792) * xz;
  basis[8] = T(0.5462742152960396) * (xx - yy);
  if (degree < 3) return;
  basis[9] = T(-0.5900435899266435) * y * (T(3) * xx - yy);
  basis[10] = T(2.890611442640554) * xy * z;
  basis[11] = T(-0.4570457994644658) * y * (T(4) * zz - xx - yy);
  basis[12] = T(0.3731763325901154) * z * (T(2) * zz - T(3) * xx - T(3) * yy);
  basis[13] = T(-0.4570457994644658) * x * (T(4) * zz - xx - yy);
  basis[14] = T(1.445305721320277) * z * (xx - yy);
  basis[15] = T(-0.5900435899266435) * x * (xx - T(3) * yy);
}

inline constexpr float kShC0 = 0.28209479177387814f;

}  // namespace ajar
