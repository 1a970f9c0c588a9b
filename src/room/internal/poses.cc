#include "room/internal/poses.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <tuple>

#include "base/error.h"
#include "base/hash.h"
#include "bundle/colmap.h"
#include "bundle/transforms.h"
#include "room/internal/names.h"
#include "room/internal/photos.h"

namespace ajar::room {
namespace {

namespace fs = std::filesystem;

constexpr int kPosesVersion = 2;
constexpr const char* kGiven = "given";  // as a method of placing photographs
constexpr double kLargestRatioError = 0.02;  // rounding of small pictures' sizes

bool HasColmapModel(const Path& folder) {
  return fs::exists(folder / "images.bin") || fs::exists(folder / "images.txt");
}

// What the poses were read from, for the key: content, not names.
std::string HashOfPoses(const Path& path) {
  if (!fs::is_directory(path)) return Sha256HexOfFile(path);
  std::string hashes;
  for (const char* stem : {"cameras", "images", "points3D"}) {
    for (const char* ending : {".bin", ".txt"}) {
      const Path file = path / (std::string(stem) + ending);
      if (fs::exists(file)) hashes += Sha256HexOfFile(file);
    }
  }
  if (fs::exists(path / "transforms.json")) hashes += Sha256HexOfFile(path / "transforms.json");
  return hashes;
}

// Cameras by what they are for, so that photographs which share one go on sharing it.
class CameraTable {
 public:
  explicit CameraTable(const Reconstruction& given) {
    if (!given.cameras.empty()) next_id_ = given.cameras.rbegin()->first + 1;
  }

  uint32_t Id(uint32_t given_id, const Camera& given, const photo::Photo& photo,
              Reconstruction* into) {
    const auto key = std::tuple(given_id, photo.width, photo.height);
    const auto found = ids_.find(key);
    if (found != ids_.end()) return found->second;
    // The first size keeps the camera's number.
    const uint32_t id = into->cameras.contains(given_id) ? next_id_++ : given_id;
    into->cameras[id] = ResizedCamera(given, photo.width, photo.height);
    ids_[key] = id;
    return id;
  }

