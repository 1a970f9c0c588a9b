#include "scene/camera.h"

#include <Eigen/Dense>
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numbers>

#include "base/check.h"
#include "base/error.h"

namespace ajar {
namespace {

struct ModelRow {
  CameraModel model;
  std::string_view name;
  int params;
};
constexpr std::array<ModelRow, 9> kModels = {{
    {CameraModel::kSimplePinhole, "SIMPLE_PINHOLE", 3},
    {CameraModel::kPinhole, "PINHOLE", 4},
    {CameraModel::kSimpleRadial, "SIMPLE_RADIAL", 4},
    {CameraModel::kRadial, "RADIAL", 5},
    {CameraModel::kOpenCv, "OPENCV", 8},
    {CameraModel::kOpenCvFisheye, "OPENCV_FISHEYE", 8},
    {CameraModel::kFullOpenCv, "FULL_OPENCV", 12},
    {CameraModel::kSimpleRadialFisheye, "SIMPLE_RADIAL_FISHEYE", 4},
    {CameraModel::kRadialFisheye, "RADIAL_FISHEYE", 5},
}};

const ModelRow& Row(CameraModel model) {
  for (const ModelRow& row : kModels) {
    if (row.model == model) return row;
  }
  AJAR_CHECK(false && "unknown camera model");
  return kModels[0];
}

bool HasTwoFocals(CameraModel model) {
  return model == CameraModel::kPinhole || model == CameraModel::kOpenCv ||
         model == CameraModel::kOpenCvFisheye || model == CameraModel::kFullOpenCv;
}

bool IsFisheye(CameraModel model) {
  return model == CameraModel::kOpenCvFisheye || model == CameraModel::kSimpleRadialFisheye ||
         model == CameraModel::kRadialFisheye;
}

// Coefficients of every model in one form.
struct Distortion {
  bool fisheye = false;
  double k[6] = {0, 0, 0, 0, 0, 0};  // radial; k[3..5] in the denominator (not for fisheye)
  double p1 = 0, p2 = 0;
};

Distortion DistortionOf(const Camera& camera) {
  Distortion d;
  d.fisheye = IsFisheye(camera.model);
  const std::vector<double>& p = camera.params;
  switch (camera.model) {
    case CameraModel::kSimplePinhole:
    case CameraModel::kPinhole:
      break;
    case CameraModel::kSimpleRadial:
    case CameraModel::kSimpleRadialFisheye:
      d.k[0] = p[3];
      break;
    case CameraModel::kRadial:
    case CameraModel::kRadialFisheye:
      d.k[0] = p[3];
      d.k[1] = p[4];
      break;
    case CameraModel::kOpenCvFisheye:
      for (int i = 0; i < 4; ++i) d.k[i] = p[4 + i];
      break;
    case CameraModel::kFullOpenCv:
      for (int i = 0; i < 4; ++i) d.k[2 + i] = p[8 + i];
      [[fallthrough]];
    case CameraModel::kOpenCv:
      d.k[0] = p[4];
      d.k[1] = p[5];
      d.p1 = p[6];
      d.p2 = p[7];
      break;
  }
  return d;
}

Eigen::Vector2d Distort(const Distortion& d, const Eigen::Vector2d& uv) {
  const double r2 = uv.squaredNorm();
  if (d.fisheye) {
    const double r = std::sqrt(r2);
    if (r < 1e-12) return uv;
    const double theta = std::atan(r), t2 = theta * theta;
    const double theta_d =
        theta * (1 + t2 * (d.k[0] + t2 * (d.k[1] + t2 * (d.k[2] + t2 * d.k[3]))));
    return uv * (theta_d / r);
  }
  const double radial = (1 + r2 * (d.k[0] + r2 * (d.k[1] + r2 * d.k[2]))) /
                        (1 + r2 * (d.k[3] + r2 * (d.k[4] + r2 * d.k[5])));
  const double u = uv.x(), v = uv.y();
  return {u * radial + 2 * d.p1 * u * v + d.p2 * (r2 + 2 * u * u),
          v * radial + 2 * d.p2 * u * v + d.p1 * (r2 + 2 * v * v)};
}

Eigen::Matrix2d DistortJacobian(const Distortion& d, const Eigen::Vector2d& uv) {
  const double h = 1e-6;
  Eigen::Matrix2d jacobian;
  for (int i = 0; i < 2; ++i) {
    Eigen::Vector2d step = Eigen::Vector2d::Zero();
    step[i] = h;
    jacobian.col(i) = (Distort(d, uv + step) - Distort(d, uv - step)) / (2 * h);
  }
  return jacobian;
}

// The distortion must keep orientation and grow outwards; beyond the fold one pixel would show
// two directions.
bool IsUnfolded(const Distortion& d, const Eigen::Vector2d& uv) {
  constexpr int kSteps = 16;
  for (int i = 1; i <= kSteps; ++i) {
    if (DistortJacobian(d, uv * (static_cast<double>(i) / kSteps)).determinant() <= 0) return false;
  }
  return true;
}

}  // namespace

std::optional<CameraModel> CameraModelFromNumber(int number) {
  for (const ModelRow& row : kModels) {
    if (static_cast<int>(row.model) == number) return row.model;
  }
  return std::nullopt;
}

std::optional<CameraModel> CameraModelFromName(std::string_view name) {
  for (const ModelRow& row : kModels) {
    if (row.name == name) return row.model;
  }
  return std::nullopt;
}

std::string_view CameraModelName(CameraModel model) { return Row(model).name; }
int CameraParamCount(CameraModel model) { return Row(model).params; }

double Camera::fy() const { return HasTwoFocals(model) ? params[1] : params[0]; }
double Camera::cx() const { return HasTwoFocals(model) ? params[2] : params[1]; }
double Camera::cy() const { return HasTwoFocals(model) ? params[3] : params[2]; }
bool Camera::has_distortion() const {
  return model != CameraModel::kPinhole && model != CameraModel::kSimplePinhole;
}

std::optional<Eigen::Vector2d> Camera::ImgFromCam(const Eigen::Vector3d& x_in_cam) const {
  if (!(x_in_cam.z() > 0)) return std::nullopt;
  Eigen::Vector2d uv = x_in_cam.head<2>() / x_in_cam.z();
  if (has_distortion()) {
    const Distortion d = DistortionOf(*this);
    if (!IsUnfolded(d, uv)) return std::nullopt;
    uv = Distort(d, uv);
  }
  return Eigen::Vector2d(fx() * uv.x() + cx(), fy() * uv.y() + cy());
}

std::optional<Eigen::Vector2d> Camera::CamFromImg(const Eigen::Vector2d& x_px) const {
  const Eigen::Vector2d target((x_px.x() - cx()) / fx(), (x_px.y() - cy()) / fy());
  if (!has_distortion()) return target;
  const Distortion d = DistortionOf(*this);
  Eigen::Vector2d uv = target;
  if (d.fisheye) {
    // Start from the equidistant model: theta = r.
    const double r = target.norm();
    if (r >= std::numbers::pi / 2) return std::nullopt;
    if (r > 1e-12) uv = target * (std::tan(r) / r);
  }
  for (int step = 0; step < 100; ++step) {
    const Eigen::Vector2d error = Distort(d, uv) - target;
    if (error.norm() < 1e-12) break;
    const Eigen::Matrix2d jacobian = DistortJacobian(d, uv);
    if (!(std::abs(jacobian.determinant()) > 1e-12)) return std::nullopt;
    uv -= jacobian.inverse() * error;
  }
  if (!uv.allFinite() || !((Distort(d, uv) - target).norm() < 1e-10)) return std::nullopt;
  if (!IsUnfolded(d, uv)) return std::nullopt;
  return uv;
}

Camera ResizedCamera(const Camera& camera, int width, int height) {
  AJAR_CHECK(width > 0 && height > 0);
  const double sx = static_cast<double>(width) / camera.width;
  const double sy = static_cast<double>(height) / camera.height;
  Camera resized = camera;
  resized.width = width;
  resized.height = height;
  if (HasTwoFocals(camera.model)) {
    resized.params[0] *= sx;
    resized.params[1] *= sy;
    resized.params[2] *= sx;
    resized.params[3] *= sy;
  } else {
    resized.params[0] *= 0.5 * (sx + sy);
    resized.params[1] *= sx;
    resized.params[2] *= sy;
  }
  return resized;
}

Camera UndistortedCamera(const Camera& camera) {
  Camera pinhole;
  pinhole.model = CameraModel::kPinhole;
  pinhole.width = camera.width;
  pinhole.height = camera.height;
  pinhole.params = {camera.fx(), camera.fy(), camera.cx(), camera.cy()};
  if (!camera.has_distortion()) return pinhole;

  // How far the view may reach to each side so that every ray of the rectangle is in the
  // original picture: the smallest reach along each border of the original.
  const double limit = std::tan(60 * std::numbers::pi / 180);
  double left = -limit, right = limit, top = -limit, bottom = limit;
  constexpr int kSamples = 64;
  for (int i = 0; i <= kSamples; ++i) {
    const double x = static_cast<double>(camera.width) * i / kSamples;
    const double y = static_cast<double>(camera.height) * i / kSamples;
    if (const auto uv = camera.CamFromImg({x, 0})) top = std::max(top, uv->y());
    if (const auto uv = camera.CamFromImg({x, camera.height})) bottom = std::min(bottom, uv->y());
    if (const auto uv = camera.CamFromImg({0, y})) left = std::max(left, uv->x());
    if (const auto uv = camera.CamFromImg({camera.width, y})) right = std::min(right, uv->x());
  }
  if (!(left < 0 && right > 0 && top < 0 && bottom > 0)) {
    Fail(ErrorCode::kInput, "The lens of this camera cannot be straightened.", {},
         "Its distortion parameters are not those of a real lens.");
  }
  // One common factor for both focal lengths keeps pixels as square as they were.
  const double factor = std::max({camera.cx() / (-left * camera.fx()),
                                  (camera.width - camera.cx()) / (right * camera.fx()),
                                  camera.cy() / (-top * camera.fy()),
                                  (camera.height - camera.cy()) / (bottom * camera.fy()), 1.0});
  pinhole.params[0] *= factor;
  pinhole.params[1] *= factor;
  return pinhole;
}

std::vector<std::string> Violations(const Camera& camera) {
  std::vector<std::string> found;
  if (camera.width < 1 || camera.height < 1 || camera.width > 1 << 16 || camera.height > 1 << 16) {
    found.push_back("the size " + std::to_string(camera.width) + " × " +
                    std::to_string(camera.height) + " is not a picture's");
  }
  const size_t expected = static_cast<size_t>(CameraParamCount(camera.model));
  if (camera.params.size() != expected) {
    found.push_back(std::string(CameraModelName(camera.model)) + " needs " +
                    std::to_string(expected) + " parameters, not " +
                    std::to_string(camera.params.size()));
    return found;
  }
  for (const double p : camera.params) {
    if (!std::isfinite(p)) found.push_back("a parameter is not a finite number");
  }
  if (!(camera.fx() > 0) || !(camera.fy() > 0)) {
    found.push_back("the focal length is not positive");
  }
  return found;
}

}  // namespace ajar
