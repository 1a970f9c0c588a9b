#include "train/train.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <utility>

#include "base/check.h"
#include "base/error.h"
#include "base/parallel.h"
#include "scene/splat_convention.h"
#include "splat/frame.h"
#include "train/internal/air.h"
#include "train/internal/checkpoint.h"
#include "train/internal/far_points.h"
#include "train/internal/initial.h"
#include "train/internal/loss.h"
#include "train/internal/model.h"
#include "train/internal/pyramid.h"
#include "train/internal/schedule.h"
#include "train/internal/sharpness.h"
#include "train/internal/tone.h"

namespace ajar::train {
namespace {

using internal::ExposureState;
using internal::Model;
using internal::Pyramid;
using internal::State;

constexpr double kCheckpointShare = 0.02;  // of the time, at most
constexpr double kPreviewEvery_s = 5;
constexpr float kFinalMinOpacity = 0.01f;

double Now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

void CheckInput(const TrainInput& input) {
  if (input.photos.empty()) {
    Fail(ErrorCode::kNotEnough, "There is no photograph to learn from.", {},
         "Hold fewer photographs out, or add some.");
  }
  if (input.points.empty()) {
    Fail(ErrorCode::kNotEnough, "There are no points to start from.", {},
         "The poses were given without points; give a COLMAP model with points3D.");
  }
  AJAR_CHECK_EQ(input.points.size(), input.point_colours.size());
  AJAR_CHECK(input.point_normals.empty() || input.point_normals.size() == input.points.size());
  for (const TrainPhoto& photo : input.photos) {
    AJAR_CHECK(photo.picture.channels == 3 && photo.picture.width == photo.camera.width &&
               photo.picture.height == photo.camera.height && !photo.camera.has_distortion());
  }
}

// One run of the training, from wherever the state stands.
class Run {
 public:
  Run(TrainInput input, const Options& options, const Path& checkpoint_file,
      const Schedule* replay, const Progress& progress,
      const std::function<void(const SplatCloud&)>& on_preview)
      : input_(std::move(input)),
        options_(options),
        checkpoint_file_(checkpoint_file),
        progress_(progress),
        on_preview_(on_preview),
        replay_(replay) {
    if (!checkpoint_file.empty()) hash_ = internal::InputHash(input_, options);
    air_ = internal::SeenThrough(input_);
    internal::AddFarPoints(&input_);
    for (TrainPhoto& photo : input_.photos) {
      pyramids_.push_back(internal::MakePyramid(photo));
      views_.push_back({photo.camera, photo.cam_from_world});
      photo.picture = {};
    }
    shown_shares_ = internal::ShownShares(pyramids_);
  }

  Result Finish() {
    Start();
    internal::Clock clock(options_, replay_, state_.schedule, state_.seconds);
    double last_checkpoint = Now();
    std::optional<double> last_preview;  // the first comes at once
    double checkpoint_cost = 0;
    for (;; ++state_.iteration) {
      if (clock.DecidesAt(state_.iteration) && !Recorded()) {
        const std::optional<double> now = clock.ProgressAt(state_.iteration);
        state_.schedule = clock.recorded();
        if (!now) break;
        state_.progress = *now;
        if (state_.iteration > 0 && state_.iteration % internal::kGrowthStride == 0) Grow();
        state_.seconds = clock.seconds();
        Report(clock);
        const double wait =
            std::max(options_.checkpoint_s, checkpoint_cost / kCheckpointShare);
        if (progress_.cancelled() || Now() - last_checkpoint > wait) {
          const double begin = Now();
          Checkpoint();
          last_checkpoint = Now();
          checkpoint_cost = last_checkpoint - begin;
          progress_.ThrowIfCancelled();
        }
        if (on_preview_ && (!last_preview || Now() - *last_preview > kPreviewEvery_s)) {
          on_preview_(state_.model.splats.ToCloud());
          last_preview = Now();
        }
      }
      Iterate();
    }
    Trim();
    return MakeResult(clock.seconds());
  }

