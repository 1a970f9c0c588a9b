#include "splat/render.h"

#include <cmath>
#include <set>

#include "base/error.h"
#include "bundle/colmap.h"
#include "bundle/picture.h"
#include "bundle/splat_ply.h"
#include "bundle/transforms.h"
#include "room/internal/as_shown.h"
#include "room/internal/folder.h"
#include "room/internal/ledger.h"
#include "room/internal/names.h"
#include "room/internal/placement.h"
#include "room/internal/splats.h"
#include "room/verbs.h"

namespace ajar::room {
namespace {

namespace fs = std::filesystem;

constexpr int64_t kUsualLongSide_px = 960;

struct NamedView {
  std::string name;
  splat::View view;
};

int64_t TrainingLongSide(const Folder& folder) {
  const Ledger ledger(folder);
  const StageRecord* record = ledger.Find("splats");
  return record ? record->report.value("long_side_px", kUsualLongSide_px) : kUsualLongSide_px;
}

std::vector<NamedView> PhotoViews(const RenderOptions& options, const Folder& folder) {
  if (options.photos.empty()) return {};
  const std::set<std::string> unique(options.photos.begin(), options.photos.end());
  const std::vector<std::string> wanted(unique.begin(), unique.end());
  const Reconstruction reconstruction = bundle::ReadColmap(folder.reconstruction());
  std::vector<const PosedImage*> images;
  std::vector<std::string> names, unknown;
  for (const auto& [id, image] : reconstruction.images) {
    images.push_back(&image);
    names.push_back(image.name);
  }
  const std::vector<std::optional<size_t>> matches = MatchNames(wanted, names);
  const int64_t long_side =
      options.long_side_px > 0 ? options.long_side_px : TrainingLongSide(folder);
  std::vector<NamedView> views;
  for (size_t i = 0; i < matches.size(); ++i) {
    if (!matches[i]) {
      unknown.push_back(wanted[i]);
      continue;
    }
    const PosedImage& image = *images[*matches[i]];
    views.push_back({image.name,
                     {ViewCamera(reconstruction.cameras.at(image.camera_id), long_side),
                      image.cam_from_world}});
  }
  if (!unknown.empty()) {
    Fail(ErrorCode::kUsage,
         "No photograph of this name was placed in the room: " + ListOfNames(unknown) + ".",
         "--photos");
  }
  return views;
}

std::vector<NamedView> CameraViews(const RenderOptions& options) {
  if (!options.cameras) return {};
  const Reconstruction cameras = bundle::ReadTransforms(*options.cameras);
  std::vector<NamedView> views;
  for (const auto& [id, image] : cameras.images) {
    if (const auto violation = PathViolation(image.name)) {
      Fail(ErrorCode::kInput, "The name \"" + image.name + "\" " + *violation,
           options.cameras->string());
    }
    const Camera& camera = cameras.cameras.at(image.camera_id);
    views.push_back({image.name, {UndistortedCamera(camera), image.cam_from_world}});
  }
  return views;
}

// In the reconstruction's frame, as the photographs' poses are.
SplatCloud WhatTheSiteShows(const SplatCloud& cloud, const Folder& folder) {
  const Reconstruction reconstruction = bundle::ReadColmap(folder.reconstruction());
  const Sim3 room_from_reconstruction =
      CurrentPlacement(folder, reconstruction).room_from_reconstruction;
  const Path plan_file = folder.place() / "plan.json";
  const Json plan =
      fs::exists(plan_file) ? ParseJson(ReadTextFile(plan_file), plan_file.string()) : Json();
  return Transformed(AsShown(cloud, reconstruction, room_from_reconstruction, plan),
                     Inverse(room_from_reconstruction));
}

double MetresPerUnit(const Folder& folder) {
  return CurrentPlacement(folder, bundle::ReadColmap(folder.reconstruction()))
      .room_from_reconstruction.scale;
}

// Where less than half of the light is stopped there is nothing to measure.
Raster<uint16_t> Millimetres(const splat::Rendering& rendering, double metres_per_unit) {
  Raster<uint16_t> depth(rendering.depth.width, rendering.depth.height, 1);
  for (size_t i = 0; i < depth.data.size(); ++i) {
    const double mm = 1000 * metres_per_unit * static_cast<double>(rendering.depth.data[i]);
    const bool seen = rendering.alpha.data[i] >= 0.5f && mm <= 65535;
    depth.data[i] = seen ? static_cast<uint16_t>(std::lround(mm)) : uint16_t{0};
  }
  return depth;
}

}  // namespace

std::vector<Path> Render(const RenderOptions& options, const Progress& progress) {
  if (options.photos.empty() && !options.cameras) {
    Fail(ErrorCode::kUsage, "Nothing to render was named.", {},
         "Say --photos NAME,... or --cameras transforms.json.");
  }
  const Folder folder = Folder::OpenForReading(options.room);
  folder.CheckOutside(options.output);
  if (!fs::exists(folder.splat_ply())) {
    Fail(ErrorCode::kInput, "This room has no splats yet.", options.room.string(),
         "Build it with: ajar build -o " + options.room.string());
  }
  std::vector<NamedView> views = PhotoViews(options, folder);
  for (NamedView& view : CameraViews(options)) views.push_back(std::move(view));
  SplatCloud cloud =
      bundle::DecodeSplatPly(ReadFile(folder.splat_ply()), folder.splat_ply().string());
  if (options.as_shown) cloud = WhatTheSiteShows(cloud, folder);
  const double metres_per_unit = options.depth ? MetresPerUnit(folder) : 0;
  std::vector<Path> written;
  for (const NamedView& view : views) {
    progress.ThrowIfCancelled();
    progress.Report({"rendering",
                     static_cast<double>(written.size()) / static_cast<double>(views.size()),
                     std::nullopt, view.name});
    const Path target = options.output / (view.name + ".png");
    MakeFolder(target.parent_path());
    const splat::Rendering rendering = splat::Render(cloud, view.view);
    WriteFileAtomic(target, bundle::EncodePng(bundle::ToImage8(rendering.colour)));
    written.push_back(target);
    if (!options.depth) continue;
    const Path depth = options.output / (view.name + ".depth.png");
    WriteFileAtomic(depth, bundle::EncodePng16(Millimetres(rendering, metres_per_unit)));
    written.push_back(depth);
  }
  return written;
}

}  // namespace ajar::room
