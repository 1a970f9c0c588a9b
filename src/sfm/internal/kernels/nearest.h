// Exact nearest neighbours among descriptors of bytes, by their dot products.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace ajar::sfm::internal {

inline constexpr size_t kDescriptorBytes = 128;

// Descriptors as the comparison wants them: widened, and once more in blocks.
struct PackedDescriptors {
  size_t count = 0;
  std::vector<int16_t> rows;    // count * 128
  std::vector<int16_t> blocks;  // blocks of 16: for each pair of dimensions 16 pairs of values,
                                // zeros up to an even number of blocks
};
PackedDescriptors Pack(std::span<const uint8_t> descriptors);

struct Nearest {
  int32_t index = -1;       // of the largest dot product (the first of equals), -1: none
  int32_t dot = -1;         // with it
  int32_t second_dot = -1;  // the largest with any other
};

// For each of `first` its nearest of `second` in *of_first, and the other way round the index only
// in *of_second (the first of equals; -1 when there is none). Sums are exact.
void FindNearest(const PackedDescriptors& first, const PackedDescriptors& second,
                 std::vector<Nearest>* of_first, std::vector<int32_t>* of_second);

}  // namespace ajar::sfm::internal
