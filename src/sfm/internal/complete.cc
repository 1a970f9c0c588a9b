#include "sfm/internal/complete.h"

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <optional>

#include "base/parallel.h"
#include "sfm/internal/kernels/nearest.h"

namespace ajar::sfm::internal {
namespace {

constexpr size_t kNeighbours = 12;  // images whose points are looked for in an image
constexpr double kCell_px = 16;     // of the grid in which features are found
constexpr double kMostScaleRatio = 2;
constexpr double kSquaredLength = 512.0 * 512.0;

// Features of an image that are of no point yet, by place.
class FreeFeatures {
 public:
  FreeFeatures(const Graph& graph, const Model& model, uint32_t image) {
    const Lens& lens = model.lens_of(image);
    across_ = static_cast<int>(lens.width / kCell_px) + 1;
    down_ = static_cast<int>(lens.height / kCell_px) + 1;
    cells_.resize(static_cast<size_t>(across_ * down_));
    for (uint32_t f = 0; f < graph.features(image); ++f) {
      if (model.PointAt({image, f}) != kNone) continue;
      const Eigen::Vector2d& x = graph.x_px({image, f});
      cells_[At(Cell(x[0], across_), Cell(x[1], down_))].push_back(f);
    }
  }

  template <class Visit>
  void Near(const Eigen::Vector2d& x, double radius_px, Visit visit) const {
    for (int r = Cell(x[1] - radius_px, down_); r <= Cell(x[1] + radius_px, down_); ++r) {
      for (int c = Cell(x[0] - radius_px, across_); c <= Cell(x[0] + radius_px, across_); ++c) {
        for (const uint32_t f : cells_[At(c, r)]) visit(f);
      }
    }
  }

 private:
  static int Cell(double x, int count) {
    return std::clamp(static_cast<int>(x / kCell_px), 0, count - 1);
  }
  size_t At(int c, int r) const { return static_cast<size_t>(r * across_ + c); }

  int across_ = 0, down_ = 0;
  std::vector<std::vector<uint32_t>> cells_;
};

double Distance(const Features& a, uint32_t i, const Features& b, uint32_t j) {
  const uint8_t* p = a.descriptors.data() + i * kDescriptorBytes;
  const uint8_t* q = b.descriptors.data() + j * kDescriptorBytes;
  int32_t dot = 0;
  for (size_t k = 0; k < kDescriptorBytes; ++k) dot += int32_t{p[k]} * q[k];
  return std::sqrt(std::max(0.0, 2 - 2 * std::min(1.0, dot / kSquaredLength)));
}

struct Found {
  uint32_t point, feature;
};

class Search {
 public:
  Search(const Graph& graph, std::span<const Features> features, const CompleteOptions& options,
         const Model& model)
      : graph_(graph), features_(features), options_(options), model_(model) {
    for (uint32_t i = 0; i < graph.images(); ++i) {
      centres_.push_back(Inverse(model.pose(i)).translation);
    }
  }

  std::vector<Found> In(uint32_t image) const {
    std::vector<uint32_t> points;
    for (const uint32_t other : model_.Neighbours(image, kNeighbours)) {
      for (uint32_t f = 0; f < graph_.features(other); ++f) {
        const uint32_t point = model_.PointAt({other, f});
        if (point != kNone) points.push_back(point);
      }
    }
    std::sort(points.begin(), points.end());
    points.erase(std::unique(points.begin(), points.end()), points.end());
    const FreeFeatures free_features(graph_, model_, image);
    std::vector<Found> found;
    for (const uint32_t point : points) {
      if (model_.SeesPoint(point, image)) continue;
      if (const auto feature = FeatureFor(point, image, free_features)) {
        found.push_back({point, *feature});
      }
    }
    return found;
  }

 private:
  std::optional<uint32_t> FeatureFor(uint32_t point, uint32_t image,
                                     const FreeFeatures& free_features) const {
    const ModelPoint& p = model_.points()[point];
    const Eigen::Vector3d cam = model_.pose(image) * p.x_in_world;
    if (cam[2] <= 1e-9) return std::nullopt;
    const Lens& lens = model_.lens_of(image);
    const Eigen::Vector2d x = lens.Project(cam.hnormalized());
    if (!(x[0] >= 0 && x[1] >= 0 && x[0] < lens.width && x[1] < lens.height)) return std::nullopt;
    // Where it is seen from must be near one of those that saw it.
    const Eigen::Vector3d here = p.x_in_world - centres_[image];
    std::vector<FeatureOf> alike;
    for (const FeatureOf& f : p.track) {
      const Eigen::Vector3d there = p.x_in_world - centres_[f.image];
      const double ratio = here.norm() / there.norm();
      const double angle = std::atan2(here.cross(there).norm(), here.dot(there));
      if (angle < options_.most_angle_rad && ratio < kMostScaleRatio &&
          ratio > 1 / kMostScaleRatio) {
        alike.push_back(f);
      }
    }
    if (alike.empty()) return std::nullopt;
    std::optional<uint32_t> best;
    double best_distance = options_.most_distance;
    free_features.Near(x, options_.most_error_px, [&](uint32_t feature) {
      if ((graph_.x_px({image, feature}) - x).norm() > options_.most_error_px) return;
      for (const FeatureOf& f : alike) {
        const double d = Distance(features_[image], feature, features_[f.image], f.feature);
        if (d < best_distance) {
          best_distance = d;
          best = feature;
        }
      }
    });
    return best;
  }

  const Graph& graph_;
  std::span<const Features> features_;
  const CompleteOptions& options_;
  const Model& model_;
  std::vector<Eigen::Vector3d> centres_;
};

}  // namespace

size_t CompleteTracks(const Graph& graph, std::span<const Features> features,
                      const CompleteOptions& options, Model* model) {
  const Search search(graph, features, options, *model);
  const std::vector<uint32_t> images = model->placed();
  std::vector<std::vector<Found>> found(images.size());
  ParallelFor(images.size(), 1, [&](size_t k) { found[k] = search.In(images[k]); });
  size_t came = 0;
  for (size_t k = 0; k < images.size(); ++k) {
    for (const Found& f : found[k]) {
      const FeatureOf feature{images[k], f.feature};
      if (model->PointAt(feature) != kNone) continue;  // it fits two points: the first
      model->AddToPoint(f.point, feature);
      ++came;
    }
  }
  return came;
}

}  // namespace ajar::sfm::internal
