#include "train/internal/initial.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/parallel.h"
#include "scene/splat_convention.h"

namespace ajar::train::internal {
namespace {

constexpr float kPointOpacity = 0.1f;
// Where a surface is known: how clear it begins, and its thickness over its width.
constexpr float kSurfaceOpacity = 0.5f, kFlatness = 0.2f;

// A balanced k-d tree over an array of indices: the median of each range is its node.
class NearestPoints {
 public:
  explicit NearestPoints(const std::vector<Eigen::Vector3f>& points)
      : points_(points), order_(points.size()), axis_(points.size()) {
    std::iota(order_.begin(), order_.end(), size_t{0});
    Build(0, order_.size());
  }

  // Squared distances to the nearest others of point `self`, ascending.
  void Find(size_t self, std::vector<float>& best) const { Search(self, 0, order_.size(), best); }

 private:
  void Build(size_t begin, size_t end) {
    if (end - begin < 2) return;
    Eigen::Vector3f low = points_[order_[begin]], high = low;
    for (size_t i = begin; i < end; ++i) {
      low = low.cwiseMin(points_[order_[i]]);
      high = high.cwiseMax(points_[order_[i]]);
    }
    int axis = 0;
    (high - low).maxCoeff(&axis);
    const size_t middle = begin + (end - begin) / 2;
    std::nth_element(order_.begin() + static_cast<ptrdiff_t>(begin),
                     order_.begin() + static_cast<ptrdiff_t>(middle),
                     order_.begin() + static_cast<ptrdiff_t>(end), [&](size_t a, size_t b) {
                       return std::pair(points_[a][axis], a) < std::pair(points_[b][axis], b);
                     });
    axis_[middle] = static_cast<int8_t>(axis);
    Build(begin, middle);
    Build(middle + 1, end);
  }

  void Search(size_t self, size_t begin, size_t end, std::vector<float>& best) const {
    if (begin == end) return;
    const size_t middle = begin + (end - begin) / 2, here = order_[middle];
    if (here != self) {
      const float d2 = (points_[here] - points_[self]).squaredNorm();
      if (d2 < best.back()) {
        best.back() = d2;
        for (size_t i = best.size() - 1; i > 0 && best[i] < best[i - 1]; --i) {
          std::swap(best[i], best[i - 1]);
        }
      }
    }
    if (end - begin == 1) return;
    const int axis = axis_[middle];
    const float offset = points_[self][axis] - points_[here][axis];
    const bool left_first = offset < 0;
    if (left_first) Search(self, begin, middle, best);
    else Search(self, middle + 1, end, best);
    if (offset * offset < best.back()) {
      if (left_first) Search(self, middle + 1, end, best);
      else Search(self, begin, middle, best);
    }
  }

  const std::vector<Eigen::Vector3f>& points_;
  std::vector<size_t> order_;
  std::vector<int8_t> axis_;
};

// Interleaved bits of a position in the box of all points.
uint64_t MortonCode(const Eigen::Vector3f& x, const Eigen::Vector3f& low, float inverse_size) {
  uint64_t code = 0;
  for (int axis = 0; axis < 3; ++axis) {
    const auto cell =
        static_cast<uint64_t>(std::clamp((x[axis] - low[axis]) * inverse_size, 0.0f, 1.0f) *
                              static_cast<float>((1 << 20) - 1));
    for (int bit = 0; bit < 20; ++bit) code |= (cell >> bit & 1) << (3 * bit + axis);
  }
  return code;
}

}  // namespace

std::vector<float> NeighbourDistances(const std::vector<Eigen::Vector3f>& points, int neighbours) {
  std::vector<float> distances(points.size(), 0.0f);
  const size_t wanted = std::min(static_cast<size_t>(neighbours), points.size() - 1);
  if (points.size() < 2) return distances;
  const NearestPoints nearest(points);
  ParallelForChunks(points.size(), 1024, [&](size_t, size_t begin, size_t end) {
    std::vector<float> best;
    for (size_t i = begin; i < end; ++i) {
      best.assign(wanted, std::numeric_limits<float>::infinity());
      nearest.Find(i, best);
      float sum = 0;
      for (const float d2 : best) sum += std::sqrt(d2);
      distances[i] = sum / static_cast<float>(wanted);
    }
  });
  return distances;
}

splat::SplatPlanes InitialSplats(const TrainInput& input, const Options& options) {
  const size_t budget = static_cast<size_t>(options.splats);
  const size_t count = std::min(budget, input.points.size());
  std::vector<Eigen::Vector3f> points(count);
  std::vector<size_t> source(count);
  for (size_t i = 0; i < count; ++i) {
    source[i] = i * input.points.size() / count;
    points[i] = input.points[source[i]];
  }
  const std::vector<float> distances = NeighbourDistances(points, 3);

  Eigen::Vector3f low = points[0], high = points[0];
  for (const Eigen::Vector3f& x : points) {
    low = low.cwiseMin(x);
    high = high.cwiseMax(x);
  }
  const float inverse_size = 1 / std::max(1e-12f, (high - low).maxCoeff());
  std::vector<std::pair<uint64_t, size_t>> order(count);
  for (size_t i = 0; i < count; ++i) order[i] = {MortonCode(points[i], low, inverse_size), i};
  std::sort(order.begin(), order.end());

  const float extent = static_cast<float>(input.scene_extent);
  splat::SplatPlanes splats(count, static_cast<int>(options.sh_degree));
  for (size_t i = 0; i < count; ++i) {
    const size_t from = order[i].second;
    const float scale =
        std::log(std::clamp(distances[from], 1e-5f * extent, 0.1f * extent));
    for (int k = 0; k < 3; ++k) {
      splats.plane(splat::kMean + k)[i] = points[from][k];
      splats.plane(splat::kScale + k)[i] = scale;
      const float colour = static_cast<float>(input.point_colours[source[from]][k]) / 255;
      splats.plane(splat::kSh + k)[i] = (colour - 0.5f) / kShC0;
    }
    const Eigen::Vector3f normal = input.point_normals.empty()
                                       ? Eigen::Vector3f::Zero()
                                       : input.point_normals[source[from]];
    const bool lies_flat = normal.squaredNorm() > 0.5f;
    const Eigen::Quaternionf rotation =
        lies_flat ? Eigen::Quaternionf::FromTwoVectors(Eigen::Vector3f::UnitZ(), normal)
                  : Eigen::Quaternionf::Identity();
    splats.plane(splat::kRotation)[i] = rotation.w();
    splats.plane(splat::kRotation + 1)[i] = rotation.x();
    splats.plane(splat::kRotation + 2)[i] = rotation.y();
    splats.plane(splat::kRotation + 3)[i] = rotation.z();
    if (lies_flat) splats.plane(splat::kScale + 2)[i] += std::log(kFlatness);
    const float opacity = lies_flat ? kSurfaceOpacity : kPointOpacity;
    splats.plane(splat::kOpacity)[i] = std::log(opacity / (1 - opacity));
  }
  return splats;
}

}  // namespace ajar::train::internal
