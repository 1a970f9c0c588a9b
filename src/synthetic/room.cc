#include "synthetic/room.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numbers>
#include <random>
#include <span>

#include "base/parallel.h"
#include "synthetic/internal/texture.h"
#include "synthetic/internal/twins.h"

namespace ajar::synthetic {
namespace {

using Eigen::Vector2d;
using Eigen::Vector3d;
using Eigen::Vector3f;

// World: x to the right, y down, z away from the door; the floor is y = 0.
const Vector3d kRoomLow(-1.8, -2.5, -2.1), kRoomHigh(1.8, 0, 2.1);

const std::array<Box, 6>& Furniture() {
  static const std::array<Box, 6> boxes = {{
      {{-1.8, -0.5, 0.3}, {-0.6, 0, 2.1}},     // bed
      {{-1.75, -0.68, 1.7}, {-0.65, -0.5, 2.05}},  // pillow
      {{0.9, -0.78, 0.9}, {1.8, -0.72, 2.1}},  // desk
      {{0.95, -0.72, 0.95}, {1.0, 0, 1.0}},    // its leg
      {{1.45, -1.9, -1.2}, {1.8, 0, 0.2}},     // shelf
      {{1.25, -1.0, 1.3}, {1.5, -0.78, 1.6}},  // a box on the desk
  }};
  return boxes;
}
const Vector3d kBallCentre(0.3, -0.18, 0.9);
constexpr double kBallRadius = 0.18;

struct Hit {
  double distance = std::numeric_limits<double>::infinity();
  uint32_t surface = 0;
  Vector2d uv = Vector2d::Zero();
  Vector3d normal = Vector3d::Zero();
};

// Where a ray passes the planes of a box: entering it from outside, or leaving it from inside.
void HitBox(const Box& box, const Vector3d& from, const Vector3d& along, bool inside,
            uint32_t first_surface, Hit* hit) {
  double near = -std::numeric_limits<double>::infinity(), far = -near;
  int near_axis = 0, far_axis = 0;
  for (int axis = 0; axis < 3; ++axis) {
    const double inverse = 1 / along[axis];
    double a = (box.low[axis] - from[axis]) * inverse, b = (box.high[axis] - from[axis]) * inverse;
    if (a > b) std::swap(a, b);
    if (a > near) near = a, near_axis = axis;
    if (b < far) far = b, far_axis = axis;
  }
  const double distance = inside ? far : near;
  const int axis = inside ? far_axis : near_axis;
  if (!(near <= far) || distance <= 1e-6 || distance >= hit->distance) return;
  hit->distance = distance;
  const Vector3d x = from + distance * along;
  const bool upper = x[axis] > 0.5 * (box.low[axis] + box.high[axis]);
  hit->surface = first_surface + static_cast<uint32_t>(2 * axis + (upper ? 1 : 0));
  hit->uv = {x[(axis + 1) % 3], x[(axis + 2) % 3]};
  hit->normal = Vector3d::Zero();
  hit->normal[axis] = upper == inside ? -1 : 1;
}

void HitBall(const Vector3d& from, const Vector3d& along, Hit* hit) {
  const Vector3d to = from - kBallCentre;
  const double a = along.squaredNorm(), b = to.dot(along);
  const double discriminant = b * b - a * (to.squaredNorm() - kBallRadius * kBallRadius);
  if (discriminant < 0) return;
  const double distance = (-b - std::sqrt(discriminant)) / a;
  if (distance <= 1e-6 || distance >= hit->distance) return;
  hit->distance = distance;
  hit->normal = (from + distance * along - kBallCentre) / kBallRadius;
  hit->surface = 60;
  hit->uv = {std::atan2(hit->normal.x(), hit->normal.z()) * kBallRadius * 2,
             std::asin(std::clamp(hit->normal.y(), -1.0, 1.0)) * kBallRadius * 2};
}

// On the wall at the near end.
const Vector3d kMirrorLow(-1.3, -2.3, -2.1), kMirrorHigh(1.3, -0.2, -2.1);
constexpr float kMirrorLoses = 0.08f;

bool InMirror(const Vector3d& x) {
  return x.z() < kMirrorLow.z() + 1e-9 && x.x() > kMirrorLow.x() && x.x() < kMirrorHigh.x() &&
         x.y() > kMirrorLow.y() && x.y() < kMirrorHigh.y();
}

Hit Trace(const Vector3d& from, const Vector3d& along, const RoomOptions& options) {
  Hit hit;
  HitBox({kRoomLow, kRoomHigh}, from, along, true, 0, &hit);
  if (options.twins) {
    const Vector3d x = from + hit.distance * along;
    if (const auto twin = OnTwinOnWall(x)) hit.surface = twin->surface, hit.uv = twin->uv;
    for (const Box& stool : TwinStools()) {
      const double before = hit.distance;
      HitBox(stool, from, along, false, kStoolSurface, &hit);
      if (hit.distance < before) hit.uv = OnStool(stool, from + hit.distance * along);
    }
  }
  uint32_t surface = 6;
  for (const Box& box : Furniture()) {
    HitBox(box, from, along, false, surface, &hit);
    surface += 6;
  }
  HitBall(from, along, &hit);
  return hit;
}

constexpr uint32_t kSidesOfRoom = 6;  // walls, floor and ceiling are the surfaces below this

Vector3f Shade(const Hit& hit, const Vector3d& x, const RoomOptions& options) {
  const Vector3d lamp(0.2, -2.3, 0.4);
  const Vector3d to_lamp = lamp - x;
  const double facing = std::max(0.0, hit.normal.dot(to_lamp.normalized()));
  const auto light = static_cast<float>(0.55 + 0.45 * facing / (0.6 + 0.25 * to_lamp.norm()));
  Vector3f colour = SurfaceColour(hit.surface, static_cast<float>(hit.uv.x()),
                                  static_cast<float>(hit.uv.y()));
  if (hit.surface < kSidesOfRoom && options.wall_contrast != 1) {
    const Vector3f plain = Vector3f::Constant(0.6f);
    colour = plain + static_cast<float>(options.wall_contrast) * (colour - plain);
  }
  return colour * light;
}

// What is seen along a ray; in the mirror, what is seen there.
Vector3f Colour(const Vector3d& from, const Vector3d& along, const RoomOptions& options) {
  const Hit hit = Trace(from, along, options);
  const Vector3d x = from + hit.distance * along;
  if (!options.mirror || !InMirror(x)) return Shade(hit, x, options);
  const Vector3d back(along.x(), along.y(), -along.z());
  const Hit reflected = Trace(x, back, options);
  return (1 - kMirrorLoses) * Shade(reflected, x + reflected.distance * back, options);
}

// Cameras walk round at eye height, each looking across the room, some lower and closer.
Rigid3 CameraPose(int index, int count, std::mt19937_64& random) {
  std::uniform_real_distribution<double> jitter(-1, 1);
  const double turn = 2 * std::numbers::pi * index / count;
  const bool outward = index % 3 == 2;
  const double radius = outward ? 0.45 : 1.0;
  const Vector3d eye(radius * 1.2 * std::sin(turn) + 0.06 * jitter(random) - 0.05,
                     -1.45 + 0.18 * jitter(random),
                     -radius * 1.35 * std::cos(turn) + 0.06 * jitter(random) - 0.1);
  const double facing = outward ? 1.0 : -1.0;
  const Vector3d target(facing * 1.3 * std::sin(turn) + 0.15 * jitter(random),
                        -0.95 + 0.2 * jitter(random),
                        -facing * 1.5 * std::cos(turn) + 0.15 * jitter(random));
  const Vector3d forward = (target - eye).normalized();
  const Vector3d right = Vector3d(0, 1, 0).cross(forward).normalized();
  const double roll = 0.04 * jitter(random);
  Eigen::Matrix3d world_from_cam;
  world_from_cam << right, forward.cross(right), forward;
  const Eigen::Quaterniond rotation(
      world_from_cam * Eigen::AngleAxisd(roll, Vector3d::UnitZ()).toRotationMatrix());
  return Inverse(Rigid3{rotation.normalized(), eye});
}

uint8_t ToByte(double x) {
  return static_cast<uint8_t>(std::lround(std::clamp(x, 0.0, 1.0) * 255));
}

// The directions a camera looks in, (x / z, y / z): undoing its distortion costs more than all
// else, and all photographs of a room are taken with one camera.
class Rays {
 public:
  Rays(const Camera& camera, int supersampling)
      : width_(camera.width),
        height_(camera.height),
        side_(std::max(1, supersampling)),
        rays_(static_cast<size_t>(width_) * static_cast<size_t>(height_) * per_pixel()) {
    ParallelFor(static_cast<size_t>(height_), 8, [&](size_t row) {
      const int y = static_cast<int>(row);
      for (int x = 0; x < width_; ++x) {
        Vector2d* ray = rays_.data() + Index(x, y);
        *ray++ = Look(camera, x + 0.5, y + 0.5);
        for (int j = 0; j < side_; ++j) {
          for (int i = 0; i < side_; ++i) {
            *ray++ = Look(camera, x + (i + 0.5) / side_, y + (j + 0.5) / side_);
          }
        }
      }
    });
  }