 private:
  std::map<std::tuple<uint32_t, int, int>, uint32_t> ids_;
  uint32_t next_id_ = 1;
};

Json Report(const sfm::Report& report, const std::vector<std::string>& not_placed,
            const std::vector<std::string>& wrong_shape, size_t placed, size_t points,
            const std::string& photos_key) {
  return {{"method", report.method},
          {"photographs_sha256", photos_key},
          {"placed", placed},
          {"not_placed", not_placed},
          {"wrong_shape", wrong_shape},
          {"other_pieces", report.other_pieces},
          {"points", points},
          {"mean_error_px", report.mean_error_px},
          {"features_s", report.features_s},
          {"matching_s", report.matching_s},
          {"mapping_s", report.mapping_s}};
}

bool HasPosesOf(const std::string& photos_key, const Folder& folder, const Ledger& ledger) {
  const StageRecord* record = ledger.Find("poses");
  return record && fs::exists(folder.reconstruction() / "images.bin") &&
         record->report.value("photographs_sha256", std::string()) == photos_key;
}

void CheckHasPoses(const Path& path) {
  if (!fs::exists(path)) {
    Fail(ErrorCode::kInput, "There is no such file or folder.", path.string());
  }
  if (!fs::is_directory(path) || HasColmapModel(path) || fs::exists(path / "transforms.json")) {
    return;
  }
  Fail(ErrorCode::kInput,
       "There are no poses here: neither a COLMAP model (cameras, images and points3D, .bin or "
       ".txt) nor a transforms.json.",
       path.string(), "Often the model lies in a folder sparse/0.");
}

bool WereGiven(const Ledger& ledger) {
  const StageRecord* record = ledger.Find("poses");
  return record && record->report.value("method", std::string()) == kGiven;
}

}  // namespace

Reconstruction ReadPoses(const Path& path) {
  CheckHasPoses(path);
  const bool is_colmap = fs::is_directory(path) && HasColmapModel(path);
  return is_colmap ? bundle::ReadColmap(path) : bundle::ReadTransforms(path);
}

AdoptedPoses AdoptPoses(const Reconstruction& given, const photo::PhotoSet& photos) {
  std::vector<std::string> names;
  for (const auto& [id, image] : given.images) names.push_back(image.name);
  const std::vector<std::optional<size_t>> matches = MatchNames(names, NamesOf(photos));

  AdoptedPoses adopted;
  CameraTable cameras(given);
  size_t index = 0;
  for (const auto& [id, image] : given.images) {
    const std::optional<size_t> match = matches[index++];
    if (!match) continue;
    const photo::Photo& photo = photos.photos[*match];
    const Camera& camera = given.cameras.at(image.camera_id);
    const double x_scale = static_cast<double>(photo.width) / camera.width;
    const double y_scale = static_cast<double>(photo.height) / camera.height;
    if (std::abs(x_scale / y_scale - 1) > kLargestRatioError) {
      adopted.wrong_shape.push_back(photo.name);
      continue;
    }
    PosedImage placed = image;
    placed.name = photo.name;
    placed.camera_id = cameras.Id(image.camera_id, camera, photo, &adopted.reconstruction);
    for (Observation& observation : placed.observations) {
      observation.x_px.x() *= x_scale;
      observation.x_px.y() *= y_scale;
    }
    adopted.reconstruction.images[id] = std::move(placed);
  }
  adopted.reconstruction.points = given.points;
  for (auto& [id, point] : adopted.reconstruction.points) {
    std::erase_if(point.track, [&](const TrackElement& element) {
      return !adopted.reconstruction.images.contains(element.image_id);
    });
  }
  return adopted;
}

std::vector<std::string> NotPlaced(const Reconstruction& reconstruction,
                                   const std::vector<std::string>& photos) {
  std::set<std::string> placed;
  for (const auto& [id, image] : reconstruction.images) placed.insert(image.name);
  std::vector<std::string> missing;
  for (const std::string& name : photos) {
    if (!placed.contains(name)) missing.push_back(name);
  }
  return missing;
}

std::optional<std::string> CheckEnoughPlaced(const std::vector<std::string>& photos,
                                             const std::vector<std::string>& not_placed) {
  const size_t placed = photos.size() - not_placed.size();
  const std::string counts =
      std::to_string(placed) + " of " + std::to_string(photos.size()) + " photographs";
  if (placed * 2 < photos.size() || placed == 0) {
    Fail(ErrorCode::kNotEnough,
         "Only " + counts + " could be placed, which is too few for a room. Not placed: " +
             ListOfNames(not_placed, not_placed.size()) + ".",
         {},
         "Take more photographs that overlap by half or more, or leave out those of other "
         "places.");
  }
  if (not_placed.empty()) return std::nullopt;
  const std::string list = "Not placed: " + ListOfNames(not_placed, not_placed.size()) + ".";
  if (placed * 5 < photos.size() * 4) {
    return "Only " + counts + " could be placed; parts of the room may be missing. " + list;
  }
  return list;
}

std::vector<std::string> NotesOnPoses(const Ledger& ledger) {
  const StageRecord* record = ledger.Find("poses");
  if (!record) return {};
  std::vector<std::string> notes, ignored;
  ObjectReader report(record->report, "", &ignored);
  const std::vector<std::string> wrong_shape = report.Texts("wrong_shape");
  if (!wrong_shape.empty()) {
    notes.push_back("The poses given for these were of pictures of another shape: " +
                    ListOfNames(wrong_shape, wrong_shape.size()) + ".");
  }
  const Json* pieces = report.Array("other_pieces");
  for (size_t i = 0; pieces && i < pieces->size(); ++i) {
    const auto names = (*pieces)[i].get<std::vector<std::string>>();
    notes.push_back("These belong together, but not to the room; photographs between them and "
                    "the others may join them: " + ListOfNames(names, names.size()) + ".");
  }
  return notes;
}

Reconstruction PosePhotos(const BuildOptions& options, const photo::PhotoSet& photos,
                          const Folder& folder, Ledger* ledger, const Progress& progress) {
  const std::vector<std::string> names = NamesOf(photos);
  std::vector<std::string> key_parts = Identity(photos);
  const std::string photos_key = StageKey("photographs", 1, key_parts);
  // Work done elsewhere is kept until other poses are given or photographs come and go.
  const bool keep = options.keep_poses || (!options.poses && WereGiven(*ledger));
  if (keep && HasPosesOf(photos_key, folder, *ledger)) {
    return bundle::ReadColmap(folder.reconstruction());
  }
  if (options.poses) {
    key_parts.push_back("given " + HashOfPoses(*options.poses));
  } else {
    sfm::Options sfm_options = options.sfm;
    key_parts.push_back("sfm " + Canonical(Fields(sfm_options)));
  }
  const std::string key = StageKey("poses", kPosesVersion, key_parts);

  DoStage(folder, ledger, "poses", key, folder.reconstruction(), [&](const Path& staging) {
    AdoptedPoses adopted;
    sfm::Report report;
    if (options.poses) {
      report.method = kGiven;
      progress.Report({"reading the poses", 0, std::nullopt, {}});
      adopted = AdoptPoses(ReadPoses(*options.poses), photos);
      report.mean_error_px = MeanReprojectionErrorPx(adopted.reconstruction);
    } else {
      sfm::Result result = sfm::Reconstruct(photos, options.sfm, progress);
      adopted.reconstruction = std::move(result.reconstruction);
      report = std::move(result.report);
    }
    const std::vector<std::string> not_placed = NotPlaced(adopted.reconstruction, names);
    CheckEnoughPlaced(names, not_placed);
    bundle::WriteColmapBinary(adopted.reconstruction, staging);
    return Report(report, not_placed, adopted.wrong_shape, adopted.reconstruction.images.size(),
                  adopted.reconstruction.points.size(), photos_key);
  });
  return bundle::ReadColmap(folder.reconstruction());
}

}  // namespace ajar::room
