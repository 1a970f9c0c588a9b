#include "train/internal/model.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

#include "base/check.h"
#include "base/parallel.h"
#include "scene/splat_convention.h"
#include "train/internal/kernels/rows.h"

namespace ajar::train::internal {
namespace {

using splat::kBlockSplats;
using splat::SplatPlanes;

constexpr float kClear = 0.005f;  // opacity below which a splat is taken out
// Halving a splat along its longest axis: the children stand half a standard deviation off on
// either side, half as long, a little thinner, and clearer, so that together they look about
// like their parent.
constexpr float kChildOffset = 0.5f, kChildLength = 0.55f, kChildWidth = 0.85f,
                kChildOpacity = 0.6f;

// What is not needed fades: this times the mean opacity is added to the loss (Kheradmand et al.
// 2024).
constexpr float kOpacityCost = 0.01f;

// How fast the harmonics of a colour fade, per rate of theirs: what no photograph asks for again and
// again would be one photograph's light, seen from nowhere else.
constexpr float kShFade = 8;

float Sigmoid(float x) { return 1 / (1 + std::exp(-x)); }
float Logit(float p) { return std::log(p / (1 - p)); }

// Part by part, so that never more than one is there twice.
void Gather(const std::vector<size_t>& source, Model* model) {
  for (SplatPlanes* part : {&model->splats, &model->m, &model->v}) *part = part->Gathered(source);
  model->pull.assign(source.size(), 0.0f);
  model->seen.assign(source.size(), 0.0f);
}

Eigen::Matrix3f RotationOf(const SplatPlanes& s, size_t i) {
  const Eigen::Quaternionf q(s.plane(splat::kRotation)[i], s.plane(splat::kRotation + 1)[i],
                             s.plane(splat::kRotation + 2)[i], s.plane(splat::kRotation + 3)[i]);
  return q.normalized().toRotationMatrix();
}

std::vector<Eigen::Vector3f> CentresOf(const std::vector<splat::View>& views) {
  std::vector<Eigen::Vector3f> centres;
  for (const splat::View& view : views) {
    centres.push_back(Inverse(view.cam_from_world).translation.cast<float>());
  }
  return centres;
}

// Makes splats `first` and `first` + 1 (equal copies of one splat) its two halves.
void Halve(Model* model, size_t first) {
  SplatPlanes& s = model->splats;
  int axis = 0;
  for (int k = 1; k < 3; ++k) {
    if (s.plane(splat::kScale + k)[first] > s.plane(splat::kScale + axis)[first]) axis = k;
  }
  const Eigen::Vector3f offset = kChildOffset * std::exp(s.plane(splat::kScale + axis)[first]) *
                                 RotationOf(s, first).col(axis);
  for (int child = 0; child < 2; ++child) {
    const size_t i = first + static_cast<size_t>(child);
    for (int k = 0; k < 3; ++k) {
      s.plane(splat::kMean + k)[i] += child == 0 ? offset[k] : -offset[k];
      s.plane(splat::kScale + k)[i] += std::log(k == axis ? kChildLength : kChildWidth);
    }
    float& opacity = s.plane(splat::kOpacity)[i];
    opacity = Logit(kChildOpacity * Sigmoid(opacity));
    for (int p = 0; p < s.planes(); ++p) model->m.plane(p)[i] = model->v.plane(p)[i] = 0;
  }
}

}  // namespace

Model::Model(SplatPlanes initial)
    : splats(std::move(initial)),
      m(splats.count(), splats.sh_degree()),
      v(splats.count(), splats.sh_degree()),
      pull(splats.count(), 0.0f),
      seen(splats.count(), 0.0f) {
  // The padding of a cloud is a clear splat; of moments it is nothing.
  std::fill(m.data().begin(), m.data().end(), 0.0f);
  std::fill(v.data().begin(), v.data().end(), 0.0f);
}

Rates RatesAt(double progress, double scene_extent) {
  const double mean = 6e-4 * std::pow(0.01, progress) * scene_extent;
  const double scale = 3e-2 * std::pow(0.02, std::max(0.0, 2 * progress - 1));
  const double late = std::max(0.0, (progress - 0.66) / 0.34);
  const float fade = static_cast<float>(std::pow(0.1, late));
  return {static_cast<float>(mean), 1e-3f * fade,  static_cast<float>(scale),
          2.5e-2f * fade,           2.5e-3f * fade, 2.5e-3f / 20 * fade};
}

void UpdateBlock(const splat::Frame::BlockGradients& block, const Rates& rates, int64_t step,
                 int sh_degree, float pull_scale, Model* model) {
  const size_t begin = block.block * kBlockSplats;
  alignas(64) float visible[kBlockSplats];
  for (size_t lane = 0; lane < kBlockSplats; ++lane) {
    visible[lane] = static_cast<float>(block.visible[lane]);
    const size_t i = begin + lane;
    if (i < model->count() && block.visible[lane]) {
      model->pull[i] += pull_scale * block.view_gradient[lane];
      model->seen[i] += 1;
    }
  }
  constexpr double kBeta1 = 0.9, kBeta2 = 0.999;
  const double correction = std::sqrt(1 - std::pow(kBeta2, static_cast<double>(step))) /
                            (1 - std::pow(kBeta1, static_cast<double>(step)));
  const auto update = [&](const float* gradients, int first, int count, float rate,
                          float keep = 1) {
    const AdamStep adam{static_cast<float>(static_cast<double>(rate) * correction),
                        static_cast<float>(kBeta1), static_cast<float>(kBeta2), 1e-15f, keep};
    for (int k = 0; k < count; ++k) {
      const int p = first + k;
      AdamRow(adam, gradients + static_cast<size_t>(k) * kBlockSplats, visible, kBlockSplats,
              model->m.plane(p) + begin, model->v.plane(p) + begin,
              model->splats.plane(p) + begin);
    }
  };
  const auto gradients_of = [&](int plane) {
    return block.gradients + static_cast<size_t>(plane) * kBlockSplats;
  };
  update(gradients_of(splat::kMean), splat::kMean, 3, rates.mean);
  update(gradients_of(splat::kRotation), splat::kRotation, 4, rates.rotation);
  update(gradients_of(splat::kScale), splat::kScale, 3, rates.scale);
  alignas(64) float opacity_gradient[kBlockSplats];
  const float* logit = model->splats.plane(splat::kOpacity) + begin;
  const float share = kOpacityCost / static_cast<float>(model->count());
  for (size_t lane = 0; lane < kBlockSplats; ++lane) {
    const float opacity = Sigmoid(logit[lane]);
    opacity_gradient[lane] =
        gradients_of(splat::kOpacity)[lane] + share * opacity * (1 - opacity);
  }
  update(opacity_gradient, splat::kOpacity, 1, rates.opacity);
  update(gradients_of(splat::kSh), splat::kSh, 3, rates.sh0);
  // Three quarters of all parameters, and the least of what is seen: moved every other time, twice
  // as far.
  if (step % 2 == 0) {
    update(gradients_of(splat::kSh + 3), splat::kSh + 3, 3 * (ShCoefficientCount(sh_degree) - 1),
           2 * rates.sh_rest, 1 - 2 * kShFade * rates.sh_rest);
  }
}

std::vector<float> NearestCameras(const Model& model, const std::vector<splat::View>& views) {
  const std::vector<Eigen::Vector3f> centres = CentresOf(views);
  std::vector<float> nearest(model.count());
  const SplatPlanes& s = model.splats;
  ParallelFor(model.count(), 4096, [&](size_t i) {
    const Eigen::Vector3f mean(s.plane(splat::kMean)[i], s.plane(splat::kMean + 1)[i],
                               s.plane(splat::kMean + 2)[i]);
    float least2 = std::numeric_limits<float>::infinity();
    for (const Eigen::Vector3f& centre : centres) {
      least2 = std::min(least2, (mean - centre).squaredNorm());
    }
    nearest[i] = std::sqrt(least2);
  });
  return nearest;
}

void LimitSizes(std::span<const float> nearest_camera, Model* model) {
  AJAR_CHECK_EQ(nearest_camera.size(), model->count());
  for (int k = 0; k < 3; ++k) {
    float* scale = model->splats.plane(splat::kScale + k);
    ParallelFor(model->count(), 4096, [&](size_t i) {
      const float most = nearest_camera[i] / std::sqrt(kMaxQ + 1);
      scale[i] = std::min(scale[i], std::log(std::max(1e-10f, most)));
    });
  }
}

std::vector<uint8_t> FindVeils(const Model& model, std::span<const float> nearest_camera,
                               double scene_extent) {
  AJAR_CHECK_EQ(nearest_camera.size(), model.count());
  // Shares of the scene's extent within which a camera had free sight, and in which a splat
  // wider than kVeilAngle (standard deviation over distance) is a veil rather than a wall.
  constexpr float kFree = 0.1f, kNear = 0.5f, kVeilAngle = 0.3f;
  const float extent = static_cast<float>(scene_extent);
  std::vector<uint8_t> veils(model.count(), 0);
  const SplatPlanes& s = model.splats;
  ParallelFor(model.count(), 4096, [&](size_t i) {
    const float size = std::exp(std::max({s.plane(splat::kScale)[i], s.plane(splat::kScale + 1)[i],
                                          s.plane(splat::kScale + 2)[i]}));
    const float reach = std::min(kNear * extent, std::max(kFree * extent, size / kVeilAngle));
    veils[i] = nearest_camera[i] < reach;
  });
  return veils;
}

GrowthResult Grow(Model* model, const std::vector<uint8_t>& doomed, size_t target) {
  const size_t count = model->count();
  const float* opacity = model->splats.plane(splat::kOpacity);
  const float clear = Logit(kClear);
  std::vector<uint8_t> copies(count, 1);
  GrowthResult result;
  for (size_t i = 0; i < count; ++i) {
    const bool sound = std::isfinite(opacity[i]) && std::isfinite(model->splats.plane(0)[i]);
    if (!sound || doomed[i] || opacity[i] < clear) {
      copies[i] = 0;
      ++result.removed;
    }
  }
  const size_t kept = count - result.removed;
  const size_t wanted = std::min(target > kept ? target - kept : 0, kept / 2);
  if (wanted > 0) {
    std::vector<std::pair<float, size_t>> ranked;
    ranked.reserve(kept);
    for (size_t i = 0; i < count; ++i) {
      if (copies[i] && model->seen[i] > 0) ranked.emplace_back(-model->pull[i] / model->seen[i], i);
    }
    result.added = std::min(wanted, ranked.size());
    std::nth_element(ranked.begin(), ranked.begin() + static_cast<ptrdiff_t>(result.added),
                     ranked.end());
    for (size_t k = 0; k < result.added; ++k) copies[ranked[k].second] = 2;
  }
  std::vector<size_t> source, halved;
  source.reserve(kept + result.added);
  for (size_t i = 0; i < count; ++i) {
    if (copies[i] == 2) halved.push_back(source.size());
    for (int k = 0; k < copies[i]; ++k) source.push_back(i);
  }
  if (source.empty()) return {};  // nothing sound is left: leave things as they are
  Gather(source, model);
  ParallelFor(halved.size(), 1024, [&](size_t k) { Halve(model, halved[k]); });
  return result;
}

void Prune(Model* model, const std::vector<uint8_t>& doomed, float min_opacity) {
  std::vector<size_t> source;
  const float least = Logit(min_opacity);
  for (size_t i = 0; i < model->count(); ++i) {
    bool sound = !doomed[i] && model->splats.plane(splat::kOpacity)[i] >= least;
    for (int p = 0; p < model->splats.planes() && sound; ++p) {
      sound = std::isfinite(model->splats.plane(p)[i]);
    }
    if (sound) source.push_back(i);
  }
  if (!source.empty()) Gather(source, model);
}

}  // namespace ajar::train::internal
