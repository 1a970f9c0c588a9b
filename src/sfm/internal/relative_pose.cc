#include "sfm/internal/relative_pose.h"

#include <Eigen/Dense>
#include <array>
#include <cmath>
#include <utility>

#include "base/check.h"
#include "sfm/internal/levenberg_marquardt.h"
#include "sfm/internal/polynomial.h"

namespace ajar::sfm::internal {
namespace {

// Polynomials in x, y, z in the order of Nister's elimination. Those of degree one have x, y, z, 1.
using Linear = Eigen::Matrix<double, 4, 1>;
// x^2, xy, xz, x, y^2, yz, y, z^2, z, 1
using Quadratic = Eigen::Matrix<double, 10, 1>;
// x^3 y^3 x^2y xy^2 x^2z x^2 y^2z y^2 xyz xy | xz^2 xz x yz^2 yz y z^3 z^2 z 1
using Cubic = Eigen::Matrix<double, 20, 1>;

Quadratic QuadraticOf(const Linear& a, const Linear& b) {
  Quadratic q;
  q << a[0] * b[0], a[0] * b[1] + a[1] * b[0], a[0] * b[2] + a[2] * b[0], a[0] * b[3] + a[3] * b[0],
      a[1] * b[1], a[1] * b[2] + a[2] * b[1], a[1] * b[3] + a[3] * b[1], a[2] * b[2],
      a[2] * b[3] + a[3] * b[2], a[3] * b[3];
  return q;
}

Cubic CubicOf(const Quadratic& q, const Linear& l) {
  Cubic c;
  c[0] = q[0] * l[0];                               // x^3
  c[1] = q[4] * l[1];                               // y^3
  c[2] = q[0] * l[1] + q[1] * l[0];                 // x^2 y
  c[3] = q[1] * l[1] + q[4] * l[0];                 // x y^2
  c[4] = q[0] * l[2] + q[2] * l[0];                 // x^2 z
  c[5] = q[0] * l[3] + q[3] * l[0];                 // x^2
  c[6] = q[4] * l[2] + q[5] * l[1];                 // y^2 z
  c[7] = q[4] * l[3] + q[6] * l[1];                 // y^2
  c[8] = q[1] * l[2] + q[2] * l[1] + q[5] * l[0];   // xyz
  c[9] = q[1] * l[3] + q[3] * l[1] + q[6] * l[0];   // xy
  c[10] = q[2] * l[2] + q[7] * l[0];                // x z^2
  c[11] = q[2] * l[3] + q[3] * l[2] + q[8] * l[0];  // xz
  c[12] = q[3] * l[3] + q[9] * l[0];                // x
  c[13] = q[5] * l[2] + q[7] * l[1];                // y z^2
  c[14] = q[5] * l[3] + q[6] * l[2] + q[8] * l[1];  // yz
  c[15] = q[6] * l[3] + q[9] * l[1];                // y
  c[16] = q[7] * l[2];                              // z^3
  c[17] = q[7] * l[3] + q[8] * l[2];                // z^2
  c[18] = q[8] * l[3] + q[9] * l[2];                // z
  c[19] = q[9] * l[3];                              // 1
  return c;
}

// a(z) b(z), coefficients from the constant up.
template <size_t N, size_t M>
std::array<double, N + M - 1> Product(const std::array<double, N>& a,
                                      const std::array<double, M>& b) {
  std::array<double, N + M - 1> c{};
  for (size_t i = 0; i < N; ++i) {
    for (size_t j = 0; j < M; ++j) c[i + j] += a[i] * b[j];
  }
  return c;
}

template <size_t N>
double ValueAt(const std::array<double, N>& c, double z) {
  double v = 0;
  for (size_t i = N; i-- > 0;) v = v * z + c[i];
  return v;
}

Eigen::Vector3d Ray(const Eigen::Vector2d& x) { return x.homogeneous(); }

Eigen::Matrix3d Cross(const Eigen::Vector3d& v) {
  Eigen::Matrix3d m;
  m << 0, -v[2], v[1], v[2], 0, -v[0], -v[1], v[0], 0;
  return m;
}

}  // namespace

std::vector<Eigen::Matrix3d> FivePoint(std::span<const RayPair> five) {
  AJAR_CHECK_EQ(five.size(), size_t{5});
  Eigen::Matrix<double, 5, 9> a;
  for (int i = 0; i < 5; ++i) {
    const RayPair& p = five[static_cast<size_t>(i)];
    const Eigen::Vector3d first = Ray(p.first), second = Ray(p.second);
    for (int r = 0; r < 3; ++r) a.block<1, 3>(i, 3 * r) = second[r] * first.transpose();
  }
  // The null space: the last four columns of Q of A' = Q R.
  const Eigen::HouseholderQR<Eigen::Matrix<double, 9, 5>> qr(a.transpose());
  const Eigen::Matrix<double, 9, 9> q = qr.householderQ();
  Linear e[3][3];
  for (int r = 0; r < 3; ++r) {
    for (int c = 0; c < 3; ++c) e[r][c] = q.row(3 * r + c).tail<4>().transpose();
  }
  Eigen::Matrix<double, 10, 20> m;
  // det E = 0
  m.row(0) = (CubicOf(QuadraticOf(e[0][1], e[1][2]) - QuadraticOf(e[0][2], e[1][1]), e[2][0]) +
              CubicOf(QuadraticOf(e[0][2], e[1][0]) - QuadraticOf(e[0][0], e[1][2]), e[2][1]) +
              CubicOf(QuadraticOf(e[0][0], e[1][1]) - QuadraticOf(e[0][1], e[1][0]), e[2][2]))
                 .transpose();
  // E E' E - trace(E E') E / 2 = 0
  Quadratic eet[3][3];
  for (int r = 0; r < 3; ++r) {
    for (int c = r; c < 3; ++c) {
      eet[r][c] = QuadraticOf(e[r][0], e[c][0]) + QuadraticOf(e[r][1], e[c][1]) +
                  QuadraticOf(e[r][2], e[c][2]);
      eet[c][r] = eet[r][c];
    }
  }
  const Quadratic half_trace = 0.5 * (eet[0][0] + eet[1][1] + eet[2][2]);
  for (int r = 0; r < 3; ++r) eet[r][r] -= half_trace;
  int row = 1;
  for (int r = 0; r < 3; ++r) {
    for (int c = 0; c < 3; ++c) {
      m.row(row++) =
          (CubicOf(eet[r][0], e[0][c]) + CubicOf(eet[r][1], e[1][c]) + CubicOf(eet[r][2], e[2][c]))
              .transpose();
    }
  }
  const Eigen::Matrix<double, 10, 10> reduced =
      m.leftCols<10>().partialPivLu().solve(m.rightCols<10>());
  if (!reduced.allFinite()) return {};
  // Rows 4 to 9 (x^2z, x^2, y^2z, y^2, xyz, xy), each of a pair less z times the next: cubic in z
  // for x and for y, of degree four for 1.
  std::array<double, 4> px[3], py[3];
  std::array<double, 5> p1[3];
  for (int k = 0; k < 3; ++k) {
    const auto u = reduced.row(4 + 2 * k), v = reduced.row(5 + 2 * k);
    px[k] = {u[2], u[1] - v[2], u[0] - v[1], -v[0]};
    py[k] = {u[5], u[4] - v[5], u[3] - v[4], -v[3]};
    p1[k] = {u[9], u[8] - v[9], u[7] - v[8], u[6] - v[7], -v[6]};
  }
  std::array<double, 11> determinant{};
  const auto add = [&](int i, int j, int k, double sign) {
    const auto product = Product(Product(px[i], py[j]), p1[k]);
    for (size_t n = 0; n < product.size(); ++n) determinant[n] += sign * product[n];
  };
  add(0, 1, 2, 1);
  add(1, 2, 0, 1);
  add(2, 0, 1, 1);
  add(0, 2, 1, -1);
  add(1, 0, 2, -1);
  add(2, 1, 0, -1);
  std::vector<Eigen::Matrix3d> result;
  for (const double z : RealRoots(determinant)) {
    Eigen::Matrix3d b;
    for (int k = 0; k < 3; ++k) b.row(k) << ValueAt(px[k], z), ValueAt(py[k], z), ValueAt(p1[k], z);
    // The null vector: the best conditioned cross product of two rows.
    Eigen::Vector3d n = Eigen::Vector3d::Zero();
    for (int k = 0; k < 3; ++k) {
      const Eigen::Vector3d cross = b.row(k).transpose().cross(b.row((k + 1) % 3).transpose());
      if (cross.squaredNorm() > n.squaredNorm()) n = cross;
    }
    if (std::abs(n[2]) < 1e-12 * n.norm() || n.squaredNorm() == 0) continue;
    const Linear weights(n[0] / n[2], n[1] / n[2], z, 1);
    Eigen::Matrix3d found;
    for (int r = 0; r < 3; ++r) {
      for (int c = 0; c < 3; ++c) found(r, c) = e[r][c].dot(weights);
    }
    found /= found.norm();
    if (found.allFinite()) result.push_back(found);
  }
  return result;
}

double SampsonError(const Eigen::Matrix3d& e, const RayPair& pair) {
  const Eigen::Vector3d line2 = e * Ray(pair.first);
  const Eigen::Vector3d line1 = e.transpose() * Ray(pair.second);
  const double product = Ray(pair.second).dot(line2);
  const double squares = line2.head<2>().squaredNorm() + line1.head<2>().squaredNorm();
  return product * product / std::max(squares, 1e-300);
}

Eigen::Matrix3d EssentialFromPose(const Rigid3& t) {
  return Cross(t.translation) * t.rotation.toRotationMatrix();
}

Eigen::Vector3d MidPoint(const Rigid3& second_from_first, const RayPair& pair) {
  const Eigen::Vector3d a = Ray(pair.first).normalized();
  const Eigen::Quaterniond back = second_from_first.rotation.conjugate();
  const Eigen::Vector3d b = back * Ray(pair.second).normalized();
  const Eigen::Vector3d centre = -(back * second_from_first.translation);
  // centre + s b nearest to t a.
  const double ab = a.dot(b), determinant = 1 - ab * ab;
  const double t = (a.dot(centre) - ab * b.dot(centre)) / determinant;
  const double s = (ab * a.dot(centre) - b.dot(centre)) / determinant;
  return 0.5 * (t * a + centre + s * b);
}

Rigid3 PoseFromEssential(const Eigen::Matrix3d& e, std::span<const RayPair> pairs, int* in_front) {
  const Eigen::JacobiSVD<Eigen::Matrix3d> svd(e, Eigen::ComputeFullU | Eigen::ComputeFullV);
  Eigen::Matrix3d u = svd.matrixU(), v = svd.matrixV();
  if (u.determinant() < 0) u.col(2) *= -1;
  if (v.determinant() < 0) v.col(2) *= -1;
  Eigen::Matrix3d w;
  w << 0, -1, 0, 1, 0, 0, 0, 0, 1;
  const Eigen::Quaterniond rotations[2] = {
      Eigen::Quaterniond(Eigen::Matrix3d(u * w * v.transpose())),
      Eigen::Quaterniond(Eigen::Matrix3d(u * w.transpose() * v.transpose()))};
  Rigid3 best;
  *in_front = -1;
  for (int k = 0; k < 4; ++k) {
    Rigid3 pose{rotations[k / 2].normalized(), u.col(2)};
    if (k % 2) pose.translation = -pose.translation;
    int count = 0;
    for (const RayPair& pair : pairs) {
      const Eigen::Vector3d x = MidPoint(pose, pair);
      if (x[2] > 0 && (pose * x)[2] > 0) ++count;
    }
    if (count > *in_front) {
      *in_front = count;
      best = pose;
    }
  }
  return best;
}

Rigid3 RefinePose(const Rigid3& start, std::span<const RayPair> pairs, double scale, int steps) {
  using Vector5 = Eigen::Matrix<double, 5, 1>;
  const auto cost_of = [&](const Rigid3& t) {
    const Eigen::Matrix3d e = EssentialFromPose(t);
    double cost = 0;
    for (const RayPair& p : pairs) cost += std::log1p(SampsonError(e, p) / (scale * scale));
    return cost;
  };
  // Two directions in which the translation can turn.
  const auto aside = [](const Eigen::Vector3d& translation) {
    Eigen::Vector3d::Index least = 0;
    translation.cwiseAbs().minCoeff(&least);
    const Eigen::Vector3d first = translation.cross(Eigen::Vector3d::Unit(least)).normalized();
    return std::pair(first, Eigen::Vector3d(translation.cross(first)));
  };
  const auto linearise = [&](const Rigid3& pose, Eigen::Matrix<double, 5, 5>* normal,
                             Vector5* gradient) {
    const Eigen::Matrix3d r = pose.rotation.toRotationMatrix();
    const Eigen::Matrix3d e = Cross(pose.translation) * r;
    Eigen::Matrix3d derivative[5];
    for (int k = 0; k < 3; ++k) {
      derivative[k] = Cross(pose.translation) * Cross(Eigen::Vector3d::Unit(k)) * r;
    }
    const auto [b1, b2] = aside(pose.translation);
    derivative[3] = Cross(b1) * r;
    derivative[4] = Cross(b2) * r;
    for (const RayPair& p : pairs) {
      const Eigen::Vector3d x1 = Ray(p.first), x2 = Ray(p.second);
      const Eigen::Vector3d line2 = e * x1, line1 = e.transpose() * x2;
      const double norm =
          std::sqrt(line2.head<2>().squaredNorm() + line1.head<2>().squaredNorm()) + 1e-300;
      const double residual = x2.dot(line2) / norm;
      const double weight = 1 / (1 + residual * residual / (scale * scale));
      Vector5 j;
      for (int k = 0; k < 5; ++k) j[k] = x2.dot(derivative[k] * x1) / norm;  // norm held fixed
      *normal += weight * j * j.transpose();
      *gradient += weight * residual * j;
    }
  };
  const auto moved = [&](Rigid3 pose, const Vector5& delta) {
    const auto [b1, b2] = aside(pose.translation);
    const Eigen::Vector3d turn = delta.head<3>();
    pose.rotation = (Eigen::Quaterniond(Eigen::AngleAxisd(
                         turn.norm(), turn.norm() > 0 ? Eigen::Vector3d(turn.normalized())
                                                      : Eigen::Vector3d::UnitX())) *
                     pose.rotation)
                        .normalized();
    pose.translation = (pose.translation + delta[3] * b1 + delta[4] * b2).normalized();
    return pose;
  };
  Rigid3 pose = start;
  pose.translation.normalize();
  return LevenbergMarquardt<5>(pose, steps, 1e-7, cost_of, linearise, moved);
}

Eigen::Matrix3d FitHomography(std::span<const RayPair> pairs) {
  if (pairs.size() == 4) {
    // From the projective frame of four points to that of the other four.
    Eigen::Matrix3d frame[2];
    for (int k = 0; k < 2; ++k) {
      const auto at = [&](size_t i) { return Ray(k ? pairs[i].second : pairs[i].first); };
      frame[k] << at(0), at(1), at(2);
      const Eigen::Vector3d weights = frame[k].inverse() * at(3);
      frame[k] = frame[k] * weights.asDiagonal();
    }
    return frame[1] * frame[0].inverse();
  }
  Eigen::Vector2d mean[2] = {Eigen::Vector2d::Zero(), Eigen::Vector2d::Zero()};
  const double n = static_cast<double>(pairs.size());
  for (const RayPair& p : pairs) {
    mean[0] += p.first / n;
    mean[1] += p.second / n;
  }
  double spread[2] = {1e-12, 1e-12};
  for (const RayPair& p : pairs) {
    spread[0] += (p.first - mean[0]).norm() / n;
    spread[1] += (p.second - mean[1]).norm() / n;
  }
  Eigen::Matrix3d to[2];
  for (int k = 0; k < 2; ++k) {
    const double s = 1.4142135623730951 / spread[k];
    to[k] << s, 0, -s * mean[k][0], 0, s, -s * mean[k][1], 0, 0, 1;
  }
  Eigen::Matrix<double, 9, 9> normal = Eigen::Matrix<double, 9, 9>::Zero();
  for (const RayPair& p : pairs) {
    const Eigen::Vector3d a = to[0] * Ray(p.first), b = to[1] * Ray(p.second);
    Eigen::Matrix<double, 2, 9> rows = Eigen::Matrix<double, 2, 9>::Zero();
    rows.block<1, 3>(0, 3) = -a.transpose();
    rows.block<1, 3>(0, 6) = b[1] * a.transpose();
    rows.block<1, 3>(1, 0) = a.transpose();
    rows.block<1, 3>(1, 6) = -b[0] * a.transpose();
    normal += rows.transpose() * rows;
  }
  const Eigen::SelfAdjointEigenSolver<Eigen::Matrix<double, 9, 9>> solver(normal);
  Eigen::Matrix3d h;
  for (int r = 0; r < 3; ++r) h.row(r) = solver.eigenvectors().col(0).segment<3>(3 * r).transpose();
  h = to[1].inverse() * h * to[0];
  return h / h.norm();
}

double TransferError(const Eigen::Matrix3d& h, const RayPair& pair) {
  const Eigen::Vector3d x = h * Ray(pair.first);
  if (std::abs(x[2]) < 1e-12) return 1e12;
  return (x.hnormalized() - pair.second).squaredNorm();
}

Eigen::Matrix3d FitRotation(std::span<const RayPair> pairs) {
  Eigen::Matrix3d sum = Eigen::Matrix3d::Zero();
  for (const RayPair& p : pairs) {
    sum += Ray(p.second).normalized() * Ray(p.first).normalized().transpose();
  }
  const Eigen::JacobiSVD<Eigen::Matrix3d> svd(sum, Eigen::ComputeFullU | Eigen::ComputeFullV);
  const Eigen::Matrix3d uv = svd.matrixU() * svd.matrixV().transpose();
  const Eigen::Vector3d signs(1, 1, uv.determinant() < 0 ? -1 : 1);
  return svd.matrixU() * signs.asDiagonal() * svd.matrixV().transpose();
}

}  // namespace ajar::sfm::internal
