// A room as 3D Gaussians (Kerbl et al., "3D Gaussian Splatting for Real-Time Radiance Field
// Rendering", 2023).
#pragma once

#include <Eigen/Core>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "scene/rigid3.h"

namespace ajar {

// Degree d has (d + 1)^2 coefficients a colour channel.
constexpr int ShCoefficientCount(int degree) { return (degree + 1) * (degree + 1); }
inline constexpr int kMaxShDegree = 3;

// Parallel arrays of `size()` splats, in the frame they were trained in. Scales are kept as
// natural logarithms, opacities as logits, rotations as unit quaternions (w, x, y, z) that turn
// the splat's axes into the world's.
struct SplatCloud {
  int sh_degree = 0;                       // 0..3
  std::vector<Eigen::Vector3f> means;      // scene units
  std::vector<Eigen::Vector4f> rotations;  // wxyz
  std::vector<Eigen::Vector3f> log_scales;
  std::vector<float> opacity_logits;
  // Spherical harmonics: [splat][coefficient][channel]; colour = 0.5 + sum of basis times
  // coefficient, sRGB (gamma-encoded), clamped below at 0. Basis and signs: splat_convention.h.
  std::vector<float> sh;

  size_t size() const { return means.size(); }
  size_t sh_stride() const { return static_cast<size_t>(ShCoefficientCount(sh_degree)) * 3; }
  void Resize(size_t count, int degree);
};

// Broken array sizes, non-finite numbers, degree out of range; at most `max_violations`.
std::vector<std::string> Violations(const SplatCloud& cloud, int max_violations = 20);

// The same splats in another frame: means, rotations, scales, and harmonics turned with them
// (each band is closed under rotation; the band matrices are solved for exactly).
SplatCloud Transformed(const SplatCloud& cloud, const Sim3& target_from_source);

}  // namespace ajar
