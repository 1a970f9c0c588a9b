#include "space/internal/contour.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace ajar::space {
namespace {

using Eigen::Vector2d;

// Keeps what is needed of the open line from `begin` to `end`, its last point left out.
void SimplifyLine(const Polygon& p, size_t begin, size_t end, double tolerance, Polygon* out) {
  const auto at = [&](size_t i) -> const Vector2d& { return p[i % p.size()]; };
  size_t furthest = begin;
  double most = tolerance;
  for (size_t i = begin + 1; i < end; ++i) {
    const double d = DistanceToSegment(at(i), at(begin), at(end));
    if (d > most) most = d, furthest = i;
  }
  if (furthest == begin) {
    out->push_back(at(begin));
    return;
  }
  SimplifyLine(p, begin, furthest, tolerance, out);
  SimplifyLine(p, furthest, end, tolerance, out);
}

// Squared distances along one line, in cells: the lower envelope of parabolas.
void DistanceAlong(const std::vector<double>& f, std::vector<double>* d) {
  const int n = static_cast<int>(f.size());
  std::vector<int> v(f.size());
  std::vector<double> z(f.size() + 1);
  int k = 0;
  v[0] = 0;
  z[0] = -1e20, z[1] = 1e20;
  const auto meet = [&](int q, int p) {
    return ((f[static_cast<size_t>(q)] + static_cast<double>(q) * q) -
            (f[static_cast<size_t>(p)] + static_cast<double>(p) * p)) /
           (2.0 * (q - p));
  };
  for (int q = 1; q < n; ++q) {
    double s = meet(q, v[static_cast<size_t>(k)]);
    while (k > 0 && s <= z[static_cast<size_t>(k)]) s = meet(q, v[static_cast<size_t>(--k)]);
    v[static_cast<size_t>(++k)] = q;
    z[static_cast<size_t>(k)] = s, z[static_cast<size_t>(k) + 1] = 1e20;
  }
  k = 0;
  for (int q = 0; q < n; ++q) {
    while (z[static_cast<size_t>(k) + 1] < q) ++k;
    const int p = v[static_cast<size_t>(k)];
    (*d)[static_cast<size_t>(q)] = static_cast<double>(q - p) * (q - p) + f[static_cast<size_t>(p)];
  }
}

}  // namespace

double SignedArea(const Polygon& polygon) {
  double twice = 0;
  for (size_t i = 0; i < polygon.size(); ++i) {
    const Vector2d& a = polygon[i];
    const Vector2d& b = polygon[(i + 1) % polygon.size()];
    twice += a.x() * b.y() - b.x() * a.y();
  }
  return 0.5 * twice;
}

bool Contains(const Polygon& polygon, const Vector2d& p) {
  bool inside = false;
  for (size_t i = 0; i < polygon.size(); ++i) {
    const Vector2d& a = polygon[i];
    const Vector2d& b = polygon[(i + 1) % polygon.size()];
    if ((a.y() > p.y()) != (b.y() > p.y()) &&
        p.x() < (b.x() - a.x()) * (p.y() - a.y()) / (b.y() - a.y()) + a.x()) {
      inside = !inside;
    }
  }
  return inside;
}

double DistanceToSegment(const Vector2d& p, const Vector2d& a, const Vector2d& b) {
  const Vector2d ab = b - a;
  const double length2 = ab.squaredNorm();
  const double t = length2 > 0 ? std::clamp((p - a).dot(ab) / length2, 0.0, 1.0) : 0;
  return (p - a - t * ab).norm();
}

double DistanceToBorder(const Polygon& polygon, const Vector2d& p) {
  double least = std::numeric_limits<double>::infinity();
  for (size_t i = 0; i < polygon.size(); ++i) {
    least = std::min(least, DistanceToSegment(p, polygon[i], polygon[(i + 1) % polygon.size()]));
  }
  return least;
}

Map<int> Parts(const Mask& mask, std::vector<int>* sizes) {
  Map<int> parts = Map<int>::Like(mask);
  sizes->assign(1, 0);
  std::vector<std::pair<int, int>> stack;
  for (int z = 0; z < mask.nz; ++z) {
    for (int x = 0; x < mask.nx; ++x) {
      if (!mask.at(x, z) || parts.at(x, z)) continue;
      const int part = static_cast<int>(sizes->size());
      sizes->push_back(0);
      stack.push_back({x, z});
      parts.at(x, z) = part;
      while (!stack.empty()) {
        const auto [i, j] = stack.back();
        stack.pop_back();
        ++sizes->back();
        constexpr std::array<std::array<int, 2>, 4> kSteps = {{{1, 0}, {-1, 0}, {0, 1}, {0, -1}}};
        for (const auto& [dx, dz] : kSteps) {
          if (!mask.Has(i + dx, j + dz) || !mask.at(i + dx, j + dz) || parts.at(i + dx, j + dz)) {
            continue;
          }
          parts.at(i + dx, j + dz) = part;
          stack.push_back({i + dx, j + dz});
        }
      }
    }
  }
  return parts;
}

