#include "room/internal/edit_places.h"

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "bundle/colmap.h"
#include "bundle/splat_ply.h"
#include "space/space.h"

namespace ajar::room {
namespace {

namespace fs = std::filesystem;
using Eigen::Vector2d;
using Eigen::Vector3d;

constexpr double kBefore = 0.06;   // of the depth: what is so much nearer stands before it
constexpr double kBorder = 0.04;   // of a picture's size, where a place is hardly seen
constexpr size_t kMostTried = 18;  // each is drawn to see what stands before the place
constexpr double kBestDistance_m = 1.2;

std::string LooksOf(const Folder& folder) {
  std::string looks;
  for (const Path& path :
       {folder.splat_ply(), folder.reconstruction() / "images.bin", folder.placement()}) {
    std::error_code error;
    const auto size = fs::file_size(path, error);
    if (error) return {};
    looks += std::to_string(size) + " " +
             std::to_string(fs::last_write_time(path, error).time_since_epoch().count()) + " ";
  }
  return looks;
}

// By the splats alone, as this photograph sees them.
std::optional<double> DepthIn(const Reconstruction& reconstruction, const SplatCloud& cloud,
                              uint32_t image_id, const Vector2d& at_px) {
  const PosedImage& image = reconstruction.images.at(image_id);
  Reconstruction alone;
  alone.cameras[image.camera_id] = reconstruction.cameras.at(image.camera_id);
  PosedImage& only = alone.images[image_id];
  only.name = image.name;
  only.camera_id = image.camera_id;
  only.cam_from_world = image.cam_from_world;
  const auto point = space::FindSurfacePoint(alone, image_id, at_px, cloud, {});
  if (!point) return std::nullopt;
  return (image.cam_from_world * point->x_in_world).z();
}

struct Candidate {
  uint32_t id = 0;
  double cost = 0, depth = 0;
  Vector2d at_px = Vector2d::Zero();
};

// Whether nothing stands before it.
bool IsSeen(const Reconstruction& reconstruction, const SplatCloud& cloud, const Candidate& c) {
  const auto depth = DepthIn(reconstruction, cloud, c.id, c.at_px);
  return !depth || *depth >= c.depth * (1 - kBefore);
}

// Where photographs would show a place if nothing stood before it; the best first.
std::vector<Candidate> Candidates(const Reconstruction& reconstruction, const Vector3d& x,
                                  double metres_per_unit) {
  std::vector<Candidate> candidates;
  for (const auto& [id, image] : reconstruction.images) {
    const Camera& camera = reconstruction.cameras.at(image.camera_id);
    const Vector3d in_cam = image.cam_from_world * x;
    if (in_cam.z() <= 0) continue;
    const auto px = camera.ImgFromCam(in_cam);
    if (!px) continue;
    const double u = px->x() / camera.width, v = px->y() / camera.height;
    if (!(std::min(u, v) > kBorder && std::max(u, v) < 1 - kBorder)) continue;
    const double off = std::hypot(u - 0.5, v - 0.5);
    const double away = std::abs(std::log(in_cam.norm() * metres_per_unit / kBestDistance_m));
    candidates.push_back({id, 2 * off + away, in_cam.z(), *px});
  }
  std::ranges::sort(candidates, {}, &Candidate::cost);
  return candidates;
}

}  // namespace

std::shared_ptr<EditPlaces::Loaded> EditPlaces::Load() {
  const std::string looks = LooksOf(folder_);
  if (looks.empty()) return loaded_ = nullptr;
  if (loaded_ && loaded_->of == looks) return loaded_;
  auto loaded = std::make_shared<Loaded>();
  loaded->of = looks;
  loaded->reconstruction = bundle::ReadColmap(folder_.reconstruction());
  loaded->cloud =
      bundle::DecodeSplatPly(ReadFile(folder_.splat_ply()), folder_.splat_ply().string());
  return loaded_ = loaded;
}

std::optional<Placement> EditPlaces::Placed() {
  std::error_code error;
  if (!fs::is_regular_file(folder_.placement(), error)) return std::nullopt;
  return PlacementFromJson(
      ParseJson(ReadTextFile(folder_.placement()), folder_.placement().string()),
      folder_.placement().string());
}

// By the splats as this photograph sees them, which is fast; a build asks all photographs.
std::optional<Vector3d> EditPlaces::PointedOut(Loaded* loaded, const SeenIn& seen) {
  const std::string key =
      seen.photo + " " + std::to_string(seen.at_px.x()) + " " + std::to_string(seen.at_px.y());
  const auto known = loaded->found.find(key);
  if (known != loaded->found.end()) return known->second;
  std::optional<Vector3d>& found = loaded->found[key];
  for (const auto& [id, image] : loaded->reconstruction.images) {
    if (image.name != seen.photo) continue;
    const auto depth = DepthIn(loaded->reconstruction, loaded->cloud, id, seen.at_px);
    const auto ray = loaded->reconstruction.cameras.at(image.camera_id).CamFromImg(seen.at_px);
    if (depth && ray) {
      found = Inverse(image.cam_from_world) * (*depth * Vector3d(ray->x(), ray->y(), 1));
    }
  }
  return found;
}

// As the last build found them: of things that were pointed out in the same way then.
std::map<std::string, Json> EditPlaces::PositionsInSite(const Document& document) const {
  std::map<std::string, Json> positions;
  std::error_code error;
  const Path file = folder_.site() / "visit.json";
  if (!fs::is_regular_file(file, error)) return positions;
  const Json visit = Json::parse(ReadTextFile(file), nullptr, false);
  if (!visit.is_object()) return positions;
  const Path version =
      folder_.history() / "versions" / (visit.value("document", "").substr(0, 16) + ".json");
  if (!fs::is_regular_file(version, error)) return positions;
  const Document then = ParseDocument(ReadTextFile(version), version.string());
  for (const Json& shown : visit.value("things", Json::array())) {
    const auto with_id = [&](const Thing& thing) { return thing.id == shown.value("id", ""); };
    const auto now = std::ranges::find_if(document.things, with_id);
    const auto before = std::ranges::find_if(then.things, with_id);
    if (now == document.things.end() || before == then.things.end()) continue;
    const bool same = now->seen_in && before->seen_in && !before->position &&
                      now->seen_in->photo == before->seen_in->photo &&
                      now->seen_in->at_px == before->seen_in->at_px;
    if (same) positions[now->id] = shown.value("position", Json());
  }
  return positions;
}

Json EditPlaces::PositionsOf(const Document& document) {
  const std::lock_guard lock(mutex_);
  Json positions = Json::object();
  const auto placed = Placed();
  const std::shared_ptr<Loaded> loaded = Load();
  if (!placed || !loaded) return positions;
  const std::map<std::string, Json> in_site = PositionsInSite(document);
  for (const Thing& thing : document.things) {
    Json& position = positions[thing.id];
    if (thing.position) {
      position = PointJson(*thing.position);
    } else if (const auto known = in_site.find(thing.id); known != in_site.end()) {
      position = known->second;
    } else if (thing.seen_in) {
      const auto found = PointedOut(loaded.get(), *thing.seen_in);
      if (found) position = PointJson(placed->room_from_reconstruction * *found);
    }
  }
  return positions;
}

Json EditPlaces::Pick(const PickView& view, const Vector2d& at_px) {
  const std::lock_guard lock(mutex_);
  const auto placed = Placed();
  const std::shared_ptr<Loaded> loaded = Load();
  Json answer = {{"position", nullptr}, {"deviation", nullptr}};
  if (!placed || !loaded) return answer;
  // One camera and nothing else: no photograph looked from there.
  Reconstruction alone;
  const double focal = view.height / (2 * std::tan(view.fov_deg * M_PI / 360));
  Camera camera;
  camera.model = CameraModel::kPinhole;
  camera.width = view.width;
  camera.height = view.height;
  camera.params = {focal, focal, view.width / 2.0, view.height / 2.0};
  alone.cameras[1] = camera;
  const Sim3& room = placed->room_from_reconstruction;
  // Cameras here look along +z, y down.
  const Eigen::Quaterniond turned(0, 1, 0, 0);
  const Eigen::Quaterniond world_from_cam =
      room.rotation.conjugate() * view.room_from_view * turned;
  const Vector3d eye = Inverse(room) * view.position;
  PosedImage image;
  image.camera_id = 1;
  image.cam_from_world.rotation = world_from_cam.conjugate().normalized();
  image.cam_from_world.translation = -(image.cam_from_world.rotation * eye);
  alone.images[1] = image;
  const auto point = space::FindSurfacePoint(alone, 1, at_px, loaded->cloud, {});
  if (point) {
    answer["position"] = PointJson(room * point->x_in_world);
    answer["deviation"] = room.scale * point->deviation_su;
  }
  return answer;
}

std::vector<EditPlaces::Seen> EditPlaces::SeenFrom(const Vector3d& position, size_t at_most) {
  const std::lock_guard lock(mutex_);
  const auto placed = Placed();
  const std::shared_ptr<Loaded> loaded = Load();
  std::vector<Seen> seen;
  if (!placed || !loaded) return seen;
  const Vector3d x = Inverse(placed->room_from_reconstruction) * position;
  std::vector<Candidate> candidates =
      Candidates(loaded->reconstruction, x, placed->room_from_reconstruction.scale);
  candidates.resize(std::min(candidates.size(), kMostTried));
  for (const Candidate& c : candidates) {
    if (seen.size() == at_most) break;
    if (!IsSeen(loaded->reconstruction, loaded->cloud, c)) continue;
    seen.push_back({loaded->reconstruction.images.at(c.id).name, c.at_px});
  }
  return seen;
}

std::optional<std::pair<EditPlaces::Seen, EditPlaces::Seen>> EditPlaces::SeenTogether(
    const Vector3d& a, const Vector3d& b) {
  const std::lock_guard lock(mutex_);
  const auto placed = Placed();
  const std::shared_ptr<Loaded> loaded = Load();
  if (!placed || !loaded) return std::nullopt;
  const Reconstruction& reconstruction = loaded->reconstruction;
  const Sim3 world_from_room = Inverse(placed->room_from_reconstruction);
  const double scale = placed->room_from_reconstruction.scale;
  const std::vector<Candidate> of_b = Candidates(reconstruction, world_from_room * b, scale);
  std::vector<std::pair<Candidate, Candidate>> pairs;
  for (const Candidate& one : Candidates(reconstruction, world_from_room * a, scale)) {
    const auto other = std::ranges::find(of_b, one.id, &Candidate::id);
    if (other != of_b.end()) pairs.push_back({one, *other});
  }
  std::ranges::sort(pairs, {}, [](const auto& pair) { return pair.first.cost + pair.second.cost; });
  pairs.resize(std::min(pairs.size(), kMostTried));
  for (const auto& [one, other] : pairs) {
    if (!IsSeen(reconstruction, loaded->cloud, one)) continue;
    if (!IsSeen(reconstruction, loaded->cloud, other)) continue;
    const std::string& name = reconstruction.images.at(one.id).name;
    return std::pair(Seen{name, one.at_px}, Seen{name, other.at_px});
  }
  return std::nullopt;
}

Vector3d EditPlaces::InReconstruction(const Vector3d& direction) {
  const auto placed = Placed();
  if (!placed) Fail(ErrorCode::kUsage, "The room is not built yet.");
  return placed->room_from_reconstruction.rotation.conjugate() * direction;
}

Json EditPlaces::Photographs() {
  const std::lock_guard lock(mutex_);
  const auto placed = Placed();
  const std::shared_ptr<Loaded> loaded = Load();
  std::map<std::string, const PosedImage*> by_name;
  if (placed && loaded) {
    for (const auto& [id, image] : loaded->reconstruction.images) by_name[image.name] = &image;
  }
  std::vector<std::string> names;
  std::error_code error;
  for (const auto& entry : fs::recursive_directory_iterator(folder_.photos(), error)) {
    if (!entry.is_regular_file()) continue;
    if (entry.path().filename().string().starts_with(".")) continue;
    names.push_back(entry.path().lexically_relative(folder_.photos()).generic_string());
  }
  std::ranges::sort(names);
  Json photographs = Json::array();
  for (const std::string& name : names) {
    Json photograph = {{"name", name},    {"width", nullptr},    {"height", nullptr},
                       {"placed", false}, {"position", nullptr}, {"look_at", nullptr}};
    if (const auto found = by_name.find(name); found != by_name.end()) {
      const Camera& camera = loaded->reconstruction.cameras.at(found->second->camera_id);
      const Rigid3 world_from_cam = Inverse(found->second->cam_from_world);
      const Sim3& room = placed->room_from_reconstruction;
      const Vector3d eye = room * world_from_cam.translation;
      photograph["width"] = camera.width;
      photograph["height"] = camera.height;
      photograph["placed"] = true;
      photograph["position"] = PointJson(eye);
      photograph["look_at"] =
          PointJson(eye + room.rotation * (world_from_cam.rotation * Vector3d::UnitZ()));
    }
    photographs.push_back(std::move(photograph));
  }
  return photographs;
}

}  // namespace ajar::room
