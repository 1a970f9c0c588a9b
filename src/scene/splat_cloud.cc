#include "scene/splat_cloud.h"

#include <Eigen/Dense>
#include <algorithm>
#include <array>
#include <cmath>

#include "base/check.h"
#include "base/parallel.h"
#include "scene/splat_convention.h"

namespace ajar {
namespace {

// The matrix that turns one band's coefficients. A function f(d) = sum c_i B_i(d) seen in the
// turned frame is f(R^T d); since each band is closed under rotation, fitting the basis at
// enough directions is exact: B(d) c' = B(R^T d) c for all d.
Eigen::MatrixXd BandRotation(int band, const Eigen::Matrix3d& rotation) {
  const int first = band * band, count = 2 * band + 1;
  constexpr int kDirections = 64;
  Eigen::MatrixXd turned(kDirections, count), source(kDirections, count);
  for (int i = 0; i < kDirections; ++i) {
    // Directions spread evenly (Fibonacci lattice).
    const double z = 1 - (2 * i + 1.0) / kDirections, r = std::sqrt(1 - z * z);
    const double phi = i * 2.399963229728653;
    const Eigen::Vector3d d(r * std::cos(phi), r * std::sin(phi), z);
    const Eigen::Vector3d s = rotation.transpose() * d;
    std::array<double, 16> basis{};
    ShBasis(kMaxShDegree, d.x(), d.y(), d.z(), basis.data());
    for (int k = 0; k < count; ++k) turned(i, k) = basis[static_cast<size_t>(first + k)];
    ShBasis(kMaxShDegree, s.x(), s.y(), s.z(), basis.data());
    for (int k = 0; k < count; ++k) source(i, k) = basis[static_cast<size_t>(first + k)];
  }
  return (turned.transpose() * turned).ldlt().solve(turned.transpose() * source);
}

}  // namespace

void SplatCloud::Resize(size_t count, int degree) {
  AJAR_CHECK(degree >= 0 && degree <= kMaxShDegree);
  sh_degree = degree;
  means.resize(count, Eigen::Vector3f::Zero());
  rotations.resize(count, Eigen::Vector4f(1, 0, 0, 0));
  log_scales.resize(count, Eigen::Vector3f::Zero());
  opacity_logits.resize(count, 0.0f);
  sh.resize(count * sh_stride(), 0.0f);
}

std::vector<std::string> Violations(const SplatCloud& cloud, int max_violations) {
  std::vector<std::string> found;
  if (cloud.sh_degree < 0 || cloud.sh_degree > kMaxShDegree) {
    return {"the degree of harmonics is " + std::to_string(cloud.sh_degree)};
  }
  const size_t n = cloud.size();
  if (cloud.rotations.size() != n || cloud.log_scales.size() != n ||
      cloud.opacity_logits.size() != n || cloud.sh.size() != n * cloud.sh_stride()) {
    return {"the arrays differ in length"};
  }
  for (size_t i = 0; i < n && static_cast<int>(found.size()) < max_violations; ++i) {
    bool finite = cloud.means[i].allFinite() && cloud.rotations[i].allFinite() &&
                  cloud.log_scales[i].allFinite() && std::isfinite(cloud.opacity_logits[i]);
    for (size_t k = 0; k < cloud.sh_stride() && finite; ++k) {
      finite = std::isfinite(cloud.sh[i * cloud.sh_stride() + k]);
    }
    if (!finite) found.push_back("splat " + std::to_string(i) + " has a number that is not finite");
    else if (!(cloud.rotations[i].norm() > 1e-6f)) {
      found.push_back("splat " + std::to_string(i) + " has no rotation");
    }
  }
  return found;
}

SplatCloud Transformed(const SplatCloud& cloud, const Sim3& target_from_source) {
  SplatCloud result = cloud;
  const Eigen::Quaternionf turn = target_from_source.rotation.cast<float>();
  const float log_scale = static_cast<float>(std::log(target_from_source.scale));
  std::array<Eigen::MatrixXf, kMaxShDegree + 1> bands;
  for (int band = 1; band <= cloud.sh_degree; ++band) {
    bands[static_cast<size_t>(band)] =
        BandRotation(band, target_from_source.rotation.toRotationMatrix()).cast<float>();
  }
  ParallelFor(cloud.size(), 4096, [&](size_t i) {
    result.means[i] =
        (target_from_source * Eigen::Vector3d(cloud.means[i].cast<double>())).cast<float>();
    const Eigen::Vector4f& q = cloud.rotations[i];
    const Eigen::Quaternionf turned = (turn * Eigen::Quaternionf(q[0], q[1], q[2], q[3])).normalized();
    result.rotations[i] = {turned.w(), turned.x(), turned.y(), turned.z()};
    result.log_scales[i] = cloud.log_scales[i].array() + log_scale;
    using Coefficients = Eigen::Matrix<float, Eigen::Dynamic, 3, Eigen::RowMajor>;
    const Eigen::Map<const Coefficients> from(cloud.sh.data() + i * cloud.sh_stride(),
                                              ShCoefficientCount(cloud.sh_degree), 3);
    Eigen::Map<Coefficients> to(result.sh.data() + i * cloud.sh_stride(),
                                ShCoefficientCount(cloud.sh_degree), 3);
    for (int band = 1; band <= cloud.sh_degree; ++band) {
      to.middleRows(band * band, 2 * band + 1) =
          bands[static_cast<size_t>(band)] * from.middleRows(band * band, 2 * band + 1);
    }
  });
  return result;
}

}  // namespace ajar
