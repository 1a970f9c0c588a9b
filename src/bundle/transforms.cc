#include "bundle/transforms.h"

#include <cmath>
#include <map>
#include <nlohmann/json.hpp>
#include <numbers>
#include <system_error>
#include <tuple>

#include "base/error.h"
#include "bundle/internal/point_ply.h"

namespace ajar::bundle {
namespace {

using nlohmann::json;

// Values of a frame, or of the whole file where the frame has none.
class Intrinsics {
 public:
  Intrinsics(const json& file, const json& frame, std::string where, std::string name)
      : file_(file), frame_(frame), where_(std::move(where)), name_(std::move(name)) {}

  std::optional<double> Find(const char* key) const {
    for (const json* object : {&frame_, &file_}) {
      const auto found = object->find(key);
      if (found == object->end()) continue;
      if (!found->is_number()) FailAt(std::string(key) + " is not a number");
      return found->get<double>();
    }
    return std::nullopt;
  }
  double Or(const char* key, double value) const { return Find(key).value_or(value); }
  // Some programs write true, some write 1.
  bool Flag(const char* key) const {
    for (const json* object : {&frame_, &file_}) {
      const auto found = object->find(key);
      if (found != object->end() && found->is_boolean()) return found->get<bool>();
    }
    return Or(key, 0) != 0;
  }
  std::string Text(const char* key) const {
    for (const json* object : {&frame_, &file_}) {
      const auto found = object->find(key);
      if (found != object->end() && found->is_string()) return found->get<std::string>();
    }
    return {};
  }
  [[noreturn]] void FailAt(const std::string& what) const {
    Fail(ErrorCode::kInput, where_ + ": " + what + ".", name_);
  }

