// How long work in several phases will still take: what the phases were expected to take, set
// right by what they did take.
#pragma once

#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

namespace ajar::sfm::internal {

// Times are seconds of any steady clock.
class TimeLeft {
 public:
  // What each phase takes on some machine; here only the ratios count, until something is known.
  explicit TimeLeft(std::vector<double> expected_s) : expected_s_(std::move(expected_s)) {}

  void Begin(size_t phase, double now_s);       // those before it are done
  void Skip(size_t phase);                      // done by an earlier run: says nothing about speed
  void Reached(double fraction, double now_s);  // of the phase begun last

  double Fraction() const;                    // of everything, never falling
  std::optional<double> SecondsLeft() const;  // none while it would be a guess

 private:
  std::vector<double> expected_s_;
  size_t phase_ = 0;
  double fraction_ = 0, begun_s_ = 0, reached_s_ = 0;
  double known_expected_s_ = 0, known_actual_s_ = 0;  // of finished phases that were not skipped
};

}  // namespace ajar::sfm::internal
