// What blending costs a pixel and splat, against the least that it could cost:
//
//   kernel_bench [--instruction-set NAME]
//                [--splats PLY --model FOLDER --photo NAME [--long-side N]]
//                [any option of Google Benchmark]
//
// The first cases are the bound (bound_kernels.h), then BlendTile and BlendTileBackward on a tile
// that every splat covers and on one strewn with splats as a trained room has them. With a PLY,
// a COLMAP model of its frame and a photograph's name also the passes over the tiles of that
// photograph's view, N pixels long (640 if not given), on one thread.
//
// Counters, all of one thread's processor time:
//   ns_evaluated     nanoseconds for each pixel of an evaluated block and splat
//   times_bound      that in terms of the bound with sums for each splat and block
//   times_shared     in terms of the bound with the sums shared by as many blocks as here
//   ns_contributing  nanoseconds for each pixel and splat that could not be left out
#include <benchmark/benchmark.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <string>
#include <utility>
#include <vector>

#include "base/check.h"
#include "base/error.h"
#include "base/files.h"
#include "base/parallel.h"
#include "bench/bound_kernels.h"
#include "bench/instruction_sets.h"
#include "bench/tiles.h"
#include "bundle/colmap.h"
#include "bundle/splat_ply.h"
#include "scene/splat_convention.h"
#include "splat/internal/kernels/project.h"

