#include "room/internal/placement.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <optional>
#include <vector>

#include "base/check.h"
#include "room/internal/names.h"

namespace ajar::room {
namespace {

using Eigen::Vector3d;

constexpr size_t kFewestPointsForAFloor = 100;
constexpr int kLevels = 40;
constexpr double kAssumedCameraExtent_m = 1.5;
constexpr double kAssumedDistance_m = 2;

double Percentile(std::vector<double> values, double share) {
  AJAR_CHECK(!values.empty());
  const auto nth =
      values.begin() + static_cast<std::ptrdiff_t>(share * static_cast<double>(values.size() - 1));
  std::nth_element(values.begin(), nth, values.end());
  return *nth;
}

// Height of the floor along up, in scene units; nothing when no level below the cameras stands
// out. A floor is where many points share one height with hardly anything below them.
std::optional<double> FloorHeight(const std::vector<double>& point_heights,
                                  double median_camera_height, double camera_extent) {
  std::vector<double> below;
  for (const double height : point_heights) {
    if (height < median_camera_height) below.push_back(height);
  }
  if (below.size() < kFewestPointsForAFloor) return std::nullopt;
  const double low = Percentile(below, 0.01);
  const double reach = median_camera_height - low;
  if (!(reach > 0.3 * camera_extent)) return std::nullopt;
  std::vector<double> counts(kLevels, 0);
  for (const double height : below) {
    const double level = (height - low) / reach * kLevels;
    if (level >= 0) ++counts[static_cast<size_t>(std::min<double>(level, kLevels - 1))];
  }
  const double mean = static_cast<double>(below.size()) / kLevels;
  // Only the lower third: a table's top is a level, too.
  for (size_t i = 0; i < kLevels / 3; ++i) {
    const bool is_peak = counts[i] >= 2 * mean && counts[i] >= counts[i + 1] &&
                         (i == 0 || counts[i] >= counts[i - 1]);
    if (!is_peak) continue;
    const double begin = low + reach * static_cast<double>(i) / kLevels;
    const double end = begin + reach / kLevels;
    std::vector<double> members;
    for (const double height : below) {
      if (height >= begin && height < end) members.push_back(height);
    }
    return Percentile(members, 0.5);
  }
  return std::nullopt;
}

struct Candidate {
  const PosedImage* image = nullptr;
  Vector3d centre, ahead;  // ahead: along the view axis, levelled, unit length
  double level = 0;        // cosine of the view axis's slope: 1 is level, 0 straight up or down
  double edge = 0;         // horizontal distance from the middle of the cameras
  bool inwards = false;
  size_t seen = 0;
  double depth = 0;  // median of the seen points', 0: none seen
};

void CountSeenPoints(const Reconstruction& reconstruction, Candidate* candidate) {
  const Camera& camera = reconstruction.cameras.at(candidate->image->camera_id);
  std::vector<double> depths;
  for (const auto& [id, point] : reconstruction.points) {
    const Vector3d x_in_cam = candidate->image->cam_from_world * point.x_in_world;
    const auto x_px = camera.ImgFromCam(x_in_cam);
    if (!x_px || x_px->x() < 0 || x_px->y() < 0 || x_px->x() > camera.width ||
        x_px->y() > camera.height) {
      continue;
    }
    depths.push_back(x_in_cam.z());
  }
  candidate->seen = depths.size();
  if (!depths.empty()) candidate->depth = Percentile(depths, 0.5);
}

Candidate CandidateAt(const PosedImage& image, const Vector3d& up) {
  Candidate c;
  c.image = &image;
  c.centre = image.CentreInWorld();
  const Vector3d gaze = image.cam_from_world.rotation.conjugate() * Vector3d::UnitZ();
  const Vector3d ahead = gaze - up * up.dot(gaze);
  c.level = ahead.norm();
  c.ahead = c.level > 1e-6 ? Vector3d(ahead.normalized()) : up.unitOrthogonal();
  return c;
}

// Half of the cameras at least count as being at the edge: rooms are often photographed from
// the walls, and then all of them are.
Candidate BestDoorway(const Reconstruction& reconstruction, const Vector3d& up) {
  const auto levelled = [&](const Vector3d& v) -> Vector3d { return v - up * up.dot(v); };
  Vector3d middle = Vector3d::Zero();
  for (const auto& [id, image] : reconstruction.images) middle += image.CentreInWorld();
  middle /= static_cast<double>(reconstruction.images.size());
  Vector3d target = middle;
  if (!reconstruction.points.empty()) {
    std::vector<double> x, y, z;
    for (const auto& [id, point] : reconstruction.points) {
      x.push_back(point.x_in_world.x());
      y.push_back(point.x_in_world.y());
      z.push_back(point.x_in_world.z());
    }
    target = {Percentile(x, 0.5), Percentile(y, 0.5), Percentile(z, 0.5)};
  }

  std::vector<Candidate> candidates;
  std::vector<double> edges;
  for (const auto& [id, image] : reconstruction.images) {
    Candidate c = CandidateAt(image, up);
    c.edge = levelled(c.centre - middle).norm();
    c.inwards = c.ahead.dot(levelled(target - c.centre)) > 0;
    candidates.push_back(c);
  }
  // Somebody who looks at the floor or the ceiling does not show the room.
  const auto is_steep = [](const Candidate& c) { return c.level < 0.5; };
  if (!std::ranges::all_of(candidates, is_steep)) std::erase_if(candidates, is_steep);
  for (const Candidate& c : candidates) edges.push_back(c.edge);
  const double edge = Percentile(edges, 0.5);
  Candidate* best = nullptr;
  for (Candidate& c : candidates) {
    if (c.edge < edge) continue;
    CountSeenPoints(reconstruction, &c);
    const bool better =
        !best || std::pair(c.inwards, c.seen) > std::pair(best->inwards, best->seen);
    if (better) best = &c;
  }
  AJAR_CHECK(best != nullptr);
  return *best;
}

Eigen::Quaterniond RoomAxes(const Vector3d& up, const Vector3d& ahead) {
  Eigen::Matrix3d room_from_world;
  room_from_world.row(0) = ahead.cross(up).transpose();  // x: to the right
  room_from_world.row(1) = up.transpose();
  room_from_world.row(2) = -ahead.transpose();
  return Eigen::Quaterniond(room_from_world).normalized();
}

double VerticalFov_deg(const Camera& camera) {
  const double fov = 2 * std::atan(0.5 * camera.height / camera.fy()) * 180 / std::numbers::pi;
  return std::clamp(fov, 30.0, 90.0);
}

struct Estimate {
  Placement placement;
  Candidate doorway;
  Vector3d up;
};

Estimate MakeEstimate(const Reconstruction& reconstruction) {
  AJAR_CHECK(!reconstruction.images.empty());
  Estimate e;
  e.up = MeanUpInWorld(reconstruction);
  e.doorway = BestDoorway(reconstruction, e.up);

  std::vector<double> camera_heights, point_heights;
  for (const auto& [id, image] : reconstruction.images) {
    camera_heights.push_back(e.up.dot(image.CentreInWorld()));
  }
  for (const auto& [id, point] : reconstruction.points) {
    point_heights.push_back(e.up.dot(point.x_in_world));
  }
  const double camera_height = Percentile(camera_heights, 0.5);
  const double extent = CameraExtent(reconstruction);
  Placement& p = e.placement;
  const std::optional<double> floor = FloorHeight(point_heights, camera_height, extent);
  p.floor_seen = floor.has_value();
  Sim3& t = p.room_from_reconstruction;
  t.scale = floor ? kAssumedEyeHeight_m / (camera_height - *floor)
                  : kAssumedCameraExtent_m / std::max(extent, 1e-3);
  t.rotation = RoomAxes(e.up, e.doorway.ahead);
  const double doorway_height = e.up.dot(e.doorway.centre);
  const double floor_height = floor.value_or(doorway_height - kAssumedEyeHeight_m / t.scale);
  const Vector3d below_doorway = e.doorway.centre + e.up * (floor_height - doorway_height);
  t.translation = -(t.scale * (t.rotation * below_doorway));
  p.doorway_photo = e.doorway.image->name;
  p.view_fov_deg = VerticalFov_deg(reconstruction.cameras.at(e.doorway.image->camera_id));
  return e;
}

// The doorway photograph's place as `p` has the room: levelled, looking as far as what it sees.
Doorway DoorwayOf(const Candidate& candidate, const Placement& p) {
  const Sim3& t = p.room_from_reconstruction;
  Doorway doorway;
  doorway.position = t * candidate.centre;
  Vector3d ahead = t.rotation * candidate.ahead;
  ahead.y() = 0;
  const double distance = candidate.depth > 0 ? t.scale * candidate.depth : kAssumedDistance_m;
  if (ahead.norm() < 1e-6) ahead = -Vector3d::UnitZ();
  doorway.look_at = doorway.position + std::max(distance, 0.1) * ahead.normalized();
  return doorway;
}

}  // namespace

Placement EstimatePlacement(const Reconstruction& reconstruction) {
  Estimate e = MakeEstimate(reconstruction);
  e.placement.doorway = DoorwayOf(e.doorway, e.placement);
  return e.placement;
}

Placement Place(const Reconstruction& reconstruction, const Document& document,
                std::vector<std::string>* notes) {
  Estimate e = MakeEstimate(reconstruction);
  Placement& p = e.placement;
  if (document.alignment) {
    p.room_from_reconstruction = document.alignment->room_from_reconstruction;
    p.scale_estimated = document.alignment->scale_estimated;
    p.up_estimated = document.alignment->up_estimated;
    p.floor_seen = false;
  }
  p.doorway = DoorwayOf(e.doorway, p);
  if (!document.doorway) return p;
  if (document.doorway->photo.empty()) {
    p.doorway = *document.doorway;
    p.doorway_photo.clear();
    p.doorway_estimated = false;
  } else if (const PosedImage* image = ImageNamed(reconstruction, document.doorway->photo)) {
    Candidate chosen = CandidateAt(*image, e.up);
    CountSeenPoints(reconstruction, &chosen);
    p.doorway = DoorwayOf(chosen, p);
    p.doorway_photo = image->name;
    p.view_fov_deg = VerticalFov_deg(reconstruction.cameras.at(image->camera_id));
    p.doorway_estimated = false;
  } else {
    notes->push_back("room.json: doorway.photo: the photograph " + document.doorway->photo +
                     " is not among those that were placed; where a visitor stands first is an "
                     "estimate.");
  }
  return p;
}

Json ToJson(const Placement& placement) {
  const Sim3& t = placement.room_from_reconstruction;
  const Eigen::Vector4d q = WxyzFromQuaternion(t.rotation);
  return {{"room_from_reconstruction",
           {{"scale", t.scale},
            {"rotation_wxyz", Json::array({q[0], q[1], q[2], q[3]})},
            {"translation", PointJson(t.translation)},
            {"estimated", {{"scale", placement.scale_estimated}, {"up", placement.up_estimated}}}}},
          {"floor_seen", placement.floor_seen},
          {"doorway",
           {{"position", PointJson(placement.doorway.position)},
            {"look_at", PointJson(placement.doorway.look_at)},
            {"estimated", placement.doorway_estimated},
            {"photo", placement.doorway_photo}}},
          {"view_fov_deg", placement.view_fov_deg}};
}

}  // namespace ajar::room
