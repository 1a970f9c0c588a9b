#include <algorithm>
#include <array>
#include <cmath>
#include <ranges>
#include <utility>
#include <vector>

#include "space/internal/depth_view.h"
#include "space/internal/photo_depth.h"
#include "space/space.h"

namespace ajar::space {
namespace {

using Eigen::Vector2d;
using Eigen::Vector3d;

// Windows' pixels are those of the photograph, or of it made so small. A window is much larger than
// what is read of it: splats are cut to the size of what they are drawn in.
constexpr int kLook_px = 1600, kWindow_px = 256;
constexpr int kAround_px = 9;   // pixels about a place that tell its depth
constexpr int kMiss_px = 7;     // by which an edge is missed
constexpr double kJump = 0.01;  // of the depth, from one pixel to the next: another surface
constexpr size_t kLeastSurface = 26, kClose = 9;  // pixels: a tenth of them, and those that count
constexpr int kPatch_px = 61;                     // by which photographs are compared
constexpr size_t kMostOthers = 16;
// Of the depth: how far before and behind the first guess the surface may be for other photographs,
// and where one that disagrees by more counts no further.
constexpr double kReach = 0.03, kTruncation = 0.012;
constexpr int kSteps = 60;
constexpr double kSparseReach = 0.1;  // of the photograph's longer side
constexpr size_t kMostSparse = 15, kFewestSparse = 5;
constexpr double kSparseDeviation = 0.01;
constexpr double kSame = 0.008;  // of the depth
constexpr double kVeryAlike = 0.8;
constexpr double kPointing_px = 1.0;
constexpr double kLeastDeviation =
    0.02;  // of the depth: bare walls made of splats bulge by that much

double MedianOf(std::vector<double> values) {
  const auto nth = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), nth, values.end());
  return *nth;
}

// What one photograph shows around one direction, as a pinhole camera of its focal length sees it.
DepthView LookAround(const PosedImage& image, const Camera& camera, const Vector2d& direction,
                     DepthDrawer* drawer) {
  const double factor =
      std::min(1.0, static_cast<double>(kLook_px) / std::max(camera.width, camera.height));
  const double fx = factor * camera.fx(), fy = factor * camera.fy();
  DepthView view;
  view.camera.model = CameraModel::kPinhole;
  view.camera.width = view.camera.height = kWindow_px;
  view.camera.params = {fx, fy, 0.5 * kWindow_px - direction.x() * fx,
                        0.5 * kWindow_px - direction.y() * fy};
  view.cam_from_world = image.cam_from_world;
  view.centre_in_world = image.CentreInWorld();
  view.depth = drawer->Draw({view.camera, view.cam_from_world});
  return view;
}

// Depths about a pixel, row by row; 0 for none, and beyond kAround_px.
constexpr int kSide = 2 * kAround_px + 1;
using Surroundings = std::array<double, static_cast<size_t>(kSide* kSide)>;

int SquareFromMiddle(size_t at) {
  const int x = static_cast<int>(at) % kSide - kAround_px;
  const int y = static_cast<int>(at) / kSide - kAround_px;
  return x * x + y * y;
}

// Nothing where less than half of it is known.
std::optional<Surroundings> SurroundingsOf(const ImageF& depth, int px, int py) {
  Surroundings depths{};
  int inside = 0, met = 0;
  for (size_t at = 0; at < depths.size(); ++at) {
    if (SquareFromMiddle(at) > kAround_px * kAround_px) continue;
    ++inside;
    const int x = px + static_cast<int>(at) % kSide - kAround_px;
    const int y = py + static_cast<int>(at) / kSide - kAround_px;
    if (x < 0 || y < 0 || x >= depth.width || y >= depth.height) continue;
    depths[at] = static_cast<double>(*depth.pixel(x, y));
    met += depths[at] > 0;
  }
  if (2 * met < inside) return std::nullopt;
  return depths;
}

// What goes on from one pixel to the next without a jump; it is taken out.
struct Met {
  size_t at;
  double depth;
};
std::vector<Met> TakeSurface(size_t start, Surroundings* depths) {
  std::vector<Met> surface;
  const auto take = [&](size_t at) {
    surface.push_back({at, (*depths)[at]});
    (*depths)[at] = 0;
  };
  take(start);
  for (size_t i = 0; i < surface.size(); ++i) {
    const auto [at, depth] = surface[i];
    const auto go = [&, depth = depth](size_t to) {
      const double next = (*depths)[to];
      if (next > 0 && std::abs(next - depth) <= kJump * std::min(next, depth)) take(to);
    };
    if (at % kSide > 0) go(at - 1);
    if (at % kSide + 1 < kSide) go(at + 1);
    if (at >= kSide) go(at - kSide);
    if (at + kSide < depths->size()) go(at + kSide);
  }
  return surface;
}

