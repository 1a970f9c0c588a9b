#include "bundle/internal/colmap_text.h"

#include <cstdio>
#include <limits>
#include <sstream>
#include <string>

#include "base/error.h"
#include "bundle/colmap.h"

namespace ajar::bundle {
namespace {

// The lines of a text file, comments left out, with their numbers for messages.
class Lines {
 public:
  explicit Lines(const Path& file) : name_(file.string()), text_(ReadTextFile(file, 4ull << 30)) {}

  // Comments begin with '#'. Empty lines are given: an image without observations has one.
  bool Next(std::istringstream* line) {
    std::string words;
    while (std::getline(text_, words)) {
      ++number_;
      if (!words.empty() && words.back() == '\r') words.pop_back();
      if (!words.empty() && words[0] == '#') continue;
      line->clear();
      line->str(words);
      return true;
    }
    return false;
  }
  [[noreturn]] void FailHere(const std::string& what) const {
    Fail(ErrorCode::kInput, what + " (line " + std::to_string(number_) + ").", name_);
  }

 private:
  std::string name_;
  std::istringstream text_;
  int64_t number_ = 0;
};

bool IsBlank(std::istringstream& line) {
  line >> std::ws;
  return line.eof();
}

std::string Number(double value) {
  char text[32];
  std::snprintf(text, sizeof(text), "%.17g", value);
  return text;
}

void ReadCameras(const Path& file, Reconstruction* r) {
  Lines lines(file);
  std::istringstream line;
  while (lines.Next(&line)) {
    if (IsBlank(line)) continue;
    uint32_t id = 0;
    std::string name;
    Camera camera;
    if (!(line >> id >> name >> camera.width >> camera.height)) {
      lines.FailHere("This is not a camera");
    }
    const std::optional<CameraModel> model = CameraModelFromName(name);
    if (!model) lines.FailHere("The camera model " + name + " is not known");
    camera.model = *model;
    for (double p = 0; line >> p;) camera.params.push_back(p);
    if (!line.eof() || camera.params.size() != static_cast<size_t>(CameraParamCount(*model))) {
      lines.FailHere(name + " has " + std::to_string(CameraParamCount(*model)) + " parameters");
    }
    if (!r->cameras.emplace(id, std::move(camera)).second) lines.FailHere("A camera is there twice");
  }
}

void ReadImages(const Path& file, Reconstruction* r) {
  Lines lines(file);
  std::istringstream line;
  while (lines.Next(&line)) {
    if (IsBlank(line)) continue;
    uint32_t id = 0;
    PosedImage image;
    Eigen::Vector4d q;
    Eigen::Vector3d& t = image.cam_from_world.translation;
    if (!(line >> id >> q[0] >> q[1] >> q[2] >> q[3] >> t[0] >> t[1] >> t[2] >> image.camera_id)) {
      lines.FailHere("This is not an image");
    }
    image.cam_from_world.rotation = QuaternionFromWxyz(q);
    line >> std::ws;
    std::getline(line, image.name);
    if (image.name.empty()) lines.FailHere("An image has no name");
    if (!lines.Next(&line)) lines.FailHere("The file is cut off");
    for (double x = 0; line >> x;) {
      int64_t point = -1;
      double y = 0;
      if (!(line >> y >> point)) lines.FailHere("An observation is cut off");
      image.observations.push_back(
          {{x, y}, point < 0 ? kNoPoint : static_cast<uint64_t>(point)});
    }
    if (!line.eof()) lines.FailHere("This is not an observation");
    if (!r->images.emplace(id, std::move(image)).second) lines.FailHere("An image is there twice");
  }
}

void ReadPoints(const Path& file, Reconstruction* r) {
  Lines lines(file);
  std::istringstream line;
  while (lines.Next(&line)) {
    if (IsBlank(line)) continue;
    uint64_t id = 0;
    Point3 point;
    Eigen::Vector3d& x = point.x_in_world;
    int rgb[3] = {};
    if (!(line >> id >> x[0] >> x[1] >> x[2] >> rgb[0] >> rgb[1] >> rgb[2] >> point.error_px)) {
      lines.FailHere("This is not a point");
    }
    for (int k = 0; k < 3; ++k) {
      if (rgb[k] < 0 || rgb[k] > 255) lines.FailHere("A colour is out of range");
      point.rgb[k] = static_cast<uint8_t>(rgb[k]);
    }
    for (TrackElement element; line >> element.image_id;) {
      if (!(line >> element.observation)) lines.FailHere("A track is cut off");
      point.track.push_back(element);
    }
    if (!line.eof()) lines.FailHere("This is not a track");
    if (!r->points.emplace(id, std::move(point)).second) lines.FailHere("A point is there twice");
  }
}

}  // namespace

void internal::ReadColmapText(const Path& folder, Reconstruction* reconstruction) {
  ReadCameras(folder / "cameras.txt", reconstruction);
  ReadImages(folder / "images.txt", reconstruction);
  const Path points = folder / "points3D.txt";
  if (std::filesystem::exists(points)) ReadPoints(points, reconstruction);
}

void WriteColmapText(const Reconstruction& r, const Path& folder) {
  std::string cameras = "# Camera list: CAMERA_ID MODEL WIDTH HEIGHT PARAMS[]\n";
  for (const auto& [id, camera] : r.cameras) {
    cameras += std::to_string(id) + " " + std::string(CameraModelName(camera.model)) + " " +
               std::to_string(camera.width) + " " + std::to_string(camera.height);
    for (const double p : camera.params) cameras += " " + Number(p);
    cameras += "\n";
  }
  std::string images =
      "# Image list, two lines an image: IMAGE_ID QW QX QY QZ TX TY TZ CAMERA_ID NAME, then\n"
      "# X Y POINT3D_ID of each observation\n";
  for (const auto& [id, image] : r.images) {
    images += std::to_string(id);
    const Eigen::Vector4d q = WxyzFromQuaternion(image.cam_from_world.rotation);
    for (int k = 0; k < 4; ++k) images += " " + Number(q[k]);
    for (int k = 0; k < 3; ++k) images += " " + Number(image.cam_from_world.translation[k]);
    images += " " + std::to_string(image.camera_id) + " " + image.name + "\n";
    std::string separator;
    for (const Observation& o : image.observations) {
      images += separator + Number(o.x_px.x()) + " " + Number(o.x_px.y()) + " " +
                (o.point_id == kNoPoint ? "-1" : std::to_string(o.point_id));
      separator = " ";
    }
    images += "\n";
  }
  std::string points = "# Point list: POINT3D_ID X Y Z R G B ERROR then IMAGE_ID POINT2D_IDX of its track\n";
  for (const auto& [id, point] : r.points) {
    points += std::to_string(id);
    for (int k = 0; k < 3; ++k) points += " " + Number(point.x_in_world[k]);
    for (int k = 0; k < 3; ++k) points += " " + std::to_string(static_cast<int>(point.rgb[k]));
    points += " " + Number(point.error_px);
    for (const TrackElement& element : point.track) {
      points += " " + std::to_string(element.image_id) + " " + std::to_string(element.observation);
    }
    points += "\n";
  }
  WriteFileAtomic(folder / "cameras.txt", cameras);
  WriteFileAtomic(folder / "images.txt", images);
  WriteFileAtomic(folder / "points3D.txt", points);
}

}  // namespace ajar::bundle
