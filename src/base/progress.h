// How a long computation tells how far it is, and learns that it should stop.
#pragma once

#include <atomic>
#include <functional>
#include <optional>
#include <string>

namespace ajar {

struct ProgressUpdate {
  std::string stage;                    // "posing the photographs", for people
  double fraction = 0;                  // of the stage, in [0, 1]
  std::optional<double> seconds_left;   // of this stage and what follows it; absent while nothing
                                        // honest can be said
  std::string note;                     // one short phrase, may be empty
};

// A value that is handed down to every stage. Cheap to copy. Thread-safe as far as the
// callback is; ours are called from the stage's own thread only.
class Progress {
 public:
  Progress() = default;
  // `cancelled` may be null and must outlive every copy.
  Progress(std::function<void(const ProgressUpdate&)> report, const std::atomic<bool>* cancelled)
      : report_(std::move(report)), cancelled_(cancelled) {}

  void Report(const ProgressUpdate& update) const {
    if (report_) report_(update);
  }
  // For a stage after which others follow that take so long: a person waits for the whole.
  Progress WithLater(double seconds) const {
    if (!report_) return *this;
    return Progress(
        [report = report_, seconds](ProgressUpdate update) {
          if (update.seconds_left) *update.seconds_left += seconds;
          report(update);
        },
        cancelled_);
  }
  bool cancelled() const { return cancelled_ && cancelled_->load(std::memory_order_relaxed); }
  // Raises Error{kCancelled} when the person asked to stop.
  void ThrowIfCancelled() const;
  // Long-running subprocesses and loops may need the flag itself; may be null.
  const std::atomic<bool>* cancel_flag() const { return cancelled_; }

 private:
  std::function<void(const ProgressUpdate&)> report_;
  const std::atomic<bool>* cancelled_ = nullptr;
};

}  // namespace ajar
