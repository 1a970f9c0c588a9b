#include "space/internal/floor_map.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "base/parallel.h"
#include "space/internal/furniture.h"
#include "space/internal/stairs.h"

namespace ajar::space {
namespace {

using Eigen::Vector2d;
using Eigen::Vector3d;

constexpr double kStep_m = 0.04, kMostStep_m = 0.1;  // feet step over what is lower
constexpr double kHead_m = 1.8;                      // and heads pass below what is higher
constexpr double kLow_m = 0.15;
constexpr double kNearFloor_m = 0.4;       // a floor that is seen is seen through down to here
constexpr double kGap_m = 0.25;            // free air so high ends a piece of furniture
constexpr double kBelowCeiling_m = 0.2;    // what reaches up to here hangs or is the wall
// Parts that are smaller and lower than one of these are noise: a bump in the floor, a grain.
constexpr double kSpeck_m2 = 0.004, kSpeckHeight_m = 0.3;
constexpr double kBump_m2 = 0.04, kBumpHeight_m = 0.1;
constexpr double kSlit_m = 0.06;      // half the width of a slit that a foot does not fit in
constexpr double kPocketFloor = 0.6;  // a free part that nobody stood in shows so much of its floor
constexpr double kHeldStanding_m = 1.2, kStood_m = 0.25;  // the room a standing body takes
constexpr std::array<std::array<int, 2>, 4> kSteps = {{{1, 0}, {-1, 0}, {0, 1}, {0, -1}}};

// Top of what stands in a column, from its lowest solid cube up to the first airy gap.
double TopOf(const VoxelGrid& grid, const Voxel* column, int first, double limit_m) {
  const int gap = static_cast<int>(std::ceil(kGap_m / grid.voxel_m));
  int top = first, free = 0;
  for (int y = first; y < grid.ny && grid.HeightOf(y) < limit_m && free < gap; ++y) {
    if (column[y] == Voxel::kSolid) top = y, free = 0;
    if (column[y] == Voxel::kFree) ++free;
  }
  return grid.HeightOf(top);
}

// One cell for each of the grid's columns.
void LookAtColumns(const VoxelGrid& grid, const Polygon& outline, std::optional<double> ceiling_m,
                   double step_m, FloorMap* map, Mask* floor_seen) {
  map->ground = Map<Ground>(grid.low.x(), grid.low.z(), grid.voxel_m, grid.nx, grid.nz);
  map->top_m = Map<float>::Like(map->ground);
  *floor_seen = Mask::Like(map->ground);
  const int low = std::max(0, grid.LayerAt(step_m));
  const int near = std::min(grid.ny, grid.LayerAt(kNearFloor_m));
  const int high = std::min(grid.ny, grid.LayerAt(kHead_m));
  const double limit_m = ceiling_m.value_or(1e3) - kBelowCeiling_m;
  ParallelFor(static_cast<size_t>(grid.nz), 4, [&](size_t row) {
    const int z = static_cast<int>(row);
    for (int x = 0; x < grid.nx; ++x) {
      const Vector2d centre = map->ground.Centre(x, z);
      if (!Contains(outline, centre)) continue;
      const Voxel* column = grid.column(x, z);
      int solid = -1, solids = 0;
      bool seen = false;
      for (int y = low; y < high; ++y) {
        if (column[y] == Voxel::kSolid && solids++ == 0) solid = y;
        if (column[y] == Voxel::kFree && y < near) seen = true;
      }
      // A single cube with air below is a grain; one on the floor may be a shoe.
      const bool in_air = solid > 0 && column[solid - 1] == Voxel::kFree;
      if (solids == 1 && in_air && grid.HeightOf(solid) > kLow_m) solid = -1;
      for (int y = 0; y < low; ++y) {
        if (column[y] == Voxel::kSolid) floor_seen->at(x, z) = 1;
      }
      Ground& ground = map->ground.at(x, z);
      if (solid >= 0) {
        ground = Ground::kBlocked;
        map->top_m.at(x, z) = static_cast<float>(TopOf(grid, column, solid, limit_m));
      } else {
        ground = seen ? Ground::kFree : Ground::kUnknown;
      }
    }
  });
}

// Specks of what is not known or of noise in the middle of what is free.
void RemoveSpecks(FloorMap* map) {
  Mask not_free = Mask::Like(map->ground);
  for (size_t i = 0; i < not_free.data.size(); ++i) {
    const Ground g = map->ground.data[i];
    not_free.data[i] = g != Ground::kFree ? 1 : 0;
  }
  std::vector<int> sizes;
  const Map<int> parts = Parts(not_free, &sizes);
  std::vector<float> heights(sizes.size(), 0);
  for (size_t i = 0; i < parts.data.size(); ++i) {
    float& h = heights[static_cast<size_t>(parts.data[i])];
    h = std::max(h, map->top_m.data[i]);
  }
  const double cell = map->ground.cell_m * map->ground.cell_m;
  for (size_t i = 0; i < parts.data.size(); ++i) {
    const auto part = static_cast<size_t>(parts.data[i]);
    if (part == 0) continue;
    const double size = sizes[part] * cell, height = static_cast<double>(heights[part]);
    const bool is_speck = size <= kSpeck_m2 && height <= kSpeckHeight_m;
    if (!is_speck && (size > kBump_m2 || height > kBumpHeight_m)) continue;
    map->ground.data[i] = Ground::kFree;
    map->top_m.data[i] = 0;
  }
}

// Free parts that no camera was above and where no floor is to be seen: one looked through what
// has a hole in the splats, a dark cupboard's door, say.
void ClosePockets(const std::vector<Vector3d>& cameras, const Mask& floor_seen, FloorMap* map) {
  Mask free = Mask::Like(map->ground);
  for (size_t i = 0; i < free.data.size(); ++i) {
    free.data[i] = map->ground.data[i] == Ground::kFree ? 1 : 0;
  }
  std::vector<int> sizes;
  const Map<int> parts = Parts(free, &sizes);
  std::vector<uint8_t> keep(sizes.size(), 0);
  std::vector<int> floors(sizes.size(), 0);
  for (size_t i = 0; i < parts.data.size(); ++i) {
    floors[static_cast<size_t>(parts.data[i])] += floor_seen.data[i];
  }
  for (size_t p = 1; p < sizes.size(); ++p) keep[p] = floors[p] >= kPocketFloor * sizes[p] ? 1 : 0;
  for (const Vector3d& camera : cameras) {
    const int x = parts.X(camera.x()), z = parts.Z(camera.z());
    if (parts.Has(x, z)) keep[static_cast<size_t>(parts.at(x, z))] = 1;
  }
  for (size_t i = 0; i < parts.data.size(); ++i) {
    const int part = parts.data[i];
    if (part > 0 && !keep[static_cast<size_t>(part)]) map->ground.data[i] = Ground::kUnknown;
  }
}

// Where nothing was seen below a camera that was held standing, somebody stood.
void OpenWherePeopleStood(const std::vector<Vector3d>& cameras, FloorMap* map) {
  Map<Ground>& ground = map->ground;
  const int reach = static_cast<int>(std::ceil(kStood_m / ground.cell_m));
  for (const Vector3d& camera : cameras) {
    if (camera.y() < kHeldStanding_m) continue;
    const Vector2d place(camera.x(), camera.z());
    const int x0 = ground.X(place.x()), z0 = ground.Z(place.y());
    for (int z = z0 - reach; z <= z0 + reach; ++z) {
      for (int x = x0 - reach; x <= x0 + reach; ++x) {
        if (!ground.Has(x, z) || ground.at(x, z) != Ground::kUnknown) continue;
        if ((ground.Centre(x, z) - place).norm() <= kStood_m) ground.at(x, z) = Ground::kFree;
      }
    }
  }
}

// What is not known within a ring of things is their inside.
void FillInsides(FloorMap* map) {
  Mask unknown = Mask::Like(map->ground);
  for (size_t i = 0; i < unknown.data.size(); ++i) {
    unknown.data[i] = map->ground.data[i] == Ground::kUnknown ? 1 : 0;
  }
  std::vector<int> sizes;
  const Map<int> parts = Parts(unknown, &sizes);
  struct Beside {
    int free = 0, things = 0;
    std::vector<float> tops;
  };
  std::vector<Beside> beside(sizes.size());
  for (int z = 0; z < parts.nz; ++z) {
    for (int x = 0; x < parts.nx; ++x) {
      Beside& b = beside[static_cast<size_t>(parts.at(x, z))];
      if (parts.at(x, z) == 0) continue;
      for (const auto& [dx, dz] : kSteps) {
        if (!parts.Has(x + dx, z + dz)) continue;
        const Ground g = map->ground.at(x + dx, z + dz);
        if (g == Ground::kFree) ++b.free;
        if (g == Ground::kBlocked) ++b.things, b.tops.push_back(map->top_m.at(x + dx, z + dz));
      }
    }
  }
  std::vector<float> top(sizes.size(), 0);
  for (size_t p = 1; p < sizes.size(); ++p) {
    Beside& b = beside[p];
    if (b.tops.empty() || 4 * b.free > b.things) continue;
    const auto nth = b.tops.begin() + static_cast<std::ptrdiff_t>(b.tops.size() / 2);
    std::nth_element(b.tops.begin(), nth, b.tops.end());
    top[p] = *nth;
  }
  for (size_t i = 0; i < parts.data.size(); ++i) {
    const auto part = static_cast<size_t>(parts.data[i]);
    if (part == 0 || top[part] <= 0) continue;
    map->ground.data[i] = Ground::kBlocked;
    map->top_m.data[i] = top[part];
  }
}

// Slits that nobody's foot fits in belong to what they are between (a morphological opening of what
// is free). Where a person can stand is not changed by it: a body is wider.
void CloseSlits(FloorMap* map) {
  Mask taken = Mask::Like(map->ground), wide = taken;
  for (size_t i = 0; i < taken.data.size(); ++i) {
    taken.data[i] = map->ground.data[i] != Ground::kFree ? 1 : 0;
  }
  const Map<float> clear = DistanceTo(taken);
  for (size_t i = 0; i < wide.data.size(); ++i) {
    wide.data[i] = static_cast<double>(clear.data[i]) >= kSlit_m ? 1 : 0;
  }
  const Map<float> to_wide = DistanceTo(wide);
  std::vector<std::pair<int, int>> queue;
  Mask closing = Mask::Like(map->ground);
  for (int z = 0; z < closing.nz; ++z) {
    for (int x = 0; x < closing.nx; ++x) {
      const Ground g = map->ground.at(x, z);
      closing.at(x, z) =
          g == Ground::kFree && static_cast<double>(to_wide.at(x, z)) >= kSlit_m ? 1 : 0;
      if (g == Ground::kBlocked) queue.push_back({x, z});
    }
  }
  // From what is in the way into the slits; what it does not come to stays unknown.
  for (size_t head = 0; head < queue.size(); ++head) {
    const auto [x, z] = queue[head];
    for (const auto& [dx, dz] : kSteps) {
      const int i = x + dx, j = z + dz;
      if (!closing.Has(i, j) || !closing.at(i, j)) continue;
      closing.at(i, j) = 0;
      map->ground.at(i, j) = Ground::kBlocked;
      map->top_m.at(i, j) = map->top_m.at(x, z);
      queue.push_back({i, j});
    }
  }
  for (size_t i = 0; i < closing.data.size(); ++i) {
    if (closing.data[i]) map->ground.data[i] = Ground::kUnknown;
  }
}

}  // namespace

FloorMap MapFloor(const VoxelGrid& grid, const Polygon& outline, std::optional<double> ceiling_m,
                  double floor_deviation_m, const std::vector<Vector3d>& cameras) {
  FloorMap map;
  Mask floor_seen;
  const double step_m = std::clamp(2 * floor_deviation_m, kStep_m, kMostStep_m);
  LookAtColumns(grid, outline, ceiling_m, step_m, &map, &floor_seen);
  RemoveSpecks(&map);
  ClosePockets(cameras, floor_seen, &map);
  OpenWherePeopleStood(cameras, &map);
  CloseSlits(&map);
  FillInsides(&map);
  FindFurniture(outline, &map);
  JoinStairs(map.top_m, &map.furniture);
  return map;
}

Mask ReachedFrom(const Map<Ground>& ground, const Vector2d& start, double radius_m) {
  Mask taken = Mask::Like(ground);
  for (size_t i = 0; i < taken.data.size(); ++i) taken.data[i] = ground.data[i] != Ground::kFree;
  const Map<float> clear = DistanceTo(taken);
  Mask stand = Mask::Like(ground);
  for (size_t i = 0; i < stand.data.size(); ++i) {
    stand.data[i] = static_cast<double>(clear.data[i]) >= radius_m ? 1 : 0;
  }
  std::vector<int> sizes;
  const Map<int> parts = Parts(stand, &sizes);
  int part = 0;
  double least = 1e300;
  for (int z = 0; z < parts.nz; ++z) {
    for (int x = 0; x < parts.nx; ++x) {
      const double d = (parts.Centre(x, z) - start).squaredNorm();
      if (parts.at(x, z) && d < least) least = d, part = parts.at(x, z);
    }
  }
  for (size_t i = 0; i < stand.data.size(); ++i) stand.data[i] = part && parts.data[i] == part;
  if (!part) return stand;
  const Map<float> to_stand = DistanceTo(stand);
  Mask reached = Mask::Like(ground);
  for (size_t i = 0; i < reached.data.size(); ++i) {
    reached.data[i] =
        static_cast<double>(to_stand.data[i]) <= radius_m && ground.data[i] == Ground::kFree;
  }
  return reached;
}

}  // namespace ajar::space
