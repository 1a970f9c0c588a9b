#include "splat/planes.h"

#include <algorithm>

#include "base/check.h"
#include "base/parallel.h"

namespace ajar::splat {

SplatPlanes::SplatPlanes(size_t count, int sh_degree)
    : count_(count),
      stride_(std::max<size_t>(1, (count + kBlockSplats - 1) / kBlockSplats) * kBlockSplats),
      sh_degree_(sh_degree),
      data_(static_cast<size_t>(PlaneCount(sh_degree)) * stride_, 0.0f) {
  FillPadding();
}

SplatPlanes::SplatPlanes(const SplatCloud& cloud) : SplatPlanes(cloud.size(), cloud.sh_degree) {
  const size_t sh_stride = cloud.sh_stride();
  ParallelFor(cloud.size(), 4096, [&](size_t i) {
    for (int k = 0; k < 3; ++k) {
      plane(kMean + k)[i] = cloud.means[i][k];
      plane(kScale + k)[i] = cloud.log_scales[i][k];
    }
    for (int k = 0; k < 4; ++k) plane(kRotation + k)[i] = cloud.rotations[i][k];
    plane(kOpacity)[i] = cloud.opacity_logits[i];
    for (size_t k = 0; k < sh_stride; ++k) {
      plane(kSh + static_cast<int>(k))[i] = cloud.sh[i * sh_stride + k];
    }
  });
}

void SplatPlanes::FillPadding() {
  for (size_t i = count_; i < stride_; ++i) {
    plane(kRotation)[i] = 1;
    plane(kOpacity)[i] = -100;
  }
}

SplatPlanes SplatPlanes::Gathered(const std::vector<size_t>& source) const {
  SplatPlanes result(source.size(), sh_degree_);
  ParallelFor(static_cast<size_t>(planes()), 1, [&](size_t p) {
    const float* from = plane(static_cast<int>(p));
    float* to = result.plane(static_cast<int>(p));
    for (size_t i = 0; i < source.size(); ++i) {
      AJAR_CHECK_LT(source[i], count_);
      to[i] = from[source[i]];
    }
  });
  return result;
}

SplatCloud SplatPlanes::ToCloud() const {
  SplatCloud cloud;
  cloud.Resize(count_, sh_degree_);
  const size_t sh_stride = cloud.sh_stride();
  ParallelFor(count_, 4096, [&](size_t i) {
    for (int k = 0; k < 3; ++k) {
      cloud.means[i][k] = plane(kMean + k)[i];
      cloud.log_scales[i][k] = plane(kScale + k)[i];
    }
    for (int k = 0; k < 4; ++k) cloud.rotations[i][k] = plane(kRotation + k)[i];
    cloud.rotations[i].normalize();
    cloud.opacity_logits[i] = plane(kOpacity)[i];
    for (size_t k = 0; k < sh_stride; ++k) {
      cloud.sh[i * sh_stride + k] = plane(kSh + static_cast<int>(k))[i];
    }
  });
  return cloud;
}

}  // namespace ajar::splat
