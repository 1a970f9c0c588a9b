#include "space/internal/grid.h"

#include <algorithm>

#include "base/parallel.h"

namespace ajar::space {
namespace {

using Eigen::Vector3d;
using Eigen::Vector3f;

constexpr int kBlock = 8;  // columns are worked on in squares of so many
// A cube is at a surface from so little before it to so far behind, in cubes.
constexpr float kBefore = 0.4f, kBehind = 2.5f;
// ... and solid when at least so many say so for each that sees through.
constexpr float kSolidRatio = 0.6f;

struct ViewInGrid {
  Eigen::Matrix3f rotation;
  Vector3f translation;
  float fx, fy, cx, cy, metres_per_unit;
  int width, height;
  const float* depth;
};

ViewInGrid InGrid(const DepthView& view, const Sim3& level_from_reconstruction) {
  const Rigid3 cam_from_level = TransformCamera(view.cam_from_world, level_from_reconstruction);
  return {cam_from_level.rotation.toRotationMatrix().cast<float>(),
          cam_from_level.translation.cast<float>(),
          static_cast<float>(view.camera.fx()), static_cast<float>(view.camera.fy()),
          static_cast<float>(view.camera.cx()), static_cast<float>(view.camera.cy()),
          static_cast<float>(level_from_reconstruction.scale),
          view.depth.width, view.depth.height, view.depth.data.data()};
}

// Whether a ball may be in the picture; errs towards yes.
bool MaySee(const ViewInGrid& view, const Vector3f& centre, float radius) {
  const Vector3f x = view.rotation * centre + view.translation;
  if (x.z() < -radius) return false;
  const float depth = std::max(x.z(), 0.0f) + radius;
  const float wide = static_cast<float>(view.width), high = static_cast<float>(view.height);
  const float left = -view.cx / view.fx, right = (wide - view.cx) / view.fx;
  const float top = -view.cy / view.fy, bottom = (high - view.cy) / view.fy;
  const float slack = 1.5f * radius;
  return x.x() > std::min(left * depth, 0.0f) - slack && x.x() < std::max(right * depth, 0.0f) + slack &&
         x.y() > std::min(top * depth, 0.0f) - slack && x.y() < std::max(bottom * depth, 0.0f) + slack;
}

}  // namespace

VoxelGrid Carve(const std::vector<DepthView>& views, const Sim3& level_from_reconstruction,
                const Eigen::AlignedBox3d& box, double voxel_m, const Progress& progress) {
  VoxelGrid grid;
  grid.low = box.min();
  grid.voxel_m = voxel_m;
  const Vector3d size = box.sizes() / voxel_m;
  grid.nx = std::max(1, static_cast<int>(std::ceil(size.x())));
  grid.ny = std::max(1, static_cast<int>(std::ceil(size.y())));
  grid.nz = std::max(1, static_cast<int>(std::ceil(size.z())));
  const auto columns = static_cast<size_t>(grid.nx) * static_cast<size_t>(grid.nz);
  const auto layers = static_cast<size_t>(grid.ny);
  grid.data.assign(columns * layers, Voxel::kUnknown);
  std::vector<ViewInGrid> seen;
  for (const DepthView& view : views) seen.push_back(InGrid(view, level_from_reconstruction));
  const uint16_t fewest = views.size() > 1 ? 2 : 1;
  const auto voxel = static_cast<float>(voxel_m);
  const int blocks_x = (grid.nx + kBlock - 1) / kBlock, blocks_z = (grid.nz + kBlock - 1) / kBlock;

  ParallelFor(static_cast<size_t>(blocks_x) * static_cast<size_t>(blocks_z), 1, [&](size_t block) {
    if (progress.cancelled()) return;
    const int x0 = static_cast<int>(block) % blocks_x * kBlock;
    const int z0 = static_cast<int>(block) / blocks_x * kBlock;
    const int x1 = std::min(grid.nx, x0 + kBlock), z1 = std::min(grid.nz, z0 + kBlock);
    std::vector<uint16_t> through(kBlock * kBlock * layers, 0), surface(through);
    for (const ViewInGrid& view : seen) {
      for (int y0 = 0; y0 < grid.ny; y0 += kBlock) {
        const int y1 = std::min(grid.ny, y0 + kBlock);
        const Vector3f middle =
            (grid.low + voxel_m * Vector3d(x0 + 0.5 * kBlock, y0 + 0.5 * kBlock, z0 + 0.5 * kBlock))
                .cast<float>();
        if (!MaySee(view, middle, 0.87f * kBlock * voxel)) continue;
        const Vector3f step = view.rotation.col(1) * voxel;
        for (int z = z0; z < z1; ++z) {
          for (int x = x0; x < x1; ++x) {
            const Vector3f first =
                (grid.low + voxel_m * Vector3d(x + 0.5, y0 + 0.5, z + 0.5)).cast<float>();
            Vector3f p = view.rotation * first + view.translation;
            const size_t at = static_cast<size_t>((z - z0) * kBlock + (x - x0)) * layers;
            for (int y = y0; y < y1; ++y, p += step) {
              if (p.z() < 0.01f) continue;
              const float inverse = 1 / p.z();
              const float u = view.fx * p.x() * inverse + view.cx;
              const float v = view.fy * p.y() * inverse + view.cy;
              if (!(u >= 0 && v >= 0 && u < static_cast<float>(view.width) &&
                    v < static_cast<float>(view.height))) {
                continue;
              }
              const float depth = view.depth[static_cast<int>(v) * view.width + static_cast<int>(u)];
              if (depth <= 0) continue;
              const float gap = (depth * view.metres_per_unit - p.z()) / voxel;
              if (gap > kBefore) {
                ++through[at + static_cast<size_t>(y)];
              } else if (gap > -kBehind) {
                ++surface[at + static_cast<size_t>(y)];
              }
            }
          }
        }
      }
    }
    for (int z = z0; z < z1; ++z) {
      for (int x = x0; x < x1; ++x) {
        const size_t at = static_cast<size_t>((z - z0) * kBlock + (x - x0)) * layers;
        Voxel* column = grid.data.data() + (static_cast<size_t>(z) * static_cast<size_t>(grid.nx) +
                                            static_cast<size_t>(x)) * layers;
        for (size_t y = 0; y < layers; ++y) {
          const auto f = static_cast<float>(through[at + y]), s = static_cast<float>(surface[at + y]);
          if (surface[at + y] >= fewest && s >= kSolidRatio * f) {
            column[y] = Voxel::kSolid;
          } else if (through[at + y] >= fewest) {
            column[y] = Voxel::kFree;
          }
        }
      }
    }
  });
  progress.ThrowIfCancelled();
  return grid;
}

}  // namespace ajar::space
