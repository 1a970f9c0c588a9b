#include "room/internal/as_shown.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <vector>

#include "scene/splat_convention.h"
#include "space/space.h"

namespace ajar::room {
namespace {

SplatCloud WithCalmEdges(const SplatCloud& cloud, const Reconstruction& reconstruction) {
  const std::vector<float> seen = space::HowSeen(reconstruction, cloud);
  SplatCloud calm;
  calm.Resize(cloud.size(), cloud.sh_degree);
  const size_t stride = cloud.sh_stride();
  size_t kept = 0;
  for (size_t i = 0; i < cloud.size(); ++i) {
    const float opacity = seen[i] / (1 + std::exp(-cloud.opacity_logits[i]));
    if (opacity < kMinAlpha) continue;
    calm.means[kept] = cloud.means[i];
    calm.rotations[kept] = cloud.rotations[i];
    calm.log_scales[kept] = cloud.log_scales[i];
    calm.opacity_logits[kept] =
        seen[i] < 1 ? std::log(opacity / (1 - opacity)) : cloud.opacity_logits[i];
    std::copy_n(cloud.sh.begin() + static_cast<ptrdiff_t>(i * stride), stride,
                calm.sh.begin() + static_cast<ptrdiff_t>(kept * stride));
    ++kept;
  }
  calm.Resize(kept, cloud.sh_degree);
  return calm;
}

// Splats of degree 0 at the end of others.
void Append(const SplatCloud& plain, SplatCloud* cloud) {
  const size_t before = cloud->size(), stride = cloud->sh_stride();
  cloud->Resize(before + plain.size(), cloud->sh_degree);
  for (size_t i = 0; i < plain.size(); ++i) {
    const size_t to = before + i;
    cloud->means[to] = plain.means[i];
    cloud->rotations[to] = plain.rotations[i];
    cloud->log_scales[to] = plain.log_scales[i];
    cloud->opacity_logits[to] = plain.opacity_logits[i];
    const auto sh = cloud->sh.begin() + static_cast<ptrdiff_t>(to * stride);
    std::fill_n(sh, stride, 0.0f);
    std::copy_n(plain.sh.begin() + static_cast<ptrdiff_t>(3 * i), 3, sh);
  }
}

}  // namespace

SplatCloud AsShown(const SplatCloud& cloud, const Reconstruction& reconstruction,
                   const Sim3& room_from_reconstruction, const Json& plan) {
  SplatCloud shown = Transformed(WithCalmEdges(cloud, reconstruction), room_from_reconstruction);
  if (!plan.is_object() || !plan.contains("height") || !plan["height"].is_number()) return shown;
  std::vector<Eigen::Vector2d> outline;
  for (const Json& corner : plan.at("outline")) {
    outline.emplace_back(corner.at(0).get<double>(), corner.at(1).get<double>());
  }
  const Sim3 reconstruction_from_room = Inverse(room_from_reconstruction);
  const auto seen_at = [&](const std::vector<Eigen::Vector3d>& in_room) {
    std::vector<Eigen::Vector3d> places;
    for (const Eigen::Vector3d& x : in_room) places.push_back(reconstruction_from_room * x);
    return space::HowSeenAt(reconstruction, cloud, places);
  };
  Append(space::UnseenCeiling(shown, outline, plan.at("height").get<double>(), seen_at), &shown);
  return shown;
}

}  // namespace ajar::room
