#include "room/internal/places.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>

#include "room/internal/names.h"
#include "splat/render.h"

namespace ajar::room {
namespace {

using Eigen::Vector2d;
using Eigen::Vector3d;

// Looked at in a picture of this size: a hand that points is no finer.
constexpr int kLookLongSide_px = 480;
constexpr int kLookRadius_px = 2;
constexpr float kSolidAlpha = 0.5f;

// The photograph's view without its distortion, small.
splat::View LookOf(const Camera& camera, const PosedImage& image) {
  const double factor =
      std::min(1.0, static_cast<double>(kLookLongSide_px) / std::max(camera.width, camera.height));
  const auto small = [&](int size) {
    return std::max(1, static_cast<int>(std::lround(size * factor)));
  };
  return {ResizedCamera(UndistortedCamera(camera), small(camera.width), small(camera.height)),
          image.cam_from_world};
}

// The median of the depths around a pixel: one that hits a gap or a floater counts for little.
std::optional<double> DepthAt(const splat::Rendering& seen, const Vector2d& x_px) {
  std::vector<float> depths;
  // Straightening cuts a little off the borders; what is there is asked of the pixel beside it.
  const int cx = std::clamp(static_cast<int>(x_px.x()), 0, seen.depth.width - 1);
  const int cy = std::clamp(static_cast<int>(x_px.y()), 0, seen.depth.height - 1);
  for (int y = cy - kLookRadius_px; y <= cy + kLookRadius_px; ++y) {
    for (int x = cx - kLookRadius_px; x <= cx + kLookRadius_px; ++x) {
      if (x < 0 || y < 0 || x >= seen.depth.width || y >= seen.depth.height) continue;
      if (*seen.alpha.pixel(x, y) >= kSolidAlpha) depths.push_back(*seen.depth.pixel(x, y));
    }
  }
  if (depths.empty()) return std::nullopt;
  const auto middle = depths.begin() + static_cast<std::ptrdiff_t>(depths.size() / 2);
  std::nth_element(depths.begin(), middle, depths.end());
  return *middle;
}

// Views are drawn once, however many things one photograph shows.
class Looker {
 public:
  Looker(const Reconstruction& reconstruction, const SplatCloud& cloud)
      : reconstruction_(reconstruction), cloud_(cloud) {}

  // In the reconstruction's frame; otherwise `why` says what is wrong.
  std::optional<Vector3d> Find(const SeenIn& seen, std::string* why) {
    const PosedImage* image = ImageNamed(reconstruction_, seen.photo);
    if (!image) {
      *why = "the photograph " + seen.photo + " is not among those that were placed";
      return std::nullopt;
    }
    const Camera& camera = reconstruction_.cameras.at(image->camera_id);
    const auto ray = camera.CamFromImg(seen.at_px);
    if (!ray || seen.at_px.x() > camera.width || seen.at_px.y() > camera.height) {
      *why = "the place lies outside the photograph " + seen.photo + ", which has " +
             std::to_string(camera.width) + " x " + std::to_string(camera.height) + " pixels";
      return std::nullopt;
    }
    const splat::View view = LookOf(camera, *image);
    const auto [found, is_new] = drawn_.try_emplace(image);
    if (is_new) found->second = splat::Render(cloud_, view);
    const auto x_px = view.camera.ImgFromCam({ray->x(), ray->y(), 1});
    const auto depth = x_px ? DepthAt(found->second, *x_px) : std::nullopt;
    if (!depth) {
      *why = "the room has nothing there";
      return std::nullopt;
    }
    return Inverse(image->cam_from_world) * Vector3d(ray->x() * *depth, ray->y() * *depth, *depth);
  }

 private:
  const Reconstruction& reconstruction_;
  const SplatCloud& cloud_;
  std::map<const PosedImage*, splat::Rendering> drawn_;
};

}  // namespace

Document WithPlaces(Document document, const Reconstruction& reconstruction,
                    const SplatCloud& cloud, const Placement& placement,
                    std::vector<std::string>* notes) {
  Looker looker(reconstruction, cloud);
  for (size_t i = 0; i < document.things.size(); ++i) {
    Thing& thing = document.things[i];
    if (thing.position || !thing.seen_in) continue;
    std::string why;
    if (const auto x_in_world = looker.Find(*thing.seen_in, &why)) {
      thing.position = placement.room_from_reconstruction * *x_in_world;
    } else {
      notes->push_back("room.json: things[" + std::to_string(i) +
                       "].seen_in: the place of \"" + thing.name + "\" was not found: " + why +
                       ". The page lists it without a place.");
    }
  }
  return document;
}

}  // namespace ajar::room
