#include "sfm/internal/time_left.h"

#include <algorithm>

#include "base/check.h"

namespace ajar::sfm::internal {
namespace {

constexpr double kLeastKnown_s = 3;        // before that, nothing honest can be said
constexpr double kLeastKnownShare = 0.02;  // of all work
constexpr double kHalfTrust = 0.1;  // of a phase: where its own pace counts as much as that before

}  // namespace

void TimeLeft::Begin(size_t phase, double now_s) {
  AJAR_CHECK_LT(phase, expected_s_.size());
  if (fraction_ > 0) {
    known_expected_s_ += expected_s_[phase_] * fraction_;
    known_actual_s_ += reached_s_ - begun_s_;
  }
  phase_ = phase;
  fraction_ = 0;
  begun_s_ = reached_s_ = now_s;
}

void TimeLeft::Skip(size_t phase) {
  Begin(phase, 0);
  phase_ = phase + 1;
}

void TimeLeft::Reached(double fraction, double now_s) {
  if (fraction <= fraction_) return;
  fraction_ = std::min(fraction, 1.0);
  reached_s_ = now_s;
}

double TimeLeft::Fraction() const {
  double all = 0, done = 0;
  for (size_t i = 0; i < expected_s_.size(); ++i) {
    all += expected_s_[i];
    if (i < phase_) done += expected_s_[i];
    if (i == phase_) done += expected_s_[i] * fraction_;
  }
  return all > 0 ? std::min(1.0, done / all) : 1.0;
}

std::optional<double> TimeLeft::SecondsLeft() const {
  double all = 0, later = 0;
  for (size_t i = 0; i < expected_s_.size(); ++i) {
    all += expected_s_[i];
    if (i > phase_) later += expected_s_[i];
  }
  const double current = phase_ < expected_s_.size() ? expected_s_[phase_] : 0;
  const double worked_s = reached_s_ - begun_s_;
  const double known_s = known_actual_s_ + worked_s;
  const double known_expected_s = known_expected_s_ + current * fraction_;
  if (known_s < kLeastKnown_s || known_expected_s < kLeastKnownShare * all) return std::nullopt;
  const double pace = known_s / known_expected_s;
  double left = pace * (later + current * (1 - fraction_));
  if (fraction_ > 0) {
    // A phase's own pace is the better guide once some of it has been seen.
    const double trust = fraction_ / (fraction_ + kHalfTrust);
    const double own = worked_s * (1 - fraction_) / fraction_;
    left += trust * (own - pace * current * (1 - fraction_));
  }
  return left;
}

}  // namespace ajar::sfm::internal
