// The room in small cubes and, seen from above, in small squares. Level frame: metres, y up, the
// floor at 0, x and z along the walls.
#pragma once

#include <Eigen/Core>
#include <Eigen/Geometry>
#include <cmath>
#include <cstdint>
#include <vector>

#include "base/progress.h"
#include "scene/rigid3.h"
#include "space/internal/depth_view.h"

namespace ajar::space {

template <class T>
struct Map {
  double low_x = 0, low_z = 0, cell_m = 1;
  int nx = 0, nz = 0;
  std::vector<T> data;  // row z of nx cells

  Map() = default;
  Map(double x, double z, double cell, int count_x, int count_z, T fill = T{})
      : low_x(x), low_z(z), cell_m(cell), nx(count_x), nz(count_z),
        data(static_cast<size_t>(count_x) * static_cast<size_t>(count_z), fill) {}
  template <class U>
  static Map Like(const Map<U>& o, T fill = T{}) {
    return Map(o.low_x, o.low_z, o.cell_m, o.nx, o.nz, fill);
  }
  bool Has(int x, int z) const { return x >= 0 && z >= 0 && x < nx && z < nz; }
  size_t Index(int x, int z) const {
    return static_cast<size_t>(z) * static_cast<size_t>(nx) + static_cast<size_t>(x);
  }
  T& at(int x, int z) { return data[Index(x, z)]; }
  const T& at(int x, int z) const { return data[Index(x, z)]; }
  int X(double x) const { return static_cast<int>(std::floor((x - low_x) / cell_m)); }
  int Z(double z) const { return static_cast<int>(std::floor((z - low_z) / cell_m)); }
  Eigen::Vector2d Centre(int x, int z) const {
    return {low_x + (x + 0.5) * cell_m, low_z + (z + 0.5) * cell_m};
  }
};
using Mask = Map<uint8_t>;

enum class Voxel : uint8_t { kUnknown = 0, kFree = 1, kSolid = 2 };

struct VoxelGrid {
  Eigen::Vector3d low = Eigen::Vector3d::Zero();
  double voxel_m = 0.02;
  int nx = 0, ny = 0, nz = 0;
  std::vector<Voxel> data;  // columns of ny, row z of nx columns

  const Voxel* column(int x, int z) const {
    return data.data() + (static_cast<size_t>(z) * static_cast<size_t>(nx) +
                          static_cast<size_t>(x)) * static_cast<size_t>(ny);
  }
  double HeightOf(int y) const { return low.y() + (y + 0.5) * voxel_m; }
  int LayerAt(double height) const {
    return static_cast<int>(std::floor((height - low.y()) / voxel_m));
  }
};

// What each view says of each cube: seen through, at a surface, or hidden. A cube that two views
// see through (one, when there is only one) is free; one that two have at a surface, and enough
// of those that see it at all, is solid: a thing that floats before one camera is not.
// `level_from_reconstruction` has the scale; `box` is cut into cubes of `voxel_m`, whose middles
// count.
VoxelGrid Carve(const std::vector<DepthView>& views, const Sim3& level_from_reconstruction,
                const Eigen::AlignedBox3d& box, double voxel_m, const Progress& progress);

}  // namespace ajar::space
