// A piece of the room as it grows: photographs that are placed and points that they see.
#pragma once

#include <Eigen/Core>
#include <cstdint>
#include <optional>
#include <vector>

#include "scene/rigid3.h"
#include "sfm/internal/absolute_pose.h"
#include "sfm/internal/bundle_adjustment.h"
#include "sfm/internal/graph.h"
#include "sfm/internal/lens.h"
#include "sfm/internal/triangulate.h"

namespace ajar::sfm::internal {

inline constexpr uint32_t kNone = ~uint32_t{0};

struct ModelPoint {
  Eigen::Vector3d x_in_world = Eigen::Vector3d::Zero();
  std::vector<FeatureOf> track;  // one feature an image; empty: not a point any more
};

struct ModelOptions {
  double most_error_px = 3.5;      // of an observation
  double least_angle_rad = 0.026;  // under which a point must be seen: 1.5 degrees
};

// Pixels are those of the pictures that were looked at. `graph` must outlive the model.
class Model {
 public:
  Model(const Graph& graph, std::vector<Lens> lenses, std::vector<LensPrior> priors,
        std::vector<uint32_t> lens_of_image, const ModelOptions& options);

  bool placed(uint32_t image) const { return placed_[image] != 0; }
  const std::vector<uint32_t>& placed() const { return order_; }  // in the order of placing
  const Rigid3& pose(uint32_t image) const { return poses_[image]; }
  const std::vector<Lens>& lenses() const { return lenses_; }
  const std::vector<ModelPoint>& points() const { return points_; }
  const Lens& lens_of(uint32_t image) const { return lenses_[lens_of_image_[image]]; }
  size_t CountPoints() const;

  void Place(uint32_t image, const Rigid3& cam_from_world);
  void Remove(uint32_t image);

  // Points that the image, not placed, ought to see, by its features' correspondences; with
  // `features` the feature of each.
  std::vector<Sighting> Sightings(uint32_t image, std::vector<uint32_t>* features,
                                  std::vector<uint32_t>* points) const;
  void AddToPoint(uint32_t point, FeatureOf feature);
  // The point that the feature is of, or kNone.
  uint32_t PointAt(FeatureOf f) const { return point_of_[f.image][f.feature]; }
  bool SeesPoint(uint32_t point, uint32_t image) const;

  // New points from the image's features and what corresponds to them in placed images, and its
  // features added to points that they fit. Returns how many observations came in.
  size_t TriangulateImage(uint32_t image);
  // Joins points that correspond and fit one place. Returns how many are gone.
  size_t MergePoints();
  // Takes away observations with too large an error and points under too small an angle. Returns
  // how many observations are gone.
  size_t Filter(double most_error_px);

  // Adjusts `images` (and points they see) with the others held, or everything; then `freedom`
  // tells which parameters of the lenses may move.
  using Freedom = Eigen::Array<bool, kLensParams, 1>;
  void AdjustNear(const std::vector<uint32_t>& images, int most_steps);
  BundleReport AdjustAll(const Freedom& freedom, int most_steps, double loss = 1);

  // The images that share most points with `image`, most first.
  std::vector<uint32_t> Neighbours(uint32_t image, size_t most) const;

  // Moves the origin to the middle of the cameras and makes their root mean square distance from
  // it 1; nothing else changes.
  void Normalise();

 private:
  View ViewOf(FeatureOf f) const;
  std::vector<View> ViewsOf(const std::vector<FeatureOf>& track) const;
  uint32_t& MutablePointAt(FeatureOf f) { return point_of_[f.image][f.feature]; }
  void Detach(uint32_t point, size_t at);
  void Drop(uint32_t point);

  const Graph* graph_;
  std::vector<Lens> lenses_;
  std::vector<LensPrior> priors_;
  std::vector<uint32_t> lens_of_image_;
  ModelOptions options_;
  std::vector<uint8_t> placed_;
  std::vector<uint32_t> order_;
  std::vector<Rigid3> poses_;
  std::vector<ModelPoint> points_;
  std::vector<std::vector<uint32_t>> point_of_;  // of each image's feature, kNone
};

}  // namespace ajar::sfm::internal
