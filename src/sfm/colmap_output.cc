#include "sfm/internal/colmap_output.h"

#include <algorithm>
#include <cstdio>

namespace ajar::sfm::internal {
namespace {

// The pairs COLMAP compares in one block: from the pair and its mirror image it takes the one
// whose place within the block's rows comes first, so that all blocks have about equal work.
int64_t PairsOfBlock(int row, int column, int photographs, int block_size) {
  const int rows_end = std::min(photographs, (row + 1) * block_size);
  const int columns_end = std::min(photographs, (column + 1) * block_size);
  int64_t pairs = 0;
  for (int a = row * block_size; a < rows_end; ++a) {
    for (int b = column * block_size; b < columns_end; ++b) {
      const int place_a = a % block_size, place_b = b % block_size;
      if ((a > b && place_a <= place_b) || (a < b && place_a < place_b)) ++pairs;
    }
  }
  return pairs;
}

}  // namespace

void FeatureProgress::Line(const std::string& line) {
  int done = 0, all = 0;
  if (std::sscanf(line.c_str(), " Processed file [%d/%d]", &done, &all) == 2 && all > 0) {
    fraction_ = std::clamp(static_cast<double>(done) / all, fraction_, 1.0);
  }
}

void MatchProgress::Line(const std::string& line) {
  int i = 0, n = 0, j = 0, m = 0, end = 0;
  if (std::sscanf(line.c_str(), " Matching block [%d/%d, %d/%d] in%n", &i, &n, &j, &m, &end) == 4 &&
      end > 0 && i >= 1 && j >= 1 && i <= photographs_ && j <= photographs_) {
    pairs_done_ += PairsOfBlock(i - 1, j - 1, photographs_, block_size_);
  }
}

double MatchProgress::fraction() const {
  const double pairs = 0.5 * photographs_ * (photographs_ - 1.0);
  return pairs > 0 ? std::min(1.0, static_cast<double>(pairs_done_) / pairs) : 1.0;
}

void MapProgress::Line(const std::string& line) {
  int id = 0, count = 0;
  if (std::sscanf(line.c_str(), " Registering image #%d (%d)", &id, &count) == 2) {
    registered_ = std::max(registered_, count);
  }
}

double MapProgress::fraction() const {
  if (photographs_ <= 0) return 0;
  return std::clamp(static_cast<double>(registered_) / photographs_, 0.0, 1.0);
}

std::string MethodOf(std::string_view first_line) {
  constexpr std::string_view kName = "COLMAP ";
  if (!first_line.starts_with(kName)) return "COLMAP";
  const size_t end = first_line.find_first_not_of("0123456789.", kName.size());
  const std::string_view method = first_line.substr(0, end);
  return std::string(method.size() > kName.size() ? method : "COLMAP");
}

bool SaysNothingFits(std::string_view line) {
  return line.find("failed to create sparse model") != std::string_view::npos;
}

bool SaysDiskFull(std::string_view line) {
  return line.find("disk is full") != std::string_view::npos ||
         line.find("No space left on device") != std::string_view::npos;
}

}  // namespace ajar::sfm::internal