// Depth along a direction in a window; nothing where there is a hole, or outside of it. Who points
// at an edge or a corner means the thing it belongs to and not what is seen past it, and misses it
// by a few pixels: of the surfaces about the pixel, the nearest that comes close enough is meant.
std::optional<double> DepthAlong(const DepthView& view, const Vector2d& direction) {
  const int pixel = view.PixelOf({direction.x(), direction.y(), 1});
  if (pixel < 0) return std::nullopt;
  auto around = SurroundingsOf(view.depth, pixel % view.depth.width, pixel / view.depth.width);
  if (!around) return std::nullopt;
  std::optional<double> nearest;
  for (size_t start = 0; start < around->size(); ++start) {
    if (!((*around)[start] > 0)) continue;
    std::vector<Met> surface = TakeSurface(start, &*around);
    if (surface.size() < kLeastSurface) continue;
    std::ranges::sort(surface, {},
                      [](const Met& m) { return std::pair(SquareFromMiddle(m.at), m.at); });
    if (SquareFromMiddle(surface.front().at) > kMiss_px * kMiss_px) continue;
    std::vector<double> close;
    for (const Met& m : surface | std::views::take(kClose)) close.push_back(m.depth);
    const double depth = MedianOf(close);
    if (!nearest || depth < *nearest) nearest = depth;
  }
  return nearest;
}

// Its middle.
DepthView Cropped(const DepthView& view, int size_px) {
  DepthView crop = view;
  const int from = (view.depth.width - size_px) / 2;
  crop.camera.width = crop.camera.height = size_px;
  crop.camera.params[2] -= from;
  crop.camera.params[3] -= from;
  crop.depth = ImageF(size_px, size_px, 1);
  for (int y = 0; y < size_px; ++y) {
    std::copy_n(view.depth.pixel(from, from + y), size_px, crop.depth.pixel(0, y));
  }
  return crop;
}

// The ray that is pointed along, x(t) = eye + t along, and where other photographs say it ends.
struct Ray {
  Vector3d eye, along;
  Vector3d At(double t) const { return eye + t * along; }
};

// How far the surface is behind x(t) as one photograph sees it, cut off; for kSteps + 1 depths.
// Nothing where the photograph does not see the place.
std::optional<std::vector<double>> Gaps(const PosedImage& image, const Camera& camera,
                                        const Ray& ray, double depth, DepthDrawer* drawer) {
  const Vector3d middle = image.cam_from_world * ray.At(depth);
  const auto px = camera.ImgFromCam(middle);
  if (!px || px->x() < 0 || px->y() < 0 || px->x() > camera.width || px->y() > camera.height) {
    return std::nullopt;
  }
  const DepthView view = LookAround(image, camera, middle.head<2>() / middle.z(), drawer);
  std::vector<double> gaps;
  for (int i = 0; i <= kSteps; ++i) {
    const double t = depth * (1 + kReach * (2.0 * i / kSteps - 1));
    const Vector3d x = image.cam_from_world * ray.At(t);
    const int pixel = view.PixelOf(x);
    const double seen =
        pixel < 0 ? 0 : static_cast<double>(view.depth.data[static_cast<size_t>(pixel)]);
    const double cut = kTruncation * depth;
    gaps.push_back(seen > 0 ? std::clamp(seen - x.z(), -cut, cut) : 0);
  }
  // It must see before the surface and not see behind it, or something stands between.
  if (!(gaps.front() > 0) || !(gaps.back() < 0)) return std::nullopt;
  return gaps;
}

// Where the gaps change sign for good, in steps.
double Crossing(const std::vector<double>& gaps) {
  for (size_t i = gaps.size() - 1; i > 0; --i) {
    if (gaps[i - 1] > 0 && gaps[i] <= 0) {
      return static_cast<double>(i - 1) + gaps[i - 1] / (gaps[i - 1] - gaps[i]);
    }
  }
  return 0.5 * static_cast<double>(gaps.size() - 1);
}

// By the points that photographs have in common near a pixel: they are known better than splats
// are, which are off alike beside them. Nothing where too few are near.
std::optional<DepthGuess> DepthFromPoints(const Reconstruction& reconstruction,
                                          const PosedImage& image, const Camera& camera,
                                          const Vector2d& x_px, const DepthView& view,
                                          double first) {
  const double reach = kSparseReach * std::max(camera.width, camera.height);
  std::vector<std::pair<double, const Observation*>> near;
  for (const Observation& o : image.observations) {
    const auto point = reconstruction.points.find(o.point_id);
    if (point == reconstruction.points.end() || point->second.track.size() < 3) continue;
    const double distance = (o.x_px - x_px).norm();
    if (distance < reach) near.push_back({distance, &o});
  }
  std::ranges::sort(near, {}, [](const auto& n) { return std::pair(n.first, n.second->point_id); });
  near.resize(std::min(near.size(), kMostSparse));
  std::vector<double> ratios;
  for (const auto& [distance, o] : near) {
    const auto direction = camera.CamFromImg(o->x_px);
    const double z = (image.cam_from_world * reconstruction.points.at(o->point_id).x_in_world).z();
    const auto depth = direction ? DepthAlong(view, *direction) : std::nullopt;
    if (depth && std::abs(z / *depth - 1) < kReach) ratios.push_back(z / *depth);
  }
  if (ratios.size() < kFewestSparse) return std::nullopt;
  const double depth = first * MedianOf(ratios);
  return DepthGuess{depth, kSparseDeviation * depth};
}

