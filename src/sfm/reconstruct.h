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
  bool draft = false;  // places are wanted soon: fewer rounds of adjustment at the end
};
std::vector<OptionField> Fields(Options& options);

// What two photographs have in common.
struct Likeness {
  uint32_t first = 0, second = 0;  // indices into the set, first < second
  uint32_t matches = 0;            // details that look alike, enough of them to be looked at
  uint32_t agreeing = 0;           // of these on one geometry; 0: not enough
  uint32_t by_turning = 0;         // of these, explained by a camera that only turns
};

struct Report {
  std::string method;  // "Ajar"
  double features_s = 0, matching_s = 0, mapping_s = 0;
  std::vector<std::string> not_placed;                 // names, in the set's order
  std::vector<std::vector<std::string>> other_pieces;  // names of photographs that were placed
                                                       // among themselves but not in the room
  double mean_error_px = -1;                           // at full size
  std::vector<uint32_t> details;                       // found in each photograph of the set
  std::vector<Likeness> alike;                         // by first, then second
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
