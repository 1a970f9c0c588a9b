#include "space/internal/photo_depth.h"

#include <Eigen/Dense>
#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

namespace ajar::space {
namespace {

using Eigen::Vector2d;
using Eigen::Vector3d;

constexpr double kReach = 0.05;  // of the depth, before and behind the splats' surface
constexpr int kSteps = 80;
constexpr double kOnPlane = 0.01;  // what is off the plane by more of its depth is something else
constexpr size_t kFewestPixels = 50;
// It is smooth where so much of what is as near as that to the pixel is on its plane.
constexpr double kSmooth_px = 10, kSmooth = 0.92;
constexpr double kAcross_px = 13;  // of a piece that is laid across the ray
struct PatchSize {
  double radius_px;
  int stride;  // every so manieth pixel, along rows and along columns
};
constexpr std::array<PatchSize, 4> kSizes = {{{7, 1}, {13, 2}, {20, 2}, {30, 3}}};
constexpr size_t kMostOthers = 12;
constexpr double kLeastAngle = 0.05, kBestAngle = 0.35, kMostAngle = 0.9;  // between rays, radians
constexpr double kMostSizeRatio = 2;  // between distances from which the piece is seen
constexpr double kLeastLikeness = 0.7, kClearly = 0.05;
constexpr double kAgree = 0.006;  // of the depth
constexpr size_t kFewestAgreeing = 3;
// The mean likeness falls by so much within so far of its peak, or it tells no place.
constexpr double kFall = 0.02, kMostWidth = 0.008;
constexpr double kLeastContrast = 0.012;  // standard deviation of grey, of 1
// The poses are a little off, too, and all agree on that; and across, the piece leans otherwise.
constexpr double kLeastDeviation = 0.0025, kLeastAcross = 0.004;

double MedianOf(std::vector<double> values) {
  const auto nth = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), nth, values.end());
  return *nth;
}

// Inverse depth is affine in a ray's direction on a plane: 1 / z = a x + b y + c.
struct Plane {
  Vector3d affine;
  double InverseDepth(const Vector2d& ray) const {
    return affine.dot(Vector3d(ray.x(), ray.y(), 1));
  }
};

struct PatchPixel {
  int x = 0, y = 0;
  Vector2d ray;
  double radius_px = 0;
  double inverse_depth = 0;
};

std::vector<PatchPixel> PixelsOf(const DepthView& view) {
  std::vector<PatchPixel> pixels;
  const double middle_x = 0.5 * (view.depth.width - 1), middle_y = 0.5 * (view.depth.height - 1);
  for (int y = 0; y < view.depth.height; ++y) {
    for (int x = 0; x < view.depth.width; ++x) {
      const auto z = static_cast<double>(*view.depth.pixel(x, y));
      pixels.push_back({x, y, view.Ray(x, y).head<2>(), Vector2d(x - middle_x, y - middle_y).norm(),
                        z > 0 ? 1 / z : 0});
    }
  }
  return pixels;
}

bool IsOn(const Plane& plane, const PatchPixel& p, double tolerance) {
  return p.inverse_depth > 0 &&
         std::abs(plane.InverseDepth(p.ray) / p.inverse_depth - 1) < tolerance;
}

// The pixels that are on one plane about such a depth, and where that is; none where there is an
// edge or a corner, or where it is not known.
std::vector<PatchPixel> PlaneAt(const std::vector<PatchPixel>& pixels, double depth, Plane* plane) {
  plane->affine = {0, 0, 1 / depth};
  for (const double tolerance : {0.03, 0.02, 0.015, kOnPlane, kOnPlane}) {
    Eigen::Matrix3d squares = Eigen::Matrix3d::Zero();
    Vector3d sum = Vector3d::Zero();
    size_t count = 0;
    for (const PatchPixel& p : pixels) {
      if (!IsOn(*plane, p, tolerance)) continue;
      const Vector3d x(p.ray.x(), p.ray.y(), 1);
      squares += x * x.transpose();
      sum += p.inverse_depth * x;
      ++count;
    }
    if (count < kFewestPixels) return {};
    plane->affine = squares.ldlt().solve(sum);
  }
  std::vector<PatchPixel> on;
  int near = 0, near_on = 0;
  for (PatchPixel p : pixels) {
    const bool is_on = IsOn(*plane, p, kOnPlane);
    near += p.radius_px < kSmooth_px;
    near_on += is_on && p.radius_px < kSmooth_px;
    if (!is_on) continue;
    p.inverse_depth = plane->InverseDepth(p.ray);
    on.push_back(p);
  }
  if (near_on < kSmooth * near) return {};
  return on;
}

