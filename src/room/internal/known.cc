#include "room/internal/known.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "room/internal/marker_scale.h"
#include "room/internal/names.h"
#include "room/internal/pictures.h"

namespace ajar::room {
namespace {

using Eigen::Vector3d;

constexpr double kDisagreement = 0.03;  // lengths whose scales differ by more are worth a word
constexpr double kPosesDeviation = 0.005;
constexpr double kLeastSpan = 1e-6;  // scene units: two pixels at one place tell nothing

struct Ends {
  space::SurfacePoint a, b;
};

std::optional<Ends> FindEnds(const Reconstruction& reconstruction, const SplatCloud& cloud,
                             const space::PictureOf& pictures, const std::string& photo,
                             const Eigen::Vector2d& a_px, const Eigen::Vector2d& b_px,
                             std::string* why) {
  const auto a = FindPixel(reconstruction, cloud, pictures, photo, a_px, why);
  const auto b = a ? FindPixel(reconstruction, cloud, pictures, photo, b_px, why) : std::nullopt;
  if (!b) return std::nullopt;
  if ((a->x_in_world - b->x_in_world).norm() < kLeastSpan) {
    *why = "both its ends are at the same place";
    return std::nullopt;
  }
  return Ends{*a, *b};
}

void ResolveUp(const Reconstruction& reconstruction, const SplatCloud& cloud,
               const space::PictureOf& pictures, const Document& document, KnownPlace* place,
               std::vector<std::string>* notes) {
  if (!document.measured.up) return;
  const UpGiven& up = *document.measured.up;
  if (up.photo.empty()) {
    place->known.up = up.direction;
    return;
  }
  std::string why;
  if (const auto ends =
          FindEnds(reconstruction, cloud, pictures, up.photo, up.low_px, up.high_px, &why)) {
    place->known.up = ends->b.x_in_world - ends->a.x_in_world;
  } else {
    notes->push_back("room.json: measured.up: " + why + "; which way is up is an estimate.");
  }
}

void ResolveScale(const Reconstruction& reconstruction, const SplatCloud& cloud,
                  const space::PictureOf& pictures, const Document& document, const Path& photos,
                  const std::vector<space::MeasuredDepth>& depths, KnownPlace* place,
                  std::vector<std::string>* notes, const Progress& progress) {
  std::vector<std::pair<double, double>> scales;  // and their deviations, as shares
  const std::vector<LengthGiven>& lengths = document.measured.lengths;
  for (size_t i = 0; i < lengths.size(); ++i) {
    std::string why;
    const LengthGiven& length = lengths[i];
    const auto ends =
        FindEnds(reconstruction, cloud, pictures, length.photo, length.from_px, length.to_px, &why);
    if (!ends) {
      notes->push_back("room.json: measured.lengths[" + std::to_string(i) + "]: " + why +
                       "; this length is passed over.");
      continue;
    }
    const double span = (ends->a.x_in_world - ends->b.x_in_world).norm();
    scales.push_back(
        {length.metres / span, std::hypot(ends->a.deviation_su, ends->b.deviation_su) / span});
  }
  if (!scales.empty()) {
    // The mean, each weighted by how well it is known.
    double sum = 0, weight = 0;
    for (const auto& [scale, deviation] : scales) {
      const double w = 1 / (deviation * deviation);
      sum += w * std::log(scale);
      weight += w;
    }
    place->known.metres_per_unit = std::exp(sum / weight);
    place->scale_from = "lengths";
    place->scale_deviation = 1 / std::sqrt(weight);
    const auto [least, most] = std::ranges::minmax_element(scales);
    if (most->first > (1 + kDisagreement) * least->first) {
      char text[200];
      std::snprintf(
          text, sizeof(text),
          "The lengths that were given differ by %.0f %% from one another; one of them may "
          "be a slip.",
          100 * (most->first / least->first - 1));
      notes->push_back(text);
    }
    return;
  }
  if (document.measured.marker_m > 0 && !photos.empty()) {
    const auto found =
        ScaleOfMarkers(reconstruction, FindMarkersIn(reconstruction, photos, progress),
                       document.measured.marker_m);
    if (found) {
      place->known.metres_per_unit = found->metres_per_unit;
      place->scale_from = "markers";
      place->scale_deviation = found->deviation;
      return;
    }
    notes->push_back(
        "No marker was found that two photographs show from places apart; the scale is " +
        std::string(!depths.empty()                      ? "that of the depth maps."
                    : document.measured.poses_in_metres ? "that of the poses."
                                                        : "an estimate."));
  }
  if (!depths.empty()) {
    if (const auto found = space::ScaleFromDepths(reconstruction, cloud, depths, progress)) {
      place->known.metres_per_unit = found->metres_per_unit;
      place->scale_from = "depth";
      place->scale_deviation = found->deviation;
      return;
    }
    notes->push_back("The depth maps do not fit the room; the scale is " +
                     std::string(document.measured.poses_in_metres ? "that of the poses."
                                                                   : "an estimate."));
  }
  if (document.measured.poses_in_metres) {
    place->known.metres_per_unit = 1;
    place->scale_from = "poses";
    place->scale_deviation = kPosesDeviation;
  }
}

}  // namespace

std::optional<space::SurfacePoint> FindPixel(const Reconstruction& reconstruction,
                                             const SplatCloud& cloud,
                                             const space::PictureOf& pictures,
                                             const std::string& photo, const Eigen::Vector2d& x_px,
                                             std::string* why) {
  const PosedImage* image = ImageNamed(reconstruction, photo);
  if (!image) {
    *why = "the photograph " + photo + " is not among those that were placed";
    return std::nullopt;
  }
  const Camera& camera = reconstruction.cameras.at(image->camera_id);
  if (!(x_px.x() >= 0 && x_px.y() >= 0 && x_px.x() <= camera.width && x_px.y() <= camera.height)) {
    *why = "a pixel lies outside the photograph " + photo + ", which has " +
           std::to_string(camera.width) + " x " + std::to_string(camera.height) + " pixels";
    return std::nullopt;
  }
  for (const auto& [id, candidate] : reconstruction.images) {
    if (&candidate != image) continue;
    auto point = space::FindSurfacePoint(reconstruction, id, x_px, cloud, pictures);
    if (!point) *why = "the room has nothing at a pixel of the photograph " + photo;
    return point;
  }
  return std::nullopt;
}

KnownPlace ResolveKnown(const Reconstruction& reconstruction, const SplatCloud& cloud,
                        const Document& document, const Path& photos,
                        std::vector<std::string>* notes, const Progress& progress,
                        const std::vector<space::MeasuredDepth>& depths) {
  KnownPlace place;
  if (document.alignment) {
    place.known.room_from_reconstruction = document.alignment->room_from_reconstruction;
    place.scale_from = "room.json";
  } else if (cloud.size() > 0) {
    const space::PictureOf pictures =
        photos.empty() ? space::PictureOf() : PicturesIn(reconstruction, photos);
    ResolveUp(reconstruction, cloud, pictures, document, &place, notes);
    ResolveScale(reconstruction, cloud, pictures, document, photos, depths, &place, notes, progress);
  }
  if (document.doorway && !document.doorway->photo.empty()) {
    const PosedImage* image = ImageNamed(reconstruction, document.doorway->photo);
    for (const auto& [id, candidate] : reconstruction.images) {
      if (&candidate == image) place.known.doorway_image = id;
    }
    if (!image) {
      notes->push_back("room.json: doorway.photo: the photograph " + document.doorway->photo +
                       " is not among those that were placed; where a visitor stands first is an "
                       "estimate.");
    }
  }
  return place;
}

}  // namespace ajar::room
