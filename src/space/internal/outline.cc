#include "space/internal/outline.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "base/parallel.h"
#include "space/internal/cut.h"
#include "space/internal/walls.h"

namespace ajar::space {
namespace {

using Eigen::Vector2d;

constexpr double kMapCell_m = 0.05;      // of the map in which the border is looked for
constexpr double kLeastCeiling_m = 1.9;  // above the floor: lower ones are tables seen from below
constexpr double kCeilingBin_m = 0.04;
constexpr size_t kFewestCeilingSurfels = 60;
constexpr double kFacesDown = -0.85;     // cosine, 32 degrees: seen at a slant it is rough
constexpr double kWallTop_m = 0.18;      // that much solid at the top of a column makes it wall
constexpr double kCeilingSkin_m = 0.12;  // the ceiling itself, as thick as cubes make it
constexpr double kToCeiling_m = 0.3;     // walls that end lower may be cupboards, seen from below
constexpr double kKnee_m = 0.2;          // what is seen through below does not tell a room
// Costs: a metre of border where walls are and where nothing is; a square metre of what the
// cameras reach left outside, or of what nobody saw taken in.
constexpr float kWallBorder = 0.05f, kLowWallBorder = 0.3f, kLineBorder = 0.25f, kOpenBorder = 1.0f;
constexpr float kSeen = 0.5f, kUnseen = 0.1f;
constexpr float kSeed = 1e3f;
constexpr double kLineWall_m = 1.0;  // of wall in one line: it may go on where nothing was seen

struct Columns {
  Mask free, wall, low_wall;  // low: nobody saw whether it goes on up to the ceiling
};

// A column of the map is as wide as several of the grid: free where any is, wall where any is.
Columns LookAtColumns(const VoxelGrid& grid, std::optional<double> ceiling_m) {
  const int stride = std::max(1, static_cast<int>(std::lround(kMapCell_m / grid.voxel_m)));
  Mask free(grid.low.x(), grid.low.z(), grid.voxel_m * stride, (grid.nx + stride - 1) / stride,
            (grid.nz + stride - 1) / stride);
  Mask wall = free, low_wall = free;
  const double limit = ceiling_m.value_or(grid.HeightOf(grid.ny)) + kCeilingSkin_m;
  const int top = std::min(grid.ny - 1, grid.LayerAt(limit));
  const int ceiling = grid.LayerAt(ceiling_m.value_or(1e3) - kCeilingSkin_m);
  const int knee = std::max(0, grid.LayerAt(kKnee_m));
  const int wall_layers = std::max(2, static_cast<int>(std::lround(kWallTop_m / grid.voxel_m)));
  ParallelFor(static_cast<size_t>(free.nz), 1, [&](size_t row) {
    const int mz = static_cast<int>(row);
    for (int mx = 0; mx < free.nx; ++mx) {
      int free_layers = 0, walls = 0, low_walls = 0;
      for (int z = mz * stride; z < std::min(grid.nz, (mz + 1) * stride); ++z) {
        for (int x = mx * stride; x < std::min(grid.nx, (mx + 1) * stride); ++x) {
          const Voxel* column = grid.column(x, z);
          for (int y = knee; y < std::min(top, ceiling); ++y) {
            if (column[y] == Voxel::kFree) ++free_layers;
          }
          // From the top: nothing free may come before the wall does.
          int solid = 0, y = top;
          while (y >= knee && column[y] == Voxel::kUnknown) --y;
          const bool is_low = ceiling_m && grid.HeightOf(y) < *ceiling_m - kToCeiling_m;
          for (; y >= knee && column[y] != Voxel::kFree; --y) {
            if (column[y] == Voxel::kSolid && y <= ceiling) ++solid;
          }
          if (solid >= wall_layers) ++(is_low ? low_walls : walls);
        }
      }
      free.at(mx, mz) = free_layers > 0 ? 1 : 0;
      wall.at(mx, mz) = walls > 0 ? 1 : 0;
      low_wall.at(mx, mz) = walls == 0 && low_walls > 0 ? 1 : 0;
    }
  });
  return {std::move(free), std::move(wall), std::move(low_wall)};
}

// Whether a level line from a camera to a cell crosses no wall before it gets there.
bool Reaches(const Mask& wall, const Vector2d& from, int x, int z) {
  const Vector2d to = wall.Centre(x, z), along = to - from;
  const int steps = static_cast<int>(std::ceil(along.norm() / (0.5 * wall.cell_m)));
  for (int i = 1; i < steps - 2; ++i) {
    const Vector2d p = from + along * (static_cast<double>(i) / steps);
    const int px = wall.X(p.x()), pz = wall.Z(p.y());
    if (wall.Has(px, pz) && wall.at(px, pz)) return false;
  }
  return true;
}

Mask Reached(const Columns& columns, const std::vector<Vector2d>& cameras) {
  Mask reached = Mask::Like(columns.free);
  ParallelFor(static_cast<size_t>(reached.nz), 1, [&](size_t row) {
    const int z = static_cast<int>(row);
    for (int x = 0; x < reached.nx; ++x) {
      if (!columns.free.at(x, z)) continue;
      reached.at(x, z) = std::ranges::any_of(
          cameras, [&](const Vector2d& camera) { return Reaches(columns.wall, camera, x, z); });
    }
  });
  return reached;
}

// Walls go straight on where they were not seen: rows and columns of cells with much wall in them
// make a cheaper border along their whole length.
void ContinueWalls(const Mask& wall, Map<float>* border) {
  const int least = static_cast<int>(kLineWall_m / wall.cell_m);
  for (const bool along_x : {true, false}) {
    const int lines = along_x ? wall.nz : wall.nx, length = along_x ? wall.nx : wall.nz;
    std::vector<int> counts(static_cast<size_t>(lines), 0);
    for (int i = 0; i < lines; ++i) {
      for (int k = 0; k < length; ++k) {
        counts[static_cast<size_t>(i)] += along_x ? wall.at(k, i) : wall.at(i, k);
      }
    }
    for (int i = 1; i + 1 < lines; ++i) {
      const auto n = static_cast<size_t>(i);
      if (counts[n] < least || counts[n] < counts[n - 1] || counts[n] < counts[n + 1]) continue;
      for (int k = 0; k < length; ++k) {
        float& cost = along_x ? border->at(k, i) : border->at(i, k);
        cost = std::min(cost, kLineBorder);
      }
    }
  }
}

// The part that most cameras are in, its holes filled.
Polygon BorderAroundCameras(const Mask& inside, const std::vector<Vector2d>& cameras) {
  std::vector<int> sizes;
  const Map<int> parts = Parts(inside, &sizes);
  std::vector<int> votes(sizes.size(), 0);
  for (const Vector2d& camera : cameras) {
    const int x = parts.X(camera.x()), z = parts.Z(camera.y());
    if (parts.Has(x, z)) ++votes[static_cast<size_t>(parts.at(x, z))];
  }
  votes[0] = 0;
  const auto most = std::ranges::max_element(votes) - votes.begin();
  if (votes[static_cast<size_t>(most)] == 0) return {};
  return OuterBorder(parts, static_cast<int>(most));
}

}  // namespace

std::optional<double> CeilingHeight(const std::vector<Surfel>& surfels, double eye_m) {
  const double low = std::max(kLeastCeiling_m, eye_m);
  std::vector<double> heights;
  double high = low;
  for (const Surfel& s : surfels) {
    if (s.normal.y() > kFacesDown || s.x.y() < low || s.x.y() > low + 20) continue;
    heights.push_back(s.x.y());
    high = std::max(high, s.x.y());
  }
  if (heights.size() < kFewestCeilingSurfels) return std::nullopt;
  std::vector<size_t> counts(static_cast<size_t>((high - low) / kCeilingBin_m) + 3, 0);
  for (const double h : heights) ++counts[1 + static_cast<size_t>((h - low) / kCeilingBin_m)];
  const auto sum = [&](size_t i) { return counts[i - 1] + counts[i] + counts[i + 1]; };
  size_t most = 0;
  for (size_t i = 1; i + 1 < counts.size(); ++i) most = std::max(most, sum(i));
  // What hangs in the room faces down, too: the ceiling is the highest of what there is much of.
  const size_t enough = std::max(kFewestCeilingSurfels, most / 2);
  size_t best = 0;
  for (size_t i = 1; i + 1 < counts.size(); ++i) {
    const bool falls = i + 2 >= counts.size() || sum(i + 1) <= sum(i);
    if (sum(i) >= enough && falls) best = i;
  }
  if (best == 0) return std::nullopt;
  const double middle = low + (static_cast<double>(best) - 0.5) * kCeilingBin_m;
  std::erase_if(heights, [&](double h) { return std::abs(h - middle) > 1.5 * kCeilingBin_m; });
  const auto nth = heights.begin() + static_cast<std::ptrdiff_t>(heights.size() / 2);
  std::nth_element(heights.begin(), nth, heights.end());
  return *nth;
}

Polygon FindOutline(const VoxelGrid& grid, const std::vector<Surfel>& surfels,
                    const std::vector<Vector2d>& cameras, std::optional<double> ceiling_m) {
  const Columns columns = LookAtColumns(grid, ceiling_m);
  const Mask reached = Reached(columns, cameras);
  Map<float> pull = Map<float>::Like(reached), border = Map<float>::Like(reached, kOpenBorder);
  const auto area = static_cast<float>(pull.cell_m * pull.cell_m);
  for (size_t i = 0; i < pull.data.size(); ++i) {
    if (columns.wall.data[i]) {
      border.data[i] = kWallBorder;
    } else if (columns.low_wall.data[i]) {
      border.data[i] = kLowWallBorder;
    } else if (reached.data[i]) {
      pull.data[i] = kSeen * area;
    } else if (!columns.free.data[i]) {
      pull.data[i] = -kUnseen * area;
    }
  }
  ContinueWalls(columns.wall, &border);
  for (int z = 0; z < pull.nz; ++z) pull.at(0, z) = pull.at(pull.nx - 1, z) = -kSeed;
  for (int x = 0; x < pull.nx; ++x) pull.at(x, 0) = pull.at(x, pull.nz - 1) = -kSeed;
  for (const Vector2d& camera : cameras) {
    const int x = pull.X(camera.x()), z = pull.Z(camera.y());
    if (x > 0 && z > 0 && x < pull.nx - 1 && z < pull.nz - 1) pull.at(x, z) = kSeed;
  }
  const Polygon rough = BorderAroundCameras(CheapestBorder(pull, border), cameras);
  if (rough.empty()) return rough;
  return StraightWalls(rough, surfels, pull.cell_m);
}

}  // namespace ajar::space
