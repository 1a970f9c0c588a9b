#include "room/internal/placement.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "base/error.h"
#include "base/hash.h"
#include "bundle/collision.h"
#include "bundle/splat_ply.h"
#include "room/internal/depths.h"
#include "room/internal/known.h"
#include "room/internal/pictures.h"

namespace ajar::room {
namespace {

namespace fs = std::filesystem;

constexpr int kPlaceVersion = 5;
// Standard deviations of what scale is estimated from, as shares: people hold cameras 1.35 to 1.65
// m above the floor; how far they walk about says next to nothing.
constexpr double kCameraHeightDeviation = 0.1, kCameraSpreadDeviation = 0.5;

void SayWhereFrom(const space::Space& space, const KnownPlace& known, const Document& document,
                  Placement* p) {
  p->scale_from = known.scale_from;
  p->scale_deviation = known.scale_deviation;
  p->scale_estimated = known.scale_from.empty();
  if (space.scale_from == space::ScaleFrom::kCameraHeight) {
    p->scale_from = "camera height";
    p->scale_deviation = kCameraHeightDeviation;
  } else if (space.scale_from == space::ScaleFrom::kCameraSpread) {
    p->scale_from = "camera spread";
    p->scale_deviation = kCameraSpreadDeviation;
  }
  switch (space.up_from) {
    case space::UpFrom::kKeeper:
      p->up_from = "keeper";
      break;
    case space::UpFrom::kSurfaces:
      p->up_from = "surfaces";
      break;
    case space::UpFrom::kEdges:
      p->up_from = "edges";
      break;
    case space::UpFrom::kCameras:
      p->up_from = "cameras";
      break;
  }
  p->up_estimated = space.up_from != space::UpFrom::kKeeper;
  if (document.alignment) {
    p->scale_estimated = document.alignment->scale_estimated;
    p->up_estimated = document.alignment->up_estimated;
    p->up_from = "room.json";
    if (p->scale_estimated) p->scale_deviation = kCameraHeightDeviation;
  }
}

Json PolygonJson(const std::vector<Eigen::Vector2d>& polygon) {
  Json json = Json::array();
  for (const Eigen::Vector2d& p : polygon) {
    json.push_back({std::round(p.x() * 1e3) / 1e3 + 0.0, std::round(p.y() * 1e3) / 1e3 + 0.0});
  }
  return json;
}

double Millimetres(double x) { return std::round(x * 1e3) / 1e3 + 0.0; }

}  // namespace

double VerticalFov_deg(const Camera& camera) {
  const double fov = 2 * std::atan(0.5 * camera.height / camera.fy()) * 180 / std::numbers::pi;
  return std::clamp(fov, 30.0, 90.0);
}

Place FindPlace(const Reconstruction& reconstruction, const SplatCloud& cloud,
                const Document& document, const Path& photos, std::vector<std::string>* notes,
                const Progress& progress, const std::vector<space::MeasuredDepth>& depths) {
  const KnownPlace known =
      ResolveKnown(reconstruction, cloud, document, photos, notes, progress, depths);
  Place place;
  place.space =
      space::Find(reconstruction, cloud, known.known, {}, progress,
                  photos.empty() ? space::PictureOf() : PicturesIn(reconstruction, photos));
  Placement& p = place.placement;
  p.room_from_reconstruction = place.space.room_from_reconstruction;
  p.floor_seen = place.space.floor_seen;
  SayWhereFrom(place.space, known, document, &p);
  const PosedImage& image = reconstruction.images.at(place.space.doorway.image_id);
  p.doorway.position = place.space.doorway.position;
  p.doorway.look_at = place.space.doorway.look_at;
  p.doorway_photo = image.name;
  p.view_fov_deg = VerticalFov_deg(reconstruction.cameras.at(image.camera_id));
  p.doorway_estimated = !known.known.doorway_image.has_value();
  if (document.doorway && document.doorway->photo.empty()) {
    p.doorway = *document.doorway;
    p.doorway_photo.clear();
    p.doorway_estimated = false;
  }
  return place;
}

Json ToJson(const Placement& placement) {
  const Sim3& t = placement.room_from_reconstruction;
  const Eigen::Vector4d q = WxyzFromQuaternion(t.rotation);
  return {{"room_from_reconstruction",
           {{"scale", t.scale},
            {"rotation_wxyz", Json::array({q[0], q[1], q[2], q[3]})},
            {"translation", PointJson(t.translation)},
            {"estimated", {{"scale", placement.scale_estimated}, {"up", placement.up_estimated}}}}},
          {"scale_from", placement.scale_from},
          {"scale_deviation", placement.scale_deviation},
          {"up_from", placement.up_from},
          {"floor_seen", placement.floor_seen},
          {"doorway",
           {{"position", PointJson(placement.doorway.position)},
            {"look_at", PointJson(placement.doorway.look_at)},
            {"estimated", placement.doorway_estimated},
            {"photo", placement.doorway_photo}}},
          {"view_fov_deg", placement.view_fov_deg}};
}

Placement PlacementFromJson(const Json& json, const std::string& where) {
  std::vector<std::string> violations;
  ObjectReader in(json, "", &violations);
  Placement p;
  if (const Json* value = in.Object("room_from_reconstruction")) {
    ObjectReader from(*value, "room_from_reconstruction", &violations);
    p.room_from_reconstruction.scale = from.Number("scale").value_or(0);
    p.room_from_reconstruction.translation = from.RequiredPoint("translation", 1e9);
    const Json* q = from.Array("rotation_wxyz");
    Eigen::Vector4d wxyz = Eigen::Vector4d::Zero();
    for (size_t i = 0; q && i < 4 && i < q->size(); ++i) {
      if ((*q)[i].is_number()) wxyz[static_cast<int>(i)] = (*q)[i].get<double>();
    }
    if (!(p.room_from_reconstruction.scale > 0) || !(std::abs(wxyz.norm() - 1) < 1e-3)) {
      from.Add("scale", "and rotation_wxyz must be there.");
    } else {
      p.room_from_reconstruction.rotation = QuaternionFromWxyz(wxyz);
    }
    if (const Json* flags = from.Object("estimated")) {
      ObjectReader estimated(*flags, "room_from_reconstruction.estimated", &violations);
      p.scale_estimated = estimated.Flag("scale").value_or(true);
      p.up_estimated = estimated.Flag("up").value_or(true);
    }
  } else {
    in.Add("room_from_reconstruction", "must be there.");
  }
  if (const Json* value = in.Object("doorway")) {
    ObjectReader door(*value, "doorway", &violations);
    p.doorway.position = door.RequiredPoint("position", 1e9);
    p.doorway.look_at = door.RequiredPoint("look_at", 1e9);
    p.doorway_estimated = door.Flag("estimated").value_or(true);
    p.doorway_photo = door.Text("photo").value_or("");
  }
  p.scale_from = in.Text("scale_from").value_or("");
  p.up_from = in.Text("up_from").value_or("");
  p.scale_deviation = in.Number("scale_deviation").value_or(kCameraHeightDeviation);
  p.floor_seen = in.Flag("floor_seen").value_or(false);
  p.view_fov_deg = in.Number("view_fov_deg").value_or(60);
  FailOnViolations(violations, where);
  return p;
}

Json ToJson(const space::Plan& plan) {
  Json furniture = Json::array(), openings = Json::array(), photographs = Json::array();
  for (const space::Furniture& f : plan.furniture) {
    furniture.push_back({{"outline", PolygonJson(f.outline)},
                         {"height", Millimetres(f.height_m)},
                         {"seat", f.is_seat},
                         {"steps", f.treads.size()}});
  }
  for (const space::Opening& o : plan.openings) {
    openings.push_back({{"kind", o.kind == space::Opening::Kind::kDoor ? "door" : "window"},
                        {"from", PolygonJson({o.from})[0]},
                        {"to", PolygonJson({o.to})[0]},
                        {"low", Millimetres(o.low_m)},
                        {"high", Millimetres(o.high_m)}});
  }
  for (const space::PhotoPlace& p : plan.photos) {
    photographs.push_back(
        {{"at", PolygonJson({p.position})[0]}, {"ahead", PolygonJson({p.ahead})[0]}});
  }
  return {{"version", 1},
          {"outline", PolygonJson(plan.outline)},
          {"area", Millimetres(plan.area_m2)},
          {"free", Millimetres(plan.free_m2)},
          {"reached", Millimetres(plan.reached_m2)},
          {"height", plan.height_m ? Json(Millimetres(*plan.height_m)) : Json()},
          {"furniture", std::move(furniture)},
          {"openings", std::move(openings)},
          {"photographs", std::move(photographs)}};
}

void WritePlacement(const Folder& folder, const Placement& placement) {
  const std::string text = Dump(ToJson(placement));
  const bool same = fs::exists(folder.placement()) && ReadTextFile(folder.placement()) == text;
  if (!same) WriteFileAtomic(folder.placement(), text);
}

Placement PlaceRoom(const Reconstruction& reconstruction, const Document& document,
                    const Folder& folder, Ledger* ledger, std::vector<std::string>* notes,
                    const Progress& progress) {
  // All of the document that this depends on, and the title, which the plan bears.
  Document said;
  said.title = document.title;
  said.measured = document.measured;
  said.alignment = document.alignment;
  said.doorway = document.doorway;
  std::vector<std::string> key_parts = {FormatDocument(said), Sha256HexOfFile(folder.splat_ply())};
  for (const char* file : {"cameras.bin", "images.bin", "points3D.bin"}) {
    key_parts.push_back(Sha256HexOfFile(folder.reconstruction() / file));
  }
  if (fs::exists(folder.depths())) key_parts.push_back(Sha256HexOfFile(folder.depths()));
  const std::string key = StageKey("place", kPlaceVersion, key_parts);
  DoStage(folder, ledger, "place", key, folder.place(), [&](const Path& staging) {
    std::vector<std::string> found_notes;
    const SplatCloud cloud =
        bundle::DecodeSplatPly(ReadFile(folder.splat_ply()), folder.splat_ply().string());
    const Place place = FindPlace(reconstruction, cloud, document, folder.photos(), &found_notes,
                                  progress, ReadDepths(folder.depths(), reconstruction));
    for (const std::string& sentence : place.space.not_known) found_notes.push_back(sentence);
    WriteFileAtomic(staging / "plan.json", Dump(ToJson(place.space.plan)));
    WriteFileAtomic(
        staging / "plan.svg",
        space::PlanSvg(place.space.plan, {document.title, place.placement.scale_estimated}));
    if (!place.space.collision.empty()) {
      WriteFileAtomic(staging / "collision.glb", bundle::EncodeCollision(place.space.collision));
    }
    return Json{{"placement", ToJson(place.placement)},
                {"voxel_m", place.space.voxel_m},
                {"not_known", place.space.not_known},
                {"notes", found_notes}};
  });
  const Json& report = ledger->Find("place")->report;
  for (const std::string& note : report.value("notes", std::vector<std::string>())) {
    notes->push_back(note);
  }
  Placement placement = PlacementFromJson(report.value("placement", Json()), "ledger.json");
  WritePlacement(folder, placement);
  return placement;
}

Placement CurrentPlacement(const Folder& folder, const Reconstruction& reconstruction) {
  const Document document = folder.ReadDocument();
  std::vector<std::string> notes;  // of the doorway, which does not matter here
  if (document.alignment || !fs::exists(folder.placement())) {
    return FindPlace(reconstruction, {}, document, {}, &notes, Progress()).placement;
  }
  return PlacementFromJson(ParseJson(ReadTextFile(folder.placement()), folder.placement().string()),
                           folder.placement().string());
}

}  // namespace ajar::room
