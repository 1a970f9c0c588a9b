#include <Eigen/Geometry>
#include <Eigen/LU>
#include <algorithm>
#include <cmath>

#include "scene/splat_convention.h"
#include "space/internal/contour.h"
#include "space/space.h"

namespace ajar::space {
namespace {

using Eigen::Vector2d;
using Eigen::Vector3d;

constexpr double kCell_m = 0.08;
constexpr double kMostAcross = 160;       // cells
constexpr double kNear_m = 0.1;           // of the ceiling's height: its own splats
constexpr float kLevel = 0.8f;            // cosine of a splat's normal to upright
constexpr double kKnown = 0.3;            // opacity from which a cell's colour is known
constexpr double kLeastKnownShare = 0.2;  // of all cells
constexpr int kSweeps = 400;
constexpr float kOpacity = 0.6f;  // cells overlap: together as good as opaque
constexpr float kThinness = 0.1f;

// Squares of the ceiling, in rows along x.
struct Cells {
  Vector2d low;  // x, z of the grid's corner
  double side_m = 0;
  int columns = 0, rows = 0;
  std::vector<uint8_t> inside;   // the outline
  std::vector<double> opacity;   // summed over splats
  std::vector<Vector3d> colour;  // weighted by it; then their mean

  size_t At(int column, int row) const { return static_cast<size_t>(row * columns + column); }
  Vector2d Middle(int column, int row) const {
    return low + side_m * Vector2d(column + 0.5, row + 0.5);
  }
};

Cells CellsIn(const std::vector<Vector2d>& outline) {
  Cells cells;
  Vector2d high = outline[0];
  cells.low = outline[0];
  for (const Vector2d& corner : outline) {
    cells.low = cells.low.cwiseMin(corner);
    high = high.cwiseMax(corner);
  }
  cells.side_m = std::max(kCell_m, (high - cells.low).maxCoeff() / kMostAcross);
  const Eigen::Vector2i count_along =
      ((high - cells.low) / cells.side_m).array().ceil().max(1).cast<int>();
  cells.columns = count_along.x();
  cells.rows = count_along.y();
  const size_t count = static_cast<size_t>(cells.columns) * static_cast<size_t>(cells.rows);
  cells.opacity.assign(count, 0);
  cells.colour.assign(count, Vector3d::Zero());
  for (int row = 0; row < cells.rows; ++row) {
    for (int column = 0; column < cells.columns; ++column) {
      cells.inside.push_back(Contains(outline, cells.Middle(column, row)));
    }
  }
  return cells;
}

// What a look straight up meets of a splat that lies level at the ceiling.
void Meet(const SplatCloud& cloud, size_t i, double height_m, Cells* cells) {
  const Vector3d mean = cloud.means[i].cast<double>();
  if (std::abs(mean.y() - height_m) > kNear_m) return;
  const Eigen::Vector4f& q = cloud.rotations[i];
  const Eigen::Matrix3f axes =
      Eigen::Quaternionf(q[0], q[1], q[2], q[3]).normalized().toRotationMatrix();
  int thin = 0;
  cloud.log_scales[i].minCoeff(&thin);
  if (std::abs(axes(1, thin)) < kLevel) return;
  const Eigen::Matrix3f spread = axes * cloud.log_scales[i].array().exp().matrix().asDiagonal();
  const Eigen::Matrix3d covariance = (spread * spread.transpose()).cast<double>();
  Eigen::Matrix2d flat;
  flat << covariance(0, 0), covariance(0, 2), covariance(2, 0), covariance(2, 2);
  const Vector2d reach = (kMaxQ * flat.diagonal()).cwiseSqrt();
  const Eigen::Matrix2d inverse = flat.inverse();
  const Vector2d at(mean.x(), mean.z());
  const Vector2d first = (at - reach - cells->low) / cells->side_m;
  const Vector2d last = (at + reach - cells->low) / cells->side_m;
  const float* sh = cloud.sh.data() + i * cloud.sh_stride();
  const Vector3d colour = Vector3d::Constant(0.5) + kShC0 * Vector3d(sh[0], sh[1], sh[2]);
  const double opacity = 1 / (1 + std::exp(-static_cast<double>(cloud.opacity_logits[i])));
  const auto within = [](double x, int most) {
    return static_cast<int>(std::clamp(x, 0.0, most - 1.0));
  };
  for (int row = within(first.y(), cells->rows); row <= within(last.y(), cells->rows); ++row) {
    for (int column = within(first.x(), cells->columns); column <= within(last.x(), cells->columns);
         ++column) {
      const Vector2d from = cells->Middle(column, row) - at;
      const double power = from.dot(inverse * from);
      if (!(power < kMaxQ)) continue;
      const double alpha = opacity * std::exp(-power / 2);
      cells->opacity[cells->At(column, row)] += alpha;
      cells->colour[cells->At(column, row)] += alpha * colour;
    }
  }
}

// Colours of all cells from those that are known: each the mean of its neighbours (Laplace's
// equation, by Gauss and Seidel's sweeps).
void Spread(const std::vector<uint8_t>& known, Cells* cells) {
  Vector3d mean = Vector3d::Zero();
  double count = 0;
  for (size_t i = 0; i < known.size(); ++i) {
    if (!known[i]) continue;
    mean += cells->colour[i];
    ++count;
  }
  for (size_t i = 0; i < known.size(); ++i) {
    if (!known[i]) cells->colour[i] = mean / count;
  }
  for (int sweep = 0; sweep < kSweeps; ++sweep) {
    for (int row = 0; row < cells->rows; ++row) {
      for (int column = 0; column < cells->columns; ++column) {
        const size_t here = cells->At(column, row);
        if (known[here]) continue;
        const int left = std::max(0, column - 1), right = std::min(cells->columns - 1, column + 1);
        const int up = std::max(0, row - 1), down = std::min(cells->rows - 1, row + 1);
        cells->colour[here] =
            (cells->colour[cells->At(left, row)] + cells->colour[cells->At(right, row)] +
             cells->colour[cells->At(column, up)] + cells->colour[cells->At(column, down)]) /
            4;
      }
    }
  }
}

}  // namespace

SplatCloud UnseenCeiling(const SplatCloud& shown, const std::vector<Vector2d>& outline,
                         std::optional<double> height_m, const SeenAt& seen_at) {
  SplatCloud ceiling;
  if (outline.size() < 3 || !height_m) return ceiling;
  Cells cells = CellsIn(outline);
  for (size_t i = 0; i < shown.size(); ++i) Meet(shown, i, *height_m, &cells);
  std::vector<uint8_t> known(cells.inside.size(), 0);
  double inside = 0, known_count = 0;
  std::vector<Vector3d> places;
  for (int row = 0; row < cells.rows; ++row) {
    for (int column = 0; column < cells.columns; ++column) {
      const size_t here = cells.At(column, row);
      if (!cells.inside[here]) continue;
      const Vector2d at = cells.Middle(column, row);
      places.emplace_back(at.x(), *height_m, at.y());
      known[here] = cells.opacity[here] > kKnown;
      if (known[here]) cells.colour[here] /= cells.opacity[here];
      ++inside;
      known_count += known[here];
    }
  }
  if (known_count == 0 || known_count < kLeastKnownShare * inside) return ceiling;
  Spread(known, &cells);
  const std::vector<float> seen = seen_at(places);
  size_t place = 0;
  for (size_t here = 0; here < cells.inside.size(); ++here) {
    if (!cells.inside[here]) continue;
    const size_t i = place++;
    const float opacity = kOpacity * (1 - seen[i]);
    if (opacity < kMinAlpha) continue;
    const size_t made = ceiling.size();
    ceiling.Resize(made + 1, 0);
    ceiling.means[made] = places[i].cast<float>();
    ceiling.rotations[made] = {1, 0, 0, 0};
    const float side = static_cast<float>(cells.side_m);
    ceiling.log_scales[made] = Eigen::Vector3f(side, kThinness * side, side).array().log();
    ceiling.opacity_logits[made] = std::log(opacity / (1 - opacity));
    for (int c = 0; c < 3; ++c) {
      ceiling.sh[3 * made + static_cast<size_t>(c)] =
          static_cast<float>((cells.colour[here][c] - 0.5) / static_cast<double>(kShC0));
    }
  }
  return ceiling;
}

}  // namespace ajar::space
