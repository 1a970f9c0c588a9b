#include <algorithm>
#include <map>
#include <mutex>

#include "check/check.h"
#include "check/internal/coverage.h"
#include "check/internal/flaws.h"
#include "check/internal/layout.h"
#include "check/internal/next.h"
#include "check/internal/verdict.h"
#include "check/internal/where.h"
#include "photo/photo.h"
#include "sfm/again.h"

namespace ajar::check {

using namespace internal;

namespace {

// Small pictures and few details: places are wanted soon, not to the millimetre.
constexpr int64_t kLongSide_px = 1000;
constexpr int64_t kMostDetails = 2000;
constexpr uint32_t kBare = 250;      // details
constexpr double kSameView = 0.985;  // of gists, whatever the poses
constexpr double kSameLook = 0.9;    // with the same pose
constexpr double kSamePlace_m = 0.06, kSameTurn_rad = 0.06;
constexpr size_t kMostNearly = 3;
constexpr size_t kMostPlanPoints = 4000;

sfm::Options Quick() {
  sfm::Options options;
  options.long_side_px = kLongSide_px;
  options.most_features = kMostDetails;
  options.draft = true;
  return options;
}

struct Seen {
  Flaws flaws;
  std::vector<float> gist;
  Image8 thumbnail;
};

Seen SeenIn(const Image8& picture) {
  Seen seen;
  seen.flaws = FindFlaws(picture);
  seen.gist = Gist(picture);
  const photo::Size size = photo::FitLongSide(picture.width, picture.height, kThumbnail_px);
  seen.thumbnail = photo::Resized(picture, size.width, size.height);
  return seen;
}

std::vector<Near> Nearly(size_t i, const std::vector<sfm::Likeness>& alike,
                         const std::vector<Photograph>& photographs) {
  std::vector<Near> nearly;
  for (const sfm::Likeness& pair : alike) {
    if (pair.first == i) nearly.push_back({pair.second, pair.matches, pair.agreeing});
    if (pair.second == i) nearly.push_back({pair.first, pair.matches, pair.agreeing});
  }
  std::ranges::stable_sort(nearly, [](const Near& a, const Near& b) {
    return std::pair(a.agreeing, a.matches) > std::pair(b.agreeing, b.matches);
  });
  const auto placed = std::ranges::find_if(
      nearly, [&](const Near& near) { return photographs[near.photograph].placed; });
  const auto at = static_cast<size_t>(placed - nearly.begin());
  if (at < nearly.size() && at >= kMostNearly) nearly[kMostNearly - 1] = nearly[at];
  if (nearly.size() > kMostNearly) nearly.resize(kMostNearly);
  return nearly;
}

// Who repeats an earlier one: a view that looks the same, and from the same place where that is
// known.
void FindRepeats(const std::vector<const Seen*>& seen, const std::map<size_t, const View*>& views,
                 std::vector<Photograph>* photographs) {
  for (size_t i = 0; i < photographs->size(); ++i) {
    for (size_t k = 0; k < i; ++k) {
      if ((*photographs)[k].repeats) continue;
      const double alike = LikenessOf(seen[i]->gist, seen[k]->gist);
      const auto a = views.find(i), b = views.find(k);
      bool repeats = alike > kSameView;
      if (a != views.end() && b != views.end()) {
        const double turn =
            a->second->cam_from_plan.rotation.angularDistance(b->second->cam_from_plan.rotation);
        repeats = alike > kSameLook && turn < kSameTurn_rad &&
                  (a->second->centre - b->second->centre).norm() < kSamePlace_m;
      }
      if (!repeats) continue;
      (*photographs)[i].repeats = k;
      break;
    }
  }
}

std::vector<std::vector<size_t>> Pieces(const std::vector<std::vector<std::string>>& names,
                                        const photo::PhotoSet& photos) {
  std::map<std::string, size_t> index;
  for (size_t i = 0; i < photos.photos.size(); ++i) index[photos.photos[i].name] = i;
  std::vector<std::vector<size_t>> pieces;
  for (const auto& piece : names) {
    std::vector<size_t>& of_piece = pieces.emplace_back();
    for (const std::string& name : piece) of_piece.push_back(index.at(name));
  }
  return pieces;
}

void DrawPoints(const Layout& layout, Plan* plan) {
  const size_t step = std::max<size_t>(1, layout.points.size() / kMostPlanPoints);
  for (size_t i = 0; i < layout.points.size(); i += step) {
    plan->points.push_back(OnPlan(layout.points[i]));
  }
}

}  // namespace

struct Checker::Kept {
  sfm::Memory memory;
  std::map<std::string, Seen> seen;  // by SHA-256
  std::mutex mutex;
};

Checker::Checker() : kept_(std::make_unique<Kept>()) {}
Checker::~Checker() = default;

const Image8& Checker::Thumbnail(const std::string& sha256) const {
  return kept_->seen.at(sha256).thumbnail;
}

Findings Checker::Look(const photo::PhotoSet& photos, const Progress& progress) {
  const sfm::Result result = sfm::ReconstructAgain(
      photos, Quick(), &kept_->memory,
      [&](const photo::Photo& photo, const Image8& picture) {
        Seen seen = SeenIn(picture);
        const std::lock_guard lock(kept_->mutex);
        kept_->seen[photo.sha256] = std::move(seen);
      },
      progress);

  Findings findings;
  findings.left_out = photos.left_out;
  std::vector<const Seen*> seen;
  for (size_t i = 0; i < photos.photos.size(); ++i) {
    seen.push_back(&kept_->seen.at(photos.photos[i].sha256));
    Photograph& p = findings.photographs.emplace_back();
    p.name = photos.photos[i].name;
    p.flaws = seen.back()->flaws;
    p.placed = result.reconstruction.images.contains(static_cast<uint32_t>(i + 1));
    p.bare = result.report.details[i] < kBare;
    findings.placed += p.placed;
  }
  std::vector<Flaws*> flaws;
  for (Photograph& p : findings.photographs) flaws.push_back(&p.flaws);
  FindBlurred(flaws);
  findings.pieces = Pieces(result.report.other_pieces, photos);
  for (const auto& piece : findings.pieces) {
    for (const size_t i : piece) findings.photographs[i].elsewhere = true;
  }
  for (size_t i = 0; i < findings.photographs.size(); ++i) {
    Photograph& p = findings.photographs[i];
    if (!p.placed) p.nearly = Nearly(i, result.report.alike, findings.photographs);
  }

  if (findings.placed == 0) {
    FindRepeats(seen, {}, &findings.photographs);
    Judge(result.report, &findings);
    return findings;
  }
  const Layout layout = FindLayout(result.reconstruction, progress);
  std::map<size_t, const View*> views;
  for (const View& view : layout.views) {
    Photograph& p = findings.photographs[view.image_id - 1];
    p.position = OnPlan(view.centre);
    p.ahead = AheadOnPlan(view.cam_from_plan);
    views[view.image_id - 1] = &view;
  }
  FindRepeats(seen, views, &findings.photographs);
  Coverage coverage = Places(layout);
  for (const View& view : layout.views) {
    const Photograph& p = findings.photographs[view.image_id - 1];
    if (!p.flaws.any() && !p.repeats) Count(view, &coverage);
  }
  Draw(layout, coverage, &findings.plan);
  DrawPoints(layout, &findings.plan);
  for (Wall& wall : findings.plan.walls) wall.beside = BesideWall(wall, findings.photographs);
  Judge(result.report, &findings);
  const bool many_not_placed =
      std::ranges::find(findings.reasons, Reason::kManyNotPlaced) != findings.reasons.end();
  findings.next = WhatNext(layout, coverage, findings.photographs, many_not_placed);
  return findings;
}

}  // namespace ajar::check
