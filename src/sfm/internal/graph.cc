#include "sfm/internal/graph.h"

namespace ajar::sfm::internal {

Graph::Graph(std::vector<std::vector<Place>> places, std::vector<ViewPair> pairs)
    : places_(std::move(places)), pairs_(std::move(pairs)) {
  const size_t n = places_.size();
  pairs_of_.resize(n);
  begin_.resize(n);
  corresponding_.resize(n);
  for (size_t i = 0; i < n; ++i) begin_[i].assign(places_[i].size() + 1, 0);
  for (size_t k = 0; k < pairs_.size(); ++k) {
    const ViewPair& pair = pairs_[k];
    pairs_of_[pair.first].push_back(static_cast<uint32_t>(k));
    pairs_of_[pair.second].push_back(static_cast<uint32_t>(k));
    for (const auto& [a, b] : pair.inliers) {
      ++begin_[pair.first][a + 1];
      ++begin_[pair.second][b + 1];
    }
  }
  for (size_t i = 0; i < n; ++i) {
    for (size_t f = 0; f < places_[i].size(); ++f) begin_[i][f + 1] += begin_[i][f];
    corresponding_[i].resize(begin_[i].back());
  }
  std::vector<std::vector<uint32_t>> next = begin_;
  for (const ViewPair& pair : pairs_) {
    for (const auto& [a, b] : pair.inliers) {
      corresponding_[pair.first][next[pair.first][a]++] = {pair.second, b};
      corresponding_[pair.second][next[pair.second][b]++] = {pair.first, a};
    }
  }
}

std::span<const FeatureOf> Graph::Corresponding(FeatureOf f) const {
  const uint32_t begin = begin_[f.image][f.feature], end = begin_[f.image][f.feature + 1];
  return std::span(corresponding_[f.image]).subspan(begin, end - begin);
}

}  // namespace ajar::sfm::internal
