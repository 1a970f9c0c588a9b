#include <algorithm>
#include <cmath>

#include "base/check.h"
#include "space/internal/depth_view.h"
#include "space/internal/doorway.h"
#include "space/internal/floor_map.h"
#include "space/internal/grid.h"
#include "space/internal/mesher.h"
#include "space/internal/outline.h"
#include "space/internal/surfels.h"
#include "space/internal/upright.h"
#include "space/internal/upright_edges.h"
#include "space/space.h"

namespace ajar::space {
namespace {

using Eigen::Matrix3d;
using Eigen::Vector2d;
using Eigen::Vector3d;

constexpr double kSurfelShare = 0.01;  // a surfel's cube, of the median depth
constexpr double kAssumedCameraExtent_m = 1.5;
constexpr double kBodyRadius_m = 0.2;
constexpr double kFar_m = 8;              // from the cameras: beyond is not this room
constexpr double kAssumedHeight_m = 3;    // of what is carved where no ceiling is seen
constexpr double kOutlineVoxel_m = 0.03;  // walls and openings are looked for as finely as that
constexpr double kBelowFloor_m = 0.04;
constexpr double kOverHead_m = 2.3;  // the highest furniture
constexpr double kLeastRoom_m2 = 1;
constexpr double kSameUp = 0.99966;      // cosine, 1.5 degrees
constexpr size_t kSurfacePoints = 4000;  // to compare photographs by

Matrix3d RowsOf(const Vector3d& x, const Vector3d& y) {
  Matrix3d m;
  m.row(0) = x.transpose();
  m.row(1) = y.transpose();
  m.row(2) = x.cross(y).transpose();
  return m;
}

double MedianOf(std::vector<double> values) {
  AJAR_CHECK(!values.empty());
  const auto nth = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), nth, values.end());
  return *nth;
}

// Everything that is found, in a frame that stands upright on the floor with its axes along the
// walls; the room frame, which begins at the doorway, comes last.
class Finder {
 public:
  Finder(const Reconstruction& reconstruction, const Known& known, const Options& options,
         const Progress& progress, const PictureOf& picture_of)
      : reconstruction_(reconstruction),
        known_(known),
        options_(options),
        progress_(progress),
        picture_of_(picture_of) {
    AJAR_CHECK(!reconstruction.images.empty());
  }

  Space Run(const SplatCloud& cloud) {
    DepthDrawer drawer(cloud);
    views_ = DrawDepthViews(reconstruction_, &drawer, options_.long_side_px, options_.max_views,
                            progress_);
    const double median_depth = MedianDepth(views_);
    if (median_depth > 0) {
      cell_su_ = kSurfelShare * median_depth;
      surfels_ = FindSurfels(views_, cell_su_);
    } else {
      TakePoints();
    }
    StandUpright();
    has_surfaces_ = median_depth > 0;
    progress_.Report({"finding walls and free space", 0, std::nullopt, {}});
    if (space_.floor_seen && has_surfaces_) FindRoom();
    StepIn();
    SayWhatIsNotKnown();
    return std::move(space_);
  }

 private:
  // Without splats the points that photographs have in common tell where the floor may be; which
  // way they face nobody knows.
  void TakePoints() {
    std::vector<double> distances;
    for (const auto& [id, point] : reconstruction_.points) {
      surfels_.push_back({point.x_in_world, Vector3d::Zero()});
      distances.push_back((point.x_in_world - views_.front().centre_in_world).norm());
    }
    if (!distances.empty()) cell_su_ = std::max(1e-9, kSurfelShare * MedianOf(distances));
  }

