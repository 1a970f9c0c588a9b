#include "sfm/internal/mapper.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <optional>

#include "base/log.h"
#include "base/parallel.h"
#include "sfm/internal/complete.h"
#include "sfm/internal/matching.h"
#include "sfm/internal/relative_pose.h"

namespace ajar::sfm::internal {
namespace {

constexpr double kDegree = std::numbers::pi / 180;
constexpr size_t kLeastImages = 3;  // of a piece
constexpr size_t kFirstPairs = 12;  // tried before a piece is given up
constexpr double kGrowth = 1.15;    // of the number of images between global adjustments,
constexpr double kDraftGrowth = 1.4;
constexpr double kWorthIt = 0.98;  // of the cost: what a richer lens must come below
constexpr int kLocalImages = 6;    // adjusted with a new one
constexpr size_t kLeastSeen = 10;  // points that a placed image must see
constexpr double kLeastShareAlike = 0.1;
constexpr double kAlikeRatio = 0.9;  // of distances to the most alike point and the next
constexpr size_t kLeastAlike = 12;   // points that must agree when only their look is known

// Before there are many images: focal length and the first radial term.
Model::Freedom EarlyFreedom() {
  Model::Freedom f;
  f << true, false, false, true, false, false, false;
  return f;
}
// Without tangential distortion, which is easily taken for an offset of the principal point.
Model::Freedom UsualFreedom() {
  Model::Freedom f;
  f << true, true, true, true, true, false, false;
  return f;
}

// How good a pair is to begin with: enough that agree, seen under a good angle, and not all on
// one plane or explained by a turn alone.
double FirstPairScore(const ViewPair& pair, const MapperOptions& options) {
  const double n = static_cast<double>(pair.inliers.size());
  if (n < options.least_pair_inliers) return 0;
  const double parallax = 1 - pair.rotation_inliers / n;
  const double relief = 1 - pair.plane_inliers / n;
  if (parallax < 0.3) return 0;
  const double angle = pair.median_angle_rad / kDegree;
  const double by_angle = std::min(1.0, angle / 8) * (angle > 40 ? 40 / angle : 1);
  return std::min(n, 600.0) * by_angle * (0.2 + std::min(0.8, relief)) * parallax;
}

// What a point looks like in the middle of all its features.
std::array<uint8_t, kDescriptorBytes> MeanLook(std::span<const Features> features,
                                               const std::vector<FeatureOf>& track) {
  std::array<double, kDescriptorBytes> sum{};
  for (const FeatureOf& f : track) {
    const uint8_t* d = features[f.image].descriptors.data() + f.feature * kDescriptorBytes;
    for (size_t k = 0; k < kDescriptorBytes; ++k) sum[k] += d[k];
  }
  double squares = 0;
  for (const double v : sum) squares += v * v;
  std::array<uint8_t, kDescriptorBytes> mean;
  for (size_t k = 0; k < kDescriptorBytes; ++k) {
    mean[k] = static_cast<uint8_t>(
        std::min(255.0, std::round(512 * sum[k] / std::sqrt(std::max(squares, 1.0)))));
  }
  return mean;
}

class Mapper {
 public:
  Mapper(const Graph& graph, std::span<const Features> features, Model model,
         const MapperOptions& options, const std::vector<uint8_t>& taken,
         const std::function<void(size_t)>& tell)
      : graph_(graph),
        features_(features),
        model_(std::move(model)),
        options_(options),
        taken_(taken),
        tell_(tell),
        tried_with_(graph.images()),
        looked_with_(graph.images()) {}

  bool Begin(const ViewPair& pair) {
    model_.Place(pair.first, Rigid3{});
    model_.Place(pair.second, pair.second_from_first);
    model_.TriangulateImage(pair.first);
    model_.AdjustAll(Model::Freedom::Constant(false), 10);
    model_.Filter(options_.model.most_error_px);
    return model_.CountPoints() >= static_cast<size_t>(options_.least_pair_inliers) / 2;
  }

