#include "space/internal/mesher.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace ajar::space {
namespace {

using Eigen::Vector2d;
using Eigen::Vector3d;

// Bytes of a box are about 150, of a rectangle 60: below 300 kB.
constexpr size_t kMostBytes = 250'000, kBoxBytes = 156, kRectangleBytes = 60;
constexpr double kHeightStep_m = 0.1;   // tops of boxes are rounded up to it
constexpr double kUnknownTop_m = 2.0;   // what nobody saw is closed off so high
constexpr double kAssumedCeiling_m = 2.5;

struct Rectangle {
  int x0, z0, x1, z1;  // cells, the last ones outside
  int value;
};

// What a cell is: -1 outside, 0 free, -2 unknown, else its top in steps.
Map<int> Values(const FloorMap& map, int stride) {
  const Map<Ground>& g = map.ground;
  Map<int> values(g.low_x, g.low_z, g.cell_m * stride, (g.nx + stride - 1) / stride,
                  (g.nz + stride - 1) / stride, -1);
  for (int z = 0; z < values.nz; ++z) {
    for (int x = 0; x < values.nx; ++x) {
      int outside = 0, unknown = 0, blocked = 0, all = 0;
      float top = 0;
      for (int j = z * stride; j < std::min(g.nz, (z + 1) * stride); ++j) {
        for (int i = x * stride; i < std::min(g.nx, (x + 1) * stride); ++i) {
          ++all;
          outside += g.at(i, j) == Ground::kOutside;
          unknown += g.at(i, j) == Ground::kUnknown;
          blocked += g.at(i, j) == Ground::kBlocked;
          top = std::max(top, map.top_m.at(i, j));
        }
      }
      if (outside == all) continue;
      if (blocked > 0) {
        values.at(x, z) = std::max(
            1, static_cast<int>(std::ceil(static_cast<double>(top) / kHeightStep_m - 0.01)));
      } else {
        values.at(x, z) = unknown > 0 ? -2 : (outside > 0 ? -1 : 0);
      }
    }
  }
  return values;
}

// As long as it goes along x, then as deep as it goes along z.
std::vector<Rectangle> Rectangles(const Map<int>& values) {
  std::vector<Rectangle> rectangles;
  Mask done = Mask::Like(values);
  for (int z = 0; z < values.nz; ++z) {
    for (int x = 0; x < values.nx; ++x) {
      const int value = values.at(x, z);
      if (value == -1 || done.at(x, z)) continue;
      const auto same = [&](int i, int j) { return values.at(i, j) == value && !done.at(i, j); };
      Rectangle r{x, z, x + 1, z + 1, value};
      while (r.x1 < values.nx && same(r.x1, z)) ++r.x1;
      const auto row_fits = [&] {
        for (int i = r.x0; i < r.x1; ++i) {
          if (!same(i, r.z1)) return false;
        }
        return true;
      };
      while (r.z1 < values.nz && row_fits()) ++r.z1;
      for (int j = r.z0; j < r.z1; ++j) {
        for (int i = r.x0; i < r.x1; ++i) done.at(i, j) = 1;
      }
      rectangles.push_back(r);
    }
  }
  return rectangles;
}

size_t Bytes(const std::vector<Rectangle>& rectangles) {
  size_t bytes = 0;
  for (const Rectangle& r : rectangles) bytes += r.value == 0 ? kRectangleBytes : kBoxBytes;
  return bytes;
}

class Builder {
 public:
  explicit Builder(const Rigid3& room_from_level) : room_from_level_(room_from_level) {}

  void AddFloor(const Vector2d& low, const Vector2d& high) {
    const uint32_t first = AddCorners(low, high, 0);
    AddQuad({first, first + 3, first + 2, first + 1}, &mesh.floor);
  }
  void AddBox(const Vector2d& low, const Vector2d& high, double top, std::vector<uint32_t>* part) {
    const uint32_t foot = AddCorners(low, high, 0), head = AddCorners(low, high, top);
    AddQuad({head, head + 3, head + 2, head + 1}, part);
    for (uint32_t k = 0; k < 4; ++k) {
      const uint32_t next = (k + 1) % 4;
      AddQuad({foot + next, foot + k, head + k, head + next}, part);
    }
  }
  // Seen from the inside of a polygon that goes round with it on the right, x towards z.
  void AddWall(const Vector2d& a, const Vector2d& b, double top) {
    const uint32_t i = Add({a.x(), 0, a.y()}), j = Add({b.x(), 0, b.y()});
    const uint32_t k = Add({b.x(), top, b.y()}), l = Add({a.x(), top, a.y()});
    AddQuad({j, i, l, k}, &mesh.walls);
  }

  CollisionMesh mesh;

 private:
  uint32_t Add(const Vector3d& level) {
    mesh.positions.push_back((room_from_level_ * level).cast<float>());
    return static_cast<uint32_t>(mesh.positions.size() - 1);
  }
  uint32_t AddCorners(const Vector2d& low, const Vector2d& high, double y) {
    const uint32_t first = Add({low.x(), y, low.y()});
    Add({high.x(), y, low.y()});
    Add({high.x(), y, high.y()});
    Add({low.x(), y, high.y()});
    return first;
  }
  static void AddQuad(const std::array<uint32_t, 4>& q, std::vector<uint32_t>* part) {
    part->insert(part->end(), {q[0], q[1], q[2], q[0], q[2], q[3]});
  }

  Rigid3 room_from_level_;
};

}  // namespace

CollisionMesh MakeMesh(const FloorMap& map, const Polygon& outline,
                       std::optional<double> ceiling_m, const Rigid3& room_from_level) {
  Map<int> values;
  std::vector<Rectangle> rectangles;
  for (int stride = 1;; ++stride) {
    values = Values(map, stride);
    rectangles = Rectangles(values);
    if (Bytes(rectangles) <= kMostBytes) break;
  }
  Builder builder(room_from_level);
  for (const Rectangle& r : rectangles) {
    const Vector2d origin(values.low_x, values.low_z);
    const Vector2d low = origin + values.cell_m * Vector2d(r.x0, r.z0);
    const Vector2d high = origin + values.cell_m * Vector2d(r.x1, r.z1);
    if (r.value == 0) {
      builder.AddFloor(low, high);
    } else if (r.value == -2) {
      builder.AddBox(low, high, kUnknownTop_m, &builder.mesh.unknown);
    } else {
      builder.AddBox(low, high, r.value * kHeightStep_m, &builder.mesh.obstacles);
    }
  }
  const double top = ceiling_m.value_or(kAssumedCeiling_m);
  for (size_t i = 0; i < outline.size(); ++i) {
    builder.AddWall(outline[i], outline[(i + 1) % outline.size()], top);
  }
  return std::move(builder.mesh);
}

}  // namespace ajar::space
