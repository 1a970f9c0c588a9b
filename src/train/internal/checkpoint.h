// All that a training run needs to go on as if it had never stopped, as one file.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/files.h"
#include "train/internal/model.h"
#include "train/internal/pose.h"
#include "base/random.h"
#include "train/internal/tone.h"

namespace ajar::train::internal {

struct State {
  int64_t iteration = 0;
  double seconds = 0;
  double progress = 0;
  double loss = 0;
  size_t initial_count = 0;
  Random random;
  std::vector<uint32_t> order;  // of the photographs in this round
  uint64_t next_in_order = 0;
  Schedule schedule;
  std::vector<ExposureState> exposures;
  VignetteState vignette;
  std::vector<PoseState> poses;
  Model model;
};

// Of everything that the result depends on besides the state.
std::string InputHash(const TrainInput& input, const Options& options);

// Errors: kDisk.
void WriteCheckpoint(const Path& file, const State& state, const std::string& input_hash);
// Nothing when there is none, when it is damaged, or when it belongs to other inputs.
std::optional<State> ReadCheckpoint(const Path& file, const std::string& input_hash);

}  // namespace ajar::train::internal