  void Grow() {
    size_t adjusted_at = 2;
    while (true) {
      std::optional<uint32_t> image = PlaceNext();
      if (!image && adjusted_at != model_.placed().size()) {
        Settle();
        adjusted_at = model_.placed().size();
        continue;
      }
      if (!image) image = PlaceByLook();
      if (!image) break;
      model_.TriangulateImage(*image);
      const size_t count = model_.placed().size();
      const double growth = options_.draft ? kDraftGrowth : kGrowth;
      if (count < 6 || static_cast<double>(count) > growth * static_cast<double>(adjusted_at)) {
        Settle();
        adjusted_at = count;
      } else {
        std::vector<uint32_t> near = model_.Neighbours(*image, kLocalImages);
        near.push_back(*image);
        model_.AdjustNear(near, 8);
      }
      tell_(count);
    }
  }

  // All that can be had from all images.
  void Finish() {
    for (int round = 0; round < (options_.draft ? 1 : 4); ++round) {
      for (const uint32_t image : std::vector<uint32_t>(model_.placed())) {
        model_.TriangulateImage(image);
      }
      model_.MergePoints();
      if (round > 0) CompleteTracks(graph_, features_, {}, &model_);
      model_.AdjustAll(UsualFreedom(), 25);
      model_.Filter(options_.model.most_error_px);
      RemoveLoose();
    }
    if (options_.draft) {
      model_.AdjustAll(UsualFreedom(), 10);
      model_.Filter(options_.last_error_px);
      return model_.Normalise();
    }
    model_.AdjustAll(UsualFreedom(), 25);
    model_.Filter(options_.last_error_px);
    const double cost = model_.AdjustAll(UsualFreedom(), 50).last_cost;
    // A richer lens must be worth it.
    Model richer = model_;
    const double less = richer.AdjustAll(Model::Freedom::Constant(true), 50).last_cost;
    Log(LogLevel::kDebug, "tangential distortion takes " + std::to_string(100 * (1 - less / cost)) +
                              " % of the cost away");
    if (less < kWorthIt * cost) model_ = std::move(richer);
    model_.Normalise();
  }

  Model& model() { return model_; }

 private:
  void Settle() {
    const bool early = model_.placed().size() < 8;
    model_.AdjustAll(early ? EarlyFreedom() : UsualFreedom(), 15);
    const size_t gone = model_.Filter(options_.model.most_error_px);
    size_t came = 0;
    for (const uint32_t image : std::vector<uint32_t>(model_.placed())) {
      came += model_.TriangulateImage(image);
    }
    model_.MergePoints();
    if (came + gone > 0) {
      model_.AdjustAll(early ? EarlyFreedom() : UsualFreedom(), 8);
      model_.Filter(options_.model.most_error_px);
    }
    model_.Normalise();
    RemoveLoose();
  }

  // Images that hang by hardly any point are not placed.
  void RemoveLoose() {
    std::vector<size_t> sees(graph_.images());
    for (const ModelPoint& point : model_.points()) {
      for (const FeatureOf& f : point.track) ++sees[f.image];
    }
    for (const uint32_t image : std::vector<uint32_t>(model_.placed())) {
      if (sees[image] < kLeastSeen && model_.placed().size() > 2) {
        model_.Remove(image);
        tried_with_[image] = graph_.features(image);
      }
    }
  }

  // How well an image's sightings pin it down: many, and spread over the picture.
  double Readiness(uint32_t image, const std::vector<uint32_t>& features) const {
    const Lens& lens = model_.lens_of(image);
    double score = 0;
    for (const int cells : {4, 8, 16}) {
      std::vector<uint8_t> seen(static_cast<size_t>(cells * cells));
      for (const uint32_t f : features) {
        const Eigen::Vector2d& x = graph_.x_px({image, f});
        const int c = std::clamp(static_cast<int>(x[0] / lens.width * cells), 0, cells - 1);
        const int r = std::clamp(static_cast<int>(x[1] / lens.height * cells), 0, cells - 1);
        seen[static_cast<size_t>(r * cells + c)] = 1;
      }
      score += cells * static_cast<double>(std::count(seen.begin(), seen.end(), 1));
    }
    return score;
  }