 private:
  void Start() {
    if (!checkpoint_file_.empty()) {
      if (std::optional<State> kept = internal::ReadCheckpoint(checkpoint_file_, hash_)) {
        state_ = std::move(*kept);
        resumed_ = true;
        return;
      }
    }
    state_.random.state = static_cast<uint64_t>(options_.seed);
    state_.model = Model(internal::InitialSplats(input_, options_));
    state_.initial_count = state_.model.count();
    state_.exposures.resize(input_.photos.size());
    state_.poses.resize(input_.photos.size());
  }

  // A checkpoint is written after the decision about its iteration was taken.
  bool Recorded() {
    const bool recorded = resumed_ && !state_.schedule.empty() &&
                          state_.schedule.back().iteration == state_.iteration;
    resumed_here_ |= resumed_;
    resumed_ = false;
    return recorded;
  }

  size_t NextPhoto() {
    if (state_.next_in_order >= state_.order.size()) {
      state_.order.clear();
      do {
        for (uint32_t i = 0; i < input_.photos.size(); ++i) {
          if (state_.random.Uniform() < shown_shares_[i]) state_.order.push_back(i);
        }
      } while (state_.order.empty());
      for (size_t i = state_.order.size(); i > 1; --i) {
        std::swap(state_.order[i - 1], state_.order[state_.random.Below(i)]);
      }
      state_.next_in_order = 0;
    }
    return state_.order[state_.next_in_order++];
  }

  void Iterate() {
    const size_t photo = NextPhoto();
    const Pyramid& pyramid = pyramids_[photo];
    const int divisor = internal::DivisorAt(state_.progress, pyramid.levels[0].width,
                                            pyramid.levels[0].height);
    const size_t level = divisor == 1 ? 0 : divisor == 2 ? 1 : 2;
    const int degree = internal::ShDegreeAt(state_.progress, static_cast<int>(options_.sh_degree));
    // A background that is never the same leaves no use in being transparent.
    const Eigen::Vector3f background(state_.random.Uniform(), state_.random.Uniform(),
                                     state_.random.Uniform());
    const splat::View view{
        pyramid.cameras[level],
        internal::Corrected(state_.poses[photo], input_.photos[photo].cam_from_world)};
    frame_.Forward(state_.model.splats, view, degree, background);
    const double t1 = Now();
    ExposureState& exposure = state_.exposures[photo];
    const internal::Tone tone{exposure.value, state_.vignette.value,
                              {static_cast<float>(view.camera.cx()),
                               static_cast<float>(view.camera.cy())}};
    const internal::LossValue value =
        loss_.Evaluate(frame_.colour(), pyramid.levels[level], tone,
                       static_cast<float>(options_.ssim_weight),
                       state_.iteration % 2 == 0 ? internal::SsimRows::kEven
                                                 : internal::SsimRows::kOdd,
                       &d_colour_);
    const double t2 = Now();
    const internal::Rates rates = internal::RatesAt(state_.progress, input_.scene_extent);
    const float size = static_cast<float>(std::max(view.camera.width, view.camera.height));
    const int64_t step = state_.iteration + 1;
    const splat::CameraGradient camera = frame_.Backward(state_.model.splats, d_colour_,
                    [&](const splat::Frame::BlockGradients& block) {
                      internal::UpdateBlock(block, rates, step, degree, size, &state_.model);
                    });
    if (options_.poses) {
      internal::UpdatePose(camera, state_.progress, input_.scene_extent, &state_.poses[photo]);
    }
    if (options_.exposure && input_.photos.size() > 1) {
      internal::UpdateExposure(value.exposure_gradient, state_.progress, &exposure);
      internal::UpdateVignette(value.vignette_gradient, state_.progress, &state_.vignette);
      if (state_.next_in_order == state_.order.size()) {
        internal::CentreExposures(&state_.exposures);
      }
    }
    state_.loss = state_.loss == 0 ? value.loss : 0.98 * state_.loss + 0.02 * value.loss;
    const splat::FrameStats& stats = frame_.stats();
    const std::array<double, 7> spent = {stats.project_s,        stats.sort_s, stats.bin_s,
                                         stats.blend_s,          t2 - t1,
                                         stats.blend_backward_s, stats.project_backward_s};
    for (size_t i = 0; i < spent.size(); ++i) costs_[i] += spent[i];
    const double visible = static_cast<double>(stats.visible);
    sums_.visible_share += visible / static_cast<double>(state_.model.count());
    sums_.pairs_per_splat += static_cast<double>(stats.pairs) / std::max(1.0, visible);
    sums_.evaluations_per_pixel += 16 * static_cast<double>(stats.block_evaluations) /
                                   (view.camera.width * view.camera.height);
    ++iterations_here_;
  }

