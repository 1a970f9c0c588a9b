#include <limits>
#include <set>

#include "base/error.h"
#include "bundle/colmap.h"
#include "bundle/internal/bytes.h"
#include "bundle/internal/colmap_text.h"

namespace ajar::bundle {
namespace {

using internal::ByteReader;
using internal::ByteWriter;

constexpr size_t kLongestName = 4096;

void ReadCameras(const Path& file, Reconstruction* r) {
  const std::vector<uint8_t> bytes = ReadFile(file);
  ByteReader in(bytes, file.string());
  const uint64_t count = in.GetCount(24);
  for (uint64_t i = 0; i < count; ++i) {
    const auto id = in.Get<uint32_t>();
    const auto number = in.Get<int32_t>();
    const std::optional<CameraModel> model = CameraModelFromNumber(number);
    if (!model) in.FailHere("Camera model " + std::to_string(number) + " is not known");
    Camera camera;
    camera.model = *model;
    const auto width = in.Get<uint64_t>(), height = in.Get<uint64_t>();
    if (width > 1 << 16 || height > 1 << 16) in.FailHere("A camera's size is out of range");
    camera.width = static_cast<int>(width);
    camera.height = static_cast<int>(height);
    for (int k = 0; k < CameraParamCount(*model); ++k) camera.params.push_back(in.Get<double>());
    if (!r->cameras.emplace(id, std::move(camera)).second) in.FailHere("A camera is there twice");
  }
  in.ExpectEnd();
}

void ReadImages(const Path& file, Reconstruction* r) {
  const std::vector<uint8_t> bytes = ReadFile(file);
  ByteReader in(bytes, file.string());
  const uint64_t count = in.GetCount(73);
  for (uint64_t i = 0; i < count; ++i) {
    const auto id = in.Get<uint32_t>();
    PosedImage image;
    Eigen::Vector4d wxyz;
    for (int k = 0; k < 4; ++k) wxyz[k] = in.Get<double>();
    image.cam_from_world.rotation = QuaternionFromWxyz(wxyz);
    for (int k = 0; k < 3; ++k) image.cam_from_world.translation[k] = in.Get<double>();
    image.camera_id = in.Get<uint32_t>();
    image.name = in.GetZeroTerminated(kLongestName);
    const uint64_t observations = in.GetCount(24);
    image.observations.resize(observations);
    for (Observation& o : image.observations) {
      o.x_px.x() = in.Get<double>();
      o.x_px.y() = in.Get<double>();
      o.point_id = in.Get<uint64_t>();
    }
    if (!r->images.emplace(id, std::move(image)).second) in.FailHere("An image is there twice");
  }
  in.ExpectEnd();
}

void ReadPoints(const Path& file, Reconstruction* r) {
  const std::vector<uint8_t> bytes = ReadFile(file);
  ByteReader in(bytes, file.string());
  const uint64_t count = in.GetCount(51);
  for (uint64_t i = 0; i < count; ++i) {
    const auto id = in.Get<uint64_t>();
    Point3 point;
    for (int k = 0; k < 3; ++k) point.x_in_world[k] = in.Get<double>();
    for (int k = 0; k < 3; ++k) point.rgb[k] = in.Get<uint8_t>();
    point.error_px = in.Get<double>();
    point.track.resize(in.GetCount(8));
    for (TrackElement& element : point.track) {
      element.image_id = in.Get<uint32_t>();
      element.observation = in.Get<uint32_t>();
    }
    if (!r->points.emplace(id, std::move(point)).second) in.FailHere("A point is there twice");
  }
  in.ExpectEnd();
}

}  // namespace

Reconstruction ReadColmap(const Path& folder) {
  Reconstruction r;
  namespace fs = std::filesystem;
  if (fs::exists(folder / "cameras.bin") && fs::exists(folder / "images.bin")) {
    ReadCameras(folder / "cameras.bin", &r);
    ReadImages(folder / "images.bin", &r);
    if (fs::exists(folder / "points3D.bin")) ReadPoints(folder / "points3D.bin", &r);
  } else if (fs::exists(folder / "cameras.txt") && fs::exists(folder / "images.txt")) {
    internal::ReadColmapText(folder, &r);
  } else {
    Fail(ErrorCode::kInput, "There is no COLMAP model here (cameras and images, .bin or .txt).",
         folder.string());
  }
  if (r.points.empty()) {
    // Observations of points that were not given mean nothing.
    for (auto& [id, image] : r.images) {
      for (Observation& o : image.observations) o.point_id = kNoPoint;
    }
  }
  for (auto& [id, image] : r.images) {
    const double norm = image.cam_from_world.rotation.norm();
    if (norm > 0.5 && norm < 2) image.cam_from_world.rotation.normalize();
  }
  const std::vector<std::string> violations = Violations(r, 3);
  if (!violations.empty()) {
    Fail(ErrorCode::kInput, "The COLMAP model is not sound: " + violations.front() + ".",
         folder.string());
  }
  return r;
}

void WriteColmapBinary(const Reconstruction& r, const Path& folder) {
  ByteWriter cameras, images, points;
  cameras.Put<uint64_t>(r.cameras.size());
  for (const auto& [id, camera] : r.cameras) {
    cameras.Put<uint32_t>(id);
    cameras.Put<int32_t>(static_cast<int32_t>(camera.model));
    cameras.Put<uint64_t>(static_cast<uint64_t>(camera.width));
    cameras.Put<uint64_t>(static_cast<uint64_t>(camera.height));
    for (const double p : camera.params) cameras.Put(p);
  }
  images.Put<uint64_t>(r.images.size());
  for (const auto& [id, image] : r.images) {
    images.Put<uint32_t>(id);
    const Eigen::Vector4d wxyz = WxyzFromQuaternion(image.cam_from_world.rotation);
    for (int k = 0; k < 4; ++k) images.Put(wxyz[k]);
    for (int k = 0; k < 3; ++k) images.Put(image.cam_from_world.translation[k]);
    images.Put<uint32_t>(image.camera_id);
    images.PutText(image.name);
    images.Put('\0');
    images.Put<uint64_t>(image.observations.size());
    for (const Observation& o : image.observations) {
      images.Put(o.x_px.x());
      images.Put(o.x_px.y());
      images.Put<uint64_t>(o.point_id);
    }
  }
  points.Put<uint64_t>(r.points.size());
  for (const auto& [id, point] : r.points) {
    points.Put<uint64_t>(id);
    for (int k = 0; k < 3; ++k) points.Put(point.x_in_world[k]);
    for (int k = 0; k < 3; ++k) points.Put<uint8_t>(point.rgb[k]);
    points.Put(point.error_px);
    points.Put<uint64_t>(point.track.size());
    for (const TrackElement& element : point.track) {
      points.Put<uint32_t>(element.image_id);
      points.Put<uint32_t>(element.observation);
    }
  }
  WriteFileAtomic(folder / "cameras.bin", cameras.Take());
  WriteFileAtomic(folder / "images.bin", images.Take());
  WriteFileAtomic(folder / "points3D.bin", points.Take());
}

}  // namespace ajar::bundle
