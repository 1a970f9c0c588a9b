#include "sfm/internal/pairs.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include "base/parallel.h"
#include "sfm/internal/lookalikes.h"
#include "sfm/internal/two_view.h"

namespace ajar::sfm::internal {
namespace {

constexpr size_t kBatch = 64;            // pairs between two words of progress
constexpr double kLeastShare = 0.15;     // of the matches that must agree,
constexpr size_t kManyInliers = 60;      // unless so many do
constexpr double kLeastAgreement = 0.2;  // of the triangles that a pair is in,
constexpr size_t kSureInliers = 200;     // unless it has so many
constexpr size_t kLargest = 300;         // features by which pairs are chosen,
constexpr double kAlikeRatio = 0.75;
constexpr size_t kEnoughAlike = 8;  // of them in common,
constexpr size_t kMostAlike = 20;   // or each photograph's most alike,
constexpr uint32_t kFollowing = 8;  // or so many taken next
constexpr size_t kFocalPairs = 16;
constexpr size_t kFocalMatches = 400;
constexpr double kLeastFocal = 0.3, kMostFocal = 2.5;
constexpr int kFocalSteps = 20;
constexpr double kUsualFocal = 0.8;

template <class Work>
void InBatches(size_t count, const Tell& tell, const Work& work) {
  for (size_t begin = 0; begin < count; begin += kBatch) {
    const size_t end = std::min(count, begin + kBatch);
    ParallelFor(end - begin, 1, [&](size_t k) { work(begin + k); });
    tell(static_cast<double>(end) / static_cast<double>(count));
  }
}

std::vector<RayPair> RaysOf(const PairMatches& pair, std::span<const Features> features,
                            const Lens& first, const Lens& second, size_t most) {
  std::vector<RayPair> rays;
  for (size_t k = 0; k < pair.matches.size() && k < most; ++k) {
    const Match& m = pair.matches[k];
    const Feature& a = features[pair.first].features[m.first];
    const Feature& b = features[pair.second].features[m.second];
    rays.push_back({first.Ray({a.x_px, a.y_px}), second.Ray({b.x_px, b.y_px})});
  }
  return rays;
}

// A feature with two directions is two features at one place: it votes once.
void DropRepeats(const PairMatches& pair, std::span<const Features> features,
                 std::vector<uint32_t>* inliers) {
  std::vector<uint32_t> kept;
  std::vector<std::pair<std::array<float, 4>, uint32_t>> places;
  for (const uint32_t i : *inliers) {
    const Match& m = pair.matches[i];
    const Feature& a = features[pair.first].features[m.first];
    const Feature& b = features[pair.second].features[m.second];
    places.push_back({{a.x_px, a.y_px, b.x_px, b.y_px}, i});
  }
  std::sort(places.begin(), places.end());
  for (size_t k = 0; k < places.size(); ++k) {
    if (k == 0 || places[k].first != places[k - 1].first) kept.push_back(places[k].second);
  }
  std::sort(kept.begin(), kept.end());
  *inliers = std::move(kept);
}

std::vector<uint8_t> LargestOf(const Features& features) {
  std::vector<uint32_t> order(features.features.size());
  std::iota(order.begin(), order.end(), 0u);
  std::stable_sort(order.begin(), order.end(), [&](uint32_t a, uint32_t b) {
    return features.features[a].scale_px > features.features[b].scale_px;
  });
  if (order.size() > kLargest) order.resize(kLargest);
  std::vector<uint8_t> descriptors;
  for (const uint32_t f : order) {
    const uint8_t* d = features.descriptors.data() + f * kDescriptorBytes;
    descriptors.insert(descriptors.end(), d, d + kDescriptorBytes);
  }
  return descriptors;
}

}  // namespace

std::vector<std::pair<uint32_t, uint32_t>> ChoosePairs(std::span<const Features> features,
                                                       const Tell& tell) {
  const size_t count = features.size();
  std::vector<std::pair<uint32_t, uint32_t>> all;
  for (uint32_t a = 0; a < count; ++a) {
    for (uint32_t b = a + 1; b < count; ++b) all.emplace_back(a, b);
  }
  if (count <= kAllPairs) return all;
  std::vector<PackedDescriptors> largest(count);
  ParallelFor(count, 1, [&](size_t i) { largest[i] = Pack(LargestOf(features[i])); });
  std::vector<uint32_t> alike(all.size());
  InBatches(all.size(), tell, [&](size_t k) {
    const auto [a, b] = all[k];
    alike[k] = static_cast<uint32_t>(MatchDescriptors(largest[a], largest[b], kAlikeRatio).size());
  });
  std::vector<std::vector<std::pair<uint32_t, size_t>>> of_image(count);
  for (size_t k = 0; k < all.size(); ++k) {
    of_image[all[k].first].emplace_back(alike[k], k);
    of_image[all[k].second].emplace_back(alike[k], k);
  }
  std::vector<uint8_t> chosen(all.size());
  for (auto& pairs : of_image) {
    std::stable_sort(pairs.begin(), pairs.end(),
                     [](const auto& x, const auto& y) { return x.first > y.first; });
    for (size_t k = 0; k < pairs.size() && k < kMostAlike; ++k) chosen[pairs[k].second] = 1;
  }
  std::vector<std::pair<uint32_t, uint32_t>> pairs;
  for (size_t k = 0; k < all.size(); ++k) {
    if (chosen[k] || alike[k] >= kEnoughAlike || all[k].second - all[k].first <= kFollowing) {
      pairs.push_back(all[k]);
    }
  }
  return pairs;
}

std::vector<PairMatches> MatchAll(std::span<const PackedDescriptors> descriptors,
                                  std::span<const std::pair<uint32_t, uint32_t>> pairs,
                                  const PairOptions& options, const Tell& tell) {
  std::vector<PairMatches> all(pairs.size());
  InBatches(pairs.size(), tell, [&](size_t k) {
    const auto [first, second] = pairs[k];
    all[k] = {first, second,
              MatchDescriptors(descriptors[first], descriptors[second], options.most_ratio)};
  });
  std::erase_if(all, [&](const PairMatches& pair) {
    return pair.matches.size() < static_cast<size_t>(options.least_matches);
  });
  return all;
}

std::vector<ViewPair> VerifyAll(std::span<const PairMatches> matches,
                                std::span<const Features> features, std::span<const Lens> lenses,
                                std::span<const uint32_t> lens_of_image, const PairOptions& options,
                                const Tell& tell) {
  std::vector<ViewPair> all(matches.size());
  InBatches(matches.size(), tell, [&](size_t k) {
    const PairMatches& pair = matches[k];
    const Lens& first = lenses[lens_of_image[pair.first]];
    const Lens& second = lenses[lens_of_image[pair.second]];
    TwoViewOptions two_view;
    two_view.most_error =
        options.most_error_px * 0.5 * (1 / first.focal_px() + 1 / second.focal_px());
    two_view.least_inliers = options.least_matches;
    two_view.seed = options.seed * 1000003 + pair.first * 4099ull + pair.second;
    TwoView found =
        FindTwoView(RaysOf(pair, features, first, second, pair.matches.size()), two_view);
    DropRepeats(pair, features, &found.inliers);
    const size_t inliers = found.inliers.size();
    if (inliers < static_cast<size_t>(options.least_matches)) return;
    if (inliers < kManyInliers &&
        static_cast<double>(inliers) < kLeastShare * static_cast<double>(pair.matches.size())) {
      return;
    }
    ViewPair& view = all[k];
    view.first = pair.first;
    view.second = pair.second;
    view.second_from_first = found.second_from_first;
    view.plane_inliers = found.plane_inliers;
    view.rotation_inliers = found.rotation_inliers;
    view.median_angle_rad = found.median_angle_rad;
    for (const uint32_t i : found.inliers) {
      view.inliers.emplace_back(pair.matches[i].first, pair.matches[i].second);
    }
  });
  std::erase_if(all, [](const ViewPair& pair) { return pair.inliers.empty(); });
  return all;
}

void DropLookalikes(std::span<const Features> features, std::span<const Lens> lenses,
                    std::span<const uint32_t> lens_of_image, const PairOptions& options,
                    std::vector<ViewPair>* pairs) {
  std::vector<std::vector<RayPair>> rays(pairs->size());
  double focal = 0;
  ParallelFor(pairs->size(), 8, [&](size_t k) {
    const ViewPair& pair = (*pairs)[k];
    for (const auto& [i, j] : pair.inliers) {
      const Feature& a = features[pair.first].features[i];
      const Feature& b = features[pair.second].features[j];
      rays[k].push_back({lenses[lens_of_image[pair.first]].Ray({a.x_px, a.y_px}),
                         lenses[lens_of_image[pair.second]].Ray({b.x_px, b.y_px})});
    }
  });
  for (const Lens& lens : lenses) focal += lens.focal_px() / static_cast<double>(lenses.size());
  LookalikeOptions lookalike;
  lookalike.most_error = options.most_error_px / focal;
  const std::vector<double> agreement = TriangleAgreement(features.size(), *pairs, rays, lookalike);
  size_t k = 0;
  std::erase_if(*pairs, [&](const ViewPair& pair) {
    const double a = agreement[k++];
    return a >= 0 && a < kLeastAgreement && pair.inliers.size() < kSureInliers;
  });
}

double SearchFocal(std::span<const PairMatches> matches, std::span<const Features> features,
                   int width, int height, std::span<const uint32_t> images_of_lens,
                   const PairOptions& options) {
  const double side = std::max(width, height);
  std::vector<uint8_t> of_lens(features.size());
  for (const uint32_t i : images_of_lens) of_lens[i] = 1;
  std::vector<const PairMatches*> best;
  for (const PairMatches& pair : matches) {
    if (of_lens[pair.first] && of_lens[pair.second]) best.push_back(&pair);
  }
  std::stable_sort(best.begin(), best.end(), [](const PairMatches* a, const PairMatches* b) {
    return a->matches.size() > b->matches.size();
  });
  // The very best are of one spot and tell nothing of depth: every other of twice as many.
  std::vector<const PairMatches*> chosen;
  for (size_t k = 0; k < best.size() && chosen.size() < kFocalPairs; k += 2) {
    chosen.push_back(best[k]);
  }
  if (chosen.empty()) return kUsualFocal * side;
  std::vector<double> score(kFocalSteps);
  std::vector<double> each(kFocalSteps * chosen.size());
  const auto focal_of = [&](double step) {
    return side * kLeastFocal * std::pow(kMostFocal / kLeastFocal, step / (kFocalSteps - 1));
  };
  ParallelFor(each.size(), 1, [&](size_t k) {
    const size_t step = k / chosen.size();
    const PairMatches& pair = *chosen[k % chosen.size()];
    const Lens lens = PlainLens(width, height, focal_of(static_cast<double>(step)));
    TwoViewOptions two_view;
    two_view.most_error = 0.5 * options.most_error_px / lens.focal_px();
    two_view.most_samples = 200;
    two_view.seed = options.seed + k;
    const std::vector<RayPair> rays = RaysOf(pair, features, lens, lens, kFocalMatches);
    each[k] = static_cast<double>(FindTwoView(rays, two_view).inliers.size()) /
              static_cast<double>(rays.size());
  });
  for (size_t k = 0; k < each.size(); ++k) score[k / chosen.size()] += each[k];
  const size_t at =
      static_cast<size_t>(std::max_element(score.begin(), score.end()) - score.begin());
  double offset = 0;
  if (at > 0 && at + 1 < score.size()) {
    const double bend = score[at - 1] - 2 * score[at] + score[at + 1];
    if (bend < 0) offset = std::clamp(0.5 * (score[at - 1] - score[at + 1]) / bend, -0.5, 0.5);
  }
  return focal_of(static_cast<double>(at) + offset);
}

}  // namespace ajar::sfm::internal
