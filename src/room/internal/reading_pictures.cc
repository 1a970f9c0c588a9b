#include <algorithm>
#include <cmath>
#include <numbers>
#include <optional>

#include "bundle/picture.h"
#include "room/internal/names.h"
#include "room/internal/reading.h"
#include "splat/render.h"

namespace ajar::room {
namespace {

using Eigen::Vector3d;

constexpr int kWidth_px = 960, kHeight_px = 640, kQuality = 82;
constexpr double kThingFov_deg = 45;                     // from top to bottom
constexpr double kNearest_m = 0.5, kFarthest_m = 4;      // a thing is looked at from
constexpr double kLeastAhead = 0.8;                      // cosine: it is well within the photograph
const Eigen::Vector3f kGround(0x14 / 255.0f, 0x11 / 255.0f, 0x0f / 255.0f);  // the page's own

splat::View LookingAt(const Vector3d& eye, const Vector3d& target, double fov_deg) {
  const Vector3d ahead = (target - eye).normalized();
  Vector3d right = ahead.cross(Vector3d::UnitY());
  right = right.norm() > 1e-6 ? right.normalized() : Vector3d::UnitX();
  Eigen::Matrix3d axes;
  axes << right.transpose(), ahead.cross(right).transpose(), ahead.transpose();
  const double focal = kHeight_px / 2.0 / std::tan(fov_deg * std::numbers::pi / 360);
  return {{CameraModel::kPinhole, kWidth_px, kHeight_px,
           {focal, focal, kWidth_px / 2.0, kHeight_px / 2.0}},
          {Eigen::Quaterniond(axes), -(axes * eye)}};
}

// Where to look at a thing from: where the photograph was taken that points it out, else where the
// nearest one was that looks its way.
std::optional<Vector3d> EyeFor(const Thing& thing, const Reconstruction& reconstruction,
                               const Sim3& room_from_reconstruction) {
  const auto centre = [&](const PosedImage& image) -> Vector3d {
    return room_from_reconstruction * Inverse(image.cam_from_world).translation;
  };
  if (thing.seen_in) {
    if (const PosedImage* image = ImageNamed(reconstruction, thing.seen_in->photo)) {
      return centre(*image);
    }
  }
  std::optional<Vector3d> best;
  double least = kFarthest_m;
  for (const auto& [id, image] : reconstruction.images) {
    const Vector3d eye = centre(image);
    const double away = (*thing.position - eye).norm();
    const Vector3d ahead = room_from_reconstruction.rotation *
                           (image.cam_from_world.rotation.conjugate() * Vector3d::UnitZ());
    if (away < kNearest_m || away >= least) continue;
    if (ahead.dot((*thing.position - eye) / away) < kLeastAhead) continue;
    least = away, best = eye;
  }
  return best;
}

}  // namespace

void DrawReadingPictures(const Document& document, const Reconstruction& reconstruction,
                         const Placement& placement, const SplatCloud& cloud, const Path& site,
                         ReadingFiles* files) {
  if (cloud.size() == 0) return;
  MakeFolder(site / "pictures");
  const auto draw = [&](const std::string& url, const splat::View& view) {
    const splat::Rendering drawn = splat::Render(cloud, view, kGround);
    WriteFileAtomic(site / url, bundle::EncodeWebp(bundle::ToImage8(drawn.colour), kQuality));
    return url;
  };
  files->doorway = draw("pictures/room.webp",
                        LookingAt(placement.doorway.position, placement.doorway.look_at,
                                  placement.view_fov_deg));
  for (size_t i = 0; i < document.things.size(); ++i) {
    const Thing& thing = document.things[i];
    if (!thing.position) continue;
    const auto eye = EyeFor(thing, reconstruction, placement.room_from_reconstruction);
    if (!eye || (*eye - *thing.position).norm() < 1e-3) continue;
    files->things[thing.id] = draw("pictures/" + std::to_string(i + 1) + ".webp",
                                   LookingAt(*eye, *thing.position, kThingFov_deg));
  }
}

}  // namespace ajar::room
