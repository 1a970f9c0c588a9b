#include "train/internal/air.h"

#include <Eigen/Geometry>
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <map>

#include "base/parallel.h"
#include "scene/splat_convention.h"

namespace ajar::train::internal {
namespace {

constexpr int kCellsAcross = 48;  // of a photograph's longer side
constexpr double kCertain = 0.7;  // of the way to the nearest surface point
constexpr double kCube = 0.1;     // of the scene's extent
constexpr int kPhotographs = 3;   // that looked through a cube
constexpr float kFaint = 0.02f;   // an opacity of which nobody sees anything
constexpr float kMostAtOnce = 2.0f / 3;

struct Cube {
  int photographs = 0;
  size_t last = 0;  // photograph, counted from 1
  Eigen::Vector3f place;
};
using Cubes = std::map<std::array<int, 3>, Cube>;

// How far a photograph saw in each of its cells; infinite where nobody knows.
struct Cells {
  int width = 0, height = 0;
  double px = 1;
  std::vector<double> depth;
};

// To the nearest point in each cell.
Cells NearestPoints(const TrainPhoto& photo, const std::vector<Eigen::Vector3f>& points) {
  const Camera& camera = photo.camera;
  Cells cells;
  cells.px = std::max(camera.width, camera.height) / static_cast<double>(kCellsAcross);
  cells.width = static_cast<int>(std::ceil(camera.width / cells.px));
  cells.height = static_cast<int>(std::ceil(camera.height / cells.px));
  cells.depth.assign(static_cast<size_t>(cells.width) * static_cast<size_t>(cells.height),
                     std::numeric_limits<double>::infinity());
  for (const Eigen::Vector3f& point : points) {
    const Eigen::Vector3d x = photo.cam_from_world * point.cast<double>();
    const auto pixel = camera.ImgFromCam(x);
    if (!pixel) continue;
    const int column = static_cast<int>(std::floor(pixel->x() / cells.px));
    const int row = static_cast<int>(std::floor(pixel->y() / cells.px));
    if (column < 0 || row < 0 || column >= cells.width || row >= cells.height) continue;
    double& depth = cells.depth[static_cast<size_t>(row * cells.width + column)];
    depth = std::min(depth, x.z());
  }
  return cells;
}

// To the nearest point there or in a cell beside it, where each of these shows one: before or
// behind a plain wall of which few points were found, a single one says nothing.
Cells SurelySeen(const Cells& nearest) {
  Cells cells = nearest;
  for (int row = 0; row < cells.height; ++row) {
    for (int column = 0; column < cells.width; ++column) {
      double least = std::numeric_limits<double>::infinity(), most = 0;
      for (int r = std::max(0, row - 1); r <= std::min(cells.height - 1, row + 1); ++r) {
        for (int c = std::max(0, column - 1); c <= std::min(cells.width - 1, column + 1); ++c) {
          const double depth = nearest.depth[static_cast<size_t>(r * cells.width + c)];
          least = std::min(least, depth);
          most = std::max(most, depth);
        }
      }
      cells.depth[static_cast<size_t>(row * cells.width + column)] =
          std::isfinite(most) ? least : most;
    }
  }
  return cells;
}

void LookThrough(const TrainPhoto& photo, size_t number, const Cells& cells, double side,
                 Cubes* cubes) {
  const Rigid3 world_from_cam = Inverse(photo.cam_from_world);
  for (int row = 0; row < cells.height; ++row) {
    for (int column = 0; column < cells.width; ++column) {
      const double depth = cells.depth[static_cast<size_t>(row * cells.width + column)];
      if (!std::isfinite(depth)) continue;
      const Eigen::Vector3d ray((column + 0.5) * cells.px - photo.camera.cx(),
                                (row + 0.5) * cells.px - photo.camera.cy(), 0);
      const Eigen::Vector3d towards(ray.x() / photo.camera.fx(), ray.y() / photo.camera.fy(), 1);
      const double step = side / towards.norm();
      for (double z = step; z < kCertain * depth; z += step) {
        const Eigen::Vector3d place = world_from_cam * (z * towards);
        const Eigen::Vector3i at = (place / side).array().floor().cast<int>();
        Cube& cube = (*cubes)[{at.x(), at.y(), at.z()}];
        if (cube.photographs == 0) cube.place = place.cast<float>();
        cube.photographs += cube.last != number;
        cube.last = number;
      }
    }
  }
}

// How much smaller a splat has to be so that it ends before the air begins.
float FactorFor(const Eigen::Vector3f& mean, const Eigen::Matrix3f& whiten, float widest,
                std::span<const Eigen::Vector3f> air) {
  float least_q = kMaxQ;
  for (const Eigen::Vector3f& place : air) {
    const Eigen::Vector3f from = place - mean;
    if (from.squaredNorm() < kMaxQ * widest * widest) {
      least_q = std::min(least_q, (whiten * from).squaredNorm());
    }
  }
  return std::max(kMostAtOnce, std::sqrt(least_q / kMaxQ));
}

}  // namespace

std::vector<Eigen::Vector3f> SeenThrough(const TrainInput& input) {
  if (input.point_normals.empty()) return {};
  const double side = kCube * input.scene_extent;
  std::vector<Cells> cells(input.photos.size());
  ParallelFor(cells.size(), 1, [&](size_t i) {
    cells[i] = SurelySeen(NearestPoints(input.photos[i], input.points));
  });
  Cubes cubes;
  for (size_t i = 0; i < cells.size(); ++i) {
    LookThrough(input.photos[i], i + 1, cells[i], side, &cubes);
  }
  std::vector<Eigen::Vector3f> air;
  for (const auto& [at, cube] : cubes) {
    if (cube.photographs >= kPhotographs) air.push_back(cube.place);
  }
  return air;
}

void KeepAirClear(std::span<const Eigen::Vector3f> air, double scene_extent, Model* model) {
  const float large = static_cast<float>(kCube * scene_extent);
  splat::SplatPlanes& s = model->splats;
  ParallelFor(model->count(), 1024, [&](size_t i) {
    const Eigen::Vector3f log_scale(s.plane(splat::kScale)[i], s.plane(splat::kScale + 1)[i],
                                    s.plane(splat::kScale + 2)[i]);
    const float widest = std::exp(log_scale.maxCoeff());
    const float opacity = 1 / (1 + std::exp(-s.plane(splat::kOpacity)[i]));
    if (!(widest > large) || opacity <= kFaint) return;
    const float* rotation[4];
    for (int k = 0; k < 4; ++k) rotation[k] = s.plane(splat::kRotation + k) + i;
    const Eigen::Quaternionf turn(*rotation[0], *rotation[1], *rotation[2], *rotation[3]);
    const Eigen::Matrix3f whiten = (-log_scale).array().exp().matrix().asDiagonal() *
                                   turn.normalized().toRotationMatrix().transpose();
    const Eigen::Vector3f mean(s.plane(splat::kMean)[i], s.plane(splat::kMean + 1)[i],
                               s.plane(splat::kMean + 2)[i]);
    const float factor = std::max(large / widest, FactorFor(mean, whiten, widest, air));
    for (int k = 0; k < 3; ++k) s.plane(splat::kScale + k)[i] = log_scale[k] + std::log(factor);
  });
}

}  // namespace ajar::train::internal
