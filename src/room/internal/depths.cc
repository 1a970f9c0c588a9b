#include "room/internal/depths.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <string>

#include "base/error.h"
#include "bundle/picture.h"
#include "room/internal/json.h"
#include "room/internal/names.h"

namespace ajar::room {
namespace {

namespace fs = std::filesystem;

constexpr int kAcross = 16, kDown = 12;  // numbers kept of each map
constexpr double kSameShape = 0.02;
constexpr double kMost_m = 1000;

// Of photographs from several folders a map may lie in a folder of the same name or, where one
// photograph alone is so called, beside the others. Nothing: there is none.
std::optional<Path> MapOf(const Path& maps, const std::string& photo, bool only_one) {
  std::vector<Path> names = {photo + ".png", Path(photo).replace_extension(".png")};
  const Path bare = Path(photo).filename();
  if (only_one) {
    names.push_back(bare.string() + ".png");
    names.push_back(Path(bare).replace_extension(".png"));
  }
  for (const Path& name : names) {
    if (fs::is_regular_file(maps / name)) return maps / name;
  }
  return std::nullopt;
}

// [x, y, depth]: shares of the width and the height, metres.
Json Sampled(const Raster<uint16_t>& map, double unit_m) {
  Json depths = Json::array();
  for (int j = 0; j < kDown; ++j) {
    for (int i = 0; i < kAcross; ++i) {
      const int x = std::min(map.width - 1, (2 * i + 1) * map.width / (2 * kAcross));
      const int y = std::min(map.height - 1, (2 * j + 1) * map.height / (2 * kDown));
      const double depth_m = *map.pixel(x, y) * unit_m;
      if (!(depth_m > 0 && depth_m < kMost_m)) continue;
      depths.push_back({std::round((x + 0.5) / map.width * 1e5) / 1e5,
                        std::round((y + 0.5) / map.height * 1e5) / 1e5,
                        std::round(depth_m * 1e4) / 1e4});
    }
  }
  return depths;
}

}  // namespace

void KeepDepths(const Path& maps, double unit_m, const Reconstruction& reconstruction,
                const Path& file) {
  Json photographs = Json::array();
  std::map<std::string, int> called;
  for (const auto& [id, image] : reconstruction.images) ++called[Path(image.name).stem().string()];
  for (const auto& [id, image] : reconstruction.images) {
    const auto path = MapOf(maps, image.name, called[Path(image.name).stem().string()] == 1);
    if (!path) continue;
    const Raster<uint16_t> map = bundle::DecodePng16(ReadFile(*path), path->string());
    const Camera& camera = reconstruction.cameras.at(image.camera_id);
    const double shape = static_cast<double>(map.width) / map.height * camera.height / camera.width;
    if (std::abs(shape - 1) > kSameShape) {
      Fail(ErrorCode::kInput, "This depth map has another shape than its photograph.",
           path->string(), "Depth maps must be upright as the photographs are, and not cropped.");
    }
    photographs.push_back({{"name", image.name}, {"depths", Sampled(map, unit_m)}});
  }
  if (photographs.empty()) {
    Fail(ErrorCode::kInput, "There is no depth map for any photograph.", maps.string(),
         "That of IMG_0007.jpg must be named IMG_0007.png.");
  }
  const Json json = {{"version", 1}, {"photographs", std::move(photographs)}};
  WriteFileAtomic(file, json.dump() + "\n");
}

std::vector<space::MeasuredDepth> ReadDepths(const Path& file,
                                             const Reconstruction& reconstruction) {
  std::vector<space::MeasuredDepth> measured;
  if (!fs::exists(file)) return measured;
  const Json json = ParseJson(ReadTextFile(file), file.string());
  std::map<std::string, uint32_t> ids;
  for (const auto& [id, image] : reconstruction.images) ids[image.name] = id;
  try {
    for (const Json& photo : json.at("photographs")) {
      const auto found = ids.find(photo.at("name").get<std::string>());
      if (found == ids.end()) continue;
      const Camera& camera =
          reconstruction.cameras.at(reconstruction.images.at(found->second).camera_id);
      for (const Json& d : photo.at("depths")) {
        const Eigen::Vector2d share(d.at(0).get<double>(), d.at(1).get<double>());
        measured.push_back({found->second,
                            {share.x() * camera.width, share.y() * camera.height},
                            d.at(2).get<double>()});
      }
    }
  } catch (const Json::exception&) {
    Fail(ErrorCode::kInput, "This file does not hold depths.", file.string(),
         "Say --depth anew, or delete the file.");
  }
  return measured;
}

}  // namespace ajar::room