Polygon OuterBorder(const Map<int>& parts, int part) {
  const auto is_in = [&](int x, int z) { return parts.Has(x, z) && parts.at(x, z) == part; };
  // The first cell in reading order has the outside before it; walk with the part on the right
  // hand of +x, that is towards +z.
  int x = 0, z = 0;
  bool found = false;
  for (int j = 0; j < parts.nz && !found; ++j) {
    for (int i = 0; i < parts.nx && !found; ++i) {
      if (is_in(i, j)) x = i, z = j, found = true;
    }
  }
  Polygon border;
  if (!found) return border;
  constexpr std::array<int, 4> kDx = {1, 0, -1, 0}, kDz = {0, 1, 0, -1};
  // Cells ahead, to the right and to the left of a corner (x, z) when going in a direction.
  constexpr std::array<std::array<int, 2>, 4> kRight = {{{0, 0}, {-1, 0}, {-1, -1}, {0, -1}}};
  constexpr std::array<std::array<int, 2>, 4> kLeft = {{{0, -1}, {0, 0}, {-1, 0}, {-1, -1}}};
  const int start_x = x, start_z = z;
  int direction = 0;
  do {
    const auto d = static_cast<size_t>(direction);
    const bool right = is_in(x + kRight[d][0], z + kRight[d][1]);
    const bool left = is_in(x + kLeft[d][0], z + kLeft[d][1]);
    int turn = 0;
    if (!right)
      turn = 1;  // the part ends: turn towards it
    else if (left)
      turn = 3;  // it is also on the left: turn away
    if (turn != 0 || border.empty()) {
      border.push_back({parts.low_x + x * parts.cell_m, parts.low_z + z * parts.cell_m});
    }
    direction = (direction + turn) % 4;
    x += kDx[static_cast<size_t>(direction)];
    z += kDz[static_cast<size_t>(direction)];
  } while (x != start_x || z != start_z);
  return border;
}

Polygon Simplified(const Polygon& polygon, double tolerance) {
  if (polygon.size() < 4) return polygon;
  // From the two corners that lie furthest apart (of the first one's view).
  size_t a = 0, b = 0;
  for (int round = 0; round < 2; ++round) {
    a = b;
    double most = -1;
    for (size_t i = 0; i < polygon.size(); ++i) {
      const double d = (polygon[i] - polygon[a]).norm();
      if (d > most) most = d, b = i;
    }
  }
  if (a > b) std::swap(a, b);
  Polygon out;
  SimplifyLine(polygon, a, b, tolerance, &out);
  SimplifyLine(polygon, b, a + polygon.size(), tolerance, &out);
  return out;
}

Polygon ConvexHull(Polygon points) {
  std::ranges::sort(points, [](const Vector2d& a, const Vector2d& b) {
    return a.x() != b.x() ? a.x() < b.x() : a.y() < b.y();
  });
  Polygon hull;
  const auto add = [&hull](const Vector2d& p, size_t least) {
    while (hull.size() >= least + 2) {
      const Vector2d& before = hull[hull.size() - 2];
      const Vector2d a = hull.back() - before, b = p - before;
      if (a.x() * b.y() - a.y() * b.x() > 0) break;
      hull.pop_back();
    }
    hull.push_back(p);
  };
  for (const Vector2d& p : points) add(p, 0);
  const size_t half = hull.size() - 1;
  for (auto p = points.rbegin(); p != points.rend(); ++p) add(*p, half);
  hull.pop_back();
  return hull;
}

Polygon Squared(const Polygon& polygon, double slope) {
  const size_t n = polygon.size();
  // The coordinate that each side keeps: 0, 1, or none.
  std::vector<int> keeps(n, -1);
  std::vector<double> at(n, 0);
  for (size_t i = 0; i < n; ++i) {
    const Vector2d& a = polygon[i];
    const Vector2d& b = polygon[(i + 1) % n];
    const Vector2d d = (b - a).cwiseAbs();
    if (d.y() <= slope * d.x()) keeps[i] = 1;
    if (d.x() <= slope * d.y()) keeps[i] = 0;
    if (keeps[i] >= 0) at[i] = 0.5 * (a[keeps[i]] + b[keeps[i]]);
  }
  Polygon squared;
  for (size_t i = 0; i < n; ++i) {
    const size_t before = (i + n - 1) % n;
    Vector2d end = polygon[i], begin = polygon[i];  // of the side before, of the side after
    if (keeps[before] >= 0) end[keeps[before]] = at[before];
    if (keeps[i] >= 0) begin[keeps[i]] = at[i];
    if (keeps[before] >= 0 && keeps[i] >= 0 && keeps[before] != keeps[i]) {
      end[keeps[i]] = at[i];
      begin = end;
    }
    squared.push_back(end);
    if (keeps[before] >= 0 && keeps[i] >= 0 && (begin - end).norm() > 0)
      squared.push_back(begin);
    else if (keeps[before] < 0)
      squared.back() = begin;
  }
  return squared;
}

Map<float> DistanceTo(const Mask& mask) {
  Map<float> distance = Map<float>::Like(mask);
  std::vector<double> squared(mask.data.size());
  std::vector<double> f, d;
  constexpr double kFar = 1e12;
  f.resize(static_cast<size_t>(mask.nx)), d = f;
  for (int z = 0; z < mask.nz; ++z) {
    for (int x = 0; x < mask.nx; ++x) f[static_cast<size_t>(x)] = mask.at(x, z) ? 0 : kFar;
    DistanceAlong(f, &d);
    for (int x = 0; x < mask.nx; ++x) squared[mask.Index(x, z)] = d[static_cast<size_t>(x)];
  }
  f.resize(static_cast<size_t>(mask.nz)), d.resize(f.size());
  for (int x = 0; x < mask.nx; ++x) {
    for (int z = 0; z < mask.nz; ++z) f[static_cast<size_t>(z)] = squared[mask.Index(x, z)];
    DistanceAlong(f, &d);
    for (int z = 0; z < mask.nz; ++z) {
      distance.at(x, z) = static_cast<float>(std::sqrt(d[static_cast<size_t>(z)]) * mask.cell_m);
    }
  }
  return distance;
}

}  // namespace ajar::space
