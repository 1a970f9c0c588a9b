// From photographs to a room one can stand in: the whole pipeline as one function.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/files.h"
#include "base/options.h"
#include "base/progress.h"
#include "bundle/sog.h"
#include "photo/photo.h"
#include "room/document.h"
#include "sfm/reconstruct.h"
#include "train/train.h"

namespace ajar::room {

enum class Until { kPoses, kSplats, kSite };

struct BuildOptions {
  std::vector<Path> inputs;  // photographs, folders of them, videos; none: the room's photos/
  Path room;
  // What the room has is kept, whatever it was made with, as long as it is of these photographs
  // and poses: for a person who has changed the words and wants the page anew.
  bool keep_poses = false, keep_splats = false;
  std::optional<Path> poses;     // a COLMAP model or a transforms.json made elsewhere
  std::optional<Path> depth;     // a folder of depth maps, for the scale (internal/depths.h)
  double depth_unit_m = 0.001;   // what a 1 in them stands for
  std::optional<Path> schedule;  // a report.json whose schedule is repeated
  // A folder whose room.json and stories/ a new room starts with; a room that has its words
  // already keeps them.
  std::optional<Path> words;
  // What the keeper measured, to be written into room.json: up where it is there; lengths, when
  // there are any, instead of the earlier ones; poses in metres where true.
  Measured measured;
  std::string hold_out;          // "", "8", or "0027.jpg,0085.jpg"
  Until until = Until::kSite;
  int64_t long_side_px = 960;  // of the pictures that training sees
  int64_t surface_points = 100'000;  // found by comparing photographs, to start from; 0: none
  int64_t seed = 0;            // of everything random
  photo::OpenOptions photo;
  sfm::Options sfm;
  train::Options train;
  bundle::SogOptions sog;
};
// Those that a person may set by a flag of the field's name.
std::vector<OptionField> Fields(BuildOptions& options);

struct Figures {
  double psnr_db = 0, ssim = 0;
};

struct BuildSummary {
  size_t photos = 0, left_out = 0, placed = 0, splats = 0;
  std::optional<Figures> held_out;  // means over the held-out photographs, exposure as it is
  std::vector<std::string> notes;   // what the person should know, a sentence each
};

// Does what is not yet done, stage by stage, each committed whole; a build that was stopped at
// any moment goes on when it is called again with the same options. Writes report.json.
// Errors: all codes of base/error.h.
BuildSummary Build(const BuildOptions& options, const Progress& progress);

}  // namespace ajar::room
