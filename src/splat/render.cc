#include "splat/render.h"

#include <algorithm>

#include "base/parallel.h"
#include "splat/frame.h"

namespace ajar::splat {

Rendering Render(const SplatCloud& cloud, const View& view, const Eigen::Vector3f& background,
                 int sh_degree) {
  const int degree = sh_degree < 0 ? cloud.sh_degree : std::min(sh_degree, cloud.sh_degree);
  const SplatPlanes planes(cloud);
  Frame frame;
  frame.Forward(planes, view, degree, background);
  const int width = view.camera.width, height = view.camera.height;
  Rendering result{ImageF(width, height, 3), ImageF(width, height, 1), ImageF(width, height, 1)};
  ParallelFor(static_cast<size_t>(height), 16, [&](size_t row) {
    const int y = static_cast<int>(row);
    for (int x = 0; x < width; ++x) {
      const size_t at = row * static_cast<size_t>(frame.colour().stride) + static_cast<size_t>(x);
      for (int c = 0; c < 3; ++c) result.colour.pixel(x, y)[c] = frame.colour().channel(c)[at];
      *result.alpha.pixel(x, y) = 1 - frame.transmittance()[at];
    }
  });

  // Depth is blended as a colour is: the same splats, coloured by their depth.
  SplatPlanes depth(cloud.size(), 0);
  for (int p = 0; p < kSh; ++p) std::copy_n(planes.plane(p), planes.stride(), depth.plane(p));
  const Eigen::Matrix3d rotation = view.cam_from_world.rotation.toRotationMatrix();
  ParallelFor(cloud.size(), 4096, [&](size_t i) {
    const double z = rotation.row(2).dot(cloud.means[i].cast<double>()) +
                     view.cam_from_world.translation.z();
    depth.plane(kSh)[i] = static_cast<float>((z - 0.5) / 0.28209479177387814);
  });
  frame.Forward(depth, view, 0, Eigen::Vector3f::Zero());
  ParallelFor(static_cast<size_t>(height), 16, [&](size_t row) {
    const int y = static_cast<int>(row);
    for (int x = 0; x < width; ++x) {
      const size_t at = row * static_cast<size_t>(frame.colour().stride) + static_cast<size_t>(x);
      const float alpha = *result.alpha.pixel(x, y);
      if (alpha > 0) *result.depth.pixel(x, y) = frame.colour().channel(0)[at] / alpha;
    }
  });
  return result;
}

}  // namespace ajar::splat