namespace {

using namespace ajar;
using namespace ajar::bench;
using splat::internal::TileForward;
using splat::internal::TileSplat;

constexpr size_t kCovering = 64, kStrewn = 200;
constexpr int kBlock = 5;  // of the tile, in its middle
constexpr float kLeft = kBlock % 4 * 4, kTop = kBlock / 4 * 4;
constexpr float kGradient = 1e-3f;

// --- the bound ------------------------------------------------------------------------------

struct BoundInput {
  TileWork work;  // of the whole tile
  BlockBackward state;
};

BoundInput MakeBoundInput() {
  BoundInput input;
  const std::vector<splat::Projected> splats = CoveringSplats(kCovering);
  Forward(splats, TileOfAll(splats), &input.work);
  FillBackward(input.work.forward, kGradient, &input.work.backward);
  const size_t at = kBlock * kBlockPixels;
  for (int c = 0; c < 3; ++c) {
    std::copy_n(input.work.backward.d_colour[c] + at, kBlockPixels, input.state.d_colour[c]);
  }
  std::copy_n(input.work.backward.behind + at, kBlockPixels, input.state.behind);
  return input;
}

bool Near(float a, float b, float size) { return std::abs(a - b) <= 1e-5f * size; }

// The bound is one only if it gives what the kernels give.
void CheckBound() {
  BoundInput input = MakeBoundInput();
  const std::vector<TileSplat>& splats = input.work.splats;
  const std::vector<uint16_t> masks(kCovering, uint16_t{1} << kBlock);
  TileForward forward;
  const uint64_t evaluated =
      splat::internal::BlendTile(splats.data(), masks.data(), kCovering, &forward);
  AJAR_CHECK_EQ(evaluated, kCovering);
  BlockForward bound;
  BoundForward(splats.data(), kCovering, kLeft, kTop, &bound);
  for (int i = 0; i < kBlockPixels; ++i) {
    const int at = kBlock * kBlockPixels + i;
    AJAR_CHECK(Near(bound.transmittance[i], forward.transmittance[at], 1));
    AJAR_CHECK(bound.transmittance[i] < 0.5f && bound.transmittance[i] > kMinTransmittance);
    for (int c = 0; c < 3; ++c) {
      AJAR_CHECK(Near(bound.colour[c][i], forward.colour[c][at], 1));
    }
  }
  splat::internal::TileBackward state = input.work.backward;
  std::vector<splat::RasterMoments> expected(kCovering), found(kCovering);
  splat::internal::BlendTileBackward(splats.data(), masks.data(), kCovering, &state,
                                     input.work.slots.data(), expected.data());
  BoundBackward(splats.data(), kCovering, kLeft, kTop, input.state, found.data());
  for (int v = 0; v < splat::kPixelGradients; ++v) {
    float size = 0;
    for (const splat::RasterMoments& g : expected) size = std::max(size, std::abs(g.value[v]));
    AJAR_CHECK(size > 0);
    for (size_t i = 0; i < kCovering; ++i) {
      AJAR_CHECK(Near(found[i].value[v], expected[i].value[v], size));
    }
  }
}

// Nanoseconds a pixel-splat.
struct Bound {
  double forward, backward, backward_summed_once;
  double Shared(double blocks_a_splat) const {
    return backward_summed_once + (backward - backward_summed_once) / blocks_a_splat;
  }
};

// The median of short stretches, so that other work on the machine counts for little.
template <class Body>
double NsAPixelSplat(const Body& body) {
  constexpr int kStretches = 25, kRuns = 200;
  std::vector<double> seconds;
  for (int i = 0; i < kStretches; ++i) {
    const auto begin = std::chrono::steady_clock::now();
    for (int run = 0; run < kRuns; ++run) body();
    seconds.push_back(
        std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count());
  }
  std::nth_element(seconds.begin(), seconds.begin() + kStretches / 2, seconds.end());
  return 1e9 * seconds[kStretches / 2] / (kRuns * kCovering * kBlockPixels);
}

void RunBoundForward(const BoundInput& input) {
  BlockForward out;
  BoundForward(input.work.splats.data(), kCovering, kLeft, kTop, &out);
  ::benchmark::DoNotOptimize(out);
}

template <auto kKernel>
void RunBoundBackward(const BoundInput& input) {
  splat::RasterMoments out[kCovering];
  kKernel(input.work.splats.data(), kCovering, kLeft, kTop, input.state, out);
  ::benchmark::DoNotOptimize(out);
}

// Measured beside each case, as the machine is just then.
Bound MeasureBound() {
  const BoundInput input = MakeBoundInput();
  return {NsAPixelSplat([&] { RunBoundForward(input); }),
          NsAPixelSplat([&] { RunBoundBackward<BoundBackward>(input); }),
          NsAPixelSplat([&] { RunBoundBackward<BoundBackwardSummedOnce>(input); })};
}

// --- counters -------------------------------------------------------------------------------

// Processor seconds of this program, which has one thread here.
double CpuSeconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

enum class Pass { kForward, kBackward, kBoth };

// `begin`: CpuSeconds() before the loop.
double NsAnIteration(const ::benchmark::State& state, double begin) {
  return 1e9 * (CpuSeconds() - begin) / static_cast<double>(state.iterations());
}

void Count(::benchmark::State& state, Pass pass, const Bound& bound, uint64_t blocks,
           double blocks_a_splat, double ns) {
  const double evaluated = ns / static_cast<double>(blocks * kBlockPixels);
  const double forward = pass == Pass::kBackward ? 0 : bound.forward;
  const double backward = pass == Pass::kForward ? 0 : bound.backward;
  const double shared = pass == Pass::kForward ? 0 : bound.Shared(blocks_a_splat);
  state.counters["ns_evaluated"] = evaluated;
  state.counters["times_bound"] = evaluated / (forward + backward);
  state.counters["times_shared"] = evaluated / (forward + shared);
  state.counters["blocks_a_splat"] = blocks_a_splat;
}

// --- cases ----------------------------------------------------------------------------------

template <auto kRun>
void BoundCase(::benchmark::State& state) {
  const BoundInput input = MakeBoundInput();
  const double begin = CpuSeconds();
  for (auto _ : state) kRun(input);
  state.counters["ns_evaluated"] =
      NsAnIteration(state, begin) / static_cast<double>(kCovering * kBlockPixels);
}
BENCHMARK(BoundCase<RunBoundForward>)->Name("bound/forward");
BENCHMARK(BoundCase<RunBoundBackward<BoundBackward>>)->Name("bound/backward");
BENCHMARK(BoundCase<RunBoundBackward<BoundBackwardSummedOnce>>)->Name("bound/backward_summed_once");

// Splats and masks are ready, as in the bound: the kernels alone.
void TileCase(::benchmark::State& state, const std::vector<splat::Projected>& splats, Pass pass) {
  const Bound bound = MeasureBound();
  TileWork work;
  const uint64_t blocks = Forward(splats, TileOfAll(splats), &work);
  splat::internal::TileBackward start;
  FillBackward(work.forward, kGradient, &start);
  work.moments.resize(splats.size());
  const size_t touching =
      splats.size() - static_cast<size_t>(std::count(work.masks.begin(), work.masks.end(), 0));
  const double begin = CpuSeconds();
  for (auto _ : state) {
    if (pass == Pass::kForward) {
      splat::internal::BlendTile(work.splats.data(), work.masks.data(), splats.size(),
                                 &work.forward);
      ::benchmark::DoNotOptimize(work.forward);
    } else {
      work.backward = start;
      splat::internal::BlendTileBackward(work.splats.data(), work.masks.data(), splats.size(),
                                         &work.backward, work.slots.data(),
                                         work.moments.data());
      ::benchmark::DoNotOptimize(work.moments.data());
    }
  }
  Count(state, pass, bound, blocks, static_cast<double>(blocks) / static_cast<double>(touching),
        NsAnIteration(state, begin));
}
BENCHMARK_CAPTURE(TileCase, covered / forward, CoveringSplats(kCovering), Pass::kForward)
    ->Name("covered_tile/forward");
BENCHMARK_CAPTURE(TileCase, covered / backward, CoveringSplats(kCovering), Pass::kBackward)
    ->Name("covered_tile/backward");
BENCHMARK_CAPTURE(TileCase, strewn / forward, StrewnSplats(kStrewn), Pass::kForward)
    ->Name("strewn_tile/forward");
BENCHMARK_CAPTURE(TileCase, strewn / backward, StrewnSplats(kStrewn), Pass::kBackward)
    ->Name("strewn_tile/backward");

// --- a photograph's view --------------------------------------------------------------------

struct Picture {
  splat::Frame frame;
  std::vector<Tile> tiles;
  std::vector<TileWork> work;
  uint64_t blocks = 0, contributing = 0;
  double blocks_a_splat = 0;
};

struct PictureOptions {
  std::string splats, model, photo;
  int long_side = 640;
};

splat::View FindView(const PictureOptions& options) {
  const Reconstruction model = bundle::ReadColmap(options.model);
  for (const auto& [id, image] : model.images) {
    if (image.name != options.photo) continue;
    const Camera& camera = model.cameras.at(image.camera_id);
    const double scale = std::min(
        1.0, static_cast<double>(options.long_side) / std::max(camera.width, camera.height));
    const auto scaled = [&](int px) { return static_cast<int>(std::lround(px * scale)); };
    return {UndistortedCamera(ResizedCamera(camera, scaled(camera.width), scaled(camera.height))),
            image.cam_from_world};
  }
  Fail(ErrorCode::kInput, "The model has no photograph " + options.photo + ".", options.model);
}

Picture MakePicture(const PictureOptions& options) {
  const SplatCloud cloud = bundle::DecodeSplatPly(ReadFile(options.splats), options.splats);
  const splat::View view = FindView(options);
  Picture picture;
  picture.frame.Forward(splat::SplatPlanes(cloud), view, cloud.sh_degree, Eigen::Vector3f::Zero());
  const std::vector<splat::Projected>& splats = picture.frame.projected();
  picture.tiles = TilesOf(splats, view.camera.width, view.camera.height);
  picture.work.resize(picture.tiles.size());
  size_t touching = 0;
  for (size_t t = 0; t < picture.tiles.size(); ++t) {
    TileWork& work = picture.work[t];
    picture.blocks += Forward(splats, picture.tiles[t], &work);
    FillBackward(work.forward, kGradient, &work.backward);
    picture.contributing += ContributingPixelSplats(splats, picture.tiles[t]);
    touching += work.masks.size() -
                static_cast<size_t>(std::count(work.masks.begin(), work.masks.end(), 0));
  }
  AJAR_CHECK_EQ(picture.blocks, picture.frame.stats().block_evaluations);
  picture.blocks_a_splat = static_cast<double>(picture.blocks) / static_cast<double>(touching);
  return picture;
}

// As splat::Frame works through the tiles: masks, the splats of a tile, blending.
void PictureCase(::benchmark::State& state, const Picture& picture, Pass pass) {
  const Bound bound = MeasureBound();
  const std::vector<splat::Projected>& splats = picture.frame.projected();
  TileWork work;
  const double begin = CpuSeconds();
  for (auto _ : state) {
    for (size_t t = 0; t < picture.tiles.size(); ++t) {
      const Tile& tile = picture.tiles[t];
      if (pass != Pass::kBackward) Forward(splats, tile, &work);
      if (pass != Pass::kForward) {
        work.masks = picture.work[t].masks;
        work.backward = picture.work[t].backward;
        Backward(splats, tile, &work);
      }
      ::benchmark::DoNotOptimize(work);
    }
  }
  const double ns = NsAnIteration(state, begin);
  Count(state, pass, bound, picture.blocks, picture.blocks_a_splat, ns);
  state.counters["ns_contributing"] = ns / static_cast<double>(picture.contributing);
  state.counters["contributing_share"] = static_cast<double>(picture.contributing) /
                                         static_cast<double>(picture.blocks * kBlockPixels);
}

int Usage() {
  std::fputs(
      "usage: kernel_bench [--instruction-set NAME]\n"
      "                    [--splats PLY --model FOLDER --photo NAME [--long-side N]]\n"
      "                    [any option of Google Benchmark]\n",
      stderr);
  return static_cast<int>(ErrorCode::kUsage);
}

int Run(int argc, char** argv) {
  ::benchmark::Initialize(&argc, argv);
  PictureOptions options;
  for (int i = 1; i < argc; i += 2) {
    const std::string word = argv[i];
    if (i + 1 == argc) return Usage();
    const std::string value = argv[i + 1];
    if (word == "--instruction-set") {
      if (!UseInstructionSet(value)) return Usage();
    } else if (word == "--splats") {
      options.splats = value;
    } else if (word == "--model") {
      options.model = value;
    } else if (word == "--photo") {
      options.photo = value;
    } else if (word == "--long-side") {
      options.long_side = std::max(16, std::atoi(value.c_str()));
    } else {
      return Usage();
    }
  }
  SetThreadCount(1);
  CheckBound();
  ::benchmark::AddCustomContext("instruction set", splat::internal::InstructionSet());
  Picture picture;
  if (!options.splats.empty()) {
    picture = MakePicture(options);
    for (const auto& [name, pass] :
         {std::pair("forward", Pass::kForward), std::pair("backward", Pass::kBackward),
          std::pair("both", Pass::kBoth)}) {
      ::benchmark::RegisterBenchmark(
          (std::string("picture/") + name).c_str(),
          [&picture, pass](::benchmark::State& state) { PictureCase(state, picture, pass); })
          ->Unit(::benchmark::kMillisecond);
    }
  }
  ::benchmark::RunSpecifiedBenchmarks();
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return Run(argc, argv);
  } catch (const ajar::Error& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return static_cast<int>(error.code());
  }
}
