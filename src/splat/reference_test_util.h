// The convention of scene/splat_convention.h once more, slowly, in double precision and without
// tiles, culling or vectors: what the fast code is tested against.
#pragma once

#include <Eigen/Dense>
#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <vector>

#include "scene/splat_convention.h"
#include "splat/planes.h"
#include "splat/render.h"

namespace ajar::splat::reference {

// Parameters of all splats in double precision: values[plane][splat].
struct Splats {
  int sh_degree = 0;
  std::vector<std::vector<double>> values;
  explicit Splats(const SplatPlanes& planes) : sh_degree(planes.sh_degree()) {
    for (int p = 0; p < planes.planes(); ++p) {
      values.emplace_back(planes.plane(p), planes.plane(p) + planes.count());
    }
  }
  size_t count() const { return values[0].size(); }
};

// Colour planes, [channel][y * width + x].
inline std::array<std::vector<double>, 3> Render(const Splats& s, const View& view, int degree,
                                                 const Eigen::Vector3d& background) {
  struct Flat {
    Eigen::Vector2d mean;
    Eigen::Matrix2d conic;
    double opacity, depth;
    Eigen::Vector3d colour;
  };
  std::vector<Flat> flats;
  const Camera& camera = view.camera;
  const Eigen::Matrix3d world_rotation = view.cam_from_world.rotation.toRotationMatrix();
  const Eigen::Vector3d centre = Inverse(view.cam_from_world).translation;
  for (size_t i = 0; i < s.count(); ++i) {
    const auto v = [&](int plane) { return s.values[static_cast<size_t>(plane)][i]; };
    const Eigen::Vector3d mean(v(kMean), v(kMean + 1), v(kMean + 2));
    const Eigen::Vector3d x = view.cam_from_world * mean;
    if (x.z() <= 1e-3) continue;
    const Eigen::Quaterniond q =
        Eigen::Quaterniond(v(kRotation), v(kRotation + 1), v(kRotation + 2), v(kRotation + 3))
            .normalized();
    const Eigen::Vector3d scale(std::exp(v(kScale)), std::exp(v(kScale + 1)),
                                std::exp(v(kScale + 2)));
    const Eigen::Matrix3d m = q.toRotationMatrix() * scale.asDiagonal();
    Eigen::Matrix<double, 2, 3> j;
    j << camera.fx() / x.z(), 0, -camera.fx() * x.x() / (x.z() * x.z()),  //
        0, camera.fy() / x.z(), -camera.fy() * x.y() / (x.z() * x.z());
    const Eigen::Matrix<double, 2, 3> a = j * world_rotation * m;
    const Eigen::Matrix2d bare = a * a.transpose();
    const Eigen::Matrix2d filtered =
        bare + static_cast<double>(kScreenFilterPx2) * Eigen::Matrix2d::Identity();
    Flat flat;
    flat.mean = {camera.fx() * x.x() / x.z() + camera.cx(),
                 camera.fy() * x.y() / x.z() + camera.cy()};
    const Eigen::SelfAdjointEigenSolver<Eigen::Matrix2d> axes(filtered);
    const double size = std::min({static_cast<double>(kMaxSplatPx),
                                  static_cast<double>(camera.width),
                                  static_cast<double>(camera.height)});
    const Eigen::Vector2d cut = axes.eigenvalues().cwiseMin(0.5 * size * size);
    flat.conic = axes.eigenvectors() * cut.cwiseInverse().asDiagonal() *
                 axes.eigenvectors().transpose();
    flat.opacity = 1 / (1 + std::exp(-v(kOpacity))) *
                   std::sqrt(std::max(0.0, bare.determinant() / filtered.determinant()));
    flat.depth = x.z();
    std::array<double, 16> basis{};
    const Eigen::Vector3d d = (mean - centre).normalized();
    ShBasis(degree, d.x(), d.y(), d.z(), basis.data());
    flat.colour.setConstant(0.5);
    for (int k = 0; k < ShCoefficientCount(degree); ++k) {
      for (int c = 0; c < 3; ++c) {
        flat.colour[c] += basis[static_cast<size_t>(k)] * v(kSh + 3 * k + c);
      }
    }
    flat.colour = flat.colour.cwiseMax(0.0);
    flats.push_back(flat);
  }
  std::stable_sort(flats.begin(), flats.end(),
                   [](const Flat& a, const Flat& b) { return a.depth < b.depth; });
  std::array<std::vector<double>, 3> picture;
  for (auto& plane : picture) {
    plane.resize(static_cast<size_t>(camera.width) * static_cast<size_t>(camera.height));
  }
  for (int y = 0; y < camera.height; ++y) {
    for (int x = 0; x < camera.width; ++x) {
      double transmittance = 1;
      Eigen::Vector3d colour = Eigen::Vector3d::Zero();
      for (const Flat& flat : flats) {
        const Eigen::Vector2d d = Eigen::Vector2d(x + 0.5, y + 0.5) - flat.mean;
        const double q2 = d.dot(flat.conic * d);
        if (q2 > static_cast<double>(kMaxQ)) continue;
        double alpha = flat.opacity * (std::exp(-q2 / 2) - std::exp(-4.0)) / (1 - std::exp(-4.0));
        if (alpha < static_cast<double>(kMinAlpha)) continue;
        alpha = std::min(alpha, static_cast<double>(kMaxAlpha));
        colour += transmittance * alpha * flat.colour;
        transmittance *= 1 - alpha;
        if (transmittance < 1e-7) break;
      }
      colour += transmittance * background;
      for (int c = 0; c < 3; ++c) {
        picture[static_cast<size_t>(c)][static_cast<size_t>(y * camera.width + x)] = colour[c];
      }
    }
  }
  return picture;
}

}  // namespace ajar::splat::reference
