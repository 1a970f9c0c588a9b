// All photographs against all others: what their features have in common, and the geometry on
// which that agrees.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "sfm/internal/features.h"
#include "sfm/internal/graph.h"
#include "sfm/internal/lens.h"
#include "sfm/internal/matching.h"

namespace ajar::sfm::internal {

struct PairMatches {
  uint32_t first = 0, second = 0;
  std::vector<Match> matches;  // the surest first
};

struct PairOptions {
  double most_ratio = 0.8;
  int least_matches = 15;
  double most_error_px = 3;  // of matches that agree
  uint64_t seed = 0;
};

// `tell` gets the share that is done, from this thread; it may throw to stop.
using Tell = std::function<void(double fraction)>;

// Every pair of up to kAllPairs photographs. Of more, those whose largest features have something
// in common (C. Wu, "Towards linear-time incremental structure from motion", 2013), each one's
// most alike in any case, and those that follow each other.
inline constexpr size_t kAllPairs = 100;
std::vector<std::pair<uint32_t, uint32_t>> ChoosePairs(std::span<const Features> features,
                                                       const Tell& tell);

// Those of `pairs` with enough matches, in their order.
std::vector<PairMatches> MatchAll(std::span<const PackedDescriptors> descriptors,
                                  std::span<const std::pair<uint32_t, uint32_t>> pairs,
                                  const PairOptions& options, const Tell& tell);

// Those that geometry agrees with. `features`, `lenses` and `lens_of_image` are of the same
// pictures.
std::vector<ViewPair> VerifyAll(std::span<const PairMatches> matches,
                                std::span<const Features> features, std::span<const Lens> lenses,
                                std::span<const uint32_t> lens_of_image, const PairOptions& options,
                                const Tell& tell);

// Takes away the pairs with which hardly any way round by a third photograph agrees, unless they
// are very sure.
void DropLookalikes(std::span<const Features> features, std::span<const Lens> lenses,
                    std::span<const uint32_t> lens_of_image, const PairOptions& options,
                    std::vector<ViewPair>* pairs);

// The focal length under which the pairs of images of one lens agree on most, of 0.3 to 2.5 times
// the longer side (a phone has 0.7 to 0.85); pixels. Nothing is known without pairs: then 0.8.
double SearchFocal(std::span<const PairMatches> matches, std::span<const Features> features,
                   int width, int height, std::span<const uint32_t> images_of_lens,
                   const PairOptions& options);

}  // namespace ajar::sfm::internal
