// Rigid motions and similarities, named target_from_source: x_in_target = T * x_in_source.
#pragma once

#include <Eigen/Core>
#include <Eigen/Geometry>

namespace ajar {

// A rotation followed by a translation. The quaternion is kept normalised by whoever writes it.
// Eigen stores quaternions as (x, y, z, w); files store (w, x, y, z): convert with
// QuaternionFromWxyz and WxyzFromQuaternion only.
struct Rigid3 {
  Eigen::Quaterniond rotation = Eigen::Quaterniond::Identity();
  Eigen::Vector3d translation = Eigen::Vector3d::Zero();

  Eigen::Vector3d operator*(const Eigen::Vector3d& x) const { return rotation * x + translation; }
  Rigid3 operator*(const Rigid3& other) const {
    return {(rotation * other.rotation).normalized(), rotation * other.translation + translation};
  }
};

inline Rigid3 Inverse(const Rigid3& t) {
  const Eigen::Quaterniond inverse = t.rotation.conjugate();
  return {inverse, -(inverse * t.translation)};
}

// x_in_target = scale * (rotation * x_in_source) + translation, scale > 0.
struct Sim3 {
  double scale = 1;
  Eigen::Quaterniond rotation = Eigen::Quaterniond::Identity();
  Eigen::Vector3d translation = Eigen::Vector3d::Zero();

  Eigen::Vector3d operator*(const Eigen::Vector3d& x) const {
    return scale * (rotation * x) + translation;
  }
  Sim3 operator*(const Sim3& other) const {
    return {scale * other.scale, (rotation * other.rotation).normalized(),
            scale * (rotation * other.translation) + translation};
  }
};

inline Sim3 Inverse(const Sim3& t) {
  const Eigen::Quaterniond inverse = t.rotation.conjugate();
  return {1 / t.scale, inverse, -(inverse * t.translation) / t.scale};
}

// cam_from_new, given cam_from_old and new_from_old: rigid again, since a camera's image does
// not change when the world is scaled about it.
inline Rigid3 TransformCamera(const Rigid3& cam_from_old, const Sim3& new_from_old) {
  const Eigen::Quaterniond rotation =
      (cam_from_old.rotation * new_from_old.rotation.conjugate()).normalized();
  const Eigen::Vector3d centre_in_new = new_from_old * Inverse(cam_from_old).translation;
  return {rotation, -(rotation * centre_in_new)};
}

inline Eigen::Quaterniond QuaternionFromWxyz(const Eigen::Vector4d& q) {
  return {q[0], q[1], q[2], q[3]};
}
inline Eigen::Vector4d WxyzFromQuaternion(const Eigen::Quaterniond& q) {
  return {q.w(), q.x(), q.y(), q.z()};
}

}  // namespace ajar
