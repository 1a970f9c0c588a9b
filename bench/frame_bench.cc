// One view of a fixed cloud of splats, forward and both ways, for growing numbers of splats and
// of pixels: cost should grow linearly with pixels and slower than linearly with hidden splats.
// Splats that lie behind the camera should cost hardly anything.
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
    for (int c = 0; c < 3; ++c)
      cloud.sh[i * cloud.sh_stride() + static_cast<size_t>(c)] = uniform(random);
  }
  return splat::SplatPlanes(cloud);
}

// Cloud(count), and after them so many more of its kind behind a camera that looks along +z: in
// blocks of their own, as splats that are sorted by place lie.
splat::SplatPlanes CloudAndBehind(size_t count, size_t behind) {
  const SplatCloud front = Cloud(count).ToCloud(),
                   more = Cloud(std::max<size_t>(1, behind)).ToCloud();
  SplatCloud cloud;
  cloud.Resize(count + behind, front.sh_degree);
  const size_t stride = front.sh_stride();
  for (size_t i = 0; i < count + behind; ++i) {
    const bool is_front = i < count;
    const SplatCloud& from = is_front ? front : more;
    const size_t k = is_front ? i : i - count;
    cloud.means[i] = from.means[k];
    if (!is_front) cloud.means[i].z() = -1 - std::abs(from.means[k].z());
    cloud.log_scales[i] = from.log_scales[k];
    cloud.rotations[i] = from.rotations[k];
    cloud.opacity_logits[i] = from.opacity_logits[k];
    std::copy_n(from.sh.begin() + static_cast<ptrdiff_t>(k * stride), stride,
                cloud.sh.begin() + static_cast<ptrdiff_t>(i * stride));
  }
  return splat::SplatPlanes(cloud);
}

splat::View ViewOf(int width) {
  splat::View view;
  const int height = width * 3 / 4;
  view.camera = {
      CameraModel::kPinhole, width, height, {0.8 * width, 0.8 * width, 0.5 * width, 0.5 * height}};
  return view;
}

void Count(const splat::Frame& frame, benchmark::State& state) {
  state.counters["visible"] = static_cast<double>(frame.stats().visible);
  state.counters["ns_per_evaluated_pixel_splat"] = benchmark::Counter(
      static_cast<double>(frame.stats().block_evaluations * 16) * 1e-9,
      benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
}

void RunForward(const splat::SplatPlanes& splats, const splat::View& view,
                benchmark::State& state) {
  splat::Frame frame;
  for (auto _ : state) frame.Forward(splats, view, 2, Eigen::Vector3f::Zero());
  Count(frame, state);
}

void RunBoth(const splat::SplatPlanes& splats, const splat::View& view, benchmark::State& state) {
  splat::Frame frame;
  splat::PixelPlanes gradient(view.camera.width, view.camera.height);
  std::fill(gradient.data.begin(), gradient.data.end(), 1e-3f);
  for (auto _ : state) {
    frame.Forward(splats, view, 2, Eigen::Vector3f::Zero());
    frame.Backward(splats, gradient, [](const splat::Frame::BlockGradients& block) {
      benchmark::DoNotOptimize(block.gradients);
    });
  }
  Count(frame, state);
}

void Forward(benchmark::State& state) {
  SetThreadCount(static_cast<int>(state.range(2)));
  RunForward(Cloud(static_cast<size_t>(state.range(0))), ViewOf(static_cast<int>(state.range(1))),
             state);
}

void ForwardAndBackward(benchmark::State& state) {
  SetThreadCount(static_cast<int>(state.range(2)));
  RunBoth(Cloud(static_cast<size_t>(state.range(0))), ViewOf(static_cast<int>(state.range(1))),
          state);
}

// 50,000 splats around the camera and state.range(0) behind it, at 640 pixels.
void WithSplatsBehind(benchmark::State& state) {
  SetThreadCount(static_cast<int>(state.range(1)));
  RunBoth(CloudAndBehind(50'000, static_cast<size_t>(state.range(0))), ViewOf(640), state);
}

void Cases(benchmark::internal::Benchmark* b) {
  for (const int threads : {1, 2}) {
    for (const int splats : {20'000, 100'000, 300'000}) b->Args({splats, 640, threads});
    for (const int width : {320, 960, 1280}) b->Args({100'000, width, threads});
  }
  b->Unit(benchmark::kMillisecond);
}
BENCHMARK(Forward)->Apply(Cases);
BENCHMARK(ForwardAndBackward)->Apply(Cases);
BENCHMARK(WithSplatsBehind)
    ->ArgsProduct({{0, 50'000, 150'000, 450'000}, {1}})
    ->Unit(benchmark::kMillisecond);

}  // namespace

BENCHMARK_MAIN();
