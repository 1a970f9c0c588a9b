#include "dense/internal/rims.h"

#include <Eigen/Eigenvalues>
#include <algorithm>
#include <cmath>
#include <optional>

#include "dense/internal/plane_view.h"

namespace ajar::dense::internal {
namespace {

// In a photograph.
constexpr int kWidestEdge =
    2 * kWindowRadius + 4;          // pixels between what is known and what is plain
constexpr size_t kFewestSeeds = 8;  // rims from which a plain part is filled
constexpr double kAsNear = 0.99;    // of the nearest bound's inverse depth

// In the room.
constexpr double kBehind = 0.02;          // share of the points that may lie behind a bound
constexpr double kWithin = 0.9;           // share of the rims that say how wide the room is
constexpr double kAcross = 0.5;           // cosine below which one plane ends at another
constexpr size_t kLargePlanes = 6;        // whose directions bounds have
constexpr double kSquare = 0.26;          // cosine below which two planes give a third direction
constexpr double kSameDirection = 0.996;  // cosine
constexpr double kNotALine = 0.02;        // least spread of rims across their line, over along it
constexpr size_t kMostBounds = 6;
constexpr size_t kFewestRims = 60, kFewestViews = 3;
constexpr double kLeastShare = 0.01;  // of all rims, in a bound

class RimFinder {
 public:
  RimFinder(const Prepared& view, const std::vector<Plane>& planes, double tolerance,
            const std::vector<uint8_t>& known, const DepthMap& map)
      : view_(view),
        planes_(planes),
        tolerance_(tolerance),
        known_(known),
        map_(map),
        world_from_cam_(Inverse(view.pose.cam_from_world)) {
    for (const Plane& plane : planes) in_view_.emplace_back(plane, view);
  }

  // From a known pixel along a row or a column: over an edge to what is plain and not known.
  std::optional<Rim> Look(int x, int y, int dx, int dy) const {
    int edge = 0, steepest = -1;
    bool crossed = false;
    for (int k = 1; k <= kWidestEdge; ++k) {
      const int nx = x + k * dx, ny = y + k * dy;
      if (nx < 0 || ny < 0 || nx >= map_.width || ny >= map_.height || known_[At(nx, ny)]) break;
      const int step =
          std::abs(static_cast<int>(view_.luma[At(nx, ny)]) - view_.luma[At(nx - dx, ny - dy)]);
      if (step > steepest) {
        steepest = step;
        edge = k;
      }
      const bool plain = IsPlain(view_.match, nx, ny);
      if (plain && crossed) {
        const Eigen::Vector2d at(x + (edge - 0.5) * dx + 0.5, y + (edge - 0.5) * dy + 0.5);
        return RimAt(x, y, at, At(nx, ny));
      }
      crossed = crossed || !plain;
    }
    return std::nullopt;
  }

 private:
  size_t At(int x, int y) const { return static_cast<size_t>(y * map_.width + x); }

  // Where the plane that pixel (x, y) is on reaches the edge.
  std::optional<Rim> RimAt(int x, int y, const Eigen::Vector2d& edge, size_t beyond) const {
    for (size_t p = 0; p < planes_.size(); ++p) {
      if (!in_view_[p].IsOn(x, y, map_.inverse_depth[At(x, y)], tolerance_)) continue;
      const double w = in_view_[p].InverseDepth(edge);
      if (!(w > 0)) continue;
      const Camera& c = view_.pose.camera;
      const Eigen::Vector3d ray((edge.x() - c.cx()) / c.fx(), (edge.y() - c.cy()) / c.fy(), 1);
      return Rim{world_from_cam_ * (ray / w), planes_[p].normal, beyond};
    }
    return std::nullopt;
  }

