// Few values for many: 256 numbers for all scales or colours, a palette for harmonics.
#pragma once

#include <cstdint>
#include <vector>

#include "base/progress.h"

namespace ajar::bundle::internal {

// 256 ascending values.
struct Codebook {
  std::vector<float> values;
  uint8_t IndexOf(float x) const;  // of the nearest value
};

// Least squares (Lloyd 1982) on a fine histogram of the samples; finite samples only.
Codebook MakeCodebook(std::vector<float> samples);

struct Palette {
  size_t entries = 0, dimensions = 0;
  std::vector<float> values;     // entries * dimensions
  std::vector<uint32_t> labels;  // one a vector
};

// k-means of vectors (row after row): few rounds on a sample, then every vector goes to its
// nearest entry. The same result for any number of threads.
Palette MakePalette(const std::vector<float>& vectors, size_t dimensions, size_t most_entries,
                    uint64_t seed, const Progress& progress);

}  // namespace ajar::bundle::internal
