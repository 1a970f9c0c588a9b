#include "sfm/reconstruct.h"

#include <algorithm>
#include <chrono>
#include <numeric>

#include "base/error.h"
#include "base/log.h"
#include "base/parallel.h"
#include "sfm/again.h"
#include "sfm/internal/cameras.h"
#include "sfm/internal/convert.h"
#include "sfm/internal/features.h"
#include "sfm/internal/kept.h"
#include "sfm/internal/mapper.h"
#include "sfm/internal/pairs.h"
#include "sfm/internal/time_left.h"

namespace ajar::sfm {
namespace {

using namespace internal;

constexpr double kKnownFocal = 0.1;    // standard deviation of what EXIF tells, a share of it
constexpr double kGuessedFocal = 0.4;  // of what was searched for

constexpr double kSigmaOfScale = 0.3;  // of a blob's standard deviation, against a pixel
constexpr int kSmall_px = 800;         // pictures so small are looked at in twice their size
constexpr double kChoosing = 0.1;      // of the time for matching
constexpr size_t kLeastPhotographs = 3;

enum Phase : size_t { kFeatures, kMatching, kVerifying, kMapping };

double Now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

// Seconds that each phase takes for `n` photographs: measured on 35 to 125 photographs of rooms,
// on two cores.
std::vector<double> ExpectedSeconds(size_t n) {
  const double count = static_cast<double>(n);
  return {0.2 * count, 0.004 * count * count, 0.002 * count * count,
          0.1 * count + 0.0005 * count * count};
}

// Tells one fraction and one time left for all phases, and stops when the person does.
class Teller {
 public:
  Teller(size_t photographs, const Progress& progress)
      : time_left_(ExpectedSeconds(photographs)), progress_(progress) {}

  void Begin(Phase phase, std::string note) {
    note_ = std::move(note);
    time_left_.Begin(phase, Now());
    Report();
  }
  void Tell(double fraction) {
    progress_.ThrowIfCancelled();
    time_left_.Reached(fraction, Now());
    Report();
  }

 private:
  void Report() const {
    progress_.Report(
        {"placing the photographs", time_left_.Fraction(), time_left_.SecondsLeft(), note_});
  }

