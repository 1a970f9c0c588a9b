// PhotoSet + Reconstruction to SplatCloud: 3D Gaussian Splatting's optimisation (Kerbl et al.
// 2023) on the CPU, with densification under a budget of splats.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/files.h"
#include "base/options.h"
#include "base/progress.h"
#include "scene/raster.h"
#include "scene/reconstruction.h"
#include "scene/splat_cloud.h"

namespace ajar::train {

struct Options {
  double time_s = 480;            // training ends within this much wall time (of all its runs
                                  // together); ignored when `iterations` > 0
  int64_t iterations = 0;         // > 0: exactly so many, the clock is not looked at
  int64_t splats = 250'000;       // budget of splats
  int64_t sh_degree = 3;          // 0..3
  int64_t seed = 0;
  bool exposure = true;           // per-photo gain and offset a channel, over all photos gains
                                  // average to one and offsets to zero; and a shared vignette
  bool poses = true;              // learn small corrections of the photographs' poses
  double ssim_weight = 0.2;       // the loss is (1 - w) L1 + w (1 - SSIM)
  double checkpoint_s = 2;        // wall seconds between checkpoints, at least; more where they
                                  // would cost over 2 % of the time
};
std::vector<OptionField> Fields(Options& options);

// One photograph to learn from: undistorted, at training size.
struct TrainPhoto {
  std::string name;
  Image8 picture;         // 3 channels
  Camera camera;          // pinhole, of the picture's size
  Rigid3 cam_from_world;
};

struct TrainInput {
  std::vector<TrainPhoto> photos;
  std::vector<Eigen::Vector3f> points;                     // to start from, scene units
  std::vector<Eigen::Matrix<uint8_t, 3, 1>> point_colours;
  std::vector<Eigen::Vector3f> point_normals;  // unit length where known, zero where not; or none
  double scene_extent = 1;                                 // CameraExtent()
};

// The decisions that depended on the clock, in the order in which they were taken. A run with a
// recorded schedule repeats them instead of looking at the clock, and then gives the same bits
// for the same seed on the same machine for any number of threads.
struct ScheduleEvent {
  int64_t iteration = 0;   // before which it takes effect
  std::string kind;        // "progress": from here on; "end": none follows
  double value = 0;        // progress of the whole training, in [0, 1]; picture size, degree of
                           // harmonics, growth and learning rates all follow from it
};
using Schedule = std::vector<ScheduleEvent>;

// How these numbers of the schedule are understood; a schedule of another version is not repeated.
inline constexpr int kScheduleVersion = 2;

// What follows from the schedule, for people.
struct CourseEntry {
  int64_t iteration = 0;    // from which it holds
  int size_divisor = 1;     // of the pictures' width and height
  int sh_degree = 0;
  size_t splat_target = 0;  // to which the splats grow
};

struct PhotoExposure {
  std::string name;
  Eigen::Vector3f gain = Eigen::Vector3f::Ones();
  Eigen::Vector3f offset = Eigen::Vector3f::Zero();  // picture = gain * render + offset
};

struct PhotoPose {
  std::string name;
  Rigid3 cam_from_world;  // as corrected
};

struct StageCost {
  std::string name;
  double seconds = 0;
};

// What an iteration had to do, on average over this run.
struct Workload {
  int64_t iterations = 0;             // of this run
  double visible_share = 0;           // of all splats
  double pairs_per_splat = 0;         // tiles that a visible splat touches
  double evaluations_per_pixel = 0;   // splats evaluated at a pixel
};

struct Report {
  int64_t iterations = 0;
  double seconds = 0;             // wall time of all runs together
  size_t splats = 0;
  Schedule schedule;
  std::vector<CourseEntry> course;
  std::vector<PhotoExposure> exposures;
  std::vector<PhotoPose> poses;
  // Pictures darken towards their corners by 1 + a r^2 + b r^4, r over half the diagonal.
  std::array<float, 2> vignette{};
  std::vector<StageCost> costs;   // where the wall time of this run went
  Workload workload;
  double last_loss = 0;
  bool resumed = false;
};

struct Result {
  SplatCloud cloud;
  Report report;
};

// Takes the input and lets go of its pictures once it has them at every size it needs.
// `checkpoint_file` (may be empty: none) is written atomically now and then, together with the
// schedule journalled so far, and read at the start when it fits input and options (else it is
// ignored). `replay` null: watch the clock. Cancelling writes a checkpoint first.
// `on_preview`, when set, gets the splats at the start and then now and then (at most
// every few seconds).
// Errors: kNotEnough without photographs or points; kDisk; kCancelled.
Result Train(TrainInput input, const Options& options, const Path& checkpoint_file,
             const Schedule* replay, const Progress& progress,
             const std::function<void(const SplatCloud&)>& on_preview = nullptr);

// Peak signal-to-noise ratio in dB over all pixels and channels of two pictures of equal size
// with values in [0, 1]; at most 100.
double Psnr(const ImageF& a, const ImageF& b);
// Mean structural similarity (Wang et al. 2004): 11 × 11 Gaussian window, sigma 1.5, zero
// padding, K1 0.01, K2 0.03, on each channel, averaged.
double Ssim(const ImageF& a, const ImageF& b);

}  // namespace ajar::train
