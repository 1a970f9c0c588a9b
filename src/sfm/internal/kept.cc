#include "sfm/internal/kept.h"

#include "base/parallel.h"
#include "sfm/internal/kernels/nearest.h"

namespace ajar::sfm::internal {
namespace {

constexpr size_t kSettled = 40;  // pairs by which a focal length is well known

Kept::Two TwoOf(const photo::PhotoSet& photos, uint32_t first, uint32_t second) {
  return {photos.photos[first].sha256, photos.photos[second].sha256};
}

}  // namespace

std::vector<PairMatches> MatchNew(const photo::PhotoSet& photos, std::span<const Features> features,
                                  std::span<const IndexPair> pairs, const PairOptions& options,
                                  Kept* kept, const Tell& tell) {
  std::vector<IndexPair> fresh;
  std::vector<uint8_t> needed(features.size());
  for (const IndexPair& pair : pairs) {
    if (kept && kept->matches.contains(TwoOf(photos, pair.first, pair.second))) continue;
    fresh.push_back(pair);
    needed[pair.first] = needed[pair.second] = 1;
  }
  std::vector<PackedDescriptors> packed(features.size());
  ParallelFor(features.size(), 1, [&](size_t i) {
    if (needed[i]) packed[i] = Pack(features[i].descriptors);
  });
  std::vector<PairMatches> found = MatchAll(packed, fresh, options, tell);
  if (!kept) return found;
  for (const auto& [first, second] : fresh) kept->matches[TwoOf(photos, first, second)] = {};
  for (PairMatches& pair : found) {
    kept->matches[TwoOf(photos, pair.first, pair.second)] = std::move(pair);
  }
  std::vector<PairMatches> all;
  for (const auto& [first, second] : pairs) {
    const PairMatches& pair = kept->matches.at(TwoOf(photos, first, second));
    if (!pair.matches.empty()) all.push_back({first, second, pair.matches});
  }
  return all;
}

std::vector<ViewPair> VerifyNew(const photo::PhotoSet& photos, std::span<const PairMatches> matches,
                                std::span<const Features> features, std::span<const Lens> lenses,
                                std::span<const uint32_t> lens_of_image, const PairOptions& options,
                                Kept* kept, const Tell& tell) {
  if (!kept) return VerifyAll(matches, features, lenses, lens_of_image, options, tell);
  std::vector<PairMatches> fresh;
  for (const PairMatches& pair : matches) {
    if (!kept->verified.contains(TwoOf(photos, pair.first, pair.second))) fresh.push_back(pair);
  }
  std::vector<ViewPair> found = VerifyAll(fresh, features, lenses, lens_of_image, options, tell);
  for (const PairMatches& pair : fresh) {
    kept->verified[TwoOf(photos, pair.first, pair.second)] = {};
  }
  for (ViewPair& pair : found) {
    kept->verified[TwoOf(photos, pair.first, pair.second)] = std::move(pair);
  }
  std::vector<ViewPair> all;
  for (const PairMatches& pair : matches) {
    ViewPair view = kept->verified.at(TwoOf(photos, pair.first, pair.second));
    if (view.inliers.empty()) continue;
    view.first = pair.first;  // photographs that came between have moved the numbers
    view.second = pair.second;
    all.push_back(std::move(view));
  }
  return all;
}

double FocalOf(const CameraGroup& group, const photo::PhotoSet& photos,
               std::span<const PairMatches> matches, std::span<const Features> features,
               const PairOptions& options, Kept* kept) {
  const std::string key = photos.photos[group.photos.front()].camera_key + " " +
                          std::to_string(group.width) + "x" + std::to_string(group.height);
  if (kept) {
    if (const auto known = kept->focal_px.find(key); known != kept->focal_px.end()) {
      return known->second;
    }
    kept->verified.clear();  // it was with another
  }
  const double focal =
      SearchFocal(matches, features, group.width, group.height, group.photos, options);
  if (kept && matches.size() >= kSettled) kept->focal_px[key] = focal;
  return focal;
}

}  // namespace ajar::sfm::internal
