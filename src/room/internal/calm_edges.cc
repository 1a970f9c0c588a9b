#include "room/internal/calm_edges.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "scene/splat_convention.h"
#include "space/space.h"

namespace ajar::room {

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

}  // namespace ajar::room
