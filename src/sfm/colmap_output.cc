#include "sfm/internal/colmap_output.h"

#include <algorithm>
#include <cstdio>

namespace ajar::sfm::internal {

void FeatureProgress::Line(const std::string& line) {
  int done = 0, all = 0;
  if (std::sscanf(line.c_str(), " Processed file [%d/%d]", &done, &all) == 2 && all > 0) {
    fraction_ = std::clamp(static_cast<double>(done) / all, fraction_, 1.0);
  }
}

void MatchProgress::Line(const std::string& line) {
  int i = 0, n = 0, j = 0, m = 0;
  if (std::sscanf(line.c_str(), " Matching block [%d/%d, %d/%d]", &i, &n, &j, &m) == 4 && n > 0 &&
      m > 0) {
    // The line is printed when a block begins.
    const double done = (i - 1.0) * m + (j - 1.0);
    fraction_ = std::clamp(done / (static_cast<double>(n) * m), fraction_, 1.0);
  }
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

}  // namespace ajar::sfm::internal