  // Whether the matches of most pairs, each by their number, fit where the image would be.
  bool PairsAgree(uint32_t image, const Rigid3& pose) const {
    double agree = 0, disagree = 0;
    for (const uint32_t k : graph_.PairsOf(image)) {
      const ViewPair& pair = graph_.pairs()[k];
      const uint32_t other = pair.first == image ? pair.second : pair.first;
      if (!model_.placed(other)) continue;
      const Rigid3& first = pair.first == image ? pose : model_.pose(pair.first);
      const Rigid3& second = pair.second == image ? pose : model_.pose(pair.second);
      const Eigen::Matrix3d e = EssentialFromPose(second * Inverse(first));
      const Lens &lens1 = model_.lens_of(pair.first), &lens2 = model_.lens_of(pair.second);
      const double most = 2 * options_.model.most_error_px / lens1.focal_px();
      double fit = 0;
      for (const auto& [i, j] : pair.inliers) {
        const RayPair rays{lens1.Ray(graph_.x_px({pair.first, i})),
                           lens2.Ray(graph_.x_px({pair.second, j}))};
        if (SampsonError(e, rays) < most * most) ++fit;
      }
      const double all = static_cast<double>(pair.inliers.size());
      (fit > 0.5 * all ? agree : disagree) += all;
    }
    return agree >= disagree;
  }

  std::optional<uint32_t> PlaceNext() {
    struct Candidate {
      uint32_t image;
      double readiness;
      size_t sightings;
    };
    std::vector<std::optional<Candidate>> found(graph_.images());
    ParallelFor(graph_.images(), 1, [&](size_t i) {
      const uint32_t image = static_cast<uint32_t>(i);
      if (model_.placed(image) || taken_[image]) return;
      std::vector<uint32_t> features, points;
      const size_t count = model_.Sightings(image, &features, &points).size();
      if (count < static_cast<size_t>(options_.least_inliers)) return;
      // One that failed waits until clearly more is seen.
      if (tried_with_[image] > 0 &&
          static_cast<double>(count) < 1.1 * static_cast<double>(tried_with_[image]) + 5) {
        return;
      }
      found[i] = Candidate{image, Readiness(image, features), count};
    });
    std::vector<Candidate> candidates;
    for (const auto& c : found) {
      if (c) candidates.push_back(*c);
    }
    std::stable_sort(
        candidates.begin(), candidates.end(),
        [](const Candidate& a, const Candidate& b) { return a.readiness > b.readiness; });
    for (const Candidate& c : candidates) {
      if (TryPlace(c.image)) return c.image;
      tried_with_[c.image] = c.sightings;
    }
    return std::nullopt;
  }

  struct Candidates {
    std::vector<Sighting> sightings;
    std::vector<uint32_t> features, points;
  };

  bool TryPlace(uint32_t image) {
    Candidates c;
    c.sightings = model_.Sightings(image, &c.features, &c.points);
    return TryPlace(image, c, static_cast<size_t>(options_.least_inliers), 0.25);
  }

  bool TryPlace(uint32_t image, const Candidates& c, size_t least, double least_share) {
    const double focal = model_.lens_of(image).focal_px();
    AbsolutePoseOptions options;
    options.most_error = 2 * options_.model.most_error_px / focal;
    options.most_samples = least_share < 0.2 ? 5000 : 1000;
    options.seed = options_.seed * 1000003 + image;
    const AbsolutePose pose = FindAbsolutePose(c.sightings, options);
    if (pose.inliers.size() < least) return false;
    std::vector<Sighting> inliers;
    for (const uint32_t i : pose.inliers) inliers.push_back(c.sightings[i]);
    const Rigid3 refined = RefineAbsolutePose(pose.cam_from_world, inliers, 1 / focal, 20);
    const double most = options_.model.most_error_px / focal;
    std::vector<uint32_t> good;
    for (uint32_t i = 0; i < c.sightings.size(); ++i) {
      if (SightingError(refined, c.sightings[i]) < most * most) good.push_back(i);
    }
    const double share = static_cast<double>(good.size()) / static_cast<double>(c.sightings.size());
    if (good.size() < least || (share < least_share && good.size() < 4 * least)) return false;
    if (!PairsAgree(image, refined)) {
      Log(LogLevel::kDebug, "pairs disagree with the place of image " + std::to_string(image));
      return false;
    }
    model_.Place(image, refined);
    std::vector<uint8_t> used(graph_.features(image)), point_used(model_.points().size());
    for (const uint32_t i : good) {
      if (used[c.features[i]] || point_used[c.points[i]]) continue;
      used[c.features[i]] = point_used[c.points[i]] = 1;
      model_.AddToPoint(c.points[i], {image, c.features[i]});
    }
    return true;
  }

