// Writes photographs of the synthetic room, and where they were taken:
//
//   ajar-synthetic-room PHOTOS [--truth DIR] [--photos N] [--size WxH] [--seed S]
//                              [--distortion K] [--drift D]
//
// PHOTOS gets PNG files; DIR gets a COLMAP model and a transforms.json of the exact cameras.
#include <cstdio>
#include <cstdlib>
#include <string>

#include "base/error.h"
#include "base/files.h"
#include "bundle/colmap.h"
#include "bundle/picture.h"
#include "bundle/transforms.h"
#include "synthetic/room.h"

namespace {

using namespace ajar;

constexpr char kUsage[] =
    "usage: ajar-synthetic-room PHOTOS [--truth DIR] [--photos N] [--size WxH] [--seed S]\n"
    "                           [--distortion K] [--drift D]\n";

void Make(const Path& photos, const Path& truth, const synthetic::RoomOptions& options) {
  synthetic::Room room = synthetic::MakeRoom(options);
  MakeFolder(photos);
  size_t i = 0;
  for (auto& [id, image] : room.reconstruction.images) {
    image.name.replace(image.name.rfind('.'), std::string::npos, ".png");
    WriteFileAtomic(photos / image.name, bundle::EncodePng(room.photos[i++]));
  }
  if (!truth.empty()) {
    MakeFolder(truth);
    bundle::WriteColmapBinary(room.reconstruction, truth);
    WriteFileAtomic(truth / "transforms.json", bundle::FormatTransforms(room.reconstruction));
  }
}

}  // namespace

int main(int argc, char** argv) {
  Path photos, truth;
  synthetic::RoomOptions options;
  options.photos = 32;
  options.width = 800;
  options.height = 600;
  options.radial_k = -0.03;
  options.exposure_drift = 0.03;
  options.noise = 1.5;
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    if (!word.starts_with("--") && photos.empty()) {
      photos = word;
      continue;
    }
    const char* value = i + 1 < argc ? argv[++i] : "";
    if (word == "--truth") {
      truth = value;
    } else if (word == "--photos") {
      options.photos = std::atoi(value);
    } else if (word == "--size") {
      if (std::sscanf(value, "%dx%d", &options.width, &options.height) != 2) options.width = 0;
    } else if (word == "--seed") {
      options.seed = static_cast<uint64_t>(std::atoll(value));
    } else if (word == "--distortion") {
      options.radial_k = std::atof(value);
    } else if (word == "--drift") {
      options.exposure_drift = std::atof(value);
    } else {
      std::fputs(kUsage, stderr);
      return static_cast<int>(ErrorCode::kUsage);
    }
  }
  if (photos.empty() || options.photos < 2 || options.width < 16 || options.height < 16) {
    std::fputs(kUsage, stderr);
    return static_cast<int>(ErrorCode::kUsage);
  }
  options.focal_px = 0.62 * options.width;
  try {
    Make(photos, truth, options);
  } catch (const Error& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return static_cast<int>(error.code());
  }
  return 0;
}
