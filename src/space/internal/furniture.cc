#include "space/internal/furniture.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "space/internal/rectangles.h"

namespace ajar::space {
namespace {

using Eigen::Vector2d;

constexpr double kWallThickness_m = 0.04;  // what is solid so near to the outline is the wall
constexpr double kFlat_m = 0.1;            // tops of one piece differ by less from cell to cell
// So small a piece joins the neighbour that it has most sides in common with; a larger one, up to
// the size of what stands on a shelf, where that is most of its border.
constexpr double kSpeck_m2 = 0.004, kSmallPiece_m2 = 0.03, kPart_m2 = 0.12, kPartOfBorder = 0.5;
// Rectangles that have so much of a piece, and of which so much is the piece, are drawn for it;
// what is not that loses corners that stand out by less than so much, and notches, if few.
constexpr int kMostRectangles = 3;
constexpr double kLeastRectangle_m2 = 0.02, kCovered = 0.85, kFilled = 0.8, kRagged_m = 0.08,
                 kOfHull = 0.5,
                 kStaircase = 2;  // cells, along a wall that runs aslant
constexpr double kOverFree_m = 0.1;
constexpr double kNearlySquare =
    0.27;  // tangent, 15 degrees: sides that lean less are laid along the walls
// What stands alone on legs is not wider nor higher than these; a door's leaf is higher.
constexpr double kStandsAlone_m = 0.75, kStandsAloneTop_m = 1.6, kStandsAloneShare = 0.4,
                 kFromWall_m = 0.1;
constexpr double kSeatLow_m = 0.3, kSeatHigh_m = 0.65, kSeat_m2 = 0.09;
constexpr std::array<std::array<int, 2>, 4> kSteps = {{{1, 0}, {-1, 0}, {0, 1}, {0, -1}}};

// Neighbouring cells whose tops differ little.
Map<int> LevelPieces(const FloorMap& map, const Polygon& outline, std::vector<int>* sizes) {
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
  return pieces;
}

// Small pieces join the neighbour that they have most sides in common with, until none does.
void JoinSmallOnes(Map<int>* pieces, std::vector<int>* sizes) {
  const double cell = pieces->cell_m * pieces->cell_m;
  for (int round = 0; round < 20; ++round) {
    std::vector<std::vector<int>> beside(sizes->size());  // a piece for each side, 0: none
    for (int z = 0; z < pieces->nz; ++z) {
      for (int x = 0; x < pieces->nx; ++x) {
        const int p = pieces->at(x, z);
        if (p <= 0 || (*sizes)[static_cast<size_t>(p)] * cell > kPart_m2) continue;
        for (const auto& [dx, dz] : kSteps) {
          if (!pieces->Has(x + dx, z + dz)) continue;
          const int q = pieces->at(x + dx, z + dz);
          if (q != p) beside[static_cast<size_t>(p)].push_back(q);
        }
      }
    }
    std::vector<int> into(sizes->size());
    bool changed = false;
    for (size_t p = 0; p < into.size(); ++p) {
      into[p] = static_cast<int>(p);
      std::ranges::sort(beside[p]);
      const bool is_small = (*sizes)[p] * cell <= kSmallPiece_m2;
      size_t most = is_small ? 0 : static_cast<size_t>(kPartOfBorder * beside[p].size());
      for (size_t i = 0, j = 0; i < beside[p].size(); i = j) {
        while (j < beside[p].size() && beside[p][j] == beside[p][i]) ++j;
        const auto q = static_cast<size_t>(beside[p][i]);
        const bool larger = q > 0 && std::pair((*sizes)[q], q) > std::pair((*sizes)[p], p);
        if (larger && j - i > most) most = j - i, into[p] = beside[p][i], changed = true;
      }
    }
    if (!changed) break;
    for (size_t p = 0; p < into.size(); ++p) {
      while (into[static_cast<size_t>(into[p])] != into[p])
        into[p] = into[static_cast<size_t>(into[p])];
    }
    std::ranges::fill(*sizes, 0);
    for (int& p : pieces->data) {
      p = into[static_cast<size_t>(p)];
      if (p > 0) ++(*sizes)[static_cast<size_t>(p)];
    }
  }
}

// Where a piece is free-standing and small, the rectangle around it is taken, too.
void TakeRectangle(const CellBox& r, const Polygon& outline, int size, int piece, Map<int>* pieces,
                   FloorMap* map, float top) {
  const double cell = map->ground.cell_m;
  const double wide = r.wide() * cell, deep = r.deep() * cell;
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

// Furniture is made square and mostly stands along the walls, as the cells do. What is drawn must
// not reach over where people walk by as much as they keep from it.
class Outlines {
 public:
  Outlines(const FloorMap& map, const Polygon& walls) : walls_(walls) {
    Mask taken = Mask::Like(map.ground);
    for (size_t i = 0; i < taken.data.size(); ++i) {
      taken.data[i] = map.ground.data[i] != Ground::kFree ? 1 : 0;
    }
    to_taken_ = DistanceTo(taken);
  }

  Polygon Of(const Map<int>& pieces, int piece, int size, const CellBox& box) const {
    const Polygon square = Rectangles(pieces, piece, size, box);
    if (!square.empty()) return square;
    const Polygon ragged = OuterBorder(pieces, piece), hull = ConvexHull(ragged);
    const double cell = pieces.cell_m * pieces.cell_m;
    const bool is_compact = size * cell >= kOfHull * SignedArea(hull);
    return Squared(Simplified(is_compact && KeepsOffFree(hull, box) ? hull : ragged, kRagged_m),
                   kNearlySquare);
  }

 private:
  bool IsNearTaken(int x, int z) const {
    return static_cast<double>(to_taken_.at(x, z)) <= kOverFree_m;
  }

  bool KeepsOffFree(const Polygon& polygon, const CellBox& box) const {
    for (int z = box.z0; z <= box.z1; ++z) {
      for (int x = box.x0; x <= box.x1; ++x) {
        if (!IsNearTaken(x, z) && Contains(polygon, to_taken_.Centre(x, z))) return false;
      }
    }
    return true;
  }

  // Nothing where they are not nearly the piece.
  Polygon Rectangles(const Map<int>& pieces, int piece, int size, const CellBox& box) const {
    Mask mask = Mask::Like(pieces), drawn = mask;
    for (size_t i = 0; i < mask.data.size(); ++i) mask.data[i] = pieces.data[i] == piece ? 1 : 0;
    const double cell = pieces.cell_m * pieces.cell_m;
    const auto boxes = CoverByRectangles(mask, box, kMostRectangles,
                                         std::max(1, static_cast<int>(kLeastRectangle_m2 / cell)));
    int all = 0, covered = 0;
    bool reaches_wall = false;
    for (const CellBox& b : boxes) {
      for (int z = b.z0; z <= b.z1; ++z) {
        for (int x = b.x0; x <= b.x1; ++x) {
          if (drawn.at(x, z)) continue;
          if (!Contains(walls_, pieces.Centre(x, z))) {
            reaches_wall = true;
            continue;
          }
          if (!IsNearTaken(x, z)) return {};
          drawn.at(x, z) = 1;
          ++all;
          covered += mask.at(x, z);
        }
      }
    }
    std::vector<int> sizes;
    const Map<int> parts = Parts(drawn, &sizes);
    if (covered < kCovered * size || covered < kFilled * all || sizes.size() != 2) return {};
    const Polygon border = OuterBorder(parts, 1);
    return reaches_wall ? Simplified(border, kStaircase * pieces.cell_m) : border;
  }

  const Polygon& walls_;
  Map<float> to_taken_;  // metres, from each cell to where nobody walks
};

}  // namespace

void FindFurniture(const Polygon& outline, FloorMap* map) {
  std::vector<int> sizes;
  Map<int> pieces = LevelPieces(*map, outline, &sizes);
  JoinSmallOnes(&pieces, &sizes);
  const Outlines outlines(*map, outline);
  constexpr CellBox kNone{1 << 30, 1 << 30, -1, -1};
  std::vector<CellBox> boxes(sizes.size(), kNone);
  std::vector<std::vector<float>> tops(sizes.size());
  for (int z = 0; z < pieces.nz; ++z) {
    for (int x = 0; x < pieces.nx; ++x) {
      const auto p = static_cast<size_t>(pieces.at(x, z));
      if (p == 0) continue;
      CellBox& r = boxes[p];
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
    const CellBox box = boxes[p];
    TakeRectangle(box, outline, sizes[p], static_cast<int>(p), &pieces, map, *nth);
    if (sizes[p] * cell < kSmallPiece_m2) continue;
    Furniture furniture;
    furniture.outline = outlines.Of(pieces, static_cast<int>(p), sizes[p], box);
    furniture.height_m = static_cast<double>(*nth);
    size_t level = 0;
    for (const float top : tops[p]) level += std::abs(top - *nth) < 0.06f ? 1 : 0;
    furniture.is_seat = furniture.height_m >= kSeatLow_m && furniture.height_m <= kSeatHigh_m &&
                        static_cast<double>(level) * cell >= kSeat_m2;
    if (furniture.outline.size() >= 3) map->furniture.push_back(std::move(furniture));
  }
}

}  // namespace ajar::space