  // By the largest level plane; where there is none, or the small surfaces' vote is for another, by
  // the photographs' upright edges, if they agree.
  Vector3d EstimateUp() {
    const Up voted = UpFromSurfaces(UpFromCameras(reconstruction_), surfels_);
    const auto plane = UpFromLevelPlane(voted.direction, surfels_, reconstruction_, cell_su_);
    const bool sure = plane && voted.from_surfaces && plane->dot(voted.direction) > kSameUp;
    if (!sure && picture_of_) {
      const auto edges = UpFromEdges(voted.direction, reconstruction_, picture_of_);
      // A plane that the edges bear out is known better than they are.
      if (edges && !(plane && plane->dot(*edges) > kSameUp)) {
        space_.up_from = UpFrom::kEdges;
        return *edges;
      }
    }
    space_.up_from = plane || voted.from_surfaces ? UpFrom::kSurfaces : UpFrom::kCameras;
    return plane.value_or(voted.direction);
  }

  // Up, scale, floor and the directions of the walls.
  void StandUpright() {
    const auto& given = known_.room_from_reconstruction;
    Vector3d y;
    if (given || known_.up) {
      y = given ? given->rotation.conjugate() * Vector3d::UnitY() : known_.up->normalized();
      space_.up_from = UpFrom::kKeeper;
    } else {
      y = EstimateUp();
    }
    std::vector<double> heights;
    Vector3d middle = Vector3d::Zero();
    for (const auto& [id, image] : reconstruction_.images) {
      heights.push_back(y.dot(image.CentreInWorld()));
      middle += image.CentreInWorld() / static_cast<double>(reconstruction_.images.size());
    }
    const double eye_su = MedianOf(heights);
    auto floor_su = FloorHeight(y, surfels_, reconstruction_, cell_su_);
    space_.floor_seen = floor_su.has_value();
    double scale = kAssumedCameraExtent_m / std::max(1e-3, CameraExtent(reconstruction_));
    if (floor_su) scale = kAssumedEyeHeight_m / (eye_su - *floor_su);
    space_.scale_from = floor_su ? ScaleFrom::kCameraHeight : ScaleFrom::kCameraSpread;
    if (known_.metres_per_unit) scale = *known_.metres_per_unit;
    if (given) scale = given->scale;
    if (given || known_.metres_per_unit) space_.scale_from = ScaleFrom::kKeeper;
    if (given) floor_su = -given->translation.y() / given->scale;
    const double floor = floor_su.value_or(eye_su - kAssumedEyeHeight_m / scale);

    level_.scale = scale;
    level_.rotation = Eigen::Quaterniond(RowsOf(WallDirection(y, surfels_), y)).normalized();
    level_.translation = Vector3d::Zero();
    const Vector3d foot = middle + (floor - y.dot(middle)) * y;
    level_.translation = -(level_ * foot);
    for (Surfel& s : surfels_) s = {level_ * s.x, level_.rotation * s.normal};
    for (const DepthView& view : views_) {
      cameras_.push_back(level_ * view.centre_in_world);
    }
  }

  // What is seen, not further from the cameras than rooms reach.
  Eigen::AlignedBox3d BoxToCarve() const {
    Eigen::AlignedBox3d near;
    for (const Vector3d& camera : cameras_) near.extend(camera);
    near.min() -= Vector3d::Constant(kFar_m);
    near.max() += Vector3d::Constant(kFar_m);
    std::vector<double> x, z;
    for (const Surfel& s : surfels_) {
      if (!near.contains(s.x)) continue;
      x.push_back(s.x.x());
      z.push_back(s.x.z());
    }
    if (x.empty()) return near;
    std::ranges::sort(x);
    std::ranges::sort(z);
    const size_t margin = x.size() / 200;
    const double m = options_.margin_m;
    Eigen::AlignedBox3d box(Vector3d(x[margin] - m, -0.1, z[margin] - m),
                            Vector3d(x[x.size() - 1 - margin] + m,
                                     space_.plan.height_m.value_or(kAssumedHeight_m) + 0.2,
                                     z[z.size() - 1 - margin] + m));
    for (const Vector3d& camera : cameras_) {
      box.extend(Vector3d(camera.x(), 0, camera.z()));
    }
    return box;
  }