  const Prepared& view_;
  const std::vector<Plane>& planes_;
  const double tolerance_;
  const std::vector<uint8_t>& known_;
  const DepthMap& map_;
  const Rigid3 world_from_cam_;
  std::vector<PlaneInView> in_view_;
};

// How far out all cameras and nearly all points are.
double FarthestAlong(const Eigen::Vector3d& normal, const std::vector<SurfacePoint>& points,
                     std::span<const Eigen::Vector3d> cameras, double tolerance) {
  std::vector<double> along;
  for (const SurfacePoint& p : points) along.push_back(normal.dot(p.x_in_world.cast<double>()));
  const double rank = (1 - kBehind) * static_cast<double>(along.size() - 1);
  const auto at = along.begin() + static_cast<ptrdiff_t>(rank);
  std::nth_element(along.begin(), at, along.end());
  double farthest = *at - 3 * tolerance;
  for (const Eigen::Vector3d& c : cameras) farthest = std::max(farthest, normal.dot(c));
  return farthest;
}

// Those points that lie under or over where planes end across a direction. What is seen far away,
// through a window, may be higher than any ceiling.
std::vector<SurfacePoint> WithinRims(const Eigen::Vector3d& normal,
                                     const std::vector<std::vector<Rim>>& rims,
                                     const std::vector<SurfacePoint>& points) {
  const auto aside = [&](const Eigen::Vector3d& x) -> Eigen::Vector3d {
    return x - normal * normal.dot(x);
  };
  std::vector<Eigen::Vector3d> across;
  for (const std::vector<Rim>& of_view : rims) {
    for (const Rim& rim : of_view) {
      if (std::abs(normal.dot(rim.normal)) < kAcross) across.push_back(aside(rim.x_in_world));
    }
  }
  if (across.empty()) return {};
  Eigen::Vector3d middle = Eigen::Vector3d::Zero();
  for (const Eigen::Vector3d& x : across) middle += x;
  middle /= static_cast<double>(across.size());
  std::vector<double> distances;
  for (const Eigen::Vector3d& x : across) distances.push_back((x - middle).norm());
  const auto at =
      distances.begin() + static_cast<ptrdiff_t>(kWithin * static_cast<double>(across.size() - 1));
  std::nth_element(distances.begin(), at, distances.end());
  std::vector<SurfacePoint> within;
  for (const SurfacePoint& p : points) {
    if ((aside(p.x_in_world.cast<double>()) - middle).norm() <= *at) within.push_back(p);
  }
  return within;
}

std::vector<Eigen::Vector3d> DirectionsOf(const std::vector<Plane>& planes) {
  std::vector<Eigen::Vector3d> directions;
  const auto add = [&](const Eigen::Vector3d& d) {
    for (const Eigen::Vector3d& other : directions) {
      if (std::abs(d.dot(other)) > kSameDirection) return;
    }
    directions.push_back(d);
  };
  const size_t count = std::min(kLargePlanes, planes.size());
  for (size_t i = 0; i < count; ++i) add(planes[i].normal);
  for (size_t i = 0; i < count; ++i) {
    for (size_t j = 0; j < i; ++j) {
      if (std::abs(planes[i].normal.dot(planes[j].normal)) < kSquare) {
        add(planes[i].normal.cross(planes[j].normal).normalized());
      }
    }
  }
  return directions;
}

bool IsIn(const Rim& rim, const Bound& bound, double tolerance) {
  return std::abs(bound.normal.dot(rim.normal)) < kAcross &&
         std::abs(bound.normal.dot(rim.x_in_world) - bound.offset) < tolerance;
}

// Where most rims are within a width, beyond `farthest`: the middle one's offset, and how many.
std::pair<double, size_t> MostAlong(const Eigen::Vector3d& normal,
                                    const std::vector<std::vector<Rim>>& rims, double farthest,
                                    double width) {
  std::vector<double> along;
  for (const std::vector<Rim>& of_view : rims) {
    for (const Rim& rim : of_view) {
      const double at = normal.dot(rim.x_in_world);
      if (at > farthest && std::abs(normal.dot(rim.normal)) < kAcross) along.push_back(at);
    }
  }
  std::sort(along.begin(), along.end());
  std::pair<double, size_t> best{0, 0};
  for (size_t first = 0, last = 0; first < along.size(); ++first) {
    while (last < along.size() && along[last] - along[first] <= width) ++last;
    if (last - first > best.second) best = {along[first + (last - first) / 2], last - first};
  }
  return best;
}

// Fitted to its rims; turned only where these do not all lie along one line.
Bound Refined(const Bound& bound, const std::vector<std::vector<Rim>>& rims, double tolerance) {
  std::vector<Eigen::Vector3d> in;
  for (const std::vector<Rim>& of_view : rims) {
    for (const Rim& rim : of_view) {
      if (IsIn(rim, bound, tolerance)) in.push_back(rim.x_in_world);
    }
  }
  if (in.size() < 3) return bound;
  Eigen::Vector3d mean = Eigen::Vector3d::Zero();
  for (const Eigen::Vector3d& x : in) mean += x;
  mean /= static_cast<double>(in.size());
  Eigen::Matrix3d spread = Eigen::Matrix3d::Zero();
  for (const Eigen::Vector3d& x : in) spread += (x - mean) * (x - mean).transpose();
  const Eigen::SelfAdjointEigenSolver<Eigen::Matrix3d> solver(spread);
  Eigen::Vector3d normal = solver.eigenvectors().col(0);
  if (normal.dot(bound.normal) < 0) normal = -normal;
  if (solver.eigenvalues()[1] < kNotALine * solver.eigenvalues()[2] ||
      normal.dot(bound.normal) < kSameDirection) {
    normal = bound.normal;
  }
  return {normal, normal.dot(mean)};
}

// The plane itself where it is one of those found before, which more points say.
Bound AsKnown(const Bound& bound, const std::vector<Plane>& planes, double tolerance) {
  for (const Plane& plane : planes) {
    const double same_way = plane.normal.dot(bound.normal);
    const double sign = same_way < 0 ? -1 : 1;
    if (std::abs(same_way) > kSameDirection &&
        std::abs(sign * plane.offset - bound.offset) < 3 * tolerance) {
      return {sign * plane.normal, sign * plane.offset};
    }
  }
  return bound;
}

// Depths of bounds in one view.
class BoundsInView {
 public:
  BoundsInView(const std::vector<Bound>& through, const std::vector<Bound>& others,
               const Prepared& view) {
    for (const Bound& bound : through) in_view_.emplace_back(bound, view);
    for (const Bound& bound : others) in_view_.emplace_back(bound, view);
  }
  // Inverse depth of one of `through`, where it is what one sees from within; else 0.
  double InverseDepth(size_t bound, int x, int y) const {
    double nearest = 0;
    for (const PlaneInView& other : in_view_) nearest = std::max(nearest, other.InverseDepth(x, y));
    const double w = in_view_[bound].InverseDepth(x, y);
    return w < kAsNear * nearest ? 0 : w;
  }

