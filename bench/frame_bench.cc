// One view of a fixed cloud of splats, forward and both ways, for growing numbers of splats and
// of pixels: cost should grow linearly with pixels and slower than linearly with hidden splats.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <cmath>
#include <random>

#include "base/parallel.h"
#include "splat/frame.h"

namespace {

using namespace ajar;

splat::SplatPlanes Cloud(size_t count) {
  std::mt19937 random(1);
  std::uniform_real_distribution<float> uniform(-1, 1);
  SplatCloud cloud;
  cloud.Resize(count, 2);
  for (size_t i = 0; i < count; ++i) {
    // A box around the camera, as a room is.
    Eigen::Vector3f x(uniform(random), uniform(random), uniform(random));
    x /= x.cwiseAbs().maxCoeff();
    cloud.means[i] = 3 * x;
    const float size = std::log(3.0f / std::sqrt(static_cast<float>(count)));
    cloud.log_scales[i] = {size, size, size - 2};
    cloud.opacity_logits[i] = 2 * uniform(random);
    for (int c = 0; c < 3; ++c) cloud.sh[i * cloud.sh_stride() + static_cast<size_t>(c)] = uniform(random);
  }
  return splat::SplatPlanes(cloud);
}

splat::View ViewOf(int width) {
  splat::View view;
  const int height = width * 3 / 4;
  view.camera = {CameraModel::kPinhole, width, height,
                 {0.8 * width, 0.8 * width, 0.5 * width, 0.5 * height}};
  return view;
}

void Forward(benchmark::State& state) {
  const splat::SplatPlanes splats = Cloud(static_cast<size_t>(state.range(0)));
  const splat::View view = ViewOf(static_cast<int>(state.range(1)));
  SetThreadCount(static_cast<int>(state.range(2)));
  splat::Frame frame;
  for (auto _ : state) frame.Forward(splats, view, 2, Eigen::Vector3f::Zero());
  state.counters["visible"] = static_cast<double>(frame.stats().visible);
  state.counters["ns_per_evaluated_pixel_splat"] = benchmark::Counter(
      static_cast<double>(frame.stats().block_evaluations * 16) * 1e-9,
      benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
}

void ForwardAndBackward(benchmark::State& state) {
  const splat::SplatPlanes splats = Cloud(static_cast<size_t>(state.range(0)));
  const splat::View view = ViewOf(static_cast<int>(state.range(1)));
  SetThreadCount(static_cast<int>(state.range(2)));
  splat::Frame frame;
  splat::PixelPlanes gradient(view.camera.width, view.camera.height);
  std::fill(gradient.data.begin(), gradient.data.end(), 1e-3f);
  for (auto _ : state) {
    frame.Forward(splats, view, 2, Eigen::Vector3f::Zero());
    frame.Backward(splats, gradient, [](const splat::Frame::BlockGradients& block) {
      benchmark::DoNotOptimize(block.gradients);
    });
  }
  state.counters["ns_per_evaluated_pixel_splat"] = benchmark::Counter(
      static_cast<double>(frame.stats().block_evaluations * 16) * 1e-9,
      benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
}

void Cases(benchmark::internal::Benchmark* b) {
  for (const int threads : {1, 2}) {
    for (const int splats : {20'000, 100'000, 300'000}) b->Args({splats, 640, threads});
    for (const int width : {320, 960}) b->Args({100'000, width, threads});
  }
  b->Unit(benchmark::kMillisecond);
}
BENCHMARK(Forward)->Apply(Cases);
BENCHMARK(ForwardAndBackward)->Apply(Cases);

}  // namespace

BENCHMARK_MAIN();
