#include "check/internal/layout.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "space/space.h"

namespace ajar::check::internal {
namespace {

using Eigen::Vector2d;
using Eigen::Vector3d;

constexpr double kLow_m = 0.15, kHigh_m = 2.6;  // what may be of a wall
constexpr double kBin_m = 0.05;
constexpr double kBeyondCameras_m = 0.25;  // nobody stands nearer to a wall
constexpr double kFarthest_m = 6;          // beyond all cameras: not this room
constexpr double kPeak = 0.3;              // of the most points in a bin: a wall has so many
constexpr size_t kLeastTrack = 3;
constexpr double kSteep = 0.5;  // cosine between a look and the level
constexpr double kFarShare = 0.8;
constexpr size_t kLeastToTell = 3;
constexpr size_t kLeastOfWall = 12;

double Quantile(std::vector<double> values, double share) {
  const auto at = values.begin() + static_cast<ptrdiff_t>(share * (values.size() - 1));
  std::nth_element(values.begin(), at, values.end());
  return *at;
}

// The turn about up under which points lie in few lines along the axes, as walls, shelves and
// beds do; in [0, 90) degrees.
double WallTurn(const std::vector<Vector2d>& points) {
  double best_score = -1, best = 0;
  for (int degree = 0; degree < 90; ++degree) {
    const double turn = degree * std::numbers::pi / 180;
    double score = 0;
    for (const Vector2d& axis :
         {Vector2d(std::cos(turn), std::sin(turn)), Vector2d(-std::sin(turn), std::cos(turn))}) {
      std::vector<double> bins(600);
      for (const Vector2d& p : points) {
        const double at = axis.dot(p) / kBin_m + 300;
        const auto bin = static_cast<size_t>(std::clamp(at, 1.0, 597.0));
        const double over = std::clamp(at - static_cast<double>(bin), 0.0, 1.0);
        bins[bin] += 1 - over;
        bins[bin + 1] += over;
      }
      // Square roots keep one poster from outvoting a room.
      for (const double count : bins) score += std::pow(count, 1.5);
    }
    if (score > best_score) {
      best_score = score;
      best = turn;
    }
  }
  return best;
}

// How far the room reaches in a direction: to the outermost place where many points lie at one
// depth, and no less than the cameras do.
double Reach(const std::vector<Vector2d>& points, const std::vector<Vector2d>& cameras,
             const Vector2d& direction) {
  double nearest = -1e9;
  for (const Vector2d& c : cameras) nearest = std::max(nearest, direction.dot(c));
  nearest += kBeyondCameras_m;
  std::vector<double> bins(static_cast<size_t>(kFarthest_m / kBin_m) + 2);
  size_t beyond = 0;
  for (const Vector2d& p : points) {
    const double at = (direction.dot(p) - nearest) / kBin_m;
    if (at < 0 || at + 2 > static_cast<double>(bins.size())) continue;
    ++beyond;
    ++bins[static_cast<size_t>(at)];
  }
  if (beyond < kLeastOfWall) return nearest;
  const auto smooth = [&](size_t i) {
    return (i > 0 ? bins[i - 1] : 0) + bins[i] + (i + 1 < bins.size() ? bins[i + 1] : 0);
  };
  double most = 0;
  for (size_t i = 0; i < bins.size(); ++i) most = std::max(most, smooth(i));
  size_t outermost = 0;
  for (size_t i = 0; i < bins.size(); ++i) {
    if (smooth(i) >= std::max(kPeak * most, 6.0)) outermost = i;
  }
  // The middle of that gathering.
  double sum = 0, weight = 0;
  for (size_t i = outermost > 1 ? outermost - 2 : 0; i <= outermost && i < bins.size(); ++i) {
    sum += bins[i] * (static_cast<double>(i) + 0.5);
    weight += bins[i];
  }
  return nearest + kBin_m * (weight > 0 ? sum / weight : static_cast<double>(outermost));
}

void TellHowFar(const Reconstruction& reconstruction, const Sim3& plan_from_world, View* view) {
  std::vector<std::vector<double>> depths(kFarColumns * kFarRows);
  for (const Observation& o : reconstruction.images.at(view->image_id).observations) {
    if (o.point_id == kNoPoint) continue;
    const auto point = reconstruction.points.find(o.point_id);
    if (point == reconstruction.points.end()) continue;
    const double depth = (view->cam_from_plan * (plan_from_world * point->second.x_in_world)).z();
    const int column = std::clamp(static_cast<int>(o.x_px.x() / view->camera.width * kFarColumns),
                                  0, kFarColumns - 1);
    const int row =
        std::clamp(static_cast<int>(o.x_px.y() / view->camera.height * kFarRows), 0, kFarRows - 1);
    depths[static_cast<size_t>(row * kFarColumns + column)].push_back(depth);
  }
  for (std::vector<double>& of_cell : depths) {
    view->far_m.push_back(
        of_cell.size() < kLeastToTell ? 0.f : static_cast<float>(Quantile(of_cell, kFarShare)));
  }
}

}  // namespace

Vector2d OnPlan(const Vector3d& x) { return {x.x(), x.z()}; }

Vector2d AheadOnPlan(const Rigid3& cam_from_plan) {
  const Vector2d ahead = OnPlan(cam_from_plan.rotation.conjugate() * Vector3d::UnitZ());
  return ahead.norm() < kSteep ? Vector2d::Zero() : Vector2d(ahead.normalized());
}

std::vector<Sides> SidesOf(const Layout& layout) {
  const Vector2d a = layout.low, c = layout.high, b(c.x(), a.y()), d(a.x(), c.y());
  return {{a, b, {0, -1}}, {b, c, {1, 0}}, {c, d, {0, 1}}, {d, a, {-1, 0}}};
}

Layout FindLayout(const Reconstruction& reconstruction, const Progress& progress) {
  space::Options options;
  options.long_side_px = 16;  // nothing is drawn
  const Sim3 level =
      space::Find(reconstruction, {}, {}, options, progress).room_from_reconstruction;

  std::vector<Vector2d> cameras, walls;
  std::vector<Vector3d> points;
  for (const auto& [id, image] : reconstruction.images) {
    cameras.push_back(OnPlan(level * image.CentreInWorld()));
  }
  for (const auto& [id, point] : reconstruction.points) {
    if (point.track.size() < kLeastTrack) continue;
    const Vector3d x = level * point.x_in_world;
    points.push_back(x);
    if (x.y() > kLow_m && x.y() < kHigh_m) walls.push_back(OnPlan(x));
  }
  const double turn = WallTurn(walls);
  // About y, x goes towards -z.
  const Sim3 plan_from_level{1, Eigen::Quaterniond(Eigen::AngleAxisd(turn, Vector3d::UnitY())),
                             Vector3d::Zero()};
  const Sim3 plan_from_world = plan_from_level * level;
  const auto turned = [&](std::vector<Vector2d> all) {
    for (Vector2d& p : all) p = OnPlan(plan_from_level * Vector3d(p.x(), 0, p.y()));
    return all;
  };
  cameras = turned(std::move(cameras));
  walls = turned(std::move(walls));

  Layout layout;
  layout.low = {-Reach(walls, cameras, -Vector2d::UnitX()),
                -Reach(walls, cameras, -Vector2d::UnitY())};
  layout.high = {Reach(walls, cameras, Vector2d::UnitX()),
                 Reach(walls, cameras, Vector2d::UnitY())};
  for (const Vector3d& x : points) layout.points.push_back(plan_from_level * x);
  for (const auto& [id, image] : reconstruction.images) {
    View& view = layout.views.emplace_back();
    view.image_id = id;
    view.camera = reconstruction.cameras.at(image.camera_id);
    view.cam_from_plan = TransformCamera(image.cam_from_world, plan_from_world);
    view.centre = Inverse(view.cam_from_plan).translation;
    TellHowFar(reconstruction, plan_from_world, &view);
  }
  return layout;
}

}  // namespace ajar::check::internal
