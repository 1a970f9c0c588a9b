// Camera models, as COLMAP defines them (its src/base/camera_models.h and documentation), so
// that models travel unchanged. A camera looks along +z, x right, y down. The centre of the
// top left pixel is (0.5, 0.5).
#pragma once

#include <Eigen/Core>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ajar {

// Values are COLMAP's model numbers.
enum class CameraModel {
  kSimplePinhole = 0,         // f, cx, cy
  kPinhole = 1,               // fx, fy, cx, cy
  kSimpleRadial = 2,          // f, cx, cy, k
  kRadial = 3,                // f, cx, cy, k1, k2
  kOpenCv = 4,                // fx, fy, cx, cy, k1, k2, p1, p2
  kOpenCvFisheye = 5,         // fx, fy, cx, cy, k1, k2, k3, k4
  kFullOpenCv = 6,            // fx, fy, cx, cy, k1, k2, p1, p2, k3, k4, k5, k6
  kSimpleRadialFisheye = 8,   // f, cx, cy, k
  kRadialFisheye = 9,         // f, cx, cy, k1, k2
};

std::optional<CameraModel> CameraModelFromNumber(int number);
std::optional<CameraModel> CameraModelFromName(std::string_view name);  // "SIMPLE_RADIAL"
std::string_view CameraModelName(CameraModel model);
int CameraParamCount(CameraModel model);

struct Camera {
  CameraModel model = CameraModel::kPinhole;
  int width = 0, height = 0;       // pixels
  std::vector<double> params;      // in the model's order; lengths in pixels

  double fx() const { return params[0]; }
  double fy() const;
  double cx() const;
  double cy() const;
  bool has_distortion() const;  // of the model, not of its values

  // A point in front of the camera (z > 0) to pixels; nothing for z <= 0, and nothing beyond the
  // angle at which the distortion polynomial folds back.
  std::optional<Eigen::Vector2d> ImgFromCam(const Eigen::Vector3d& x_in_cam) const;
  // Pixels to the ray (x / z, y / z); Newton's method, at most 100 steps, 1e-10 accuracy; nothing
  // where the distortion cannot be inverted.
  std::optional<Eigen::Vector2d> CamFromImg(const Eigen::Vector2d& x_px) const;
};

// Parameters for the picture resized to width × height.
Camera ResizedCamera(const Camera& camera, int width, int height);

// A pinhole camera (no distortion) whose whole image lies within the original's, with the
// original's focal lengths up to one common factor >= 1 and the same size; what undistorted
// photographs are seen with. Errors: kInput when no such camera exists (a fisheye that sees
// 180 degrees is cropped to at most 120 across instead).
Camera UndistortedCamera(const Camera& camera);

// Every violation of a camera's invariants (sizes, parameter count, finite, focal > 0).
std::vector<std::string> Violations(const Camera& camera);

}  // namespace ajar