  // Images that no pair joins well enough, by what all points look like together.
  std::optional<uint32_t> PlaceByLook() {
    std::vector<uint32_t> points;
    std::vector<uint8_t> looks;
    for (uint32_t p = 0; p < model_.points().size(); ++p) {
      if (model_.points()[p].track.empty()) continue;
      points.push_back(p);
      const auto look = MeanLook(features_, model_.points()[p].track);
      looks.insert(looks.end(), look.begin(), look.end());
    }
    const PackedDescriptors packed = Pack(looks);
    std::vector<Candidates> all(graph_.images());
    ParallelFor(graph_.images(), 1, [&](size_t i) {
      const uint32_t image = static_cast<uint32_t>(i);
      if (model_.placed(image) || taken_[image]) return;
      Candidates& c = all[i];
      for (const Match& m :
           MatchDescriptors(Pack(features_[image].descriptors), packed, kAlikeRatio)) {
        c.features.push_back(m.first);
        c.points.push_back(points[m.second]);
        c.sightings.push_back({model_.lens_of(image).Ray(graph_.x_px({image, m.first})),
                               model_.points()[points[m.second]].x_in_world});
      }
    });
    for (uint32_t image = 0; image < graph_.images(); ++image) {
      // One that failed waits until there are clearly more points.
      if (looked_with_[image] * 11 > points.size() * 10) continue;
      if (all[image].sightings.size() < kLeastAlike) continue;
      if (TryPlace(image, all[image], kLeastAlike, kLeastShareAlike)) return image;
      looked_with_[image] = points.size();
    }
    return std::nullopt;
  }

  const Graph& graph_;
  std::span<const Features> features_;
  Model model_;
  MapperOptions options_;
  const std::vector<uint8_t>& taken_;  // by pieces before
  const std::function<void(size_t)>& tell_;
  std::vector<size_t> tried_with_;   // sightings at the last failure, 0: none
  std::vector<size_t> looked_with_;  // points at the last failure by look
};

}  // namespace

std::vector<Model> MapAll(const Graph& graph, std::span<const Features> features,
                          const std::vector<Lens>& lenses, const std::vector<LensPrior>& priors,
                          const std::vector<uint32_t>& lens_of_image, const MapperOptions& options,
                          const std::function<void(double placed_share)>& tell) {
  std::vector<uint8_t> taken(graph.images());
  std::vector<Model> pieces;
  size_t in_pieces = 0;
  const auto tell_count = std::function<void(size_t)>([&](size_t count) {
    tell(static_cast<double>(in_pieces + count) / static_cast<double>(graph.images()));
  });
  std::vector<uint32_t> first_pairs;
  std::vector<double> scores(graph.pairs().size());
  for (uint32_t k = 0; k < graph.pairs().size(); ++k) {
    scores[k] = FirstPairScore(graph.pairs()[k], options);
    if (scores[k] > 0) first_pairs.push_back(k);
  }
  std::stable_sort(first_pairs.begin(), first_pairs.end(),
                   [&](uint32_t a, uint32_t b) { return scores[a] > scores[b]; });
  size_t given_up = 0;
  for (const uint32_t k : first_pairs) {
    const ViewPair& pair = graph.pairs()[k];
    if (taken[pair.first] || taken[pair.second]) continue;
    if (given_up == kFirstPairs) break;
    Mapper mapper(graph, features, Model(graph, lenses, priors, lens_of_image, options.model),
                  options, taken, tell_count);
    if (!mapper.Begin(pair)) {
      ++given_up;
      continue;
    }
    mapper.Grow();
    if (mapper.model().placed().size() < kLeastImages) {
      ++given_up;
      continue;
    }
    mapper.Finish();
    if (mapper.model().placed().size() < kLeastImages) continue;
    for (const uint32_t image : mapper.model().placed()) taken[image] = 1;
    in_pieces += mapper.model().placed().size();
    pieces.push_back(std::move(mapper.model()));
  }
  std::stable_sort(pieces.begin(), pieces.end(), [](const Model& a, const Model& b) {
    return a.placed().size() > b.placed().size();
  });
  return pieces;
}

}  // namespace ajar::sfm::internal
