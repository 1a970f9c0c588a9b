#include <algorithm>
#include <array>
#include <cmath>

#include "space/internal/floor_map.h"
#include "space/internal/outline.h"

namespace ajar::space {
namespace {

using Eigen::Vector2d;

constexpr double kStep_m = 0.05;        // along the wall
constexpr double kBeyond_m = 0.16;      // where one looks for what is behind it
constexpr double kThickness_m = 0.08;   // what is solid so near to the wall closes it
constexpr double kLeastHeight_m = 0.4, kLeastWidth_m = 0.3;
constexpr double kMostGap_m = 0.25;  // where two casements meet, or a post between two panes
constexpr double kMostHidden_m = 0.25, kSeenShare = 0.6;  // beside it, by an open leaf, a curtain
constexpr double kThreshold_m = 0.25, kDoorHeight_m = 1.6;  // a door begins below, ends above

constexpr double kBlocks_m = 0.25;  // what is so tall before a door leaves nobody through

struct Span {
  double low = 0, high = 0;
  bool is_open() const { return high - low >= kLeastHeight_m; }
};

Voxel At(const VoxelGrid& grid, const Vector2d& p, int y) {
  const int x = static_cast<int>(std::floor((p.x() - grid.low.x()) / grid.voxel_m));
  const int z = static_cast<int>(std::floor((p.y() - grid.low.z()) / grid.voxel_m));
  if (x < 0 || z < 0 || x >= grid.nx || z >= grid.nz) return Voxel::kUnknown;
  return grid.column(x, z)[y];
}

// The tallest run of heights at which one sees up to the wall and on through it.
Span OpenSpan(const VoxelGrid& grid, const Vector2d& on_wall, const Vector2d& inward, double top_m) {
  Span best;
  int begin = -1;
  const int last = std::min(grid.ny - 1, grid.LayerAt(top_m));
  for (int y = std::max(0, grid.LayerAt(0.06)); y <= last + 1; ++y) {
    bool open = y <= last && At(grid, on_wall - kBeyond_m * inward, y) == Voxel::kFree &&
                At(grid, on_wall + kBeyond_m * inward, y) == Voxel::kFree;
    for (double d = -kThickness_m; open && d <= kThickness_m; d += grid.voxel_m) {
      open = At(grid, on_wall + d * inward, y) != Voxel::kSolid;
    }
    if (open && begin < 0) begin = y;
    if (open || begin < 0) continue;
    const Span span{grid.HeightOf(begin) - 0.5 * grid.voxel_m, grid.HeightOf(y) - 0.5 * grid.voxel_m};
    if (span.high - span.low > best.high - best.low) best = span;
    begin = -1;
  }
  return best;
}

// Whether one sees on through the wall there, from further inside or past what stands before it.
bool IsSeenThrough(const VoxelGrid& grid, const Vector2d& on_wall, const Vector2d& inward,
                   const Opening& opening) {
  const int low = std::max(0, grid.LayerAt(opening.low_m));
  const int high = std::min(grid.ny - 1, grid.LayerAt(opening.high_m));
  int seen = 0;
  for (int y = low; y <= high; ++y) {
    bool open = At(grid, on_wall - kBeyond_m * inward, y) == Voxel::kFree;
    for (double d = -kThickness_m; open && d <= 0; d += grid.voxel_m) {
      open = At(grid, on_wall + d * inward, y) != Voxel::kSolid;
    }
    seen += open ? 1 : 0;
  }
  return seen >= kSeenShare * (high - low + 1);
}

double MedianOf(std::vector<double> values) {
  const auto nth = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), nth, values.end());
  return *nth;
}

}  // namespace

std::vector<Opening> FindOpenings(const VoxelGrid& grid, const Polygon& outline,
                                  std::optional<double> ceiling_m) {
  std::vector<Opening> openings;
  const double top_m = ceiling_m.value_or(2.4) - 0.1;
  for (size_t i = 0; i < outline.size(); ++i) {
    const Vector2d& a = outline[i];
    const Vector2d& b = outline[(i + 1) % outline.size()];
    const double length = (b - a).norm();
    if (length < kLeastWidth_m) continue;
    const Vector2d along = (b - a) / length, inward(-along.y(), along.x());
    std::vector<double> lows, highs;
    double begin = 0, end = -1;
    const auto finish = [&] {
      if (!lows.empty() && end - begin >= kLeastWidth_m) {
        Opening opening;
        opening.low_m = std::max(0.0, MedianOf(lows));
        opening.high_m = MedianOf(highs);
        for (double* side : {&begin, &end}) {
          const double step = side == &begin ? -kStep_m : kStep_m;
          for (double hidden = 0; hidden < kMostHidden_m; hidden += kStep_m) {
            const double t = *side + 0.5 * step;
            if (t < 0 || t > length || !IsSeenThrough(grid, a + t * along, inward, opening)) break;
            *side += step;
          }
        }
        opening.from = a + begin * along;
        opening.to = a + end * along;
        const bool is_door = opening.low_m < kThreshold_m && opening.high_m > kDoorHeight_m;
        if (is_door) opening.low_m = 0;
        opening.kind = is_door ? Opening::Kind::kDoor : Opening::Kind::kWindow;
        openings.push_back(opening);
      }
      lows.clear(), highs.clear();
    };
    for (double t = 0.5 * kStep_m; t < length; t += kStep_m) {
      const Span span = OpenSpan(grid, a + t * along, inward, top_m);
      if (!span.is_open()) continue;
      if (!lows.empty() && t - 0.5 * kStep_m - end > kMostGap_m) finish();
      if (lows.empty()) begin = t - 0.5 * kStep_m;
      end = t + 0.5 * kStep_m;
      lows.push_back(span.low);
      highs.push_back(span.high);
    }
    finish();
  }
  return openings;
}

bool IsBlocked(const Opening& door, const FloorMap& map) {
  const double length = (door.to - door.from).norm();
  const Vector2d along = (door.to - door.from) / length, inward(-along.y(), along.x());
  int blocked = 0, all = 0;
  for (double t = 0.5 * kStep_m; t < length; t += kStep_m, ++all) {
    for (const double before_m : {0.15, 0.3, 0.45}) {
      const Vector2d p = door.from + t * along + before_m * inward;
      const int x = map.ground.X(p.x()), z = map.ground.Z(p.y());
      if (!map.ground.Has(x, z) || map.ground.at(x, z) != Ground::kBlocked) continue;
      if (static_cast<double>(map.top_m.at(x, z)) < kBlocks_m) continue;
      ++blocked;
      break;
    }
  }
  return 2 * blocked > all;
}

}  // namespace ajar::space
