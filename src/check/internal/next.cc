#include "check/internal/next.h"

#include <Eigen/Geometry>
#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "base/parallel.h"

namespace ajar::check::internal {
namespace {

using Eigen::Vector2d;
using Eigen::Vector3d;

constexpr double kEye_m = 1.45;
constexpr double kDown_rad = 0.1;                    // people look a little down
constexpr double kFromWalls_m = 0.3;                 // a person with a phone
constexpr double kNearOthers_m = 0.75;               // where somebody stood, one can stand
constexpr double kSameSide = 0.82;                   // cosine, 35 degrees: looks alike from there
constexpr double kLeastShared = 0.3;                 // of what it shows, that others show alike
constexpr double kWorthIt = 1.0;                     // of places gained, for a photograph
constexpr double kPerStep = 0.25, kPerEighth = 0.1;  // what it must gain more, to be told simply
constexpr double kSquareWeight = 0.35;  // of a square of the floor against a place on a wall
constexpr size_t kFirstJoins = 3;

struct Candidate {
  Next next;
  View view;
  std::vector<uint32_t> sees;  // samples
};

View ViewFrom(const Vector2d& position, const Vector2d& ahead, const Camera& camera) {
  View view;
  view.camera = camera;
  view.centre = {position.x(), kEye_m, position.y()};
  const Vector3d z(ahead.x() * std::cos(kDown_rad), -std::sin(kDown_rad),
                   ahead.y() * std::cos(kDown_rad));
  const Vector2d right = RightOf(ahead);
  const Vector3d x(right.x(), 0, right.y());
  Eigen::Matrix3d rows;
  rows.row(0) = x.transpose();
  rows.row(1) = z.cross(x).transpose();
  rows.row(2) = z.transpose();
  view.cam_from_plan.rotation = Eigen::Quaterniond(rows).normalized();
  view.cam_from_plan.translation = -(view.cam_from_plan.rotation * view.centre);
  return view;
}

bool CanStand(const Vector2d& at, const Layout& layout,
              const std::vector<Photograph>& photographs) {
  if (((at - layout.low).array() < kFromWalls_m).any()) return false;
  if (((layout.high - at).array() < kFromWalls_m).any()) return false;
  return std::ranges::any_of(photographs, [&](const Photograph& p) {
    return p.placed && (p.position - at).norm() < kNearOthers_m;
  });
}

std::vector<Candidate> Candidates(const Layout& layout, const Coverage& coverage,
                                  const std::vector<Photograph>& photographs) {
  constexpr std::array<std::array<int, 2>, 9> kMoves = {
      {{0, 0}, {1, 0}, {-1, 0}, {0, 1}, {0, -1}, {2, 0}, {-2, 0}, {0, 2}, {0, -2}}};
  std::vector<Candidate> all;
  for (const View& view : layout.views) {
    const size_t from = view.image_id - 1;
    const Photograph& p = photographs[from];
    if (p.ahead.isZero() || p.flaws.any() || p.repeats) continue;
    for (const auto& [right, ahead] : kMoves) {
      const Vector2d at = p.position + kStep_m * (right * RightOf(p.ahead) + ahead * p.ahead);
      if (!CanStand(at, layout, photographs)) continue;
      for (int eighth = -3; eighth <= 4; ++eighth) {
        const double turn = eighth * std::numbers::pi / 4;
        Candidate& c = all.emplace_back();
        c.next.from = from;
        c.next.right_m = right * kStep_m;
        c.next.ahead_m = ahead * kStep_m;
        c.next.turn_deg = eighth * 45;
        c.next.position = at;
        c.next.ahead = std::cos(turn) * p.ahead + std::sin(turn) * RightOf(p.ahead);
        c.view = ViewFrom(at, c.next.ahead, view.camera);
      }
    }
  }
  ParallelFor(all.size(), 16, [&](size_t k) {
    for (uint32_t i = 0; i < coverage.samples.size(); ++i) {
      if (Sees(all[k].view, coverage.samples[i])) all[k].sees.push_back(i);
    }
  });
  return all;
}

struct Gain {
  double places = 0;
  std::array<double, 4> of_wall{};
  double shared = 0;  // of what it shows
};

Gain GainOf(const Candidate& c, const std::vector<Sample>& samples) {
  Gain gain;
  size_t shared = 0;
  for (const uint32_t i : c.sees) {
    const Sample& sample = samples[i];
    const Vector3d ray = (c.view.centre - sample.x).normalized();
    if (std::ranges::any_of(sample.rays,
                            [&](const Vector3d& other) { return other.dot(ray) > kSameSide; })) {
      ++shared;
    }
    if (sample.covered()) continue;
    Sample with = sample;
    with.Add(ray);
    const double less = sample.Lacks() - with.Lacks();
    gain.places += sample.wall >= 0 ? less : kSquareWeight * less;
    if (sample.wall >= 0) gain.of_wall[static_cast<size_t>(sample.wall)] += less;
  }
  gain.shared =
      c.sees.empty() ? 0 : static_cast<double>(shared) / static_cast<double>(c.sees.size());
  return gain;
}

// The photograph that shows most of what the candidate would.
std::optional<size_t> NearestView(const Candidate& c, const Layout& layout,
                                  const Coverage& coverage) {
  std::optional<size_t> best;
  size_t most = 0;
  for (const View& view : layout.views) {
    size_t common = 0;
    for (const uint32_t i : c.sees) {
      const Sample& sample = coverage.samples[i];
      const Vector3d mine = (c.view.centre - sample.x).normalized();
      const Vector3d theirs = (view.centre - sample.x).normalized();
      if (mine.dot(theirs) > kSameSide && Sees(view, sample)) ++common;
    }
    if (common > most) {
      most = common;
      best = view.image_id - 1;
    }
  }
  return 4 * most >= c.sees.size() ? best : std::nullopt;
}

void AddJoins(const std::vector<Photograph>& photographs, size_t most, std::vector<Next>* next) {
  for (size_t i = 0; i < photographs.size() && next->size() < most; ++i) {
    const Photograph& p = photographs[i];
    if (p.placed || p.elsewhere || p.flaws.any() || p.repeats) continue;
    const auto to = std::ranges::find_if(
        p.nearly, [&](const Near& near) { return photographs[near.photograph].placed; });
    if (to == p.nearly.end()) continue;
    // Whoever joins its neighbour joins it.
    const bool told = std::ranges::any_of(*next, [&](const Next& n) {
      return n.towards == i || (n.towards && std::ranges::any_of(p.nearly, [&](const Near& near) {
                                  return near.agreeing > 0 && near.photograph == *n.towards;
                                }));
    });
    if (told) continue;
    Next& join = next->emplace_back();
    join.from = to->photograph;
    join.towards = i;
    join.position = photographs[to->photograph].position;
    join.ahead = photographs[to->photograph].ahead;
  }
}

}  // namespace

std::vector<Next> WhatNext(const Layout& layout, const Coverage& coverage,
                           const std::vector<Photograph>& photographs, bool many_not_placed) {
  std::vector<Next> next;
  if (many_not_placed) AddJoins(photographs, kFirstJoins, &next);
  const std::vector<Candidate> candidates = Candidates(layout, coverage, photographs);
  std::vector<Sample> samples = coverage.samples;
  std::vector<Gain> gains(candidates.size());
  while (next.size() < kMostNext && !candidates.empty()) {
    ParallelFor(candidates.size(), 16,
                [&](size_t k) { gains[k] = GainOf(candidates[k], samples); });
    size_t best = candidates.size();
    double best_worth = 0;
    for (size_t k = 0; k < candidates.size(); ++k) {
      if (gains[k].shared < kLeastShared || gains[k].places < kWorthIt) continue;
      const Next& n = candidates[k].next;
      const double steps = (std::abs(n.right_m) + std::abs(n.ahead_m)) / kStep_m;
      const double worth =
          gains[k].places - kPerStep * steps - kPerEighth * std::abs(n.turn_deg) / 45;
      if (best == candidates.size() || worth > best_worth) {
        best = k;
        best_worth = worth;
      }
    }
    if (best == candidates.size()) break;
    const Candidate& chosen = candidates[best];
    Next& taken = next.emplace_back(chosen.next);
    const auto& of_wall = gains[best].of_wall;
    const auto wall = std::max_element(of_wall.begin(), of_wall.end());
    if (*wall > 0.3 * gains[best].places) {
      taken.wall = static_cast<char>('A' + (wall - of_wall.begin()));
    }
    taken.view = NearestView(chosen, layout, coverage);
    if (taken.view == taken.from) taken.view.reset();
    for (const uint32_t i : chosen.sees) {
      samples[i].Add((chosen.view.centre - samples[i].x).normalized());
    }
  }
  AddJoins(photographs, kMostNext, &next);
  return next;
}

}  // namespace ajar::check::internal