// All of them on a plane across the ray that is pointed along.
std::vector<PatchPixel> PlaneAcross(std::vector<PatchPixel> pixels, const Vector2d& ray,
                                    double depth) {
  const Vector3d along(ray.x(), ray.y(), 1);
  for (PatchPixel& p : pixels) {
    p.inverse_depth = along.dot(Vector3d(p.ray.x(), p.ray.y(), 1)) / (depth * along.squaredNorm());
  }
  return pixels;
}

// Grey of a picture at a place of the photograph; nothing outside of it. Bilinear.
std::optional<double> GreyAt(const ImageF& picture, const Camera& camera, const Vector2d& x_px) {
  const double x = x_px.x() * picture.width / camera.width - 0.5;
  const double y = x_px.y() * picture.height / camera.height - 0.5;
  if (!(x >= 0 && y >= 0 && x < picture.width - 1 && y < picture.height - 1)) return std::nullopt;
  const int i = static_cast<int>(x), j = static_cast<int>(y);
  const double u = x - i, v = y - j;
  const auto at = [&](int dx, int dy) {
    return static_cast<double>(*picture.pixel(i + dx, j + dy));
  };
  return (1 - v) * ((1 - u) * at(0, 0) + u * at(1, 0)) + v * ((1 - u) * at(0, 1) + u * at(1, 1));
}

// A piece of surface about the pixel: where it is, in the photograph's camera, and how it looks
// there.
struct Patch {
  bool across = false;  // laid across the ray that is pointed along
  double depth = 0;     // at which it meets that ray
  std::vector<Vector3d> piece;
  std::vector<std::vector<double>> even;  // shades that grow evenly across it: orthonormal
  std::vector<double> own;
  std::vector<std::vector<double>> curves;  // likeness of each other photograph
};

