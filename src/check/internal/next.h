// Which photographs to take next.
#pragma once

#include <vector>

#include "check/internal/coverage.h"
#include "check/internal/layout.h"

namespace ajar::check::internal {

inline constexpr size_t kMostNext = 5;
inline constexpr double kStep_m = 0.7;  // of a person

// Those that add most to the coverage, one after another, each told by a photograph that is there:
// at most two steps in one direction, then a turn by eighths of a circle. One that would share too
// little with the others to join them is not among them. Then those that would join a photograph
// that joins nothing; these come first where a fifth or more are such.
std::vector<Next> WhatNext(const Layout& layout, const Coverage& coverage,
                           const std::vector<Photograph>& photographs, bool many_not_placed);

}  // namespace ajar::check::internal
