#include "dense/internal/planes.h"

#include <Eigen/Eigenvalues>
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "dense/internal/plane_view.h"

namespace ajar::dense::internal {
namespace {

constexpr size_t kMostPlanes = 24;
constexpr int kTrials = 300;            // points that are tried as the seed of a plane
constexpr double kLeastShare = 0.004;   // of all points, to be a plane
constexpr double kSameWay = 0.85;       // cosine between a point's normal and its plane's
constexpr int kVotes = 3;               // directions that must agree on a plane,
constexpr double kBeyond = 1.2;         // how far beyond the depths around it a pixel may lie
constexpr double kVoteShare = 0.6;      // and what share of those that found something

bool IsOn(const Plane& plane, const SurfacePoint& p, double tolerance) {
  return std::abs(plane.normal.dot(p.x_in_world.cast<double>()) - plane.offset) < tolerance &&
         std::abs(plane.normal.dot(p.normal_in_world.cast<double>())) > kSameWay;
}

size_t CountOn(const Plane& plane, const std::vector<const SurfacePoint*>& points,
               double tolerance) {
  return static_cast<size_t>(std::count_if(
      points.begin(), points.end(),
      [&](const SurfacePoint* p) { return IsOn(plane, *p, tolerance); }));
}

// The plane that fits best what is on it.
Plane Refined(const Plane& plane, const std::vector<const SurfacePoint*>& points,
              double tolerance) {
  Eigen::Vector3d mean = Eigen::Vector3d::Zero();
  double count = 0;
  for (const SurfacePoint* p : points) {
    if (!IsOn(plane, *p, tolerance)) continue;
    mean += p->x_in_world.cast<double>();
    ++count;
  }
  if (count < 3) return plane;
  mean /= count;
  Eigen::Matrix3d spread = Eigen::Matrix3d::Zero();
  for (const SurfacePoint* p : points) {
    if (!IsOn(plane, *p, tolerance)) continue;
    const Eigen::Vector3d d = p->x_in_world.cast<double>() - mean;
    spread += d * d.transpose();
  }
  const Eigen::Vector3d normal =
      Eigen::SelfAdjointEigenSolver<Eigen::Matrix3d>(spread).eigenvectors().col(0);
  return {normal, normal.dot(mean)};
}

constexpr size_t kDirections = 8;
constexpr int kDx[kDirections] = {-1, -1, 0, 1, 1, 1, 0, -1};
constexpr int kDy[kDirections] = {0, -1, -1, -1, 0, 1, 1, 1};

// For each pixel and direction the nearest agreed pixel, reached without leaving what is plain on
// the way; -1 where there is none.
std::array<std::vector<int>, kDirections> NearestAgreed(const Prepared& view, const DepthMap& map,
                                                        const std::vector<uint8_t>& agreed) {
  std::array<std::vector<int>, kDirections> nearest;
  const auto at = [&](int x, int y) { return static_cast<size_t>(y * map.width + x); };
  for (size_t d = 0; d < kDirections; ++d) {
    nearest[d].assign(agreed.size(), -1);
    // In the order in which the neighbour in this direction has been seen to.
    const bool down = kDy[d] < 0 || (kDy[d] == 0 && kDx[d] < 0);
    for (size_t i = 0; i < agreed.size(); ++i) {
      const size_t here = down ? i : agreed.size() - 1 - i;
      const int x = static_cast<int>(here) % map.width, y = static_cast<int>(here) / map.width;
      const int nx = x + kDx[d], ny = y + kDy[d];
      if (nx < 0 || ny < 0 || nx >= map.width || ny >= map.height) continue;
      const size_t there = at(nx, ny);
      const int step = std::abs(static_cast<int>(view.luma[here]) - view.luma[there]);
      if (agreed[there]) {
        nearest[d][here] = static_cast<int>(there);
      } else if (step <= kPlainStep) {
        nearest[d][here] = nearest[d][there];
      }
    }
  }
  return nearest;
}

}  // namespace

std::vector<Plane> FindPlanes(const std::vector<SurfacePoint>& points, double tolerance) {
  std::vector<const SurfacePoint*> left;
  for (const SurfacePoint& p : points) left.push_back(&p);
  const size_t least = std::max<size_t>(
      20, static_cast<size_t>(kLeastShare * static_cast<double>(points.size())));
  std::vector<Plane> planes;
  while (planes.size() < kMostPlanes && left.size() >= least) {
    Plane best{};
    size_t most = 0;
    for (int trial = 0; trial < kTrials; ++trial) {
      const SurfacePoint& seed = *left[static_cast<size_t>(trial) * left.size() / kTrials];
      const Eigen::Vector3d normal = seed.normal_in_world.cast<double>();
      const Plane plane{normal, normal.dot(seed.x_in_world.cast<double>())};
      const size_t count = CountOn(plane, left, tolerance);
      if (count > most) {
        most = count;
        best = plane;
      }
    }
    for (int round = 0; round < 4; ++round) best = Refined(best, left, tolerance);
    if (CountOn(best, left, tolerance) < least) break;
    planes.push_back(best);
    std::erase_if(left, [&](const SurfacePoint* p) { return IsOn(best, *p, 2 * tolerance); });
  }
  return planes;
}

std::vector<uint8_t> FillPlain(const Prepared& view, const std::vector<Plane>& planes,
                               double tolerance, const std::vector<uint8_t>& agreed,
                               DepthMap* map) {
  std::vector<uint8_t> filled(agreed.size(), 0);
  if (agreed.empty() || planes.empty()) return filled;
  std::vector<PlaneInView> in_view;
  for (const Plane& plane : planes) in_view.emplace_back(plane, view);
  // Which planes each agreed pixel is on: a bit each.
  std::vector<uint32_t> on(agreed.size(), 0);
  for (size_t i = 0; i < agreed.size(); ++i) {
    if (!agreed[i]) continue;
    const int x = static_cast<int>(i) % map->width, y = static_cast<int>(i) / map->width;
    for (size_t p = 0; p < planes.size(); ++p) {
      on[i] |= static_cast<uint32_t>(in_view[p].IsOn(x, y, map->inverse_depth[i], tolerance)) << p;
    }
  }
  const auto nearest = NearestAgreed(view, *map, agreed);
  for (size_t i = 0; i < agreed.size(); ++i) {
    const int x = static_cast<int>(i) % map->width, y = static_cast<int>(i) / map->width;
    if (agreed[i] || !IsPlain(view.match, x, y)) continue;
    std::array<int, kMostPlanes> votes{};
    int found = 0;
    float far = std::numeric_limits<float>::infinity(), near = 0;
    for (size_t d = 0; d < kDirections; ++d) {
      if (nearest[d][i] < 0) continue;
      ++found;
      const float around = map->inverse_depth[static_cast<size_t>(nearest[d][i])];
      far = std::min(far, around);
      near = std::max(near, around);
      for (size_t p = 0; p < planes.size(); ++p) {
        votes[p] += on[static_cast<size_t>(nearest[d][i])] >> p & 1;
      }
    }
    const int needed = std::max(kVotes, static_cast<int>(std::ceil(kVoteShare * found)));
    const int most = *std::max_element(votes.begin(), votes.end());
    if (most < needed) continue;
    // The edge between a wall and the ceiling lies on both: of planes with as many votes the
    // nearest is what one sees from within.
    double w = 0;
    for (size_t p = 0; p < planes.size(); ++p) {
      if (votes[p] == most) w = std::max(w, in_view[p].InverseDepth(x, y));
    }
    if (w < static_cast<double>(far) / kBeyond || w > static_cast<double>(near) * kBeyond) continue;
    map->inverse_depth[i] = static_cast<float>(w);
    filled[i] = 1;
  }
  return filled;
}

}  // namespace ajar::dense::internal