// Each photograph's own depths are a little off, and not all in one way: the surface is where the
// mean of what they say changes sign (Curless and Levoy 1996, along one ray).
DepthGuess DepthFromSplats(const Reconstruction& reconstruction, uint32_t image_id, const Ray& ray,
                           double first, DepthDrawer* drawer) {
  std::vector<double> sum(kSteps + 1, 0), crossings;
  const size_t stride = 1 + reconstruction.images.size() / (4 * kMostOthers);
  size_t index = 0;
  for (const auto& [id, other] : reconstruction.images) {
    if (id != image_id && index++ % stride != 0) continue;
    if (crossings.size() >= kMostOthers) break;
    const auto gaps = Gaps(other, reconstruction.cameras.at(other.camera_id), ray, first, drawer);
    if (!gaps) continue;
    for (size_t i = 0; i < gaps->size(); ++i) sum[i] += (*gaps)[i];
    crossings.push_back(Crossing(*gaps));
  }
  double depth = first, spread = 0.01 * depth;
  if (crossings.size() >= 3) {
    const double step = 2 * kReach * depth / kSteps;
    const double middle = Crossing(sum);
    std::vector<double> off;
    for (const double c : crossings) off.push_back(std::abs(c - middle) * step);
    spread = 1.48 * MedianOf(off) / std::sqrt(static_cast<double>(crossings.size()));
    depth += (middle - 0.5 * kSteps) * step;
  }
  return {depth, std::max(spread, kLeastDeviation * depth)};
}

// Photographs know best, but by repeated patterns they may agree on what is not so: unless they
// look very much alike there, they are believed where one of the other two is about the same.
DepthGuess Agreed(const std::optional<PhotoDepth>& photographs,
                  const std::optional<DepthGuess>& points, const DepthGuess& splats) {
  std::vector<double> depths = {splats.depth};
  if (points) depths.push_back(points->depth);
  if (photographs) {
    const DepthGuess& guess = photographs->guess;
    const bool same = std::ranges::any_of(
        depths, [&](double d) { return std::abs(d - guess.depth) < kSame * guess.depth; });
    if (same || photographs->likeness > kVeryAlike) return guess;
    depths.push_back(guess.depth);
  }
  std::ranges::sort(depths);
  const double range = depths.back() - depths.front();
  const double depth =
      depths.size() == 2 ? 0.5 * (depths[0] + depths[1]) : depths[depths.size() / 2];
  const double least = points ? kSparseDeviation * depth : splats.deviation;
  return {depth, std::max(least, 0.5 * range)};
}

}  // namespace

std::optional<SurfacePoint> FindSurfacePoint(const Reconstruction& reconstruction,
                                             uint32_t image_id, const Vector2d& x_px,
                                             const SplatCloud& cloud, const PictureOf& picture_of) {
  const PosedImage& image = reconstruction.images.at(image_id);
  const Camera& camera = reconstruction.cameras.at(image.camera_id);
  const bool inside =
      x_px.x() >= 0 && x_px.y() >= 0 && x_px.x() <= camera.width && x_px.y() <= camera.height;
  const auto direction = inside ? camera.CamFromImg(x_px) : std::nullopt;
  if (!direction || cloud.size() == 0) return std::nullopt;
  DepthDrawer drawer(cloud);
  const DepthView view = LookAround(image, camera, *direction, &drawer);
  const auto first = DepthAlong(view, *direction);
  if (!first) return std::nullopt;
  const Ray ray{image.CentreInWorld(), image.cam_from_world.rotation.conjugate() *
                                           Vector3d(direction->x(), direction->y(), 1)};

  std::optional<PhotoDepth> by_photographs;
  if (picture_of) {
    by_photographs = DepthFromPhotographs(reconstruction, image_id, x_px, Cropped(view, kPatch_px),
                                          *first, picture_of);
  }
  const DepthGuess guess =
      Agreed(by_photographs, DepthFromPoints(reconstruction, image, camera, x_px, view, *first),
             DepthFromSplats(reconstruction, image_id, ray, *first, &drawer));
  SurfacePoint point;
  point.x_in_world = ray.At(guess.depth);
  point.deviation_su =
      std::hypot(ray.along.norm() * guess.deviation, kPointing_px * guess.depth / camera.fx());
  return point;
}

}  // namespace ajar::space
