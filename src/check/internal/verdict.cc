#include "check/internal/verdict.h"

#include <algorithm>

namespace ajar::check::internal {
namespace {

constexpr size_t kFewest = 3;
constexpr size_t kFew = 10;
constexpr double kHalf = 0.5;            // of a wall
constexpr double kTurnOnly = 0.8;        // of what agrees, for a pair from one spot
constexpr double kSquaresCovered = 0.7;  // share of the floor
constexpr size_t kOfNote = 4;            // photographs in a piece of its own

bool FromOneSpot(const sfm::Report& report) {
  size_t agree = 0, turned = 0;
  for (const sfm::Likeness& pair : report.alike) {
    if (pair.agreeing == 0) continue;
    ++agree;
    if (pair.by_turning >= kTurnOnly * pair.agreeing) ++turned;
  }
  return agree >= 2 && 3 * turned >= 2 * agree;
}

void JudgePlan(const Plan& plan, std::vector<Reason>* reasons) {
  const auto lacking =
      std::ranges::count_if(plan.walls, [](const Wall& wall) { return !wall.enough; });
  const auto missing =
      std::ranges::count_if(plan.walls, [](const Wall& wall) { return wall.missing; });
  if (missing >= 3) return reasons->push_back(Reason::kOneSide);
  if (std::ranges::all_of(plan.walls, [](const Wall& w) { return w.covered < kHalf; })) {
    return reasons->push_back(Reason::kNoWall);
  }
  if (lacking > 0) reasons->push_back(Reason::kWalls);
  const auto covered =
      std::ranges::count_if(plan.squares, [](const Square& square) { return square.covered; });
  if (static_cast<double>(covered) < kSquaresCovered * static_cast<double>(plan.squares.size())) {
    reasons->push_back(Reason::kMiddle);
  }
}

}  // namespace

void Judge(const sfm::Report& report, Findings* findings) {
  const size_t count = findings->photographs.size(), placed = findings->placed;
  std::vector<Reason>& reasons = findings->reasons;
  const bool in_pieces = std::ranges::any_of(
      findings->pieces, [](const auto& piece) { return piece.size() >= kOfNote; });
  findings->verdict = Verdict::kTooFew;
  if (count < kFewest) {
    reasons.push_back(Reason::kTooFewPhotographs);
  } else if (placed == 0) {
    reasons.push_back(FromOneSpot(report) ? Reason::kOneSpot : Reason::kNothingPlaced);
  } else if (2 * placed < count) {
    reasons.push_back(Reason::kFewPlaced);
    if (in_pieces) reasons.push_back(Reason::kPieces);
  } else {
    if (in_pieces) reasons.push_back(Reason::kPieces);
    const auto lost =
        static_cast<size_t>(std::ranges::count_if(findings->photographs, [&](const Photograph& p) {
          return !p.placed && !(in_pieces && p.elsewhere);
        }));
    if (5 * lost >= count) reasons.push_back(Reason::kManyNotPlaced);
    if (count < kFew) reasons.push_back(Reason::kFewPhotographs);
    JudgePlan(findings->plan, &reasons);
    findings->verdict = reasons.empty() ? Verdict::kEnough : Verdict::kNotYet;
  }
}

}  // namespace ajar::check::internal
