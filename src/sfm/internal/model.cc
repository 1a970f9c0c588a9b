#include "sfm/internal/model.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "base/check.h"
#include "base/parallel.h"

namespace ajar::sfm::internal {

Model::Model(const Graph& graph, std::vector<Lens> lenses, std::vector<LensPrior> priors,
             std::vector<uint32_t> lens_of_image, const ModelOptions& options)
    : graph_(&graph),
      lenses_(std::move(lenses)),
      priors_(std::move(priors)),
      lens_of_image_(std::move(lens_of_image)),
      options_(options),
      placed_(graph.images()),
      poses_(graph.images()),
      point_of_(graph.images()) {
  for (uint32_t i = 0; i < graph.images(); ++i) point_of_[i].assign(graph.features(i), kNone);
}

size_t Model::CountPoints() const {
  return static_cast<size_t>(std::count_if(points_.begin(), points_.end(),
                                           [](const ModelPoint& p) { return !p.track.empty(); }));
}

void Model::Place(uint32_t image, const Rigid3& cam_from_world) {
  AJAR_CHECK(!placed(image));
  placed_[image] = 1;
  poses_[image] = cam_from_world;
  order_.push_back(image);
}

void Model::Remove(uint32_t image) {
  for (uint32_t f = 0; f < point_of_[image].size(); ++f) {
    const uint32_t point = point_of_[image][f];
    if (point == kNone) continue;
    const auto& track = points_[point].track;
    const auto at = std::find(track.begin(), track.end(), FeatureOf{image, f});
    Detach(point, static_cast<size_t>(at - track.begin()));
    if (points_[point].track.size() < 2) Drop(point);
  }
  placed_[image] = 0;
  std::erase(order_, image);
}

View Model::ViewOf(FeatureOf f) const {
  return {&poses_[f.image], &lens_of(f.image), graph_->x_px(f)};
}

std::vector<View> Model::ViewsOf(const std::vector<FeatureOf>& track) const {
  std::vector<View> views;
  for (const FeatureOf& f : track) views.push_back(ViewOf(f));
  return views;
}

bool Model::SeesPoint(uint32_t point, uint32_t image) const {
  const auto& track = points_[point].track;
  return std::any_of(track.begin(), track.end(),
                     [&](const FeatureOf& f) { return f.image == image; });
}

void Model::AddToPoint(uint32_t point, FeatureOf feature) {
  AJAR_CHECK_EQ(PointAt(feature), kNone);
  points_[point].track.push_back(feature);
  MutablePointAt(feature) = point;
}

void Model::Detach(uint32_t point, size_t at) {
  auto& track = points_[point].track;
  MutablePointAt(track[at]) = kNone;
  track.erase(track.begin() + static_cast<ptrdiff_t>(at));
}

void Model::Drop(uint32_t point) {
  for (const FeatureOf& f : points_[point].track) MutablePointAt(f) = kNone;
  points_[point].track.clear();
}

std::vector<Sighting> Model::Sightings(uint32_t image, std::vector<uint32_t>* features,
                                       std::vector<uint32_t>* points) const {
  std::vector<Sighting> sightings;
  features->clear();
  points->clear();
  std::map<uint32_t, int> votes;  // by point
  for (uint32_t f = 0; f < graph_->features(image); ++f) {
    votes.clear();
    for (const FeatureOf& other : graph_->Corresponding({image, f})) {
      if (const uint32_t point = PointAt(other); point != kNone) ++votes[point];
    }
    for (const auto& [point, count] : votes) {
      sightings.push_back(
          {lens_of(image).Ray(graph_->x_px({image, f})), points_[point].x_in_world});
      features->push_back(f);
      points->push_back(point);
    }
  }
  return sightings;
}

size_t Model::TriangulateImage(uint32_t image) {
  size_t came = 0;
  std::vector<FeatureOf> free_ones;
  for (uint32_t f = 0; f < graph_->features(image); ++f) {
    const FeatureOf own{image, f};
    free_ones.assign(1, own);
    uint32_t best_point = kNone;
    double best_error = options_.most_error_px;
    const bool is_free = PointAt(own) == kNone;
    for (const FeatureOf& other : graph_->Corresponding(own)) {
      if (!placed(other.image)) continue;
      const uint32_t point = PointAt(other);
      if (point == kNone) {
        free_ones.push_back(other);
        continue;
      }
      if (!is_free || SeesPoint(point, image)) continue;
      const double error = ReprojectionError_px(ViewOf(own), points_[point].x_in_world);
      if (error < best_error) {
        best_error = error;
        best_point = point;
      }
    }
    if (is_free && best_point != kNone) {
      AddToPoint(best_point, own);
      ++came;
    }
    if (const uint32_t point = PointAt(own); point != kNone) {
      // What corresponds and is not yet part of the point may fit it as well.
      for (size_t k = 1; k < free_ones.size(); ++k) {
        const FeatureOf& other = free_ones[k];
        if (PointAt(other) != kNone || SeesPoint(point, other.image)) continue;
        if (ReprojectionError_px(ViewOf(other), points_[point].x_in_world) <
            options_.most_error_px) {
          AddToPoint(point, other);
          ++came;
        }
      }
      continue;
    }
    if (free_ones.size() < 2) continue;
    const auto found =
        Triangulate(ViewsOf(free_ones), options_.most_error_px, options_.least_angle_rad);
    if (!found) continue;
    const uint32_t point = static_cast<uint32_t>(points_.size());
    points_.push_back({found->x_in_world, {}});
    for (const uint32_t k : found->views) {
      if (PointAt(free_ones[k]) == kNone && !SeesPoint(point, free_ones[k].image)) {
        AddToPoint(point, free_ones[k]);
        ++came;
      }
    }
    if (points_[point].track.size() < 2) Drop(point);
  }
  return came;
}

size_t Model::MergePoints() {
  size_t gone = 0;
  for (uint32_t point = 0; point < points_.size(); ++point) {
    for (size_t k = 0; k < points_[point].track.size(); ++k) {
      for (const FeatureOf& other : graph_->Corresponding(points_[point].track[k])) {
        const uint32_t second = PointAt(other);
        if (second == kNone || second == point) continue;
        std::vector<FeatureOf> both = points_[point].track;
        both.insert(both.end(), points_[second].track.begin(), points_[second].track.end());
        std::vector<uint32_t> images;
        for (const FeatureOf& f : both) images.push_back(f.image);
        std::sort(images.begin(), images.end());
        if (std::adjacent_find(images.begin(), images.end()) != images.end()) continue;
        const double a = static_cast<double>(points_[point].track.size());
        const double b = static_cast<double>(points_[second].track.size());
        const Eigen::Vector3d x =
            (a * points_[point].x_in_world + b * points_[second].x_in_world) / (a + b);
        const std::vector<View> views = ViewsOf(both);
        if (!std::all_of(views.begin(), views.end(), [&](const View& v) {
              return ReprojectionError_px(v, x) < options_.most_error_px;
            })) {
          continue;
        }
        Drop(second);
        points_[point].x_in_world = x;
        for (const FeatureOf& f : both) {
          if (PointAt(f) == kNone) AddToPoint(point, f);
        }
        ++gone;
        break;  // the correspondences are those of a track that has grown
      }
    }
  }
  return gone;
}

size_t Model::Filter(double most_error_px) {
  // What to take away is found in parallel; taking it away is quick.
  std::vector<std::vector<size_t>> bad(points_.size());
  std::vector<uint8_t> narrow(points_.size());
  ParallelFor(points_.size(), 256, [&](size_t p) {
    const ModelPoint& point = points_[p];
    if (point.track.empty()) return;
    std::vector<View> good;
    for (size_t k = 0; k < point.track.size(); ++k) {
      const View view = ViewOf(point.track[k]);
      if (ReprojectionError_px(view, point.x_in_world) > most_error_px) {
        bad[p].push_back(k);
      } else {
        good.push_back(view);
      }
    }
    narrow[p] =
        good.size() < 2 || LargestAngle_rad(good, point.x_in_world) < options_.least_angle_rad;
  });
  size_t gone = 0;
  for (uint32_t p = 0; p < points_.size(); ++p) {
    if (points_[p].track.empty()) continue;
    if (narrow[p]) {
      gone += points_[p].track.size();
      Drop(p);
      continue;
    }
    gone += bad[p].size();
    for (size_t k = bad[p].size(); k-- > 0;) Detach(p, bad[p][k]);
  }
  return gone;
}

std::vector<uint32_t> Model::Neighbours(uint32_t image, size_t most) const {
  std::vector<uint32_t> shared(graph_->images());
  for (const uint32_t point : point_of_[image]) {
    if (point == kNone) continue;
    for (const FeatureOf& f : points_[point].track) ++shared[f.image];
  }
  shared[image] = 0;
  std::vector<uint32_t> order;
  for (const uint32_t i : order_) {
    if (shared[i] > 0) order.push_back(i);
  }
  std::stable_sort(order.begin(), order.end(),
                   [&](uint32_t a, uint32_t b) { return shared[a] > shared[b]; });
  if (order.size() > most) order.resize(most);
  return order;
}

void Model::AdjustNear(const std::vector<uint32_t>& images, int most_steps) {
  std::vector<uint8_t> moves(graph_->images());
  for (const uint32_t i : images) moves[i] = 1;
  BundleProblem problem;
  problem.lenses = lenses_;
  problem.priors.resize(lenses_.size());  // lenses are held
  std::vector<uint32_t> local(graph_->images(), kNone), back;
  std::vector<uint32_t> points;
  for (const uint32_t i : images) {
    for (const uint32_t p : point_of_[i]) {
      if (p != kNone) points.push_back(p);
    }
  }
  std::sort(points.begin(), points.end());
  points.erase(std::unique(points.begin(), points.end()), points.end());
  for (uint32_t p = 0; p < points.size(); ++p) {
    problem.points.push_back(points_[points[p]].x_in_world);
    for (const FeatureOf& f : points_[points[p]].track) {
      if (local[f.image] == kNone) {
        local[f.image] = static_cast<uint32_t>(problem.images.size());
        problem.images.push_back({poses_[f.image], lens_of_image_[f.image], !moves[f.image]});
        back.push_back(f.image);
      }
      problem.observations.push_back({local[f.image], p, graph_->x_px(f), graph_->sigma_px(f)});
    }
  }
  if (problem.images.size() < 2) return;
  BundleOptions options;
  options.most_steps = most_steps;
  options.settled = 1e-4;
  Adjust(options, &problem);
  for (size_t i = 0; i < back.size(); ++i) poses_[back[i]] = problem.images[i].cam_from_world;
  for (size_t p = 0; p < points.size(); ++p) points_[points[p]].x_in_world = problem.points[p];
}

BundleReport Model::AdjustAll(const Freedom& freedom, int most_steps, double loss) {
  BundleProblem problem;
  problem.lenses = lenses_;
  problem.priors = priors_;
  for (LensPrior& prior : problem.priors) {
    for (int k = 0; k < kLensParams; ++k) {
      if (!freedom[k]) prior.sigma[k] = 0;
    }
  }
  std::vector<uint32_t> local(graph_->images(), kNone);
  for (const uint32_t i : order_) {
    local[i] = static_cast<uint32_t>(problem.images.size());
    problem.images.push_back({poses_[i], lens_of_image_[i], false});
  }
  std::vector<uint32_t> back;
  for (uint32_t p = 0; p < points_.size(); ++p) {
    if (points_[p].track.empty()) continue;
    const uint32_t at = static_cast<uint32_t>(problem.points.size());
    problem.points.push_back(points_[p].x_in_world);
    back.push_back(p);
    for (const FeatureOf& f : points_[p].track) {
      problem.observations.push_back({local[f.image], at, graph_->x_px(f), graph_->sigma_px(f)});
    }
  }
  BundleOptions options;
  options.most_steps = most_steps;
  options.loss = loss;
  options.settled = most_steps > 20 ? 1e-6 : 1e-4;
  const BundleReport report = Adjust(options, &problem);
  lenses_ = problem.lenses;
  for (size_t i = 0; i < order_.size(); ++i) {
    poses_[order_[i]] = problem.images[i].cam_from_world;
  }
  for (size_t p = 0; p < back.size(); ++p) points_[back[p]].x_in_world = problem.points[p];
  return report;
}

void Model::Normalise() {
  Eigen::Vector3d mean = Eigen::Vector3d::Zero();
  for (const uint32_t i : order_) mean += Inverse(poses_[i]).translation;
  mean /= static_cast<double>(std::max<size_t>(1, order_.size()));
  double squares = 0;
  for (const uint32_t i : order_) squares += (Inverse(poses_[i]).translation - mean).squaredNorm();
  const double size = std::sqrt(squares / static_cast<double>(std::max<size_t>(1, order_.size())));
  if (!(size > 0)) return;
  const Sim3 new_from_old{1 / size, Eigen::Quaterniond::Identity(), -mean / size};
  for (const uint32_t i : order_) poses_[i] = TransformCamera(poses_[i], new_from_old);
  for (ModelPoint& point : points_) point.x_in_world = new_from_old * point.x_in_world;
}

}  // namespace ajar::sfm::internal