  // Whether most photographs were taken within it and people fit in.
  static bool IsRoom(const Polygon& outline, const std::vector<Vector2d>& places) {
    if (outline.empty() || SignedArea(outline) < kLeastRoom_m2) return false;
    const auto inside = std::ranges::count_if(
        places, [&](const Vector2d& place) { return Contains(outline, place); });
    return 2 * static_cast<size_t>(inside) >= places.size();
  }

  // At least so fine as memory and time allow.
  double VoxelFor(const Eigen::AlignedBox3d& box, double finest_m) const {
    return std::max(finest_m, std::cbrt(box.volume() / options_.max_voxels));
  }

  void FindRoom() {
    std::vector<double> eyes;
    std::vector<Vector2d> places;
    for (const Vector3d& c : cameras_) {
      eyes.push_back(c.y());
      places.push_back({c.x(), c.z()});
    }
    space_.plan.height_m = CeilingHeight(surfels_, MedianOf(eyes));
    const Eigen::AlignedBox3d box = BoxToCarve();
    {
      const VoxelGrid grid = Carve(views_, level_, box, VoxelFor(box, kOutlineVoxel_m), progress_);
      space_.plan.outline = FindOutline(grid, surfels_, places, space_.plan.height_m);
      if (!IsRoom(space_.plan.outline, places)) space_.plan.outline.clear();
      if (space_.plan.outline.empty()) return;
      space_.plan.openings = FindOpenings(grid, space_.plan.outline, space_.plan.height_m);
    }
    // Once more and finer within the walls, up to what is over people's heads.
    Eigen::AlignedBox3d inside;
    for (const Vector2d& p : space_.plan.outline) {
      inside.extend(Vector3d(p.x(), -kBelowFloor_m, p.y()));
      inside.extend(Vector3d(p.x(), std::min(kOverHead_m, box.max().y()), p.y()));
    }
    space_.voxel_m = VoxelFor(inside, options_.finest_voxel_m);
    const VoxelGrid grid = Carve(views_, level_, inside, space_.voxel_m, progress_);
    map_ = MapFloor(grid, space_.plan.outline, space_.plan.height_m, FloorDeviation(surfels_),
                    cameras_);
    std::erase_if(space_.plan.openings, [&](const Opening& o) {
      return o.kind == Opening::Kind::kDoor && IsBlocked(o, *map_);
    });
    space_.plan.furniture = map_->furniture;
    space_.plan.area_m2 = SignedArea(space_.plan.outline);
  }

  // The doorway, and the room frame that begins below it.
  void StepIn() {
    DoorwayScene scene{&reconstruction_,
                       &views_,
                       level_,
                       {},
                       space_.plan.outline,
                       space_.plan.openings,
                       map_ ? &map_->ground : nullptr,
                       has_surfaces_};
    const size_t stride = 1 + surfels_.size() / kSurfacePoints;
    for (size_t i = 0; i < surfels_.size(); i += stride) {
      const Vector3d& x = surfels_[i].x;
      const bool in_room = scene.outline.empty() || Contains(scene.outline, {x.x(), x.z()});
      if (in_room) scene.surface.push_back(x);
    }
    const uint32_t chosen = ChooseDoorway(scene);
    const PosedImage& first = reconstruction_.images.at(chosen);
    Rigid3 room_from_level;
    if (known_.room_from_reconstruction) {
      const Sim3 t = *known_.room_from_reconstruction * Inverse(level_);
      room_from_level = {t.rotation, t.translation};
    } else {
      const Vector3d ahead = LevelAhead(first, level_);
      room_from_level.rotation =
          Eigen::Quaterniond(RowsOf(ahead.cross(Vector3d::UnitY()), Vector3d::UnitY()))
              .normalized();
      Vector3d foot = level_ * first.CentreInWorld();
      foot.y() = 0;
      room_from_level.translation = -(room_from_level.rotation * foot);
    }
    space_.room_from_reconstruction = known_.room_from_reconstruction.value_or(
        Sim3{1, room_from_level.rotation, room_from_level.translation} * level_);
    Doorway& doorway = space_.doorway;
    doorway.image_id = known_.doorway_image.value_or(chosen);
    const PosedImage& image = reconstruction_.images.at(doorway.image_id);
    doorway.position = space_.room_from_reconstruction * image.CentreInWorld();
    const Vector3d ahead = room_from_level.rotation * LevelAhead(image, level_);
    doorway.look_at = doorway.position + DistanceSeen(scene, doorway.image_id) * ahead;
    if (map_) CountFloor(Inverse(room_from_level) * doorway.position);
    if (map_) {
      space_.collision =
          MakeMesh(*map_, space_.plan.outline, space_.plan.height_m, room_from_level);
    }
    MovePlan(room_from_level);
  }

