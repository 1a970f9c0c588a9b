// What training changes: the splats, what Adam remembers of them, and how much each was pulled
// about since the last growth step.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "splat/frame.h"
#include "splat/planes.h"
#include "train/train.h"

namespace ajar::train::internal {

struct Model {
  splat::SplatPlanes splats, m, v;
  // Since the last growth step, per splat: summed length of dL/dmean_px (times the picture's
  // size, so that sizes compare), and the number of pictures it was seen in.
  std::vector<float> pull, seen;

  Model() = default;
  explicit Model(splat::SplatPlanes initial);
  size_t count() const { return splats.count(); }
};

// Learning rates at progress p in [0, 1] of the whole training. Those of means and scales are
// higher than 3DGS has them, since there are fewer iterations; means slow down all the way, scales
// from half-way on, the rest over the last third.
struct Rates {
  float mean, rotation, scale, opacity, sh0, sh_rest;
};
Rates RatesAt(double progress, double scene_extent);

// One Adam step for a block, for splats that were visible. `step` counts from 1.
void UpdateBlock(const splat::Frame::BlockGradients& block, const Rates& rates, int64_t step,
                 int sh_degree, float pull_scale, Model* model);

// From each splat to the nearest of the cameras, scene units.
std::vector<float> NearestCameras(const Model& model, const std::vector<splat::View>& views);

// Veils: splats so near a camera, or so large before it, that they tint its whole picture. They
// explain one photograph's light and hang in the air for everybody else; where a camera was,
// nothing stood. 1 for each such splat. `scene_extent`: CameraExtent().
std::vector<uint8_t> FindVeils(const Model& model, std::span<const float> nearest_camera,
                               double scene_extent);

// Makes splats so large that some camera stood within their reach no larger than that. Afterwards
// FindVeils no longer knows the large ones.
void LimitSizes(std::span<const float> nearest_camera, Model* model);

// Growth: takes out splats that are nearly clear or `doomed`, then halves those that were pulled
// about most along their longest axis until there are `target` splats (at most half as many again
// in one go). Children stay next to each other, so that neighbours in space stay neighbours in
// memory.
struct GrowthResult {
  size_t removed = 0, added = 0;
};
GrowthResult Grow(Model* model, const std::vector<uint8_t>& doomed, size_t target);

// Takes out what would not be seen anyway, and what is doomed; for the finished room.
void Prune(Model* model, const std::vector<uint8_t>& doomed, float min_opacity);

}  // namespace ajar::train::internal
