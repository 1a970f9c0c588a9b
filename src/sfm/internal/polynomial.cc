#include "sfm/internal/polynomial.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>

#include "base/check.h"

namespace ajar::sfm::internal {
namespace {

constexpr double kReach = 1.001;  // one, and a little, so that none is lost at one itself

// Coefficients c[0] .. c[degree].
struct Polynomial {
  std::array<double, kMostDegree + 1> c{};
  size_t degree = 0;
};

struct ValueAndSlope {
  double value = 0, slope = 0;
};
ValueAndSlope At(const Polynomial& p, double x) {
  ValueAndSlope r;
  for (size_t i = p.degree + 1; i-- > 0;) {
    r.slope = r.slope * x + r.value;
    r.value = r.value * x + p.c[i];
  }
  return r;
}

// The root between a and b, where the signs differ.
double Between(const Polynomial& p, double a, double b, bool rises) {
  double x = 0.5 * (a + b);
  for (int step = 0; step < 60; ++step) {
    const ValueAndSlope at = At(p, x);
    if (at.value == 0) return x;
    ((at.value < 0) == rises ? a : b) = x;
    double next = x - at.value / at.slope;
    if (!(next > a && next < b)) next = 0.5 * (a + b);
    if (std::abs(next - x) <= 1e-13 * std::max(1.0, std::abs(x))) return next;
    x = next;
  }
  return x;
}

// Between each two of the derivative's there is one at most.
std::vector<double> RootsWithinReach(const Polynomial& p) {
  std::array<Polynomial, kMostDegree> chain;
  chain[0] = p;
  for (size_t k = 1; k < p.degree; ++k) {
    chain[k].degree = chain[k - 1].degree - 1;
    for (size_t i = 0; i <= chain[k].degree; ++i) {
      chain[k].c[i] = static_cast<double>(i + 1) * chain[k - 1].c[i + 1];
    }
  }
  std::array<double, kMostDegree + 2> ends;
  std::array<double, kMostDegree> roots;
  size_t count = 0;
  for (size_t k = p.degree; k-- > 0;) {
    ends[0] = -kReach;
    std::copy_n(roots.begin(), count, ends.begin() + 1);
    ends[count + 1] = kReach;
    const size_t intervals = count + 1;
    count = 0;
    double before = At(chain[k], ends[0]).value;
    for (size_t i = 0; i < intervals; ++i) {
      const double after = At(chain[k], ends[i + 1]).value;
      if ((before < 0) != (after < 0)) {
        roots[count++] = Between(chain[k], ends[i], ends[i + 1], before < 0);
      }
      before = after;
    }
  }
  return {roots.begin(), roots.begin() + static_cast<ptrdiff_t>(count)};
}

}  // namespace

std::vector<double> RealRoots(std::span<const double> coefficients) {
  AJAR_CHECK_LE(coefficients.size(), kMostDegree + 1);
  double largest = 0;
  for (const double v : coefficients) {
    if (!std::isfinite(v)) return {};
    largest = std::max(largest, std::abs(v));
  }
  size_t size = coefficients.size();
  while (size > 0 && std::abs(coefficients[size - 1]) <= 1e-14 * largest) --size;
  if (size < 2) return {};
  Polynomial p, reversed;
  p.degree = reversed.degree = size - 1;
  std::copy_n(coefficients.begin(), size, p.c.begin());
  std::reverse_copy(coefficients.begin(), coefficients.begin() + static_cast<ptrdiff_t>(size),
                    reversed.c.begin());
  // Those beyond it are the inverses of the reversed polynomial's.
  std::vector<double> roots = RootsWithinReach(p);
  for (const double r : RootsWithinReach(reversed)) {
    if (r != 0 && std::abs(r) < 1 / kReach) roots.push_back(1 / r);
  }
  std::sort(roots.begin(), roots.end());
  return roots;
}

}  // namespace ajar::sfm::internal
