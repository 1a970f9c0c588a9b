// Rooms made by code as flat splats, with cameras in them; nothing in them is drawn from anywhere.
#pragma once

#include <Eigen/Geometry>
#include <cmath>
#include <numbers>
#include <string>
#include <vector>

#include "scene/reconstruction.h"
#include "scene/splat_cloud.h"
#include "space/internal/contour.h"

namespace ajar::space::test {

using Eigen::Vector2d;
using Eigen::Vector3d;

// Metres, y up, the floor at 0.
struct TestRoom {
  struct Quad {
    Vector3d corner, u, v;  // covers corner + a u + b v for a and b from 0 to 1
  };
  std::vector<Quad> quads;
  Polygon outline;               // x, z; the truth
  std::vector<Eigen::AlignedBox3d> furniture;
  std::vector<std::pair<Vector3d, Vector3d>> cameras;  // eye, what it looks at

  void Add(const Vector3d& corner, const Vector3d& u, const Vector3d& v) {
    quads.push_back({corner, u, v});
  }
  // Walls up to `height` on the outline's side i, from a to b of its length and from low to high.
  void AddWall(size_t i, double a, double b, double low, double high) {
    const Vector2d p = outline[i], q = outline[(i + 1) % outline.size()];
    const Vector2d from = p + a * (q - p), to = p + b * (q - p);
    Add({from.x(), low, from.y()}, {to.x() - from.x(), 0, to.y() - from.y()}, {0, high - low, 0});
  }
  void AddBox(const Vector3d& low, const Vector3d& high) {
    const Vector3d s = high - low;
    const Vector3d x(s.x(), 0, 0), y(0, s.y(), 0), z(0, 0, s.z());
    Add(low, x, y), Add(low, z, y), Add(low + z, x, y), Add(low + x, z, y), Add(low + y, x, z);
    furniture.push_back({low, high});
  }
  // Cameras on an ellipse about `middle` at eye height, looking across and outwards by turns.
  void AddRound(const Vector2d& middle, double rx, double rz, int count) {
    for (int i = 0; i < count; ++i) {
      const double angle = 2 * std::numbers::pi * i / count;
      const Vector3d way(std::sin(angle), 0, std::cos(angle));
      const Vector3d eye(middle.x() + rx * way.x(), 1.5 + 0.1 * std::sin(5.0 * i),
                         middle.y() + rz * way.z());
      const double slope = -0.75 + 0.5 * (i % 4);  // floor to ceiling
      for (const double side : {-1.0, 1.0}) {
        cameras.push_back({eye, eye + side * way + Vector3d(0, slope, 0)});
      }
    }
  }
};

// 4 by 5 m, 2.5 m high, with a bed and a table.
inline TestRoom BoxRoom() {
  TestRoom room;
  room.outline = {{-2, -2.5}, {2, -2.5}, {2, 2.5}, {-2, 2.5}};
  for (size_t i = 0; i < 4; ++i) room.AddWall(i, 0, 1, 0, 2.5);
  room.Add({-2, 0, -2.5}, {4, 0, 0}, {0, 0, 5});
  room.Add({-2, 2.5, -2.5}, {4, 0, 0}, {0, 0, 5});
  room.AddBox({-2, 0, 0.4}, {-1, 0.5, 2.4});
  room.AddBox({1.2, 0, -2.5}, {2, 0.75, -1.1});
  room.AddRound({0.2, 0}, 0.8, 1.4, 16);
  return room;
}

struct MadeRoom {
  Reconstruction reconstruction;
  SplatCloud cloud;
};

// In a frame of its own: x_in_reconstruction = rec_from_room x.
inline MadeRoom Make(const TestRoom& room, const Sim3& rec_from_room) {
  MadeRoom made;
  constexpr double kSpacing = 0.06, kSpread = 0.035, kThickness = 0.002;
  std::vector<std::pair<Vector3d, Eigen::Matrix3d>> splats;
  std::vector<Vector2d> sizes;
  for (const TestRoom::Quad& quad : room.quads) {
    const int nu = std::max(1, static_cast<int>(std::ceil(quad.u.norm() / kSpacing)));
    const int nv = std::max(1, static_cast<int>(std::ceil(quad.v.norm() / kSpacing)));
    Eigen::Matrix3d axes;
    axes << quad.u.normalized(), quad.v.normalized(), quad.u.cross(quad.v).normalized();
    for (int i = 0; i < nu; ++i) {
      for (int j = 0; j < nv; ++j) {
        splats.push_back({quad.corner + (i + 0.5) / nu * quad.u + (j + 0.5) / nv * quad.v, axes});
        sizes.push_back({kSpread * quad.u.norm() / nu / kSpacing,
                         kSpread * quad.v.norm() / nv / kSpacing});
      }
    }
  }
  made.cloud.Resize(splats.size(), 0);
  for (size_t i = 0; i < splats.size(); ++i) {
    made.cloud.means[i] = splats[i].first.cast<float>();
    const Eigen::Quaternionf q(splats[i].second.cast<float>());
    made.cloud.rotations[i] = {q.w(), q.x(), q.y(), q.z()};
    made.cloud.log_scales[i] = Eigen::Vector3d(std::log(sizes[i].x()), std::log(sizes[i].y()),
                                               std::log(kThickness)).cast<float>();
    made.cloud.opacity_logits[i] = 4;
  }
  made.cloud = Transformed(made.cloud, rec_from_room);
  made.reconstruction.cameras[1] = {CameraModel::kPinhole, 320, 240, {200, 200, 160, 120}};
  uint32_t id = 0;
  for (const auto& [eye, target] : room.cameras) {
    const Vector3d ahead = (target - eye).normalized();
    const Vector3d right = ahead.cross(Vector3d::UnitY()).normalized();
    Eigen::Matrix3d cam_from_room;
    cam_from_room.row(0) = right;
    cam_from_room.row(1) = ahead.cross(right);
    cam_from_room.row(2) = ahead;
    PosedImage& image = made.reconstruction.images[++id];
    image.name = std::to_string(id) + ".jpg";
    image.camera_id = 1;
    image.cam_from_world =
        TransformCamera({Eigen::Quaterniond(cam_from_room), -(cam_from_room * eye)}, rec_from_room);
  }
  return made;
}

inline Sim3 AnyMotion() {
  return {0.37, Eigen::Quaterniond(0.3, -0.5, 0.7, 0.2).normalized(), Vector3d(4, -2, 9)};
}

}  // namespace ajar::space::test
