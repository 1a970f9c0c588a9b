#include "train/internal/schedule.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/error.h"

namespace ajar::train::internal {

Clock::Clock(const Options& options, const Schedule* replay, Schedule recorded, double seconds)
    : options_(options),
      replay_(replay),
      recorded_(std::move(recorded)),
      earlier_seconds_(seconds),
      start_(std::chrono::steady_clock::now()) {
  fixed_end_ = options.iterations;
  if (replay && !replay->empty()) fixed_end_ = replay->back().iteration;
}

bool Clock::DecidesAt(int64_t iteration) const {
  return iteration % kStride == 0 || (fixed_end_ > 0 && iteration == fixed_end_);
}

double Clock::seconds() const {
  return earlier_seconds_ +
         std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
}

void Clock::Record(int64_t iteration, const char* kind, double value) {
  recorded_.push_back({iteration, kind, value});
}

std::optional<double> Clock::ProgressAt(int64_t iteration) {
  if (replay_) {
    for (const ScheduleEvent& event : *replay_) {
      if (event.iteration != iteration) continue;
      Record(iteration, event.kind.c_str(), event.value);
      if (event.kind == "end") return std::nullopt;
      return event.value;
    }
    Fail(ErrorCode::kInput,
         "The schedule says nothing about iteration " + std::to_string(iteration) + ".", {},
         "Give the report.json of a build that was finished.");
  }
  const double now = seconds();
  const double earlier = recorded_.empty() ? 0.0 : recorded_.back().value;
  double progress = 0;
  bool end = false;
  if (options_.iterations > 0) {
    progress = static_cast<double>(iteration) / static_cast<double>(options_.iterations);
    end = iteration >= options_.iterations;
  } else {
    // Stop where the next stretch, taking as long as the last, would go over the time.
    const double stretch = iteration > 0 && last_look_s_ > 0 ? now - last_look_s_ : 0;
    progress = std::clamp(now / options_.time_s, earlier, 1.0);
    end = now + stretch > options_.time_s;
  }
  last_look_s_ = now;
  Record(iteration, end ? "end" : "progress", end ? 1.0 : progress);
  if (end) return std::nullopt;
  return progress;
}

int DivisorAt(double progress, int width, int height) {
  const int wanted = progress < 0.1 ? 4 : progress < 0.3 ? 2 : 1;
  // Below some 100 pixels there is nothing to see any more.
  const int most = std::max(1, std::min(width, height) / 100);
  return wanted <= most ? wanted : most >= 2 ? 2 : 1;
}

int ShDegreeAt(double progress, int highest) {
  const int degree = progress < 0.15 ? 0 : progress < 0.3 ? 1 : progress < 0.45 ? 2 : 3;
  return std::min(degree, highest);
}

bool GrowsAt(double progress) { return progress > 0.01 && progress < 0.75; }

size_t SplatTargetAt(double progress, size_t initial, size_t budget) {
  if (budget <= initial) return budget;
  const double t = std::clamp(progress / 0.6, 0.0, 1.0);
  return initial + static_cast<size_t>(static_cast<double>(budget - initial) * t);
}

}  // namespace ajar::train::internal
