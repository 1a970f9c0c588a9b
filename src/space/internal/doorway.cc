#include "space/internal/doorway.h"

#include <algorithm>
#include <cmath>
#include <functional>

#include "base/check.h"
#include "base/parallel.h"
#include "space/internal/surfels.h"

namespace ajar::space {
namespace {

using Eigen::Vector2d;
using Eigen::Vector3d;

constexpr double kLevelLook = 0.8;       // cosine: steeper ones show the floor or the ceiling
constexpr double kBesideDoor_m = 1.2;
constexpr double kGoodEnough = 0.6;      // of what the best photograph sees
constexpr double kStandsNear_m = 0.5;    // a place to stand is so near to the photograph's
constexpr double kSameSurface_m = 0.1;
constexpr double kAssumedDistance_m = 2;

struct Candidate {
  const DepthView* view = nullptr;
  Vector2d place = Vector2d::Zero(), ahead = Vector2d::Zero();
  bool is_level = false, can_stand = true, at_door = false;
  double edge = 0;  // distance from the room's edge, metres
  size_t seen = 0;  // points of the surface
};

size_t CountSeen(const DoorwayScene& scene, const DepthView& view) {
  const Rigid3 cam_from_level = TransformCamera(view.cam_from_world, scene.level_from_reconstruction);
  size_t seen = 0;
  for (const Vector3d& point : scene.surface) {
    const Vector3d x = cam_from_level * point;
    const int pixel = view.PixelOf(x);
    if (pixel < 0) continue;
    const double depth = scene.level_from_reconstruction.scale *
                         static_cast<double>(view.depth.data[static_cast<size_t>(pixel)]);
    if (!scene.has_depths || std::abs(depth - x.z()) < kSameSurface_m) ++seen;
  }
  return seen;
}

bool CanStandNear(const Map<Ground>& ground, const Vector2d& place) {
  const int reach = static_cast<int>(kStandsNear_m / ground.cell_m);
  const int x = ground.X(place.x()), z = ground.Z(place.y());
  for (int dz = -reach; dz <= reach; ++dz) {
    for (int dx = -reach; dx <= reach; ++dx) {
      if (ground.Has(x + dx, z + dz) && ground.at(x + dx, z + dz) == Ground::kFree) return true;
    }
  }
  return false;
}

bool IsAtDoor(const DoorwayScene& scene, const Candidate& c) {
  return std::ranges::any_of(scene.openings, [&](const Opening& o) {
    if (o.kind != Opening::Kind::kDoor) return false;
    const Vector2d along = (o.to - o.from).normalized(), inward(-along.y(), along.x());
    return DistanceToSegment(c.place, o.from, o.to) < kBesideDoor_m && c.ahead.dot(inward) > 0;
  });
}

const Candidate* MostSeen(const std::vector<Candidate>& candidates, auto&& allowed) {
  const Candidate* best = nullptr;
  for (const Candidate& c : candidates) {
    if (allowed(c) && (!best || c.seen > best->seen)) best = &c;
  }
  return best;
}

}  // namespace

Vector3d LevelAhead(const PosedImage& image, const Sim3& level_from_reconstruction) {
  Vector3d ahead = level_from_reconstruction.rotation *
                   (image.cam_from_world.rotation.conjugate() * Vector3d::UnitZ());
  ahead.y() = 0;
  return ahead.norm() > 1e-6 ? Vector3d(ahead.normalized()) : Vector3d(-Vector3d::UnitZ());
}

double DistanceSeen(const DoorwayScene& scene, uint32_t image_id) {
  for (const DepthView& view : *scene.views) {
    if (view.image_id != image_id) continue;
    const double depth = MedianDepth({view});
    if (depth > 0) return std::max(0.1, depth * scene.level_from_reconstruction.scale);
  }
  return kAssumedDistance_m;
}

uint32_t ChooseDoorway(const DoorwayScene& scene) {
  std::vector<Candidate> candidates(scene.views->size());
  AJAR_CHECK(!candidates.empty());
  Vector2d middle = Vector2d::Zero();
  for (size_t i = 0; i < candidates.size(); ++i) {
    Candidate& c = candidates[i];
    c.view = &(*scene.views)[i];
    const PosedImage& image = scene.reconstruction->images.at(c.view->image_id);
    const Vector3d x = scene.level_from_reconstruction * c.view->centre_in_world;
    c.place = {x.x(), x.z()};
    middle += c.place / static_cast<double>(candidates.size());
    const Vector3d gaze = scene.level_from_reconstruction.rotation *
                          (image.cam_from_world.rotation.conjugate() * Vector3d::UnitZ());
    c.is_level = std::hypot(gaze.x(), gaze.z()) >= kLevelLook;
    const Vector3d ahead = LevelAhead(image, scene.level_from_reconstruction);
    c.ahead = {ahead.x(), ahead.z()};
  }
  ParallelFor(candidates.size(), 1, [&](size_t i) {
    Candidate& c = candidates[i];
    c.seen = CountSeen(scene, *c.view);
    c.at_door = IsAtDoor(scene, c);
    if (scene.ground) c.can_stand = CanStandNear(*scene.ground, c.place);
    c.edge = scene.outline.empty() ? -(c.place - middle).norm()
                                   : DistanceToBorder(scene.outline, c.place);
  });
  // Whoever looks at the floor or from above the bed does not step in, unless all do.
  for (const auto member : {&Candidate::is_level, &Candidate::can_stand}) {
    if (std::ranges::any_of(candidates, member)) std::erase_if(candidates, std::not_fn(std::mem_fn(member)));
  }
  std::vector<double> edges;
  for (const Candidate& c : candidates) edges.push_back(c.edge);
  const auto half = edges.begin() + static_cast<std::ptrdiff_t>((edges.size() - 1) / 2);
  std::nth_element(edges.begin(), half, edges.end());
  const Candidate* best = MostSeen(candidates, [&](const Candidate& c) { return c.edge <= *half; });
  const Candidate* at_door = MostSeen(candidates, [](const Candidate& c) { return c.at_door; });
  AJAR_CHECK(best != nullptr);
  const auto enough = kGoodEnough * static_cast<double>(best->seen);
  if (at_door && static_cast<double>(at_door->seen) >= enough) best = at_door;
  return best->view->image_id;
}

}  // namespace ajar::space
