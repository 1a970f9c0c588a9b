// What is remembered of photographs between two sets of which one has grown out of the other.
#pragma once

#include <map>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "photo/photo.h"
#include "sfm/internal/cameras.h"
#include "sfm/internal/convert.h"
#include "sfm/internal/features.h"
#include "sfm/internal/pairs.h"

namespace ajar::sfm::internal {

struct LookedAt {
  Features features;
  std::vector<Colour> colours;
};

// Photographs are known by the SHA-256 of their bytes.
struct Kept {
  using Two = std::pair<std::string, std::string>;
  std::map<std::string, LookedAt> looked_at;
  std::map<Two, PairMatches> matches;      // of every pair that was compared; there may be none
  std::map<Two, ViewPair> verified;        // of those with matches; none agree: no inliers
  std::map<std::string, double> focal_px;  // that was searched for, by camera and size
};

using IndexPair = std::pair<uint32_t, uint32_t>;

// MatchAll and VerifyAll (pairs.h) of what `kept`, which may be null, does not hold yet, and what
// it holds. The first gives the matches of those with enough.
std::vector<PairMatches> MatchNew(const photo::PhotoSet& photos, std::span<const Features> features,
                                  std::span<const IndexPair> pairs, const PairOptions& options,
                                  Kept* kept, const Tell& tell);
std::vector<ViewPair> VerifyNew(const photo::PhotoSet& photos, std::span<const PairMatches> matches,
                                std::span<const Features> features, std::span<const Lens> lenses,
                                std::span<const uint32_t> lens_of_image, const PairOptions& options,
                                Kept* kept, const Tell& tell);

// SearchFocal for a group of photographs. Once enough pairs had a say, it stays: what was verified
// with it stays true.
double FocalOf(const CameraGroup& group, const photo::PhotoSet& photos,
               std::span<const PairMatches> matches, std::span<const Features> features,
               const PairOptions& options, Kept* kept);

}  // namespace ajar::sfm::internal
