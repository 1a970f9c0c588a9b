// What COLMAP 3.8 prints while it works, line by line: how far it is, and how it failed.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace ajar::sfm::internal {

// Progress of one phase in [0, 1], from the lines of its output.
class FeatureProgress {
 public:
  void Line(const std::string& line);  // "Processed file [3/50]"
  double fraction() const { return fraction_; }

 private:
  double fraction_ = 0;
};

// Pairs of photographs compared, exactly: the blocks at the end of a row hold fewer.
class MatchProgress {
 public:
  MatchProgress(int photographs, int block_size)
      : photographs_(photographs), block_size_(block_size) {}
  // "Matching block [2/3, 1/3] in 1.234s": the line ends when the block is done.
  void Line(const std::string& line);
  double fraction() const;

 private:
  int photographs_ = 0, block_size_ = 1;
  int64_t pairs_done_ = 0;
};

// Of a number of photographs; the mapper may start again with those left over.
class MapProgress {
 public:
  explicit MapProgress(int photographs) : photographs_(photographs) {}
  void Line(const std::string& line);  // "Registering image #7 (12)"
  double fraction() const;
  int registered() const { return registered_; }

 private:
  int photographs_ = 0;
  int registered_ = 0;
};

// "COLMAP 3.8" of the first line of its help; "COLMAP" when it says something else.
std::string MethodOf(std::string_view first_line);

// The mapper ends with an error when no two photographs fit together, although nothing is wrong
// with it: this line tells the cases apart.
bool SaysNothingFits(std::string_view line);

// SQLite's words, or the system's.
bool SaysDiskFull(std::string_view line);

}  // namespace ajar::sfm::internal
