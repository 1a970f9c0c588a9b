// Correcting how the room lies, and measuring in it.
#include <cmath>

#include "base/error.h"
#include "bundle/colmap.h"
#include "bundle/splat_ply.h"
#include "photo/markers.h"
#include "room/build.h"
#include "room/internal/folder.h"
#include "room/internal/history.h"
#include "room/internal/known.h"
#include "room/internal/pictures.h"
#include "room/internal/placement.h"
#include "room/verbs.h"

namespace ajar::room {
namespace {

namespace fs = std::filesystem;

SplatCloud SplatsOf(const Folder& folder) {
  if (!fs::exists(folder.splat_ply())) {
    Fail(ErrorCode::kInput, "This room has no splats yet.", folder.path().string(),
         "Build it with: ajar build -o " + folder.path().string());
  }
  return bundle::DecodeSplatPly(ReadFile(folder.splat_ply()), folder.splat_ply().string());
}

space::SurfacePoint PointAt(const Reconstruction& reconstruction, const SplatCloud& cloud,
                            const space::PictureOf& pictures, const PhotoPixel& pixel,
                            const std::string& flag) {
  std::string why;
  const auto point = FindPixel(reconstruction, cloud, pictures, pixel.photo, pixel.at_px, &why);
  if (!point) {
    why[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(why[0])));
    Fail(ErrorCode::kUsage, why + ".", flag, "Point at something else that the photograph shows.");
  }
  return *point;
}

// All that was given must hold before any of it is written.
void Check(const Reconstruction& reconstruction, const SplatCloud& cloud,
           const space::PictureOf& pictures, const PlaceOptions& options) {
  for (const LengthGiven& length : options.measured.lengths) {
    const auto a =
        PointAt(reconstruction, cloud, pictures, {length.photo, length.from_px}, "--length");
    const auto b =
        PointAt(reconstruction, cloud, pictures, {length.photo, length.to_px}, "--length");
    if ((a.x_in_world - b.x_in_world).norm() < 4 * (a.deviation_su + b.deviation_su)) {
      Fail(ErrorCode::kUsage,
           "The two ends of this length are too near to one another to tell the "
           "room's size.",
           "--length", "Give a longer one: a door, a bed, a table.");
    }
  }
  if (options.measured.up && !options.measured.up->photo.empty()) {
    const UpGiven& up = *options.measured.up;
    const auto a = PointAt(reconstruction, cloud, pictures, {up.photo, up.low_px}, "--up");
    const auto b = PointAt(reconstruction, cloud, pictures, {up.photo, up.high_px}, "--up");
    if ((a.x_in_world - b.x_in_world).norm() < 4 * (a.deviation_su + b.deviation_su)) {
      Fail(ErrorCode::kUsage, "The two places are too near to one another to tell which way is up.",
           "--up", "Point at the foot and at the head of something upright: a door's edge.");
    }
  }
  if (options.doorway && !options.doorway->photo.empty()) {
    Document only;
    only.doorway = options.doorway;
    std::vector<std::string> notes;
    if (!ResolveKnown(reconstruction, {}, only, {}, &notes, Progress()).known.doorway_image) {
      Fail(ErrorCode::kUsage,
           "The photograph " + options.doorway->photo + " is not among those that were placed.",
           "--doorway", "ajar info names those that were not.");
    }
  }
}

// What stood somewhere stands there still, whatever the room's frame does.
void MoveAlong(const Sim3& new_from_old, bool doorway_is_new, Document* document) {
  for (Thing& thing : document->things) {
    if (thing.position) thing.position = new_from_old * *thing.position;
  }
  for (TourStep& step : document->tour) {
    if (!step.place) continue;
    step.place->position = new_from_old * step.place->position;
    step.place->look_at = new_from_old * step.place->look_at;
  }
  if (document->doorway && document->doorway->photo.empty() && !doorway_is_new) {
    document->doorway->position = new_from_old * document->doorway->position;
    document->doorway->look_at = new_from_old * document->doorway->look_at;
  }
}

}  // namespace

Length Measure(const MeasureOptions& options) {
  const Folder folder = Folder::OpenForReading(options.room);
  const SplatCloud cloud = SplatsOf(folder);
  const Reconstruction reconstruction = bundle::ReadColmap(folder.reconstruction());
  const space::PictureOf pictures = PicturesIn(reconstruction, folder.photos());
  const auto a = PointAt(reconstruction, cloud, pictures, options.from, "--from");
  const auto b = PointAt(reconstruction, cloud, pictures, options.to, "--to");
  const Placement placement = CurrentPlacement(folder, reconstruction);
  const double scale = placement.room_from_reconstruction.scale;
  Length length;
  length.metres = scale * (a.x_in_world - b.x_in_world).norm();
  length.deviation_m = std::hypot(scale * a.deviation_su, scale * b.deviation_su,
                                  placement.scale_deviation * length.metres);
  length.scale_estimated = placement.scale_estimated;
  length.scale_from = placement.scale_from;
  return length;
}

void WriteMarkerPage(double side_m, const Path& output) {
  if (output.has_parent_path()) MakeFolder(output.parent_path());
  WriteFileAtomic(output, photo::MarkerPageSvg(side_m));
}

BuildSummary Correct(const PlaceOptions& options, const Progress& progress) {
  {
    const Folder folder = Folder::OpenForReading(options.room);
    const SplatCloud cloud = SplatsOf(folder);
    const Reconstruction reconstruction = bundle::ReadColmap(folder.reconstruction());
    Check(reconstruction, cloud, PicturesIn(reconstruction, folder.photos()), options);
    const Folder writing = Folder::OpenForWriting(options.room);
    History history(writing);
    const History::State before = history.Now();
    Document document = ParseDocument(before.text, writing.document().string());
    const bool had_alignment = document.alignment.has_value();
    if (options.forget_up) document.measured.up.reset();
    if (options.forget_lengths) document.measured.lengths.clear();
    AddMeasured(options.measured, &document);
    if (options.forget_doorway) document.doorway.reset();
    if (options.doorway) document.doorway = options.doorway;
    const bool moves = options.forget_up || options.forget_lengths || options.measured.up ||
                       !options.measured.lengths.empty() || options.measured.marker_m > 0 ||
                       options.measured.poses_in_metres;
    // A whole similarity in room.json would win over what is said now.
    if (moves) document.alignment.reset();
    const Sim3 old = CurrentPlacement(writing, reconstruction).room_from_reconstruction;
    if (moves || had_alignment) {
      std::vector<std::string> notes;
      const Sim3 now =
          FindPlace(reconstruction, cloud, document, writing.photos(), &notes, progress)
              .placement.room_from_reconstruction;
      MoveAlong(now * Inverse(old), options.doorway.has_value(), &document);
    }
    if (history.Commit(before.now.revision, FormatDocument(document), "ajar place").conflict) {
      Fail(ErrorCode::kBusy, "The room's words were changed meanwhile.",
           writing.document().string(), "Nothing was lost; say it again.");
    }
  }
  BuildOptions build;
  build.room = options.room;
  build.keep_poses = build.keep_splats = true;
  return Build(build, progress);
}

}  // namespace ajar::room