  TimeLeft time_left_;
  const Progress& progress_;
  std::string note_;
};

LookedAt LookAt(const photo::Photo& photo, const Options& options, const OnPicture& on_picture) {
  const Image8 picture = photo::Load(photo, static_cast<int>(options.long_side_px));
  if (on_picture) on_picture(photo, picture);
  FeatureOptions feature_options;
  feature_options.most = static_cast<int>(options.most_features);
  feature_options.double_size = std::max(picture.width, picture.height) <= kSmall_px;
  LookedAt looked;
  looked.features = FindFeatures(picture, feature_options);
  for (const Feature& f : looked.features.features) {
    const uint8_t* p = picture.pixel(std::clamp(static_cast<int>(f.x_px), 0, picture.width - 1),
                                     std::clamp(static_cast<int>(f.y_px), 0, picture.height - 1));
    looked.colours.push_back({p[0], p[1], p[2]});
  }
  return looked;
}

struct Looked {
  std::vector<Features> features;
  std::vector<std::vector<Colour>> colours;
};

Looked LookAtAll(const photo::PhotoSet& photos, const Options& options, const OnPicture& on_picture,
                 Kept* kept, Teller* teller) {
  const size_t count = photos.photos.size();
  Looked looked;
  looked.features.resize(count);
  looked.colours.resize(count);
  const size_t batch = 2 * static_cast<size_t>(ThreadCount());
  for (size_t begin = 0; begin < count; begin += batch) {
    const size_t end = std::min(begin + batch, count);
    std::vector<LookedAt> fresh(end - begin);
    ParallelFor(end - begin, 1, [&](size_t k) {
      const photo::Photo& photo = photos.photos[begin + k];
      if (kept && kept->looked_at.contains(photo.sha256)) return;
      fresh[k] = LookAt(photo, options, on_picture);
    });
    for (size_t i = begin; i < end; ++i) {
      LookedAt& found = fresh[i - begin];
      if (kept) {
        found =
            kept->looked_at.try_emplace(photos.photos[i].sha256, std::move(found)).first->second;
      }
      looked.features[i] = std::move(found.features);
      looked.colours[i] = std::move(found.colours);
    }
    teller->Tell(static_cast<double>(end) / static_cast<double>(count));
  }
  return looked;
}

struct Lenses {
  std::vector<Lens> lenses;
  std::vector<LensPrior> priors;
  std::vector<uint32_t> of_image;
};

Lenses FindLenses(const photo::PhotoSet& photos, const std::vector<PairMatches>& matches,
                  const std::vector<Features>& features, const Options& options,
                  const PairOptions& pair_options, Kept* kept) {
  Lenses found;
  found.of_image.resize(photos.photos.size());
  for (const CameraGroup& group : GroupByCamera(photos, static_cast<int>(options.long_side_px))) {
    const double focal = group.focal_px
                             ? *group.focal_px
                             : FocalOf(group, photos, matches, features, pair_options, kept);
    for (const uint32_t i : group.photos) {
      found.of_image[i] = static_cast<uint32_t>(found.lenses.size());
    }
    const Lens lens = PlainLens(group.width, group.height, focal);
    const double side = std::max(group.width, group.height);
    LensPrior prior;
    prior.expected = lens.params;
    prior.sigma << focal * (group.focal_px ? kKnownFocal : kGuessedFocal), 0.02 * side, 0.02 * side,
        0.2, 0.2, 0.005, 0.005;
    found.lenses.push_back(lens);
    found.priors.push_back(prior);
    Log(LogLevel::kDebug,
        "focal length to begin with: " + std::to_string(focal / side) + " of the longer side");
  }
  return found;
}

// Large blobs are found less exactly.
double SigmaOf(double scale_px) {
  const double by_scale = kSigmaOfScale * scale_px;
  return std::sqrt(1 + by_scale * by_scale);
}

Graph MakeGraph(const std::vector<Features>& features, std::vector<ViewPair> pairs) {
  std::vector<std::vector<Place>> places;
  for (const Features& f : features) {
    std::vector<Place>& of_image = places.emplace_back();
    for (const Feature& feature : f.features) {
      of_image.push_back({{feature.x_px, feature.y_px}, SigmaOf(feature.scale_px)});
    }
  }
  return Graph(std::move(places), std::move(pairs));
}

// Both are in the order of the pairs that were compared.
std::vector<Likeness> Alike(const std::vector<PairMatches>& matches,
                            const std::vector<ViewPair>& agreeing) {
  std::vector<Likeness> alike;
  size_t k = 0;
  for (const PairMatches& pair : matches) {
    Likeness& of_pair = alike.emplace_back();
    of_pair.first = pair.first;
    of_pair.second = pair.second;
    of_pair.matches = static_cast<uint32_t>(pair.matches.size());
    if (k < agreeing.size() && agreeing[k].first == pair.first &&
        agreeing[k].second == pair.second) {
      of_pair.agreeing = static_cast<uint32_t>(agreeing[k].inliers.size());
      of_pair.by_turning = static_cast<uint32_t>(agreeing[k++].rotation_inliers);
    }
  }
  return alike;
}

void FillReport(const std::vector<Model>& pieces, const Reconstruction& room,
                const photo::PhotoSet& photos, Report* report) {
  for (uint32_t i = 0; i < photos.photos.size(); ++i) {
    if (pieces.empty() || !pieces.front().placed(i))
      report->not_placed.push_back(photos.photos[i].name);
  }
  for (size_t k = 1; k < pieces.size(); ++k) {
    std::vector<std::string>& names = report->other_pieces.emplace_back();
    for (uint32_t i = 0; i < photos.photos.size(); ++i) {
      if (pieces[k].placed(i)) names.push_back(photos.photos[i].name);
    }
  }
  report->mean_error_px = MeanReprojectionErrorPx(room);
}

}  // namespace

std::vector<OptionField> Fields(Options& options) {
  return {{"pose-long-side", "Longer side of the pictures that are matched, in pixels",
           &options.long_side_px, 320, 6400},
          {"pose-features", "Details to look for in a picture, at most", &options.most_features,
           200, 20000},
          {"pose-seed", "Start of the random sequence of the matching", &options.seed, 0, 2e9}};
}

Memory::Memory() : kept_(std::make_unique<Kept>()) {}
Memory::~Memory() = default;

Result Reconstruct(const photo::PhotoSet& photos, const Options& options,
                   const Progress& progress) {
  const size_t count = photos.photos.size();
  if (count < kLeastPhotographs) {
    Fail(ErrorCode::kNotEnough, "There are only " + std::to_string(count) + " photographs.", {},
         "Take 30 or more, each overlapping the last by two thirds.");
  }
  Result result = ReconstructAgain(photos, options, nullptr, nullptr, progress);
  if (result.reconstruction.images.empty()) {
    Fail(ErrorCode::kNotEnough, "None of the photographs could be placed.", {},
         "They may overlap too little, be blurred, show mostly bare walls, or all be taken from "
         "one spot. Walk round the room and take a photograph every small step, each sharing two "
         "thirds with the last.");
  }
  return result;
}

Result ReconstructAgain(const photo::PhotoSet& photos, const Options& options, Memory* memory,
                        const OnPicture& on_picture, const Progress& progress) {
  Options checked = options;
  Validate(Fields(checked));
  Kept* kept = memory ? &memory->kept() : nullptr;
  Result result;
  Report& report = result.report;
  report.method = "Ajar";
  Teller teller(photos.photos.size(), progress);
  const auto tell = [&](double fraction) { teller.Tell(fraction); };

  teller.Begin(kFeatures, "looking for details");
  double start = Now();
  const Looked looked = LookAtAll(photos, options, on_picture, kept, &teller);
  for (const Features& f : looked.features) {
    report.details.push_back(static_cast<uint32_t>(f.features.size()));
  }
  report.features_s = Now() - start;

  teller.Begin(kMatching, "comparing photographs");
  start = Now();
  PairOptions pair_options;
  pair_options.seed = static_cast<uint64_t>(options.seed);
  const auto chosen = ChoosePairs(looked.features, [&](double f) { tell(kChoosing * f); });
  Log(LogLevel::kDebug, std::to_string(chosen.size()) + " pairs to compare");
  const std::vector<PairMatches> matches =
      MatchNew(photos, looked.features, chosen, pair_options, kept,
               [&](double f) { tell(kChoosing + (1 - kChoosing) * f); });
  report.matching_s = Now() - start;

  teller.Begin(kVerifying, "comparing photographs");
  start = Now();
  const Lenses lenses = FindLenses(photos, matches, looked.features, options, pair_options, kept);
  std::vector<ViewPair> pairs = VerifyNew(photos, matches, looked.features, lenses.lenses,
                                          lenses.of_image, pair_options, kept, tell);
  report.alike = Alike(matches, pairs);
  Log(LogLevel::kDebug,
      std::to_string(pairs.size()) + " of " + std::to_string(matches.size()) + " pairs agree");
  DropLookalikes(looked.features, lenses.lenses, lenses.of_image, pair_options, &pairs);
  Log(LogLevel::kDebug, std::to_string(pairs.size()) + " pairs agree with the others");
  report.matching_s += Now() - start;

  teller.Begin(kMapping, "finding where each was taken");
  start = Now();
  const Graph graph = MakeGraph(looked.features, std::move(pairs));
  MapperOptions mapper_options;
  mapper_options.seed = static_cast<uint64_t>(options.seed);
  mapper_options.draft = options.draft;
  const std::vector<Model> pieces = MapAll(graph, looked.features, lenses.lenses, lenses.priors,
                                           lenses.of_image, mapper_options, tell);
  report.mapping_s = Now() - start;
  if (!pieces.empty()) {
    result.reconstruction =
        ForPhotos(pieces.front(), graph, lenses.of_image, looked.colours, photos);
  }
  FillReport(pieces, result.reconstruction, photos, &report);
  Log(LogLevel::kDebug, "seconds for details, pairs, places: " + std::to_string(report.features_s) +
                            ", " + std::to_string(report.matching_s) + ", " +
                            std::to_string(report.mapping_s));
  return result;
}

}  // namespace ajar::sfm
