// Photographs to cameras, poses and sparse points. For now COLMAP does the work, run as a
// program on the CPU behind this interface.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/files.h"
#include "base/options.h"
#include "base/progress.h"
#include "photo/photo.h"
#include "scene/reconstruction.h"

namespace ajar::sfm {

struct Options {
  int64_t long_side_px = 1600;  // pictures are looked at in this size; intrinsics are given back
                                // for the full size
  int64_t seed = 0;
};
std::vector<OptionField> Fields(Options& options);

struct Report {
  std::string method;                                  // "COLMAP 3.8"
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

// Uses and keeps files in `work_folder` (prepared pictures, COLMAP's database, colmap.log); a
// second call with the same photographs and options goes on from what is there.
// Errors: kTool (COLMAP missing or failed; the log's path is named), kNotEnough when nothing
// could be reconstructed, kCancelled. How many placed photographs are enough is the caller's
// decision.
Result Reconstruct(const photo::PhotoSet& photos, const Options& options, const Path& work_folder,
                   const Progress& progress);

}  // namespace ajar::sfm
