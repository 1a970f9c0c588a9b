// What COLMAP 3.8 prints while it works, line by line, as progress.
#pragma once

#include <string>

namespace ajar::sfm::internal {

// Progress of one phase in [0, 1], from the lines of its output.
class FeatureProgress {
 public:
  void Line(const std::string& line);  // "Processed file [3/50]"
  double fraction() const { return fraction_; }

 private:
  double fraction_ = 0;
};

class MatchProgress {
 public:
  void Line(const std::string& line);  // "Matching block [2/3, 1/3] in 1.234s"
  double fraction() const { return fraction_; }

 private:
  double fraction_ = 0;
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

}  // namespace ajar::sfm::internal