  int width() const { return width_; }
  int height() const { return height_; }
  // Through the pixel's centre, and through places spread evenly over it; NaN where the camera
  // sees nothing.
  const Vector2d& Centre(int x, int y) const { return rays_[Index(x, y)]; }
  std::span<const Vector2d> Spread(int x, int y) const {
    return {rays_.data() + Index(x, y) + 1, per_pixel() - 1};
  }

 private:
  static Vector2d Look(const Camera& camera, double x_px, double y_px) {
    return camera.CamFromImg({x_px, y_px})
        .value_or(Vector2d::Constant(std::numeric_limits<double>::quiet_NaN()));
  }
  size_t per_pixel() const { return 1 + static_cast<size_t>(side_) * static_cast<size_t>(side_); }
  size_t Index(int x, int y) const {
    return (static_cast<size_t>(y) * static_cast<size_t>(width_) + static_cast<size_t>(x)) *
           per_pixel();
  }

  int width_, height_, side_;
  std::vector<Vector2d> rays_;
};

SyntheticView Render(const Rays& rays, const Rigid3& cam_from_world,
                     const RoomOptions& options) {
  SyntheticView view{Image8(rays.width(), rays.height(), 3), ImageF(rays.width(), rays.height(), 1)};
  const Rigid3 world_from_cam = Inverse(cam_from_world);
  const Vector3d& eye = world_from_cam.translation;
  const auto direction = [&](const Vector2d& ray) -> Vector3d {
    return world_from_cam.rotation * Vector3d(ray.x(), ray.y(), 1);
  };
  ParallelFor(static_cast<size_t>(rays.height()), 8, [&](size_t row) {
    const int y = static_cast<int>(row);
    for (int x = 0; x < rays.width(); ++x) {
      const Vector2d& centre = rays.Centre(x, y);
      // A direction's depth is 1, so that distances along it are depths.
      if (!std::isnan(centre.x())) {
        const Hit hit = Trace(eye, direction(centre), options);
        *view.depth.pixel(x, y) = static_cast<float>(hit.distance);
      }
      Vector3f sum = Vector3f::Zero();
      const std::span<const Vector2d> spread = rays.Spread(x, y);
      for (const Vector2d& ray : spread) {
        if (std::isnan(ray.x())) continue;
        sum += Colour(eye, direction(ray), options);
      }
      for (int c = 0; c < 3; ++c) {
        view.colour.pixel(x, y)[c] =
            ToByte(static_cast<double>(sum[c]) / static_cast<double>(spread.size()));
      }
    }
  });
  return view;
}

// Surface points that two photographs or more see, with what they see of them.
void AddPoints(Room* room, const std::vector<ImageF>& depths) {
  Reconstruction& r = room->reconstruction;
  uint64_t next = 1;
  for (const auto& [id, image] : r.images) {
    const Camera& camera = r.cameras.at(image.camera_id);
    const Rigid3 world_from_cam = Inverse(image.cam_from_world);
    const int step = std::max(6, camera.width / 40);
    for (int y = step / 2; y < camera.height; y += step) {
      for (int x = step / 2; x < camera.width; x += step) {
        const auto uv = camera.CamFromImg({x + 0.5, y + 0.5});
        if (!uv) continue;
        const double z = static_cast<double>(*depths[id - 1].pixel(x, y));
        Point3 point;
        point.x_in_world = world_from_cam * Vector3d(uv->x() * z, uv->y() * z, z);
        point.error_px = 0;
        const uint8_t* rgb = room->photos[id - 1].pixel(x, y);
        point.rgb = {rgb[0], rgb[1], rgb[2]};
        for (auto& [other_id, other] : r.images) {
          const Vector3d in_cam = other.cam_from_world * point.x_in_world;
          const auto px = r.cameras.at(other.camera_id).ImgFromCam(in_cam);
          if (!px || px->x() < 1 || px->y() < 1 || px->x() > camera.width - 1 ||
              px->y() > camera.height - 1) {
            continue;
          }
          const float seen = *depths[other_id - 1].pixel(static_cast<int>(px->x()),
                                                         static_cast<int>(px->y()));
          if (std::abs(static_cast<double>(seen) - in_cam.z()) > 0.03) continue;
          point.track.push_back({other_id, static_cast<uint32_t>(other.observations.size())});
          other.observations.push_back({*px, next});
        }
        if (point.track.size() < 2) {
          for (const TrackElement& e : point.track) {
            r.images.at(e.image_id).observations[e.observation].point_id = kNoPoint;
          }
          continue;
        }
        r.points[next++] = std::move(point);
      }
    }
  }
}

}  // namespace

SyntheticView RenderRoom(const Camera& camera, const Rigid3& cam_from_world,
                         const RoomOptions& options) {
  return Render(Rays(camera, options.supersampling), cam_from_world, options);
}

Room MakeRoom(const RoomOptions& options) {
  Room room;
  Camera camera;
  camera.width = options.width;
  camera.height = options.height;
  if (options.radial_k != 0) {
    camera.model = CameraModel::kSimpleRadial;
    camera.params = {options.focal_px, 0.5 * options.width, 0.5 * options.height,
                     options.radial_k};
  } else {
    camera.model = CameraModel::kPinhole;
    camera.params = {options.focal_px, options.focal_px, 0.5 * options.width,
                     0.5 * options.height};
  }
  room.reconstruction.cameras[1] = camera;
  std::mt19937_64 random(options.seed);
  std::normal_distribution<double> normal;
  std::vector<ImageF> depths;
  const Rays rays(camera, options.supersampling);
  for (int i = 0; i < options.photos; ++i) {
    PosedImage image;
    const std::string number = std::to_string(i + 1);
    image.name =
        "photo-" + std::string(4 - std::min<size_t>(4, number.size()), '0') + number + ".jpg";
    image.camera_id = 1;
    image.cam_from_world = CameraPose(i, options.photos, random);
    SyntheticView view = Render(rays, image.cam_from_world, options);
    const double gain = std::exp(options.exposure_drift * normal(random));
    if (gain != 1 || options.noise > 0) {
      for (uint8_t& x : view.colour.data) {
        x = ToByte((gain * x + options.noise * normal(random)) / 255);
      }
    }
    room.photos.push_back(std::move(view.colour));
    depths.push_back(std::move(view.depth));
    room.reconstruction.images[static_cast<uint32_t>(i) + 1] = std::move(image);
  }
  AddPoints(&room, depths);
  return room;
}

}  // namespace ajar::synthetic
