// When things happen. Everything depends on one number, the progress of the training in [0, 1],
// which is looked up only every kStride iterations and recorded each time: a recorded run can be
// repeated without a clock.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include "train/train.h"

namespace ajar::train::internal {

inline constexpr int64_t kStride = 25;         // iterations between looks at the clock
inline constexpr int64_t kGrowthStride = 100;  // iterations between growth steps

class Clock {
 public:
  // `replay` may be null. `recorded` is what earlier runs decided up to the iteration at which
  // this run starts, `seconds` what they took.
  Clock(const Options& options, const Schedule* replay, Schedule recorded, double seconds);

  // Whether something is decided before this iteration: at multiples of kStride, and at the end of
  // a training of so many iterations.
  bool DecidesAt(int64_t iteration) const;

  // There: the progress from this iteration on, or nothing when the training
  // ends before it.
  std::optional<double> ProgressAt(int64_t iteration);

  double seconds() const;  // of all runs
  const Schedule& recorded() const { return recorded_; }

 private:
  void Record(int64_t iteration, const char* kind, double value);

  Options options_;
  const Schedule* replay_;
  int64_t fixed_end_ = 0;  // 0: the clock's
  Schedule recorded_;
  double earlier_seconds_;
  std::chrono::steady_clock::time_point start_;
  double last_look_s_ = 0;
};

// What follows from the progress.
int DivisorAt(double progress, int width, int height);  // of the picture's size: 1, 2 or 4
int ShDegreeAt(double progress, int highest);
size_t SplatTargetAt(double progress, size_t initial, size_t budget);
bool GrowsAt(double progress);

}  // namespace ajar::train::internal