  // Nothing grows again after this: what is too large becomes smaller rather than a hole.
  void Trim() {
    const std::vector<float> nearest = internal::NearestCameras(state_.model, views_);
    internal::LimitSizes(nearest, &state_.model);
    internal::KeepAirClear(air_, input_.scene_extent, &state_.model);
    internal::Prune(&state_.model,
                    internal::FindVeils(state_.model, nearest, input_.scene_extent),
                    kFinalMinOpacity);
  }

  void Grow() {
    const double begin = Now();
    // Late in the training nothing is added any more; veils and clear splats still go.
    const size_t target =
        internal::GrowsAt(state_.progress)
            ? internal::SplatTargetAt(state_.progress, state_.initial_count,
                                      static_cast<size_t>(options_.splats))
            : 0;
    const std::vector<float> nearest = internal::NearestCameras(state_.model, views_);
    const std::vector<uint8_t> veils =
        internal::FindVeils(state_.model, nearest, input_.scene_extent);
    internal::LimitSizes(nearest, &state_.model);
    internal::KeepAirClear(air_, input_.scene_extent, &state_.model);
    internal::Grow(&state_.model, veils, target);
    costs_[7] += Now() - begin;
  }

  void Checkpoint() {
    if (checkpoint_file_.empty()) return;
    const double begin = Now();
    internal::WriteCheckpoint(checkpoint_file_, state_, hash_);
    costs_[8] += Now() - begin;
  }

  void Report(const internal::Clock& clock) const {
    ProgressUpdate update;
    update.stage = "learning the room";
    update.fraction = state_.progress;
    if (options_.iterations > 0 || replay_) {
      if (state_.progress > 0.02) {
        update.seconds_left = clock.seconds() * (1 / state_.progress - 1);
      }
    } else {
      update.seconds_left = std::max(0.0, options_.time_s - clock.seconds());
    }
    update.note = std::to_string(state_.model.count()) + " splats";
    progress_.Report(update);
  }

  // What followed from the schedule: an entry wherever something changed.
  std::vector<CourseEntry> CourseOf(const Schedule& schedule) const {
    const internal::Planar8& picture = pyramids_.front().levels[0];
    std::vector<CourseEntry> course;
    for (const ScheduleEvent& event : schedule) {
      if (event.kind == "end") break;
      CourseEntry now;
      now.iteration = event.iteration;
      now.size_divisor = internal::DivisorAt(event.value, picture.width, picture.height);
      now.sh_degree = internal::ShDegreeAt(event.value, static_cast<int>(options_.sh_degree));
      now.splat_target = course.empty() ? state_.initial_count : course.back().splat_target;
      const bool grows = event.iteration > 0 && event.iteration % internal::kGrowthStride == 0 &&
                         internal::GrowsAt(event.value);
      if (grows) {
        now.splat_target = internal::SplatTargetAt(event.value, state_.initial_count,
                                                   static_cast<size_t>(options_.splats));
      }
      const bool changed = course.empty() || now.size_divisor != course.back().size_divisor ||
                           now.sh_degree != course.back().sh_degree ||
                           now.splat_target != course.back().splat_target;
      if (changed) course.push_back(now);
    }
    return course;
  }

