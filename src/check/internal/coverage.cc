#include "check/internal/coverage.h"

#include <algorithm>
#include <cmath>

namespace ajar::check::internal {
namespace {

using Eigen::Vector2d;
using Eigen::Vector3d;

constexpr double kColumn_m = 0.3;
constexpr double kRows_m[kPlacesAbove] = {0.5, 1.1, 1.7};
constexpr double kThings_m = 0.7;     // what stands on the floor is looked at there
constexpr double kFromWalls_m = 0.2;  // squares begin there
// Cosine between a wall's normal and a look, 50 degrees: who looks along a wall sees it smeared.
// Without the photographs of one wall of the example room the others still see 82 % of it within 60
// degrees, and 47 % within 50; with them all of it (bench/check.py).
constexpr double kLeastFacing = 0.64;
constexpr double kNearest_m = 0.3, kFarthest_m = 7;
constexpr double kInside = 0.02;  // of a picture's side: its border shows little
constexpr double kBefore = 1.2, kBefore_m = 0.35;
constexpr int kMostSquares = 60;       // along a side
constexpr double kWallCovered = 0.75;  // share of a wall's places
constexpr double kHardlySeen = 0.4;    // share of a wall that any sees
constexpr double kMostlyMissing = 0.4;
constexpr double kWidestGap = 0.34;  // of its width, that nobody needs to have seen
constexpr double kWidestGap_m = 0.7;

// The columns of a wall of which most places lack photographs; then the rows.
Part LackingPart(const std::vector<const Sample*>& of_wall, int columns) {
  std::vector<double> thirds(3), rows(kPlacesAbove), third_count(3), row_count(kPlacesAbove);
  for (const Sample* s : of_wall) {
    const auto third = static_cast<size_t>(std::min(2, 3 * s->column / std::max(1, columns)));
    thirds[third] += !s->covered();
    ++third_count[third];
    rows[static_cast<size_t>(s->row)] += !s->covered();
    ++row_count[static_cast<size_t>(s->row)];
  }
  const auto lacks = [](double missing, double all) { return all > 0 && missing > 0.5 * all; };
  const bool left = lacks(thirds[0], third_count[0]), middle = lacks(thirds[1], third_count[1]),
             right = lacks(thirds[2], third_count[2]);
  if (left && !right) return Part::kLeft;
  if (right && !left) return Part::kRight;
  if (middle && !left && !right) return Part::kMiddle;
  if (!left && !middle && !right) {
    if (lacks(rows.front(), row_count.front())) return Part::kLow;
    if (lacks(rows.back(), row_count.back())) return Part::kHigh;
  }
  const auto covered = std::ranges::count_if(of_wall, [](const Sample* s) { return s->covered(); });
  return static_cast<double>(covered) < kMostlyMissing * static_cast<double>(of_wall.size())
             ? Part::kWhole
             : Part::kHereAndThere;
}

Wall WallOf(const Sides& side, char letter, const std::vector<const Sample*>& of_wall,
            int columns) {
  Wall wall;
  wall.letter = letter;
  wall.from = side.from;
  wall.to = side.to;
  wall.columns.resize(static_cast<size_t>(columns));
  double covered = 0, seen = 0;
  for (const Sample* s : of_wall) {
    covered += s->covered();
    seen += !s->rays.empty();
    wall.columns[static_cast<size_t>(s->column)] += s->covered();
  }
  wall.covered = covered / static_cast<double>(of_wall.size());
  wall.seen = seen / static_cast<double>(of_wall.size());
  int run = 0, longest = 0;
  for (const int count : wall.columns) {
    run = 2 * count > kPlacesAbove ? 0 : run + 1;
    longest = std::max(longest, run);
  }
  const double width = (side.to - side.from).norm();
  const double gap = width * longest / columns;
  wall.enough = wall.covered >= kWallCovered && gap <= std::max(kWidestGap_m, kWidestGap * width);
  wall.missing = wall.seen < kHardlySeen;
  wall.lacks = LackingPart(of_wall, columns);
  return wall;
}

}  // namespace

double Sample::Lacks() const {
  const double views = std::min<double>(static_cast<double>(rays.size()), kEnoughViews);
  return 1 - 0.6 * views / kEnoughViews - 0.4 * std::min(1.0, apart_rad / kApart_rad);
}

void Sample::Add(const Vector3d& ray) {
  for (const Vector3d& other : rays) {
    apart_rad = std::max(apart_rad, std::acos(std::clamp(ray.dot(other), -1.0, 1.0)));
  }
  rays.push_back(ray);
}

Coverage Places(const Layout& layout) {
  Coverage coverage;
  int wall = 0;
  for (const Sides& side : SidesOf(layout)) {
    const double width = (side.to - side.from).norm();
    const int columns = std::clamp(static_cast<int>(std::round(width / kColumn_m)), 4, 60);
    coverage.columns.push_back(columns);
    for (int column = 0; column < columns; ++column) {
      const Vector2d at = side.from + (side.to - side.from) * ((column + 0.5) / columns);
      for (int row = 0; row < kPlacesAbove; ++row) {
        coverage.samples.push_back(
            {{at.x(), kRows_m[row], at.y()}, side.outward, wall, column, row});
      }
    }
    ++wall;
  }
  const Vector2d size = layout.high - layout.low;
  const double step = std::max(kSquare_m, size.maxCoeff() / kMostSquares);
  for (double y = layout.low.y() + kFromWalls_m + step / 2; y < layout.high.y() - kFromWalls_m;
       y += step) {
    for (double x = layout.low.x() + kFromWalls_m + step / 2; x < layout.high.x() - kFromWalls_m;
         x += step) {
      Sample sample;
      sample.x = {x, kThings_m, y};
      coverage.samples.push_back(sample);
    }
  }
  return coverage;
}

bool Sees(const View& view, const Sample& sample) {
  const Vector3d to = sample.x - view.centre;
  const double distance = to.norm();
  if (distance < kNearest_m || distance > kFarthest_m) return false;
  if (sample.wall >= 0 && OnPlan(to).dot(sample.outward) < kLeastFacing * distance) return false;
  const Vector3d x_in_cam = view.cam_from_plan * sample.x;
  if (x_in_cam.z() < 0.5 * kNearest_m) return false;
  const auto x_px = view.camera.ImgFromCam(x_in_cam);
  if (!x_px) return false;
  const double u = x_px->x() / view.camera.width, v = x_px->y() / view.camera.height;
  if (u < kInside || u > 1 - kInside || v < kInside || v > 1 - kInside) return false;
  if (view.far_m.empty()) return true;
  const auto cell = static_cast<size_t>(static_cast<int>(v * kFarRows) * kFarColumns +
                                        static_cast<int>(u * kFarColumns));
  const double far = view.far_m[cell];
  return far <= 0 || x_in_cam.z() < kBefore * far + kBefore_m;
}

void Count(const View& view, Coverage* coverage) {
  for (Sample& sample : coverage->samples) {
    if (Sees(view, sample)) sample.Add((view.centre - sample.x).normalized());
  }
}

void Draw(const Layout& layout, const Coverage& coverage, Plan* plan) {
  plan->low = layout.low;
  plan->high = layout.high;
  plan->square_m = std::max(kSquare_m, (layout.high - layout.low).maxCoeff() / kMostSquares);
  const std::vector<Sides> sides = SidesOf(layout);
  std::vector<std::vector<const Sample*>> of_wall(sides.size());
  for (const Sample& sample : coverage.samples) {
    if (sample.wall >= 0) {
      of_wall[static_cast<size_t>(sample.wall)].push_back(&sample);
    } else {
      plan->squares.push_back(
          {OnPlan(sample.x), static_cast<int>(sample.rays.size()), sample.covered()});
    }
  }
  for (size_t k = 0; k < sides.size(); ++k) {
    plan->walls.push_back(
        WallOf(sides[k], static_cast<char>('A' + k), of_wall[k], coverage.columns[k]));
  }
}

}  // namespace ajar::check::internal
