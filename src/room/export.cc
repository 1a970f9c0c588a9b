#include "base/error.h"
#include "bundle/colmap.h"
#include "bundle/sog.h"
#include "bundle/splat_ply.h"
#include "room/internal/folder.h"
#include "room/internal/placement.h"
#include "room/verbs.h"

namespace ajar::room {
namespace {

namespace fs = std::filesystem;

Reconstruction Moved(Reconstruction reconstruction, const Sim3& new_from_old) {
  for (auto& [id, image] : reconstruction.images) {
    image.cam_from_world = TransformCamera(image.cam_from_world, new_from_old);
  }
  for (auto& [id, point] : reconstruction.points) {
    point.x_in_world = new_from_old * point.x_in_world;
  }
  return reconstruction;
}

}  // namespace

void Export(const ExportOptions& options, const Progress& progress) {
  const Folder folder = Folder::OpenForReading(options.room);
  folder.CheckOutside(options.output);
  const bool needs_splats = options.format != ExportFormat::kColmap;
  const Path needed = needs_splats ? folder.splat_ply() : folder.reconstruction();
  if (!fs::exists(needed)) {
    Fail(ErrorCode::kInput, "This room has not been built so far yet.", needed.string(),
         "Build it with: ajar build -o " + options.room.string());
  }
  Sim3 target_from_reconstruction;
  const Reconstruction reconstruction = bundle::ReadColmap(folder.reconstruction());
  if (!options.reconstruction_frame) {
    target_from_reconstruction = CurrentPlacement(folder, reconstruction).room_from_reconstruction;
  }
  if (!needs_splats) {
    MakeFolder(options.output);
    bundle::WriteColmapBinary(Moved(reconstruction, target_from_reconstruction), options.output);
    return;
  }
  SplatCloud cloud =
      bundle::DecodeSplatPly(ReadFile(folder.splat_ply()), folder.splat_ply().string());
  if (!options.reconstruction_frame) cloud = Transformed(cloud, target_from_reconstruction);
  if (options.output.has_parent_path()) MakeFolder(options.output.parent_path());
  WriteFileAtomic(options.output, options.format == ExportFormat::kPly
                                      ? bundle::EncodeSplatPly(cloud)
                                      : bundle::PackSog(bundle::EncodeSog(cloud, {}, progress)));
}

}  // namespace ajar::room