  Result MakeResult(double seconds) const {
    Result result;
    result.cloud = state_.model.splats.ToCloud();
    ajar::train::Report& report = result.report;
    report.iterations = state_.iteration;
    report.seconds = seconds;
    report.splats = result.cloud.size();
    report.schedule = state_.schedule;
    report.course = CourseOf(state_.schedule);
    report.last_loss = state_.loss;
    report.resumed = resumed_here_;
    report.vignette = {state_.vignette.value.a, state_.vignette.value.b};
    for (size_t i = 0; i < input_.photos.size(); ++i) {
      report.poses.push_back(
          {input_.photos[i].name,
           internal::Corrected(state_.poses[i], input_.photos[i].cam_from_world)});
      report.exposures.push_back({input_.photos[i].name, state_.exposures[i].value.gain,
                                  state_.exposures[i].value.offset});
    }
    constexpr std::array<const char*, 9> kNames = {
        "project",        "sort by depth",     "bin into tiles", "blend",       "loss",
        "blend backward", "gradients, update", "growth",         "checkpoints"};
    for (size_t i = 0; i < kNames.size(); ++i) report.costs.push_back({kNames[i], costs_[i]});
    const double count = std::max(1.0, static_cast<double>(iterations_here_));
    report.workload = {iterations_here_, sums_.visible_share / count,
                       sums_.pairs_per_splat / count, sums_.evaluations_per_pixel / count};
    return result;
  }

  TrainInput input_;  // its pictures are in pyramids_
  const Options& options_;
  const Path& checkpoint_file_;
  const Progress& progress_;
  const std::function<void(const SplatCloud&)>& on_preview_;
  const Schedule* replay_;
  std::vector<Pyramid> pyramids_;
  std::vector<splat::View> views_;
  std::vector<Eigen::Vector3f> air_;
  std::vector<float> shown_shares_;  // of rounds, a photograph each
  std::string hash_;
  State state_;
  bool resumed_ = false, resumed_here_ = false;
  splat::Frame frame_;
  splat::PixelPlanes d_colour_;
  internal::Loss loss_;
  std::array<double, 9> costs_{};
  Workload sums_;
  int64_t iterations_here_ = 0;
};

}  // namespace

std::vector<OptionField> Fields(Options& options) {
  return {
      {"time", "Wall time to train for, in seconds", &options.time_s, 1, 7 * 24 * 3600},
      {"iterations", "Train for exactly so many steps instead; 0: by time", &options.iterations, 0,
       10'000'000},
      {"splats", "Most splats the room may have", &options.splats, 100, 10'000'000},
      {"sh-degree", "Degree of the spherical harmonics: how colour changes with direction",
       &options.sh_degree, 0, 3},
      {"seed", "Start of every random sequence", &options.seed, 0, 9e15},
      {"exposure", "Even out exposure and white balance between photographs", &options.exposure},
      {"poses", "Correct a little where photographs were taken", &options.poses},
      {"ssim-weight", "Weight of structural similarity in the loss", &options.ssim_weight, 0, 1},
      {"checkpoint-every", "Seconds between checkpoints, at least", &options.checkpoint_s, 0,
       1e6},
  };
}

Result Train(TrainInput input, const Options& options, const Path& checkpoint_file,
             const Schedule* replay, const Progress& progress,
             const std::function<void(const SplatCloud&)>& on_preview) {
  Options checked = options;
  Validate(Fields(checked));
  CheckInput(input);
  return Run(std::move(input), options, checkpoint_file, replay, progress, on_preview).Finish();
}

}  // namespace ajar::train
