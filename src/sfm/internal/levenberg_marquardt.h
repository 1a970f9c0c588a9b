// Robust least squares of a few parameters by damped Gauss-Newton steps (K. Levenberg 1944,
// D. Marquardt 1963).
#pragma once

#include <Eigen/Dense>
#include <algorithm>

namespace ajar::sfm::internal {

// At most `steps` from `state`; it ends where a step takes less than `settled` of the cost away.
//   cost_of(state) -> double
//   linearise(state, &normal, &gradient): adds J^T W J and J^T W r to what is zero
//   moved(state, delta) -> State
template <int N, class State, class CostOf, class Linearise, class Moved>
State LevenbergMarquardt(State state, int steps, double settled, const CostOf& cost_of,
                         const Linearise& linearise, const Moved& moved) {
  using Vector = Eigen::Matrix<double, N, 1>;
  using Matrix = Eigen::Matrix<double, N, N>;
  double cost = cost_of(state);
  double damping = 1e-4;
  for (int step = 0; step < steps; ++step) {
    Matrix normal = Matrix::Zero();
    Vector gradient = Vector::Zero();
    linearise(state, &normal, &gradient);
    normal.diagonal() *= 1 + damping;
    const Vector delta = -normal.ldlt().solve(gradient);
    if (!delta.allFinite()) break;
    State next = moved(state, delta);
    const double next_cost = cost_of(next);
    if (next_cost < cost) {
      const bool is_settled = cost - next_cost < settled * cost;
      state = next;
      cost = next_cost;
      damping = std::max(1e-10, 0.1 * damping);
      if (is_settled) break;
    } else {
      damping *= 10;
      if (damping > 1e6) break;
    }
  }
  return state;
}

}  // namespace ajar::sfm::internal
