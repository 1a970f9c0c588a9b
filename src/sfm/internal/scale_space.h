// One octave of a picture's scale space: the picture ever more blurred, and the blobs in it.
#pragma once

#include <vector>

namespace ajar::sfm::internal {

inline constexpr int kScales = 3;              // to an octave
inline constexpr double kFirstSigma_px = 1.6;  // of an octave's first level

struct Octave {
  int width = 0, height = 0;
  std::vector<std::vector<float>> levels;  // kScales + 3; level s has sigma 1.6 * 2^(s / 3)
};

// `first` is blurred to kFirstSigma_px.
Octave MakeOctave(std::vector<float> first, int width, int height);

// Every second pixel of the level that has twice the first one's sigma: the next octave's first.
std::vector<float> NextFirst(const Octave& octave, int* width, int* height);

// An extremum over place and scale of the differences of levels, refined below a pixel.
struct Blob {
  double x = 0, y = 0;  // in pixels of the octave, the first one's centre at 0
  double scale = 0;     // in levels: sigma is 1.6 * 2^(scale / 3)
  float contrast = 0;   // of the refined extremum, absolute
};

// In order of level, row and column. Blobs of less contrast and those on edges (ratio of the
// curvatures over 10) are left out.
std::vector<Blob> FindBlobs(const Octave& octave, float least_contrast);

}  // namespace ajar::sfm::internal