  void CountFloor(const Vector3d& start) {
    const Map<Ground>& ground = map_->ground;
    const Mask reached = ReachedFrom(ground, {start.x(), start.z()}, kBodyRadius_m);
    const double cell = ground.cell_m * ground.cell_m;
    for (size_t i = 0; i < ground.data.size(); ++i) {
      if (ground.data[i] == Ground::kFree) space_.plan.free_m2 += cell;
      if (reached.data[i]) space_.plan.reached_m2 += cell;
    }
  }

  void MovePlan(const Rigid3& room_from_level) {
    const auto move = [&](Vector2d& p) {
      const Vector3d x = room_from_level * Vector3d(p.x(), 0, p.y());
      p = {x.x(), x.z()};
    };
    for (Vector2d& p : space_.plan.outline) move(p);
    for (Furniture& f : space_.plan.furniture) {
      std::ranges::for_each(f.outline, move);
      for (auto& [from, to] : f.treads) move(from), move(to);
    }
    for (Opening& o : space_.plan.openings) move(o.from), move(o.to);
    for (const auto& [id, image] : reconstruction_.images) {
      const Vector3d x = space_.room_from_reconstruction * image.CentreInWorld();
      const Vector3d gaze = space_.room_from_reconstruction.rotation *
                            (image.cam_from_world.rotation.conjugate() * Vector3d::UnitZ());
      PhotoPlace place{{x.x(), x.z()}, {gaze.x(), gaze.z()}};
      place.ahead =
          place.ahead.norm() > 0.3 ? Vector2d(place.ahead.normalized()) : Vector2d::Zero();
      space_.plan.photos.push_back(std::move(place));
    }
  }

  void SayWhatIsNotKnown() {
    std::vector<std::string>& words = space_.not_known;
    if (!has_surfaces_) return;  // the room is not made yet
    if (!space_.floor_seen) {
      words.push_back(
          "No floor is to be seen in the photographs: where it lies, where one could stand and how "
          "large the room is are not known.");
      return;
    }
    if (space_.plan.outline.empty()) {
      words.push_back(
          "The photographs show no room that closes round the places they were taken at.");
    } else if (!space_.plan.height_m) {
      words.push_back(
          "No ceiling is to be seen in the photographs: the room's height is not known.");
    }
  }

  const Reconstruction& reconstruction_;
  const Known& known_;
  const Options& options_;
  const Progress& progress_;
  const PictureOf& picture_of_;
  Space space_;
  std::vector<DepthView> views_;
  double cell_su_ = 1;
  bool has_surfaces_ = false;      // else surfels are points
  std::vector<Surfel> surfels_;    // of the level frame once that is known
  Sim3 level_;                     // level_from_reconstruction
  std::vector<Vector3d> cameras_;  // level frame
  std::optional<FloorMap> map_;
};

}  // namespace

Space Find(const Reconstruction& reconstruction, const SplatCloud& cloud, const Known& known,
           const Options& options, const Progress& progress, const PictureOf& picture_of) {
  return Finder(reconstruction, known, options, progress, picture_of).Run(cloud);
}

}  // namespace ajar::space
