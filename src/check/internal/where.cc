#include "check/internal/where.h"

#include <algorithm>
#include <array>

#include "check/internal/layout.h"

namespace ajar::check::internal {
namespace {

using Eigen::Vector2d;

constexpr double kBehindIsHarder = 0.15;  // to think of than what one sees or stands beside

// The middle of what is missing.
Vector2d MiddleOf(const Wall& wall) {
  double at = 0.5;
  if (wall.lacks == Part::kLeft) at = 0.2;
  if (wall.lacks == Part::kRight) at = 0.8;
  return wall.from + at * (wall.to - wall.from);
}

}  // namespace

std::optional<Beside> BesideWall(const Wall& wall, const std::vector<Photograph>& photographs) {
  const Vector2d along = (wall.to - wall.from).normalized();
  const Vector2d outward(along.y(), -along.x());
  const Vector2d middle = MiddleOf(wall);
  std::optional<Beside> best;
  double best_score = 0;
  for (size_t i = 0; i < photographs.size(); ++i) {
    const Photograph& p = photographs[i];
    if (!p.placed || p.ahead.isZero() || p.flaws.any()) continue;
    const double ahead = p.ahead.dot(outward), right = RightOf(p.ahead).dot(outward);
    const std::array<double, 4> square = {ahead, right, -ahead, -right};
    const auto at = std::max_element(square.begin(), square.end());
    Beside beside{i, static_cast<Side>(at - square.begin())};
    double score = 4 * *at - (p.position - middle).norm();
    if (beside.side == Side::kBehind) score -= kBehindIsHarder;
    if (!best || score > best_score) {
      best = beside;
      best_score = score;
    }
  }
  return best;
}

}  // namespace ajar::check::internal
