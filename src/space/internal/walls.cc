#include "space/internal/walls.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace ajar::space {
namespace {

using Eigen::Vector2d;

constexpr double kRad = std::numbers::pi / 180;
constexpr double kUpright = 0.3;        // sine of how far a wall's normal may lean
constexpr double kReach_m = 0.15;       // how far from the rough side its wall may be
constexpr double kFacing = 0.9;         // cosine between the side's normal and its wall's
constexpr size_t kFewestSurfels = 20;
constexpr double kSameWall_m = 0.06;    // offsets that are nearer belong to one wall
constexpr double kSameWall_deg = 8, kAxis_deg = 2;
constexpr double kWallQuantile = 0.25;
constexpr double kOneCorner_m = 0.05;
constexpr double kShort_m = 0.15;       // shorter sides are steps of the border, not walls

// Points with normal . p = offset; inside is where it is greater.
struct Line {
  Vector2d normal;
  double offset;
  Vector2d from, to;  // about where it begins and ends
  bool has_wall;
  double length() const { return (to - from).norm(); }
};

Vector2d AlongAxis(const Vector2d& n) {
  const double off = std::min(std::abs(n.x()), std::abs(n.y()));
  if (off > std::sin(kAxis_deg * kRad)) return n;
  return std::abs(n.x()) > std::abs(n.y()) ? Vector2d(n.x() > 0 ? 1 : -1, 0)
                                           : Vector2d(0, n.y() > 0 ? 1 : -1);
}

Line WallBeside(const Vector2d& a, const Vector2d& b, const std::vector<Surfel>& surfels) {
  const Vector2d along = (b - a).normalized();
  // Polygons go round with the inside on the right of x towards z.
  const Vector2d inward(-along.y(), along.x());
  Line line{inward, inward.dot(0.5 * (a + b)), a, b, false};
  Vector2d normal = Vector2d::Zero();
  std::vector<Vector2d> places;
  for (const Surfel& s : surfels) {
    if (std::abs(s.normal.y()) > kUpright) continue;
    const Vector2d n = Vector2d(s.normal.x(), s.normal.z()).normalized();
    const Vector2d p(s.x.x(), s.x.z());
    if (n.dot(inward) < kFacing || DistanceToSegment(p, a, b) > kReach_m) continue;
    normal += n;
    places.push_back(p);
  }
  if (places.size() < kFewestSurfels) {
    line.normal = AlongAxis(inward);
    line.offset = line.normal.dot(0.5 * (a + b));
    return line;
  }
  line.has_wall = true;
  line.normal = AlongAxis(normal.normalized());
  std::vector<double> offsets;
  for (const Vector2d& p : places) offsets.push_back(line.normal.dot(p));
  // Things hang on walls and stand before them, and nothing is behind: the wall is where the outer
  // ones are. Inside is where offsets are greater.
  const auto nth =
      offsets.begin() + static_cast<std::ptrdiff_t>(kWallQuantile * static_cast<double>(offsets.size()));
  std::nth_element(offsets.begin(), nth, offsets.end());
  line.offset = *nth;
  return line;
}

bool AreOneWall(const Line& a, const Line& b) {
  if (a.normal.dot(b.normal) < std::cos(kSameWall_deg * kRad)) return false;
  const Vector2d joint = 0.5 * (a.to + b.from);
  return std::abs((a.normal.dot(joint) - a.offset) - (b.normal.dot(joint) - b.offset)) < kSameWall_m;
}

void MergeNeighbours(std::vector<Line>* lines) {
  for (size_t i = 0; i < lines->size() && lines->size() > 3;) {
    const size_t next = (i + 1) % lines->size();
    Line& a = (*lines)[i];
    const Line& b = (*lines)[next];
    if (!AreOneWall(a, b)) {
      ++i;
      continue;
    }
    const bool first = a.has_wall != b.has_wall ? a.has_wall : a.length() >= b.length();
    Line merged = first ? a : b;
    merged.from = a.from;
    merged.to = b.to;
    a = merged;
    lines->erase(lines->begin() + static_cast<std::ptrdiff_t>(next));
    if (next < i) --i;
  }
}

Vector2d Foot(const Line& line, const Vector2d& p) {
  return p + (line.offset - line.normal.dot(p)) * line.normal;
}

// Where two neighbours meet, or where each ends when they hardly cross.
void Join(const Line& a, const Line& b, Polygon* polygon) {
  const Vector2d near = 0.5 * (a.to + b.from);
  const double determinant = a.normal.x() * b.normal.y() - a.normal.y() * b.normal.x();
  if (std::abs(determinant) > std::sin(15 * kRad)) {
    const Vector2d meet((a.offset * b.normal.y() - b.offset * a.normal.y()) / determinant,
                        (a.normal.x() * b.offset - b.normal.x() * a.offset) / determinant);
    if ((meet - near).norm() < 0.6) {
      polygon->push_back(meet);
      return;
    }
  }
  polygon->push_back(Foot(a, a.to));
  polygon->push_back(Foot(b, b.from));
}

void MergeNearCorners(Polygon* polygon) {
  for (size_t i = 0; i < polygon->size() && polygon->size() > 3;) {
    const size_t next = (i + 1) % polygon->size();
    if (((*polygon)[i] - (*polygon)[next]).norm() >= kOneCorner_m) {
      ++i;
      continue;
    }
    (*polygon)[i] = 0.5 * ((*polygon)[i] + (*polygon)[next]);
    polygon->erase(polygon->begin() + static_cast<std::ptrdiff_t>(next));
  }
}

}  // namespace

Polygon StraightWalls(const Polygon& rough, const std::vector<Surfel>& surfels, double cell_m) {
  const Polygon simple = Simplified(rough, 1.6 * cell_m);
  if (simple.size() < 3) return simple;
  std::vector<Line> lines;
  for (size_t i = 0; i < simple.size(); ++i) {
    const Vector2d& a = simple[i];
    const Vector2d& b = simple[(i + 1) % simple.size()];
    if ((b - a).norm() >= kShort_m) lines.push_back(WallBeside(a, b, surfels));
  }
  if (lines.size() < 3) return simple;
  MergeNeighbours(&lines);
  Polygon outline;
  for (size_t i = 0; i < lines.size(); ++i) {
    Join(lines[i], lines[(i + 1) % lines.size()], &outline);
  }
  MergeNearCorners(&outline);
  return outline.size() >= 3 && SignedArea(outline) > 0 ? outline : simple;
}

}  // namespace ajar::space
