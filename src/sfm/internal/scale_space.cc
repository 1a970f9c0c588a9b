#include "sfm/internal/scale_space.h"

#include <Eigen/Dense>
#include <cmath>
#include <cstddef>
#include <optional>

#include "sfm/internal/kernels/blur.h"

namespace ajar::sfm::internal {
namespace {

constexpr int kBorder = 5;       // pixels along the edge in which nothing is looked for
constexpr int kRefinements = 5;  // at most
constexpr double kEdgeRatio = 10;

// Differences of neighbouring levels, read as one volume.
class Differences {
 public:
  explicit Differences(const Octave& octave) : width_(octave.width) {
    for (size_t s = 0; s + 1 < octave.levels.size(); ++s) {
      const std::vector<float>&a = octave.levels[s], &b = octave.levels[s + 1];
      std::vector<float> d(a.size());
      for (size_t i = 0; i < d.size(); ++i) d[i] = b[i] - a[i];
      layers_.push_back(std::move(d));
    }
  }
  const float* Row(int s, int y) const {
    return layers_[static_cast<size_t>(s)].data() + static_cast<ptrdiff_t>(y) * width_;
  }
  double At(int s, int y, int x) const { return Row(s, y)[x]; }

 private:
  int width_ = 0;
  std::vector<std::vector<float>> layers_;
};

template <class Better>
bool IsExtremum(const Differences& d, int s, int y, int x, Better better) {
  const float value = d.Row(s, y)[x];
  for (int k = -1; k <= 1; ++k) {
    for (int j = -1; j <= 1; ++j) {
      const float* row = d.Row(s + k, y + j) + x;
      for (int i = -1; i <= 1; ++i) {
        if ((k || j || i) && !better(value, row[i])) return false;
      }
    }
  }
  return true;
}

std::optional<Blob> Refined(const Differences& d, const Octave& octave, int s, int y, int x,
                            float least_contrast) {
  Eigen::Vector3d offset;
  Eigen::Vector3d gradient;
  double dxx = 0, dyy = 0, dxy = 0;
  for (int step = 0;; ++step) {
    const double value = d.At(s, y, x);
    gradient = {0.5 * (d.At(s, y, x + 1) - d.At(s, y, x - 1)),
                0.5 * (d.At(s, y + 1, x) - d.At(s, y - 1, x)),
                0.5 * (d.At(s + 1, y, x) - d.At(s - 1, y, x))};
    dxx = d.At(s, y, x + 1) + d.At(s, y, x - 1) - 2 * value;
    dyy = d.At(s, y + 1, x) + d.At(s, y - 1, x) - 2 * value;
    const double dss = d.At(s + 1, y, x) + d.At(s - 1, y, x) - 2 * value;
    dxy = 0.25 * (d.At(s, y + 1, x + 1) - d.At(s, y + 1, x - 1) - d.At(s, y - 1, x + 1) +
                  d.At(s, y - 1, x - 1));
    const double dxs = 0.25 * (d.At(s + 1, y, x + 1) - d.At(s + 1, y, x - 1) -
                               d.At(s - 1, y, x + 1) + d.At(s - 1, y, x - 1));
    const double dys = 0.25 * (d.At(s + 1, y + 1, x) - d.At(s + 1, y - 1, x) -
                               d.At(s - 1, y + 1, x) + d.At(s - 1, y - 1, x));
    Eigen::Matrix3d hessian;
    hessian << dxx, dxy, dxs, dxy, dyy, dys, dxs, dys, dss;
    offset = -hessian.fullPivLu().solve(gradient);
    if (!offset.allFinite()) return std::nullopt;
    if (offset.cwiseAbs().maxCoeff() < 0.6) break;
    if (step == kRefinements || offset.cwiseAbs().maxCoeff() > 1e3) return std::nullopt;
    x += static_cast<int>(std::lround(offset[0]));
    y += static_cast<int>(std::lround(offset[1]));
    s += static_cast<int>(std::lround(offset[2]));
    if (s < 1 || s > kScales || x < kBorder || x >= octave.width - kBorder || y < kBorder ||
        y >= octave.height - kBorder) {
      return std::nullopt;
    }
  }
  const double contrast = std::abs(d.At(s, y, x) + 0.5 * gradient.dot(offset));
  if (contrast < least_contrast) return std::nullopt;
  const double trace = dxx + dyy, determinant = dxx * dyy - dxy * dxy;
  if (determinant <= 0 ||
      trace * trace * kEdgeRatio >= (kEdgeRatio + 1) * (kEdgeRatio + 1) * determinant) {
    return std::nullopt;
  }
  return Blob{x + offset[0], y + offset[1], s + offset[2], static_cast<float>(contrast)};
}

}  // namespace

Octave MakeOctave(std::vector<float> first, int width, int height) {
  Octave octave{width, height, {}};
  std::vector<float> scratch;
  octave.levels.push_back(std::move(first));
  for (int s = 1; s < kScales + 3; ++s) {
    const double before = kFirstSigma_px * std::exp2((s - 1.0) / kScales);
    const double sigma = before * std::sqrt(std::exp2(2.0 / kScales) - 1);
    std::vector<float> level(octave.levels.back().size());
    Blur(octave.levels.back().data(), width, height, sigma, &scratch, level.data());
    octave.levels.push_back(std::move(level));
  }
  return octave;
}

std::vector<float> NextFirst(const Octave& octave, int* width, int* height) {
  *width = (octave.width + 1) / 2;
  *height = (octave.height + 1) / 2;
  const std::vector<float>& level = octave.levels[kScales];
  std::vector<float> next;
  next.reserve(static_cast<size_t>(*width) * static_cast<size_t>(*height));
  for (int y = 0; y < octave.height; y += 2) {
    const float* row = level.data() + static_cast<ptrdiff_t>(y) * octave.width;
    for (int x = 0; x < octave.width; x += 2) next.push_back(row[x]);
  }
  return next;
}

std::vector<Blob> FindBlobs(const Octave& octave, float least_contrast) {
  const Differences d(octave);
  const float threshold = 0.8f * least_contrast;  // refinement may find a little more
  std::vector<Blob> blobs;
  for (int s = 1; s <= kScales; ++s) {
    for (int y = kBorder; y < octave.height - kBorder; ++y) {
      const float* row = d.Row(s, y);
      for (int x = kBorder; x < octave.width - kBorder; ++x) {
        const float value = row[x];
        if (std::abs(value) < threshold) continue;
        const bool extremum = value > 0
                                  ? IsExtremum(d, s, y, x, [](float a, float b) { return a > b; })
                                  : IsExtremum(d, s, y, x, [](float a, float b) { return a < b; });
        if (!extremum) continue;
        if (const auto blob = Refined(d, octave, s, y, x, least_contrast)) blobs.push_back(*blob);
      }
    }
  }
  return blobs;
}

}  // namespace ajar::sfm::internal
