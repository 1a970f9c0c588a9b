#include "dense/internal/fuse.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include "base/parallel.h"

namespace ajar::dense::internal {
namespace {

constexpr float kSame = 0.02f;     // relative difference of depths that are the same
constexpr float kThrough = 0.08f;  // and of one that lies clearly behind
constexpr int kStride = 2;         // pixels between those that become points
constexpr int kNormalReach = 2;    // pixels around one that give its normal

struct Sight {
  float ratio;  // the point's depth there over the depth found there
  size_t pixel;
};

// Where view `other` sees a place, and how that compares with what it found.
std::optional<Sight> Look(const Prepared& other, const DepthMap& map, const Eigen::Vector3d& x) {
  if (map.inverse_depth.empty()) return std::nullopt;
  const Eigen::Vector3d in_other = other.pose.cam_from_world * x;
  const auto pixel = other.pose.camera.ImgFromCam(in_other);
  if (!pixel) return std::nullopt;
  const int u = static_cast<int>(std::floor(pixel->x())), v = static_cast<int>(std::floor(pixel->y()));
  if (u < 0 || v < 0 || u >= map.width || v >= map.height) return std::nullopt;
  const size_t at = static_cast<size_t>(v) * static_cast<size_t>(map.width) + static_cast<size_t>(u);
  return Sight{static_cast<float>(in_other.z()) * map.inverse_depth[at], at};
}

Eigen::Vector3d PlaceOf(const Prepared& view, const DepthMap& map, int x, int y) {
  const size_t at = static_cast<size_t>(y) * static_cast<size_t>(map.width) + static_cast<size_t>(x);
  const double depth = 1 / static_cast<double>(map.inverse_depth[at]);
  const Camera& c = view.pose.camera;
  const Eigen::Vector3d in_cam((x + 0.5 - c.cx()) / c.fx() * depth,
                               (y + 0.5 - c.cy()) / c.fy() * depth, depth);
  return Inverse(view.pose.cam_from_world) * in_cam;
}

// On a plane, inverse depth is linear in the picture: n . (u, v, 1) = c w.
Eigen::Vector3f NormalOf(const Prepared& view, const DepthMap& map, int x, int y) {
  double du = 0, dv = 0, mean = 0, squares = 0;
  int count = 0;
  for (int j = -kNormalReach; j <= kNormalReach; ++j) {
    for (int i = -kNormalReach; i <= kNormalReach; ++i) {
      const size_t at = static_cast<size_t>(y + j) * static_cast<size_t>(map.width) +
                        static_cast<size_t>(x + i);
      const double w = static_cast<double>(map.inverse_depth[at]);
      du += i * w;
      dv += j * w;
      mean += w;
      squares += i * i;
      ++count;
    }
  }
  const Camera& c = view.pose.camera;
  du *= c.fx() / squares;
  dv *= c.fy() / squares;
  mean /= count;
  const double u = (x + 0.5 - c.cx()) / c.fx(), v = (y + 0.5 - c.cy()) / c.fy();
  Eigen::Vector3d normal(du, dv, mean - u * du - v * dv);
  if (normal.dot(Eigen::Vector3d(u, v, 1)) > 0) normal = -normal;
  return (view.pose.cam_from_world.rotation.conjugate() * normal.normalized()).cast<float>();
}

struct Cell {
  uint64_t key;
  uint32_t point;
  bool operator<(const Cell& other) const {
    return key != other.key ? key < other.key : point < other.point;
  }
};

std::vector<Cell> CellsOf(const std::vector<SurfacePoint>& points, const Eigen::Vector3f& low,
                          float size) {
  std::vector<Cell> cells(points.size());
  ParallelFor(points.size(), 65536, [&](size_t i) {
    const Eigen::Vector3f at = (points[i].x_in_world - low) / size;
    uint64_t key = 0;
    for (int k = 0; k < 3; ++k) {
      key = key << 21 | static_cast<uint64_t>(std::clamp(at[k], 0.0f, 2097151.0f));
    }
    cells[i] = {key, static_cast<uint32_t>(i)};
  });
  std::sort(cells.begin(), cells.end());
  return cells;
}

size_t CountDifferent(const std::vector<Cell>& cells) {
  size_t count = 0;
  for (size_t i = 0; i < cells.size(); ++i) count += i == 0 || cells[i].key != cells[i - 1].key;
  return count;
}

// The mean of the points in each cell.
std::vector<SurfacePoint> MeanOfCells(const std::vector<SurfacePoint>& points,
                                      const std::vector<Cell>& cells) {
  std::vector<SurfacePoint> means;
  for (size_t begin = 0, end = 0; begin < cells.size(); begin = end) {
    Eigen::Vector3d x = Eigen::Vector3d::Zero(), normal = x, rgb = x;
    for (; end < cells.size() && cells[end].key == cells[begin].key; ++end) {
      const SurfacePoint& p = points[cells[end].point];
      x += p.x_in_world.cast<double>();
      normal += p.normal_in_world.cast<double>();
      rgb += p.rgb.cast<double>();
    }
    const double count = static_cast<double>(end - begin);
    if (normal.norm() < 1e-6) normal = points[cells[begin].point].normal_in_world.cast<double>();
    means.push_back({(x / count).cast<float>(), normal.normalized().cast<float>(),
                     (rgb / count).array().round().cast<uint8_t>()});
  }
  return means;
}

std::vector<SurfacePoint> Thinned(const std::vector<SurfacePoint>& points, size_t max_points) {
  if (points.size() <= max_points) return points;
  Eigen::Vector3f low = points[0].x_in_world, high = low;
  for (const SurfacePoint& p : points) {
    low = low.cwiseMin(p.x_in_world);
    high = high.cwiseMax(p.x_in_world);
  }
  // Cells of a size between these two, halving the gap on a scale of logarithms.
  float fine = (high - low).maxCoeff() * 1e-5f, coarse = (high - low).maxCoeff();
  for (int k = 0; k < 16 && coarse > 1.02f * fine; ++k) {
    const float middle = std::sqrt(fine * coarse);
    (CountDifferent(CellsOf(points, low, middle)) > max_points ? fine : coarse) = middle;
  }
  return MeanOfCells(points, CellsOf(points, low, coarse));
}

}  // namespace

std::vector<uint8_t> Agreed(const std::vector<Prepared>& views, const std::vector<DepthMap>& maps,
                            size_t self, std::span<const size_t> others, int least) {
  const DepthMap& map = maps[self];
  std::vector<uint8_t> agreed(map.inverse_depth.size(), 0);
  for (size_t at = 0; at < agreed.size(); ++at) {
    const int x = static_cast<int>(at % static_cast<size_t>(map.width));
    const int y = static_cast<int>(at / static_cast<size_t>(map.width));
    const Eigen::Vector3d place = PlaceOf(views[self], map, x, y);
    // Far away a step between hypotheses is more than the share.
    const float same = std::max(kSame, 1.5f * map.step / map.inverse_depth[at]);
    int count = 0;
    for (const size_t other : others) {
      const auto sight = Look(views[other], maps[other], place);
      count += sight && std::abs(sight->ratio - 1) < same;
      if (count >= least) break;
    }
    agreed[at] = count >= least ? kAgreed : kUnknown;
  }
  return agreed;
}

std::vector<SurfacePoint> Fuse(const std::vector<Prepared>& views,
                               const std::vector<DepthMap>& maps,
                               const std::vector<std::vector<uint8_t>>& known,
                               const std::vector<std::vector<size_t>>& neighbours,
                               size_t max_points) {
  std::vector<std::vector<SurfacePoint>> found(views.size());
  ParallelFor(views.size(), 1, [&](size_t i) {
    const DepthMap& map = maps[i];
    for (int y = kNormalReach; y + kNormalReach < map.height; y += kStride) {
      for (int x = kNormalReach; x + kNormalReach < map.width; x += kStride) {
        const size_t at =
            static_cast<size_t>(y) * static_cast<size_t>(map.width) + static_cast<size_t>(x);
        if (known[i].empty() || known[i][at] == kUnknown) continue;
        const Eigen::Vector3d place = PlaceOf(views[i], map, x, y);
        int through = 0;
        for (const size_t other : neighbours[i]) {
          const auto sight = Look(views[other], maps[other], place);
          through += sight && sight->ratio < 1 - kThrough && known[other][sight->pixel] == kAgreed;
        }
        if (through > (known[i][at] == kAgreed ? 1 : 0)) continue;
        const uint8_t* rgb = views[i].picture.pixel(x, y);
        found[i].push_back(
            {place.cast<float>(), NormalOf(views[i], map, x, y), {rgb[0], rgb[1], rgb[2]}});
      }
    }
  });
  std::vector<SurfacePoint> all;
  for (const std::vector<SurfacePoint>& points : found) {
    all.insert(all.end(), points.begin(), points.end());
  }
  return Thinned(all, max_points);
}

}  // namespace ajar::dense::internal
