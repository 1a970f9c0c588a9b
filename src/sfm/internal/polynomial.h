// Real roots of polynomials of low degree, for the minimal solvers.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace ajar::sfm::internal {

inline constexpr size_t kMostDegree = 10;

// Of c[0] + c[1] x + ... + c[n] x^n, ascending; roots of even multiplicity may be missed. Each
// lies between two of the derivative's roots and is found there by halving and Newton's steps.
// Nothing for a polynomial that is not finite or is constant.
std::vector<double> RealRoots(std::span<const double> coefficients);

}  // namespace ajar::sfm::internal