 private:
  const json& file_;
  const json& frame_;
  std::string where_, name_;
};

Camera ReadCamera(const Intrinsics& in) {
  Camera camera;
  const std::optional<double> w = in.Find("w"), h = in.Find("h");
  if (!w || !h || !(*w >= 1 && *w <= 1 << 16) || !(*h >= 1 && *h <= 1 << 16)) {
    in.FailAt("w and h (the picture's size in pixels) are missing or out of range");
  }
  camera.width = static_cast<int>(*w);
  camera.height = static_cast<int>(*h);
  const auto from_angle = [&](const char* key, double size) -> std::optional<double> {
    const std::optional<double> angle = in.Find(key);
    if (!angle || !(*angle > 0 && *angle < std::numbers::pi)) return std::nullopt;
    return 0.5 * size / std::tan(0.5 * *angle);
  };
  std::optional<double> fx = in.Find("fl_x"), fy = in.Find("fl_y");
  if (!fx) fx = from_angle("camera_angle_x", *w);
  if (!fy) fy = from_angle("camera_angle_y", *h);
  if (!fy) fy = fx;
  if (!fx || !(*fx > 0) || !(*fy > 0)) {
    in.FailAt("the focal length (fl_x, or camera_angle_x) is missing or not positive");
  }
  const double cx = in.Or("cx", 0.5 * *w), cy = in.Or("cy", 0.5 * *h);
  const double k1 = in.Or("k1", 0), k2 = in.Or("k2", 0), k3 = in.Or("k3", 0), k4 = in.Or("k4", 0);
  const double p1 = in.Or("p1", 0), p2 = in.Or("p2", 0);
  const std::string model = in.Text("camera_model");
  if (model == "OPENCV_FISHEYE" || in.Flag("is_fisheye")) {
    camera.model = CameraModel::kOpenCvFisheye;
    camera.params = {*fx, *fy, cx, cy, k1, k2, k3, k4};
  } else if (k3 != 0 || k4 != 0) {
    camera.model = CameraModel::kFullOpenCv;
    camera.params = {*fx, *fy, cx, cy, k1, k2, p1, p2, k3, k4, 0, 0};
  } else if (k1 != 0 || k2 != 0 || p1 != 0 || p2 != 0) {
    camera.model = CameraModel::kOpenCv;
    camera.params = {*fx, *fy, cx, cy, k1, k2, p1, p2};
  } else {
    camera.model = CameraModel::kPinhole;
    camera.params = {*fx, *fy, cx, cy};
  }
  return camera;
}

// From world_from_camera with OpenGL's axes to cam_from_world with ours: y and z turn round.
Rigid3 ReadPose(const json& frame, const Intrinsics& in) {
  const auto found = frame.find("transform_matrix");
  if (found == frame.end() || !found->is_array() || found->size() < 3) {
    in.FailAt("transform_matrix is missing or not a matrix of 4 × 4 numbers");
  }
  Eigen::Matrix3d rotation;
  Eigen::Vector3d centre;
  for (size_t i = 0; i < 3; ++i) {
    const json& row = (*found)[i];
    if (!row.is_array() || row.size() != 4) in.FailAt("transform_matrix has a row that is not 4 numbers");
    for (size_t j = 0; j < 4; ++j) {
      if (!row[j].is_number()) in.FailAt("transform_matrix holds something that is not a number");
      const auto r = static_cast<Eigen::Index>(i), c = static_cast<Eigen::Index>(j);
      if (j < 3) rotation(r, c) = row[j].get<double>() * (j == 0 ? 1 : -1);
      else centre[r] = row[j].get<double>();
    }
  }
  if (!rotation.allFinite() || !centre.allFinite() ||
      (rotation.transpose() * rotation - Eigen::Matrix3d::Identity()).norm() > 1e-2 ||
      rotation.determinant() < 0) {
    in.FailAt("transform_matrix is not a rotation and a position");
  }
  Rigid3 world_from_cam;
  world_from_cam.rotation = Eigen::Quaterniond(rotation).normalized();
  world_from_cam.translation = centre;
  return Inverse(world_from_cam);
}

}  // namespace

Reconstruction ReadTransforms(const Path& path) {
  const Path file = std::filesystem::is_directory(path) ? path / "transforms.json" : path;
  const std::string name = file.string();
  json root;
  try {
    root = json::parse(ReadTextFile(file));
  } catch (const json::exception& error) {
    Fail(ErrorCode::kInput, std::string("This is not JSON: ") + error.what() + ".", name);
  }
  if (!root.is_object() || !root.contains("frames") || !root["frames"].is_array()) {
    Fail(ErrorCode::kInput, "frames: there is no list of pictures.", name);
  }
  Reconstruction r;
  std::map<std::tuple<CameraModel, int, int, std::vector<double>>, uint32_t> camera_ids;
  uint32_t image_id = 0;
  for (const json& frame : root["frames"]) {
    const std::string where = "frames[" + std::to_string(image_id) + "]";
    if (!frame.is_object()) Fail(ErrorCode::kInput, where + ": this is not a picture.", name);
    const Intrinsics in(root, frame, where, name);
    PosedImage image;
    image.name = in.Text("file_path");
    if (image.name.empty()) in.FailAt("file_path is missing");
    while (image.name.starts_with("./")) image.name.erase(0, 2);
    image.cam_from_world = ReadPose(frame, in);
    const Camera camera = ReadCamera(in);
    for (const std::string& violation : Violations(camera)) in.FailAt(violation);
    // Frames with equal intrinsics share a camera.
    const auto next_id = static_cast<uint32_t>(r.cameras.size()) + 1;
    image.camera_id =
        camera_ids.try_emplace({camera.model, camera.width, camera.height, camera.params}, next_id)
            .first->second;
    if (image.camera_id == next_id) r.cameras[next_id] = camera;
    r.images[++image_id] = std::move(image);
  }
  if (root.contains("ply_file_path") && root["ply_file_path"].is_string()) {
    const Path cloud = file.parent_path() / root["ply_file_path"].get<std::string>();
    // Without an exception of its own where the name is none that a file can have.
    std::error_code unreachable;
    if (std::filesystem::exists(cloud, unreachable)) r.points = internal::ReadPointPly(cloud);
  }
  const std::vector<std::string> violations = Violations(r, 1);
  if (!violations.empty()) Fail(ErrorCode::kInput, violations.front() + ".", name);
  return r;
}

std::string FormatTransforms(const Reconstruction& r) {
  json root = {{"frames", json::array()}};
  for (const auto& [id, image] : r.images) {
    const Camera& camera = r.cameras.at(image.camera_id);
    const Rigid3 world_from_cam = Inverse(image.cam_from_world);
    const Eigen::Matrix3d rotation = world_from_cam.rotation.toRotationMatrix();
    json matrix = json::array();
    for (Eigen::Index i = 0; i < 3; ++i) {
      matrix.push_back({rotation(i, 0), -rotation(i, 1), -rotation(i, 2),
                        world_from_cam.translation[i]});
    }
    matrix.push_back({0, 0, 0, 1});
    json frame = {{"file_path", image.name}, {"transform_matrix", matrix},
                  {"w", camera.width},       {"h", camera.height},
                  {"fl_x", camera.fx()},     {"fl_y", camera.fy()},
                  {"cx", camera.cx()},       {"cy", camera.cy()}};
    const std::vector<double>& p = camera.params;
    switch (camera.model) {
      case CameraModel::kSimplePinhole:
      case CameraModel::kPinhole:
        frame["camera_model"] = "PINHOLE";
        break;
      case CameraModel::kSimpleRadial:
        frame["camera_model"] = "OPENCV";
        frame["k1"] = p[3];
        break;
      case CameraModel::kRadial:
        frame["camera_model"] = "OPENCV";
        frame["k1"] = p[3];
        frame["k2"] = p[4];
        break;
      case CameraModel::kOpenCv:
      case CameraModel::kFullOpenCv:
        frame["camera_model"] = "OPENCV";
        frame["k1"] = p[4];
        frame["k2"] = p[5];
        frame["p1"] = p[6];
        frame["p2"] = p[7];
        if (camera.model == CameraModel::kFullOpenCv) {
          frame["k3"] = p[8];
          frame["k4"] = p[9];
        }
        break;
      case CameraModel::kOpenCvFisheye:
        frame["camera_model"] = "OPENCV_FISHEYE";
        for (int k = 0; k < 4; ++k) frame["k" + std::to_string(k + 1)] = p[static_cast<size_t>(4 + k)];
        break;
      case CameraModel::kSimpleRadialFisheye:
      case CameraModel::kRadialFisheye:
        frame["camera_model"] = "OPENCV_FISHEYE";
        frame["k1"] = p[3];
        if (camera.model == CameraModel::kRadialFisheye) frame["k2"] = p[4];
        break;
    }
    root["frames"].push_back(std::move(frame));
  }
  return root.dump(1) + "\n";
}

}  // namespace ajar::bundle
