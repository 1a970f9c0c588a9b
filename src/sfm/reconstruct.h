// Photographs to cameras, poses and sparse points: structure from motion for rooms, on the CPU.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/options.h"
#include "base/progress.h"
#include "photo/photo.h"
#include "scene/reconstruction.h"

namespace ajar::sfm {

struct Options {
  int64_t long_side_px = 1600;   // pictures are looked at in this size; intrinsics are given back
                                 // for the full size
  int64_t most_features = 4700;  // in a picture
  int64_t seed = 0;
};
std::vector<OptionField> Fields(Options& options);

struct Report {
  std::string method;  // "Ajar"
  double features_s = 0, matching_s = 0, mapping_s = 0;
  std::vector<std::string> not_placed;                 // names, in the set's order
  std::vector<std::vector<std::string>> other_pieces;  // names of photographs that were placed
                                                       // among themselves but not in the room
  double mean_error_px = -1;                           // at full size
};

struct Result {
  Reconstruction reconstruction;  // the largest piece; images named as in the photo set
  Report report;
};

// The same photographs and options give the same bits for any number of threads on one kind of
// machine. Works in memory: about 5 MB a photograph.
// Errors: kNotEnough when nothing could be reconstructed, kInput when a photograph cannot be read
// any more, kCancelled. How many placed photographs are enough is the caller's decision.
Result Reconstruct(const photo::PhotoSet& photos, const Options& options, const Progress& progress);

}  // namespace ajar::sfm