 private:
  std::vector<PlaneInView> in_view_;
};

}  // namespace

std::vector<Rim> FindRims(const Prepared& view, const std::vector<Plane>& planes, double tolerance,
                          const std::vector<uint8_t>& known, const DepthMap& map) {
  std::vector<Rim> rims;
  const RimFinder finder(view, planes, tolerance, known, map);
  for (size_t i = 0; i < known.size(); ++i) {
    if (!known[i]) continue;
    const int x = static_cast<int>(i) % map.width, y = static_cast<int>(i) / map.width;
    for (const auto& [dx, dy] : {std::pair{-1, 0}, {1, 0}, {0, -1}, {0, 1}}) {
      if (const std::optional<Rim> rim = finder.Look(x, y, dx, dy)) rims.push_back(*rim);
    }
  }
  return rims;
}

std::vector<Bound> BoundsAmong(const std::vector<Plane>& planes,
                               const std::vector<SurfacePoint>& points,
                               std::span<const Eigen::Vector3d> cameras, double tolerance) {
  std::vector<Bound> bounds;
  if (points.empty()) return bounds;
  for (const Plane& plane : planes) {
    for (const double sign : {1.0, -1.0}) {
      const Bound bound{sign * plane.normal, sign * plane.offset};
      if (bound.offset > FarthestAlong(bound.normal, points, cameras, tolerance)) {
        bounds.push_back(bound);
      }
    }
  }
  return bounds;
}

std::vector<Bound> BoundsThroughRims(const std::vector<std::vector<Rim>>& rims,
                                     const std::vector<Plane>& planes,
                                     const std::vector<SurfacePoint>& points,
                                     std::span<const Eigen::Vector3d> cameras, double tolerance) {
  std::vector<Bound> bounds;
  size_t all = 0;
  for (const std::vector<Rim>& of_view : rims) all += of_view.size();
  const size_t least =
      std::max(kFewestRims, static_cast<size_t>(kLeastShare * static_cast<double>(all)));
  if (points.empty() || all < least) return bounds;
  struct Outward {
    Eigen::Vector3d normal;
    double farthest;
  };
  std::vector<Outward> outward;
  for (const Eigen::Vector3d& direction : DirectionsOf(planes)) {
    for (const double sign : {1.0, -1.0}) {
      const Eigen::Vector3d normal = sign * direction;
      const std::vector<SurfacePoint> within = WithinRims(normal, rims, points);
      if (within.empty()) continue;
      outward.push_back({normal, FarthestAlong(normal, within, cameras, tolerance)});
    }
  }
  std::vector<std::vector<Rim>> left = rims;
  while (bounds.size() < kMostBounds) {
    Bound best{};
    size_t most = 0;
    for (const Outward& o : outward) {
      const auto [offset, count] = MostAlong(o.normal, left, o.farthest, 2 * tolerance);
      if (count <= most) continue;
      most = count;
      best = {o.normal, offset};
    }
    if (most < least) break;
    for (int round = 0; round < 3; ++round) best = Refined(best, left, 2 * tolerance);
    size_t views = 0;
    for (std::vector<Rim>& of_view : left) {
      views += std::erase_if(of_view,
                             [&](const Rim& rim) { return IsIn(rim, best, 2 * tolerance); }) > 0;
    }
    if (views == 0) break;
    if (views >= kFewestViews) bounds.push_back(AsKnown(best, planes, tolerance));
  }
  return bounds;
}

std::vector<uint8_t> FillBehindRims(const Prepared& view, const std::vector<Rim>& rims,
                                    const std::vector<Bound>& through,
                                    const std::vector<Bound>& others, double tolerance,
                                    const std::vector<uint8_t>& known, DepthMap* map) {
  std::vector<uint8_t> filled(known.size(), 0);
  const BoundsInView bounds(through, others, view);
  for (size_t b = 0; b < through.size(); ++b) {
    std::vector<size_t> reached;
    for (const Rim& rim : rims) {
      if (IsIn(rim, through[b], 3 * tolerance)) reached.push_back(rim.beyond);
    }
    if (reached.size() < kFewestSeeds) continue;
    std::vector<uint8_t> done(known.size(), 0);
    while (!reached.empty()) {
      const size_t here = reached.back();
      reached.pop_back();
      const int x = static_cast<int>(here) % map->width, y = static_cast<int>(here) / map->width;
      if (done[here] || known[here] || !IsPlain(view.match, x, y)) continue;
      done[here] = 1;
      const double w = bounds.InverseDepth(b, x, y);
      if (!(w > 0)) continue;
      map->inverse_depth[here] = static_cast<float>(w);
      filled[here] = 1;
      for (const auto& [dx, dy] : {std::pair{-1, 0}, {1, 0}, {0, -1}, {0, 1}}) {
        const int nx = x + dx, ny = y + dy;
        if (nx < 0 || ny < 0 || nx >= map->width || ny >= map->height) continue;
        const size_t there = static_cast<size_t>(ny * map->width + nx);
        const int step = std::abs(static_cast<int>(view.luma[here]) - view.luma[there]);
        if (step <= kPlainStep) reached.push_back(there);
      }
    }
  }
  return filled;
}

}  // namespace ajar::dense::internal
