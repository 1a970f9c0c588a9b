#include "space/internal/floor_map.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "base/parallel.h"
#include "space/internal/stairs.h"

namespace ajar::space {
namespace {

using Eigen::Vector2d;
using Eigen::Vector3d;

constexpr double kStep_m = 0.04, kMostStep_m = 0.1;  // feet step over what is lower
constexpr double kHead_m = 1.8;                      // and heads pass below what is higher
constexpr double kLow_m = 0.15;
constexpr double kNearFloor_m = 0.4;       // a floor that is seen is seen through down to here
constexpr double kWallThickness_m = 0.04;  // what is solid so near to the outline is the wall
constexpr double kGap_m = 0.25;            // free air so high ends a piece of furniture
constexpr double kBelowCeiling_m = 0.2;    // what reaches up to here hangs or is the wall
// Parts that are smaller and lower than one of these are noise: a bump in the floor, a grain.
constexpr double kSpeck_m2 = 0.004, kSpeckHeight_m = 0.3;
constexpr double kBump_m2 = 0.04, kBumpHeight_m = 0.1;
constexpr double kSlit_m = 0.06;      // half the width of a slit that a foot does not fit in
constexpr double kPocketFloor = 0.6;  // a free part that nobody stood in shows so much of its floor
constexpr double kHeldStanding_m = 1.2, kStood_m = 0.25;  // the room a standing body takes
constexpr double kFlat_m = 0.1;  // tops of one piece differ by less from cell to cell
constexpr double kSmallPiece_m2 = 0.03;
// A piece that fills so much of the rectangle around it is drawn as that; others lose corners that
// stand out by less than so much.
constexpr double kRectangular = 0.8, kRagged_m = 0.08;
constexpr double kNearlySquare =
    0.27;  // tangent, 15 degrees: sides that lean less are laid along the walls
// What stands alone on legs is not wider nor higher than these; a door's leaf is higher.
constexpr double kStandsAlone_m = 0.75, kStandsAloneTop_m = 1.6, kStandsAloneShare = 0.4,
                 kFromWall_m = 0.1;
constexpr double kSeatLow_m = 0.3, kSeatHigh_m = 0.65, kSeat_m2 = 0.09;
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
  std::vector<int> free_beside(sizes.size(), 0), things_beside(sizes.size(), 0);
  std::vector<std::vector<float>> tops(sizes.size());
  for (int z = 0; z < parts.nz; ++z) {
    for (int x = 0; x < parts.nx; ++x) {
      const auto part = static_cast<size_t>(parts.at(x, z));
      if (part == 0) continue;
      for (const auto& [dx, dz] : kSteps) {
        if (!parts.Has(x + dx, z + dz)) continue;
        const Ground g = map->ground.at(x + dx, z + dz);
        if (g == Ground::kFree) ++free_beside[part];
        if (g == Ground::kBlocked) {
          ++things_beside[part];
          tops[part].push_back(map->top_m.at(x + dx, z + dz));
        }
      }
    }
  }
  std::vector<float> top(sizes.size(), 0);
  for (size_t p = 1; p < sizes.size(); ++p) {
    if (tops[p].empty() || 4 * free_beside[p] > things_beside[p]) continue;
    const auto nth = tops[p].begin() + static_cast<std::ptrdiff_t>(tops[p].size() / 2);
    std::nth_element(tops[p].begin(), nth, tops[p].end());
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

// Pieces: neighbouring cells whose tops differ little; small ones join the neighbour that they
// have most sides in common with.
Map<int> Pieces(const FloorMap& map, const Polygon& outline, std::vector<int>* sizes) {
  Map<int> pieces = Map<int>::Like(map.ground, -1);
  sizes->assign(1, 0);
  std::vector<std::pair<int, int>> stack;
  const auto is_piece = [&](int x, int z) {
    return map.ground.Has(x, z) && map.ground.at(x, z) == Ground::kBlocked &&
           DistanceToBorder(outline, map.ground.Centre(x, z)) > kWallThickness_m;
  };
  for (int z = 0; z < pieces.nz; ++z) {
    for (int x = 0; x < pieces.nx; ++x) {
      if (pieces.at(x, z) >= 0) continue;
      if (!is_piece(x, z)) {
        pieces.at(x, z) = 0;
        continue;
      }
      const int piece = static_cast<int>(sizes->size());
      sizes->push_back(0);
      pieces.at(x, z) = piece;
      stack.push_back({x, z});
      while (!stack.empty()) {
        const auto [i, j] = stack.back();
        stack.pop_back();
        ++sizes->back();
        for (const auto& [dx, dz] : kSteps) {
          const int u = i + dx, v = j + dz;
          if (!is_piece(u, v) || pieces.at(u, v) >= 0) continue;
          const float rise = map.top_m.at(u, v) - map.top_m.at(i, j);
          if (std::abs(static_cast<double>(rise)) > kFlat_m) continue;
          pieces.at(u, v) = piece;
          stack.push_back({u, v});
        }
      }
    }
  }
  const double cell = map.ground.cell_m * map.ground.cell_m;
  for (int round = 0; round < 20; ++round) {
    std::vector<std::vector<int>> beside(sizes->size());
    for (int z = 0; z < pieces.nz; ++z) {
      for (int x = 0; x < pieces.nx; ++x) {
        const int p = pieces.at(x, z);
        if (p <= 0 || (*sizes)[static_cast<size_t>(p)] * cell > kSmallPiece_m2) continue;
        for (const auto& [dx, dz] : kSteps) {
          if (!pieces.Has(x + dx, z + dz)) continue;
          const int q = pieces.at(x + dx, z + dz);
          if (q > 0 && q != p) beside[static_cast<size_t>(p)].push_back(q);
        }
      }
    }
    std::vector<int> into(sizes->size());
    bool changed = false;
    for (size_t p = 0; p < into.size(); ++p) {
      into[p] = static_cast<int>(p);
      std::ranges::sort(beside[p]);
      size_t most = 0;
      for (size_t i = 0, j = 0; i < beside[p].size(); i = j) {
        while (j < beside[p].size() && beside[p][j] == beside[p][i]) ++j;
        const auto q = static_cast<size_t>(beside[p][i]);
        const bool larger = std::pair((*sizes)[q], q) > std::pair((*sizes)[p], p);
        if (larger && j - i > most) most = j - i, into[p] = beside[p][i], changed = true;
      }
    }
    if (!changed) break;
    for (size_t p = 0; p < into.size(); ++p) {
      while (into[static_cast<size_t>(into[p])] != into[p])
        into[p] = into[static_cast<size_t>(into[p])];
    }
    std::ranges::fill(*sizes, 0);
    for (int& p : pieces.data) {
      p = into[static_cast<size_t>(p)];
      if (p > 0) ++(*sizes)[static_cast<size_t>(p)];
    }
  }
  return pieces;
}

struct Rectangle {
  int x0 = 1 << 30, z0 = 1 << 30, x1 = -1, z1 = -1;
};

// Where a piece is free-standing and small, the rectangle around it is taken, too.
void TakeRectangle(const Rectangle& r, const Polygon& outline, int size, int piece,
                   Map<int>* pieces, FloorMap* map, float top) {
  const double cell = map->ground.cell_m;
  const double wide = (r.x1 - r.x0 + 1) * cell, deep = (r.z1 - r.z0 + 1) * cell;
  for (const int x : {r.x0, r.x1}) {
    for (const int z : {r.z0, r.z1}) {
      if (DistanceToBorder(outline, map->ground.Centre(x, z)) < kFromWall_m) return;
    }
  }
  if (static_cast<double>(top) > kStandsAloneTop_m || wide > kStandsAlone_m ||
      deep > kStandsAlone_m || size * cell * cell < kStandsAloneShare * wide * deep) {
    return;
  }
  for (int z = r.z0; z <= r.z1; ++z) {
    for (int x = r.x0; x <= r.x1; ++x) {
      Ground& g = map->ground.at(x, z);
      if (g != Ground::kFree && g != Ground::kUnknown) continue;
      g = Ground::kBlocked;
      map->top_m.at(x, z) = top;
      pieces->at(x, z) = piece;
    }
  }
}

// Furniture is made square and mostly stands along the walls, as the cells do.
Polygon OutlineOf(const Map<int>& pieces, int piece, int size, const Rectangle& r) {
  const double wide = r.x1 - r.x0 + 1, deep = r.z1 - r.z0 + 1;
  if (size < kRectangular * wide * deep) {
    return Squared(Simplified(OuterBorder(pieces, piece), kRagged_m), kNearlySquare);
  }
  const Vector2d low(pieces.low_x + r.x0 * pieces.cell_m, pieces.low_z + r.z0 * pieces.cell_m);
  const Vector2d high = low + pieces.cell_m * Vector2d(wide, deep);
  return {low, {high.x(), low.y()}, high, {low.x(), high.y()}};
}

void FindFurniture(const Polygon& outline, FloorMap* map) {
  std::vector<int> sizes;
  Map<int> pieces = Pieces(*map, outline, &sizes);
  std::vector<Rectangle> boxes(sizes.size());
  std::vector<std::vector<float>> tops(sizes.size());
  for (int z = 0; z < pieces.nz; ++z) {
    for (int x = 0; x < pieces.nx; ++x) {
      const auto p = static_cast<size_t>(pieces.at(x, z));
      if (p == 0) continue;
      Rectangle& r = boxes[p];
      r.x0 = std::min(r.x0, x), r.x1 = std::max(r.x1, x);
      r.z0 = std::min(r.z0, z), r.z1 = std::max(r.z1, z);
      tops[p].push_back(map->top_m.at(x, z));
    }
  }
  const double cell = map->ground.cell_m * map->ground.cell_m;
  for (size_t p = 1; p < sizes.size(); ++p) {
    if (sizes[p] * cell < kSpeck_m2) continue;
    const auto nth = tops[p].begin() + static_cast<std::ptrdiff_t>(tops[p].size() * 3 / 4);
    std::nth_element(tops[p].begin(), nth, tops[p].end());
    const Rectangle box = boxes[p];
    TakeRectangle(box, outline, sizes[p], static_cast<int>(p), &pieces, map, *nth);
    if (sizes[p] * cell < kSmallPiece_m2) continue;
    Furniture furniture;
    furniture.outline = OutlineOf(pieces, static_cast<int>(p), sizes[p], box);
    furniture.height_m = static_cast<double>(*nth);
    size_t level = 0;
    for (const float top : tops[p]) level += std::abs(top - *nth) < 0.06f ? 1 : 0;
    furniture.is_seat = furniture.height_m >= kSeatLow_m && furniture.height_m <= kSeatHigh_m &&
                        static_cast<double>(level) * cell >= kSeat_m2;
    if (furniture.outline.size() >= 3) map->furniture.push_back(std::move(furniture));
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
