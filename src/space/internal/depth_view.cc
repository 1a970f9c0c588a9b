#include "space/internal/depth_view.h"

#include <algorithm>
#include <cmath>

#include "base/parallel.h"
#include "scene/splat_convention.h"

namespace ajar::space {
namespace {

using Eigen::Matrix3f;
using Eigen::Vector3f;

constexpr size_t kBandRows = 16;

// Along the ray d of depth 1, a Gaussian of mean m and inverse covariance A is densest at depth
// d.Am / d.Ad. Far from where the mean is, beyond three deviations, that is rounding and no place.
struct RayDepth {
  float am[3];
  float a[6];  // xx xy xz yy yz zz
  float low, high;

  float At(float u, float v) const {
    const float along = am[0] * u + am[1] * v + am[2];
    const float square = a[0] * u * u + a[3] * v * v + a[5] +
                         2 * (a[1] * u * v + a[2] * u + a[4] * v);
    return std::clamp(along / square, low, high);
  }
};

RayDepth RayDepthOf(const SplatCloud& cloud, uint32_t i, const Rigid3& cam_from_world,
                    const Matrix3f& rotation) {
  const Eigen::Vector4f& q = cloud.rotations[i];
  const Matrix3f axes =
      rotation * Eigen::Quaternionf(q[0], q[1], q[2], q[3]).normalized().toRotationMatrix();
  Vector3f scales = cloud.log_scales[i].array().exp();
  // A needle's end is not known to a thousandth of its length.
  scales = scales.cwiseMax(1e-3f * scales.maxCoeff()).cwiseMax(1e-12f);
  const Matrix3f a = axes * scales.cwiseAbs2().cwiseInverse().asDiagonal() * axes.transpose();
  const Vector3f mean = (cam_from_world * cloud.means[i].cast<double>()).cast<float>();
  const Vector3f am = a * mean;
  const float spread = 3 * (axes.row(2).transpose().cwiseProduct(scales)).norm();
  return {{am[0], am[1], am[2]},
          {a(0, 0), a(0, 1), a(0, 2), a(1, 1), a(1, 2), a(2, 2)},
          std::max(1e-6f, mean.z() - spread),
          mean.z() + spread};
}

}  // namespace

DepthDrawer::DepthDrawer(const SplatCloud& cloud) : cloud_(cloud), planes_(cloud) {}

ImageF DepthDrawer::Draw(const splat::View& view) {
  if (cloud_.size() == 0) return ImageF(view.camera.width, view.camera.height, 1);
  frame_.Forward(planes_, view, 0, Vector3f::Zero());
  const std::vector<splat::Projected>& seen = frame_.projected();
  const Matrix3f rotation = view.cam_from_world.rotation.toRotationMatrix().cast<float>();
  std::vector<RayDepth> ray_depths(seen.size());
  ParallelFor(seen.size(), 4096, [&](size_t i) {
    ray_depths[i] = RayDepthOf(cloud_, seen[i].splat, view.cam_from_world, rotation);
  });
  const int width = view.camera.width, height = view.camera.height;
  const auto fx = static_cast<float>(view.camera.fx()), fy = static_cast<float>(view.camera.fy());
  const auto cx = static_cast<float>(view.camera.cx()), cy = static_cast<float>(view.camera.cy());
  ImageF depth(width, height, 1), clear(width, height, 1, 1.0f);
  ParallelForChunks(static_cast<size_t>(height), kBandRows, [&](size_t, size_t begin, size_t end) {
    for (size_t i = 0; i < seen.size(); ++i) {
      const splat::Projected& p = seen[i];
      const float determinant = p.conic[0] * p.conic[2] - p.conic[1] * p.conic[1];
      if (!(determinant > 0)) continue;
      const float reach_x = std::sqrt(p.max_q * p.conic[2] / determinant);
      const float reach_y = std::sqrt(p.max_q * p.conic[0] / determinant);
      const int y0 = std::max(static_cast<int>(begin),
                              static_cast<int>(std::ceil(p.mean_px[1] - reach_y - 0.5f)));
      const int y1 = std::min(static_cast<int>(end) - 1,
                              static_cast<int>(std::floor(p.mean_px[1] + reach_y - 0.5f)));
      const int x0 = std::max(0, static_cast<int>(std::ceil(p.mean_px[0] - reach_x - 0.5f)));
      const int x1 =
          std::min(width - 1, static_cast<int>(std::floor(p.mean_px[0] + reach_x - 0.5f)));
      for (int y = y0; y <= y1; ++y) {
        const float dy = static_cast<float>(y) + 0.5f - p.mean_px[1];
        for (int x = x0; x <= x1; ++x) {
          float& left = *clear.pixel(x, y);
          if (left < 0.5f) continue;
          const float dx = static_cast<float>(x) + 0.5f - p.mean_px[0];
          const float q =
              p.conic[0] * dx * dx + 2 * p.conic[1] * dx * dy + p.conic[2] * dy * dy;
          if (q > p.max_q) continue;
          const float falloff = (std::exp(-0.5f * q) - kFalloffFloor) * kFalloffScale;
          left *= 1 - std::min(p.opacity * falloff, kMaxAlpha);
          if (left >= 0.5f) continue;
          *depth.pixel(x, y) =
              ray_depths[i].At((static_cast<float>(x) + 0.5f - cx) / fx,
                               (static_cast<float>(y) + 0.5f - cy) / fy);
        }
      }
    }
  });
  return depth;
}

std::vector<DepthView> DrawDepthViews(const Reconstruction& reconstruction, DepthDrawer* drawer,
                                      int long_side_px, int max_views, const Progress& progress) {
  std::vector<DepthView> views;
  const size_t count = reconstruction.images.size();
  const size_t wanted = std::min<size_t>(count, static_cast<size_t>(max_views));
  size_t index = 0, taken = 0;
  for (const auto& [id, image] : reconstruction.images) {
    if (index++ * wanted < taken * count) continue;
    ++taken;
    progress.ThrowIfCancelled();
    progress.Report({"looking where the floor and the walls are",
                     static_cast<double>(taken) / static_cast<double>(wanted), std::nullopt, {}});
    const Camera straight = UndistortedCamera(reconstruction.cameras.at(image.camera_id));
    const double factor = std::min(
        1.0, static_cast<double>(long_side_px) / std::max(straight.width, straight.height));
    const auto small = [&](int size) {
      return std::max(1, static_cast<int>(std::lround(size * factor)));
    };
    DepthView view;
    view.image_id = id;
    view.camera = ResizedCamera(straight, small(straight.width), small(straight.height));
    view.cam_from_world = image.cam_from_world;
    view.centre_in_world = image.CentreInWorld();
    view.depth = drawer->Draw({view.camera, view.cam_from_world});
    views.push_back(std::move(view));
  }
  return views;
}

}  // namespace ajar::space
