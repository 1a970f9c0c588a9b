// What all photographs have in common: which pairs show the same things, and which features of
// them correspond.
#pragma once

#include <Eigen/Core>
#include <cstdint>
#include <span>
#include <vector>

#include "scene/rigid3.h"

namespace ajar::sfm::internal {

struct FeatureOf {
  uint32_t image = 0, feature = 0;
  friend auto operator<=>(const FeatureOf&, const FeatureOf&) = default;
};

struct Place {
  Eigen::Vector2d x_px;
  double sigma_px = 1;  // how exact it is, relative to the others
};

// Two photographs whose matches agree on where they were taken from.
struct ViewPair {
  uint32_t first = 0, second = 0;
  Rigid3 second_from_first;                            // translation of length 1
  std::vector<std::pair<uint32_t, uint32_t>> inliers;  // features
  int plane_inliers = 0, rotation_inliers = 0;
  double median_angle_rad = 0;
};

class Graph {
 public:
  // `places[image]`: where its features are.
  Graph(std::vector<std::vector<Place>> places, std::vector<ViewPair> pairs);

  size_t images() const { return places_.size(); }
  size_t features(uint32_t image) const { return places_[image].size(); }
  const Eigen::Vector2d& x_px(FeatureOf f) const { return places_[f.image][f.feature].x_px; }
  double sigma_px(FeatureOf f) const { return places_[f.image][f.feature].sigma_px; }
  const std::vector<ViewPair>& pairs() const { return pairs_; }
  // Indices into pairs() of those that `image` is in.
  std::span<const uint32_t> PairsOf(uint32_t image) const { return pairs_of_[image]; }
  std::span<const FeatureOf> Corresponding(FeatureOf f) const;

 private:
  std::vector<std::vector<Place>> places_;
  std::vector<ViewPair> pairs_;
  std::vector<std::vector<uint32_t>> pairs_of_;
  std::vector<std::vector<uint32_t>> begin_;  // of each feature's in corresponding_[image]
  std::vector<std::vector<FeatureOf>> corresponding_;
};

}  // namespace ajar::sfm::internal
