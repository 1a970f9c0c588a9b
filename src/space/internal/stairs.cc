#include "space/internal/stairs.h"

#include <Eigen/Geometry>
#include <algorithm>
#include <cmath>
#include <utility>

#include "space/internal/contour.h"

namespace ajar::space {
namespace {

using Box = Eigen::AlignedBox2d;
using Eigen::Vector2d;

constexpr double kLeastRise_m = 0.1, kMostRise_m = 0.25;
constexpr double kLeastTread_m = 0.15, kMostTread_m = 0.5;
constexpr double kBeside_m = 0.12;  // a step begins so near to where the one below ends
constexpr double kAsWide = 0.7;     // of the wider one's width, what two have beside each other
constexpr size_t kFewestSteps = 3;
constexpr float kLevel_m = 0.045f;  // tops of one step differ by less from cell to cell
constexpr double kLeastStep_m2 = 0.04;
constexpr double kMostlyWithin = 0.6;

struct Step {
  Box box;
  double height_m = 0;
};

// Cells whose neighbours are as high.
Mask LevelCells(const Map<float>& top_m) {
  Mask level = Mask::Like(top_m);
  for (int z = 0; z < top_m.nz; ++z) {
    for (int x = 0; x < top_m.nx; ++x) {
      const float top = top_m.at(x, z);
      level.at(x, z) = top > 0 ? 1 : 0;
      for (const auto& [dx, dz] : {std::pair(1, 0), {-1, 0}, {0, 1}, {0, -1}}) {
        const float other = top_m.Has(x + dx, z + dz) ? top_m.at(x + dx, z + dz) : 0;
        if (other > 0 && std::abs(other - top) > kLevel_m) level.at(x, z) = 0;
      }
    }
  }
  return level;
}

std::vector<Step> LevelParts(const Map<float>& top_m) {
  std::vector<int> sizes;
  const Map<int> parts = Parts(LevelCells(top_m), &sizes);
  std::vector<Step> all(sizes.size());
  std::vector<std::vector<float>> tops(sizes.size());
  const Vector2d half = Vector2d::Constant(0.5 * top_m.cell_m);
  for (int z = 0; z < parts.nz; ++z) {
    for (int x = 0; x < parts.nx; ++x) {
      const auto part = static_cast<size_t>(parts.at(x, z));
      if (part == 0) continue;
      all[part].box.extend(parts.Centre(x, z) - half);
      all[part].box.extend(parts.Centre(x, z) + half);
      tops[part].push_back(top_m.at(x, z));
    }
  }
  std::vector<Step> steps;
  for (size_t p = 1; p < sizes.size(); ++p) {
    if (sizes[p] * top_m.cell_m * top_m.cell_m < kLeastStep_m2) continue;
    const auto middle = tops[p].begin() + static_cast<std::ptrdiff_t>(tops[p].size() / 2);
    std::nth_element(tops[p].begin(), middle, tops[p].end());
    all[p].height_m = static_cast<double>(*middle);
    steps.push_back(all[p]);
  }
  return steps;
}

double ShareWithin(const Furniture& f, const Box& box) {
  Box own;
  for (const Vector2d& p : f.outline) own.extend(p);
  const Box both = own.intersection(box);
  return both.isEmpty() ? 0 : both.volume() / own.volume();
}

// 0 or 1: the axis along which `b` lies right behind `a`, in the direction of `sign`.
bool Follows(const Box& a, const Box& b, int axis, int sign) {
  const int across = 1 - axis;
  const double gap = sign > 0 ? b.min()[axis] - a.max()[axis] : a.min()[axis] - b.max()[axis];
  const double tread = b.sizes()[axis];
  const double shared =
      std::min(a.max()[across], b.max()[across]) - std::max(a.min()[across], b.min()[across]);
  return std::abs(gap) < kBeside_m && tread > kLeastTread_m && tread < kMostTread_m &&
         shared > kAsWide * std::max(a.sizes()[across], b.sizes()[across]);
}

// The steps from the lowest upwards.
std::vector<Step> Climb(const std::vector<Step>& parts, const Step& first, int axis, int sign) {
  std::vector<Step> steps = {first};
  for (;;) {
    const auto next = std::ranges::find_if(parts, [&](const Step& s) {
      const double rise = s.height_m - steps.back().height_m;
      return rise > kLeastRise_m && rise < kMostRise_m &&
             Follows(steps.back().box, s.box, axis, sign);
    });
    if (next == parts.end()) return steps;
    steps.push_back(*next);
  }
}

Furniture Stair(const std::vector<Step>& steps, const Box& all, int axis, int sign) {
  Furniture stair;
  stair.outline = {
      all.min(), {all.max().x(), all.min().y()}, all.max(), {all.min().x(), all.max().y()}};
  stair.height_m = steps.back().height_m;
  for (const Step& s : steps) {
    Vector2d from = all.min(), to = all.max();
    from[axis] = to[axis] = sign > 0 ? s.box.min()[axis] : s.box.max()[axis];
    stair.treads.push_back({from, to});
  }
  return stair;
}

}  // namespace

void JoinStairs(const Map<float>& top_m, std::vector<Furniture>* furniture) {
  const std::vector<Step> parts = LevelParts(top_m);
  for (const Step& first : parts) {
    if (first.height_m > kMostRise_m) continue;
    for (const auto& [axis, sign] : {std::pair(0, -1), {0, 1}, {1, -1}, {1, 1}}) {
      const std::vector<Step> steps = Climb(parts, first, axis, sign);
      if (steps.size() < kFewestSteps) continue;
      Box all;
      for (const Step& s : steps) all.extend(s.box);
      std::erase_if(*furniture,
                    [&](const Furniture& f) { return ShareWithin(f, all) > kMostlyWithin; });
      furniture->push_back(Stair(steps, all, axis, sign));
      break;
    }
  }
}

}  // namespace ajar::space
