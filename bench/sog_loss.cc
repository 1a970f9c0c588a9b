// What a room loses on its way to a visitor's browser: renders a cloud of splats and the same after
// packing and unpacking, and compares both with pictures.
//
//   sog_loss ROOM.ply TRANSFORMS.json FOLDER-OF-PICTURES
//
// The cameras of transforms.json are in the frame of the cloud.
#include <chrono>
#include <cstdio>
#include <exception>

#include "base/files.h"
#include "bundle/sog.h"
#include "bundle/splat_ply.h"
#include "bundle/transforms.h"
#include "photo/photo.h"
#include "splat/render.h"
#include "train/train.h"

namespace {

using namespace ajar;

double MeanPsnr(const SplatCloud& cloud, const Reconstruction& views, const Path& pictures) {
  double sum = 0;
  for (const auto& [id, image] : views.images) {
    const Camera camera = UndistortedCamera(views.cameras.at(image.camera_id));
    const Image8 picture = photo::Load(pictures / Path(image.name).filename());
    ImageF truth(picture.width, picture.height, 3);
    for (size_t i = 0; i < truth.data.size(); ++i) {
      truth.data[i] = static_cast<float>(picture.data[i]) / 255;
    }
    ImageF render = splat::Render(cloud, {camera, image.cam_from_world}).colour;
    for (float& value : render.data) value = std::min(1.0f, value);
    sum += train::Psnr(render, truth);
  }
  return sum / static_cast<double>(views.images.size());
}

int Run(const Path& ply, const Path& transforms, const Path& pictures) {
  const SplatCloud cloud = bundle::DecodeSplatPly(ReadFile(ply), ply.string());
  const Reconstruction views = bundle::ReadTransforms(transforms);
  const auto begin = std::chrono::steady_clock::now();
  const auto files = bundle::EncodeSog(cloud, {});
  const double seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  size_t bytes = 0;
  for (const auto& [name, content] : files) bytes += content.size();
  const double before = MeanPsnr(cloud, views, pictures);
  const double after = MeanPsnr(bundle::DecodeSog(files), views, pictures);
  std::printf("{\"splats\": %zu, \"sog_bytes\": %zu, \"packing_s\": %.2f, \"ply_psnr_db\": %.3f, "
              "\"sog_psnr_db\": %.3f, \"lost_db\": %.3f}\n",
              cloud.size(), bytes, seconds, before, after, before - after);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) {
    std::fprintf(stderr, "Usage: sog_loss ROOM.ply TRANSFORMS.json FOLDER-OF-PICTURES\n");
    return 2;
  }
  try {
    return Run(argv[1], argv[2], argv[3]);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
}