double Dot(const std::vector<double>& a, const std::vector<double>& b) {
  double sum = 0;
  for (size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
  return sum;
}

void TakeAway(const std::vector<std::vector<double>>& directions, std::vector<double>* values) {
  for (const std::vector<double>& direction : directions) {
    const double along = Dot(direction, *values);
    for (size_t i = 0; i < values->size(); ++i) (*values)[i] -= along * direction[i];
  }
}

std::vector<std::vector<double>> EvenShades(const std::vector<PatchPixel>& pixels) {
  std::vector<std::vector<double>> even;
  for (int k = 0; k < 3; ++k) {
    std::vector<double> shade;
    for (const PatchPixel& p : pixels)
      shade.push_back(k == 0 ? 1 : static_cast<double>(k == 1 ? p.x : p.y));
    TakeAway(even, &shade);
    const double length = std::sqrt(Dot(shade, shade));
    if (!(length > 1e-9)) continue;
    for (double& x : shade) x /= length;
    even.push_back(std::move(shade));
  }
  return even;
}

// Without even shades, which look the same wherever they are laid, and of unit length; nothing
// without contrast.
std::optional<std::vector<double>> Normalised(const std::vector<std::vector<double>>& even,
                                              std::vector<double> values) {
  TakeAway(even, &values);
  const double squares = Dot(values, values);
  if (std::sqrt(squares / static_cast<double>(values.size())) < kLeastContrast) return std::nullopt;
  for (double& v : values) v /= std::sqrt(squares);
  return values;
}

double Shift(int step) { return 1 + kReach * (2.0 * step / kSteps - 1); }

// How alike another photograph looks where the piece would be seen at each shift, -1 to 1.
std::optional<std::vector<double>> Likeness(const Patch& patch, const Rigid3& cam_from_own,
                                            const Camera& camera, const ImageF& picture) {
  std::vector<double> curve;
  std::vector<double> greys(patch.piece.size());
  for (int step = 0; step <= kSteps; ++step) {
    for (size_t i = 0; i < patch.piece.size(); ++i) {
      const auto px = camera.ImgFromCam(cam_from_own * (Shift(step) * patch.piece[i]));
      const auto grey = px ? GreyAt(picture, camera, *px) : std::nullopt;
      if (!grey) return std::nullopt;
      greys[i] = *grey;
    }
    const auto theirs = Normalised(patch.even, greys);
    curve.push_back(theirs ? Dot(patch.own, *theirs) : 0);
  }
  return curve;
}

// Of the greatest value, between the steps; nothing at the ends.
std::optional<double> Peak(const std::vector<double>& curve, size_t from, size_t to) {
  const auto begin = curve.begin() + static_cast<std::ptrdiff_t>(from);
  const auto end = curve.begin() + static_cast<std::ptrdiff_t>(to + 1);
  const auto i = static_cast<size_t>(std::max_element(begin, end) - curve.begin());
  if (i == 0 || i + 1 >= curve.size() || i == from || i == to) return std::nullopt;
  const double bend = curve[i - 1] - 2 * curve[i] + curve[i + 1];
  if (!(bend < 0)) return std::nullopt;
  return static_cast<double>(i) + 0.5 * (curve[i - 1] - curve[i + 1]) / bend;
}

// How far from its peak a curve has fallen by `fall`, steps, the wider side.
double WidthOf(const std::vector<double>& curve, double peak, double fall) {
  const auto middle = static_cast<size_t>(std::lround(peak));
  size_t below = middle, above = middle;
  while (below > 0 && curve[below] > curve[middle] - fall) --below;
  while (above + 1 < curve.size() && curve[above] > curve[middle] - fall) ++above;
  return static_cast<double>(std::max(middle - below, above - middle));
}

struct Other {
  uint32_t image_id;
  const PosedImage* image;
  const Camera* camera;
  double merit;
};

// Those that see the place from another side, about as near; the best ones first.
std::vector<Other> OthersThatSee(const Reconstruction& reconstruction, uint32_t image_id,
                                 const Vector3d& x_in_world) {
  const Vector3d eye = reconstruction.images.at(image_id).CentreInWorld();
  std::vector<Other> others;
  for (const auto& [id, image] : reconstruction.images) {
    if (id == image_id) continue;
    const Camera& camera = reconstruction.cameras.at(image.camera_id);
    const auto px = camera.ImgFromCam(image.cam_from_world * x_in_world);
    if (!px || px->x() < 0 || px->y() < 0 || px->x() > camera.width || px->y() > camera.height)
      continue;
    const Vector3d a = x_in_world - eye, b = x_in_world - image.CentreInWorld();
    const double angle = std::acos(std::clamp(a.normalized().dot(b.normalized()), -1.0, 1.0));
    const double ratio = std::max(a.norm() / b.norm(), b.norm() / a.norm());
    if (angle < kLeastAngle || angle > kMostAngle || ratio > kMostSizeRatio) continue;
    others.push_back(
        {id, &image, &camera, -std::abs(std::log(angle / kBestAngle)) - std::log(ratio)});
  }
  std::ranges::stable_sort(others, {}, [](const Other& o) { return -o.merit; });
  if (others.size() > kMostOthers) others.resize(kMostOthers);
  return others;
}

struct Found {
  double shift = 0, deviation = 0;  // of the depth
  double likeness = 0;              // mean of all photographs that see the piece
};

// Where the curves together are greatest, by those that agree about it.
std::optional<Found> Agreement(const std::vector<std::vector<double>>& curves) {
  if (curves.size() < kFewestAgreeing) return std::nullopt;
  std::vector<double> sum(kSteps + 1, 0);
  for (const auto& curve : curves) {
    for (size_t i = 0; i < sum.size(); ++i) sum[i] += std::max(0.0, curve[i]);
  }
  const auto middle = Peak(sum, 0, kSteps);
  if (!middle) return std::nullopt;
  const double step = 2 * kReach / kSteps;
  const double width = step * WidthOf(sum, *middle, kFall * static_cast<double>(curves.size()));
  if (width > kMostWidth) return std::nullopt;
  std::vector<double> offsets;
  for (const auto& curve : curves) {
    const auto near = static_cast<size_t>(std::lround(*middle));
    const auto reach = static_cast<size_t>(std::ceil(kAgree / step));
    const size_t from = near > reach ? near - reach : 0,
                 to = std::min<size_t>(kSteps, near + reach);
    const auto own = Peak(curve, from, to);
    if (own && curve[static_cast<size_t>(std::lround(*own))] >= kLeastLikeness) {
      offsets.push_back((*own - *middle) * step);
    }
  }
  if (offsets.size() < kFewestAgreeing || 3 * offsets.size() < curves.size()) return std::nullopt;
  const double centre = MedianOf(offsets);
  std::vector<double> off;
  for (const double o : offsets) off.push_back(std::abs(o - centre));
  const double spread = 1.48 * MedianOf(off) / std::sqrt(static_cast<double>(offsets.size()));
  return Found{1 + kReach * (2 * *middle / kSteps - 1) + centre, std::max(spread, 0.5 * width),
               sum[static_cast<size_t>(std::lround(*middle))] / static_cast<double>(curves.size())};
}

// Pieces of a surface in several sizes, as its own photograph shows them, where that tells
// something.
void AddPatches(const std::vector<PatchPixel>& pixels, double depth, double most_px, bool across,
                const Camera& camera, const ImageF& picture, std::vector<Patch>* patches) {
  for (const PatchSize& size : kSizes) {
    if (size.radius_px > most_px) break;
    Patch patch;
    patch.across = across;
    patch.depth = depth;
    std::vector<PatchPixel> used;
    std::vector<double> greys;
    for (const PatchPixel& p : pixels) {
      if (p.radius_px > size.radius_px || p.x % size.stride != 0 || p.y % size.stride != 0)
        continue;
      const Vector3d x = Vector3d(p.ray.x(), p.ray.y(), 1) / p.inverse_depth;
      const auto px = camera.ImgFromCam(x);
      const auto grey = px ? GreyAt(picture, camera, *px) : std::nullopt;
      if (!grey) continue;
      patch.piece.push_back(x);
      used.push_back(p);
      greys.push_back(*grey);
    }
    if (greys.size() < kFewestPixels) continue;
    patch.even = EvenShades(used);
    const auto own = Normalised(patch.even, greys);
    if (!own) continue;
    patch.own = *own;
    patches->push_back(std::move(patch));
  }
}

}  // namespace

