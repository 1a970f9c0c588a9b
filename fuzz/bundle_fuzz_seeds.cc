// Writes a small input for each reader into the folder named by the first argument, for
// bundle_fuzz to start from.
#include <cstdio>
#include <map>
#include <string>
#include <vector>

#include "bundle/collision.h"
#include "bundle/colmap.h"
#include "bundle/picture.h"
#include "bundle/sog.h"
#include "bundle/splat_ply.h"
#include "bundle/transforms.h"
#include "bundle_fuzz.h"

namespace {

using namespace ajar;
using Bytes = std::vector<uint8_t>;

Bytes FromText(std::string_view text) { return Bytes(text.begin(), text.end()); }

Bytes Input(Reader reader, const std::vector<Bytes>& files) {
  Bytes input = {static_cast<uint8_t>(reader)};
  for (size_t i = 0; i < files.size(); ++i) {
    if (i > 0) input.insert(input.end(), kMark.begin(), kMark.end());
    input.insert(input.end(), files[i].begin(), files[i].end());
  }
  return input;
}

template <size_t N>
std::vector<Bytes> ReadAll(const Path& folder, const std::array<const char*, N>& names) {
  std::vector<Bytes> files;
  for (const char* name : names) files.push_back(ReadFile(folder / name));
  return files;
}

Reconstruction SmallReconstruction() {
  Reconstruction r;
  r.cameras[1] = {CameraModel::kSimpleRadial, 640, 480, {500, 320, 240, -0.01}};
  r.cameras[2] = {CameraModel::kOpenCvFisheye, 80, 60, {70, 70, 40, 30, 0.1, -0.02, 0, 0}};
  for (uint32_t id = 1; id <= 2; ++id) {
    PosedImage image;
    image.name = "a/" + std::to_string(id) + ".jpg";
    image.camera_id = id;
    image.cam_from_world.translation = {0.5 * id, 0, 2};
    image.observations = {{{10.5, 20.25}, 5}, {{3, 2}, kNoPoint}};
    r.images[id] = image;
  }
  Point3 point;
  point.x_in_world = {1, -2, 4};
  point.rgb = {1, 128, 255};
  point.error_px = 0.5;
  point.track = {{1, 0}, {2, 0}};
  r.points[5] = point;
  return r;
}

SplatCloud SmallCloud(int degree) {
  SplatCloud cloud;
  cloud.Resize(5, degree);
  for (size_t i = 0; i < cloud.size(); ++i) {
    const auto step = static_cast<float>(i);
    cloud.means[i] = {step, 0.5f * step, -2};
    cloud.log_scales[i] = {-3 - step, -4, -4};
    cloud.opacity_logits[i] = step - 2;
  }
  for (size_t k = 0; k < cloud.sh.size(); ++k) cloud.sh[k] = 0.01f * static_cast<float>(k % 50);
  return cloud;
}

Bytes PointPly() {
  Bytes bytes = FromText(
      "ply\nformat binary_little_endian 1.0\ncomment c\nelement vertex 2\nproperty float x\n"
      "property double y\nproperty short z\nproperty uchar red\nproperty float green\n"
      "property uint blue\nend_header\n");
  for (uint8_t k = 0; k < 2 * (4 + 8 + 2 + 1 + 4 + 4); ++k) bytes.push_back(k);
  return bytes;
}

Image8 Pattern(int channels) {
  Image8 picture(7, 5, channels);
  for (size_t i = 0; i < picture.data.size(); ++i) picture.data[i] = static_cast<uint8_t>(i * i);
  return picture;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: bundle_fuzz_seeds FOLDER\n");
    return 2;
  }
  const Path folder = argv[1];
  MakeFolder(folder);
  std::map<std::string, Bytes> inputs;

  const Reconstruction r = SmallReconstruction();
  const TempFolder models;
  bundle::WriteColmapBinary(r, models.path());
  bundle::WriteColmapText(r, models.path());
  inputs["colmap-binary"] =
      Input(Reader::kColmapBinary, ReadAll(models.path(), kColmapBinaryFiles));
  inputs["colmap-text"] = Input(Reader::kColmapText, ReadAll(models.path(), kColmapTextFiles));
  std::string transforms = bundle::FormatTransforms(r);
  inputs["transforms"] = Input(Reader::kTransforms, {FromText(transforms)});
  transforms.insert(transforms.find('{') + 1, "\"ply_file_path\": \"points.ply\",");
  inputs["transforms-points"] = Input(Reader::kTransforms, {FromText(transforms), PointPly()});
  inputs["transforms-angle"] =
      Input(Reader::kTransforms,
            {FromText(R"({"camera_angle_x": 1.2, "w": 8, "h": 6, "k3": 0.1, "frames": [{"file_path":
                "./1.png", "transform_matrix": [[1,0,0,0],[0,1,0,0],[0,0,1,0],[0,0,0,1]]}]})")});
  inputs["point-ply"] = Input(Reader::kPointPly, {PointPly()});

  bundle::SogOptions options;
  options.sh_palette = 64;
  for (const int degree : {0, 1, 3}) {
    const std::string name = std::to_string(degree);
    const SplatCloud cloud = SmallCloud(degree);
    inputs["splat-ply-" + name] = Input(Reader::kSplatPly, {bundle::EncodeSplatPly(cloud)});
    const std::map<std::string, Bytes> sog = bundle::EncodeSog(cloud, options);
    inputs["sog-archive-" + name] = Input(Reader::kSogArchive, {bundle::PackSog(sog)});
    std::vector<Bytes> files;
    for (const char* file : kSogFiles) {
      if (sog.contains(file)) files.push_back(sog.at(file));
    }
    inputs["sog-" + name] = Input(Reader::kSog, files);
  }

  for (const int channels : {1, 3, 4}) {
    const std::string name = std::to_string(channels);
    inputs["png-" + name] = Input(Reader::kPng, {bundle::EncodePng(Pattern(channels))});
    if (channels == 1) continue;
    inputs["webp-lossless-" + name] =
        Input(Reader::kWebp, {bundle::EncodeWebpLossless(Pattern(channels))});
  }
  inputs["webp-lossy"] = Input(Reader::kWebp, {bundle::EncodeWebp(Pattern(3), 60)});

  space::CollisionMesh mesh;
  mesh.positions = {{0, 0, 0}, {1, 0, 0}, {1, 0, 1}, {0, 2.5f, 0}};
  mesh.floor = {0, 2, 1};
  mesh.walls = {0, 1, 3};
  inputs["collision"] = Input(Reader::kCollision, {bundle::EncodeCollision(mesh)});

  for (const auto& [name, bytes] : inputs) WriteFileAtomic(folder / name, bytes);
  return 0;
}