std::optional<PhotoDepth> DepthFromPhotographs(const Reconstruction& reconstruction,
                                               uint32_t image_id, const Vector2d& x_px,
                                               const DepthView& surface, double depth,
                                               const PictureOf& picture_of) {
  const PosedImage& image = reconstruction.images.at(image_id);
  const Camera& camera = reconstruction.cameras.at(image.camera_id);
  const auto middle = camera.CamFromImg(x_px);
  const auto own_picture = picture_of(image_id);
  if (!middle || !own_picture) return std::nullopt;
  const Vector2d ray = *middle;
  const Rigid3 world_from_own = Inverse(image.cam_from_world);
  const Vector3d x_in_world = world_from_own * (depth * Vector3d(ray.x(), ray.y(), 1));

  std::vector<Patch> patches;
  const std::vector<PatchPixel> pixels = PixelsOf(surface);
  Plane plane{};
  const std::vector<PatchPixel> on_plane = PlaneAt(pixels, depth, &plane);
  AddPatches(on_plane, 1 / plane.InverseDepth(ray), kSizes.back().radius_px, false, camera,
             *own_picture, &patches);
  AddPatches(PlaneAcross(pixels, ray, depth), depth, kAcross_px, true, camera, *own_picture,
             &patches);
  if (patches.empty()) return std::nullopt;
  for (const Other& other : OthersThatSee(reconstruction, image_id, x_in_world)) {
    const auto picture = picture_of(other.image_id);
    if (!picture) continue;
    const Rigid3 cam_from_own = other.image->cam_from_world * world_from_own;
    for (Patch& patch : patches) {
      auto curve = Likeness(patch, cam_from_own, *other.camera, *picture);
      if (curve) patch.curves.push_back(std::move(*curve));
    }
  }
  std::optional<PhotoDepth> on_surface, across_ray;
  for (const Patch& patch : patches) {
    const auto found = Agreement(patch.curves);
    if (!found) continue;
    const double least = patch.across ? kLeastAcross : kLeastDeviation;
    const double deviation = std::max(least, found->deviation) * patch.depth;
    std::optional<PhotoDepth>& best = patch.across ? across_ray : on_surface;
    if (best && deviation >= best->guess.deviation) continue;
    best = {{found->shift * patch.depth, deviation}, found->likeness};
  }
  // What lies on its surface tells more than what is only laid there, but the surface may be wrong.
  if (!on_surface) return across_ray;
  const bool wrong = across_ray && across_ray->likeness > on_surface->likeness + kClearly;
  return wrong ? across_ray : on_surface;
}

}  // namespace ajar::space
