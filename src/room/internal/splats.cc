#include "room/internal/splats.h"

#include <array>
#include <cmath>
#include <map>
#include <random>

#include "base/error.h"
#include "base/hash.h"
#include "base/parallel.h"
#include "bundle/splat_ply.h"
#include "room/internal/names.h"
#include "room/internal/photos.h"
#include "room/internal/report.h"
#include "room/internal/surface.h"

namespace ajar::room {
namespace {

namespace fs = std::filesystem;

constexpr int kSplatsVersion = 5;
constexpr int kGuessedPoints = 20'000;

std::map<std::string, const PosedImage*> ImagesByName(const Reconstruction& reconstruction) {
  std::map<std::string, const PosedImage*> images;
  for (const auto& [id, image] : reconstruction.images) images[image.name] = &image;
  return images;
}

std::vector<train::TrainPhoto> LoadPhotos(const BuildOptions& options,
                                          const photo::PhotoSet& photos,
                                          const Reconstruction& reconstruction,
                                          const std::set<std::string>& left_out,
                                          const Progress& progress) {
  const auto images = ImagesByName(reconstruction);
  std::vector<std::pair<const photo::Photo*, const PosedImage*>> wanted;
  for (const photo::Photo& photo : photos.photos) {
    const auto image = images.find(photo.name);
    if (image != images.end() && !left_out.contains(photo.name)) {
      wanted.emplace_back(&photo, image->second);
    }
  }
  constexpr size_t kAtOnce = 8;
  std::vector<train::TrainPhoto> loaded(wanted.size());
  for (size_t start = 0; start < wanted.size(); start += kAtOnce) {
    progress.ThrowIfCancelled();
    progress.Report({"reading the photographs",
                     static_cast<double>(start) / static_cast<double>(wanted.size()),
                     std::nullopt,
                     {}});
    ParallelFor(std::min(kAtOnce, wanted.size() - start), 1, [&](size_t i) {
      const auto [photo, image] = wanted[start + i];
      loaded[start + i] = PrepareView(*photo, *image, reconstruction.cameras.at(image->camera_id),
                                      options.long_side_px);
    });
  }
  return loaded;
}

// Poses without points (as in most transforms.json): colours along the rays of the photographs,
// at distances from near to beyond the cameras' spread. Training moves or fades what is wrong.
void GuessPoints(uint64_t seed, train::TrainInput* input) {
  std::mt19937_64 random(seed);
  const auto uniform = [&] { return static_cast<double>(random() >> 11) * 0x1p-53; };
  for (int i = 0; i < kGuessedPoints; ++i) {
    const train::TrainPhoto& photo = input->photos[static_cast<size_t>(i) % input->photos.size()];
    const double x = uniform() * photo.camera.width, y = uniform() * photo.camera.height;
    const double depth = input->scene_extent * std::exp(std::log(0.3) + uniform() * std::log(20.0));
    const auto ray = photo.camera.CamFromImg({x, y});
    if (!ray) continue;
    const Eigen::Vector3d x_in_cam(ray->x() * depth, ray->y() * depth, depth);
    const uint8_t* colour = photo.picture.pixel(static_cast<int>(x), static_cast<int>(y));
    input->points.push_back((Inverse(photo.cam_from_world) * x_in_cam).cast<float>());
    input->point_colours.emplace_back(colour[0], colour[1], colour[2]);
  }
}

train::TrainInput MakeInput(const BuildOptions& options, const photo::PhotoSet& photos,
                            const Reconstruction& reconstruction,
                            const std::set<std::string>& held_out, const Progress& progress) {
  train::TrainInput input;
  input.photos = LoadPhotos(options, photos, reconstruction, held_out, progress);
  input.scene_extent = CameraExtent(reconstruction);
  for (const auto& [id, point] : reconstruction.points) {
    input.points.push_back(point.x_in_world.cast<float>());
    input.point_colours.push_back(point.rgb);
  }
  return input;
}

Json ToJson(const Eigen::Vector3f& v) { return Json::array({v.x(), v.y(), v.z()}); }

Json Report(const BuildOptions& options, const train::Report& report, size_t photos,
            const std::set<std::string>& held_out, size_t surface_points, bool guessed_points) {
  Json schedule = Json::array(), exposures = Json::array(), costs = Json::object();
  for (const train::ScheduleEvent& event : report.schedule) {
    schedule.push_back(
        {{"iteration", event.iteration}, {"kind", event.kind}, {"value", event.value}});
  }
  Json course = Json::array();
  for (const train::CourseEntry& entry : report.course) {
    course.push_back({{"iteration", entry.iteration},
                      {"size_divisor", entry.size_divisor},
                      {"sh_degree", entry.sh_degree},
                      {"splat_target", entry.splat_target}});
  }
  for (const train::PhotoExposure& exposure : report.exposures) {
    exposures.push_back({{"name", exposure.name},
                         {"gain", ToJson(exposure.gain)},
                         {"offset", ToJson(exposure.offset)}});
  }
  for (const train::StageCost& cost : report.costs) costs[cost.name] = cost.seconds;
  return {{"iterations", report.iterations},
          {"seconds", report.seconds},
          {"splats", report.splats},
          {"photographs", photos},
          {"held_out", held_out},
          {"long_side_px", options.long_side_px},
          {"surface_points", surface_points},
          {"started_from_guessed_points", guessed_points},
          {"last_loss", report.last_loss},
          {"resumed", report.resumed},
          {"replayed", options.schedule.has_value()},
          {"costs_s", std::move(costs)},
          {"workload",
           {{"iterations", report.workload.iterations},
            {"visible_share", report.workload.visible_share},
            {"pairs_per_splat", report.workload.pairs_per_splat},
            {"evaluations_per_pixel", report.workload.evaluations_per_pixel}}},
          {"course", std::move(course)},
          {"schedule_version", train::kScheduleVersion},
          {"schedule", std::move(schedule)},
          {"vignette", report.vignette},
          {"exposures", std::move(exposures)}};
}

std::string HashOfReconstruction(const Folder& folder) {
  std::string hashes;
  for (const char* file : {"cameras.bin", "images.bin", "points3D.bin"}) {
    hashes += Sha256HexOfFile(folder.reconstruction() / file);
  }
  return Sha256Hex(hashes);
}

}  // namespace

bool HasSplatsOf(const Folder& folder, const Ledger& ledger) {
  const StageRecord* record = ledger.Find("splats");
  return record && fs::exists(folder.splat_ply()) &&
         record->report.value("reconstruction_sha256", std::string()) ==
             HashOfReconstruction(folder);
}

bool WereTrainedWith(const BuildOptions& options, const Ledger& ledger) {
  const StageRecord* record = ledger.Find("splats");
  if (!record) return false;
  Json then = record->report.value("options", Json::object()), now = OptionsJson(options);
  for (Json* json : {&then, &now}) json->erase("threads");
  return then == now;
}

std::set<std::string> HeldOutBefore(const Ledger& ledger, int64_t* long_side_px) {
  const StageRecord* record = ledger.Find("splats");
  if (!record) return {};
  *long_side_px = record->report.value("long_side_px", *long_side_px);
  return record->report.value("held_out", std::set<std::string>());
}

Camera ViewCamera(const Camera& camera, int64_t long_side_px) {
  const photo::Size size =
      photo::FitLongSide(camera.width, camera.height, static_cast<int>(long_side_px));
  return UndistortedCamera(ResizedCamera(camera, size.width, size.height));
}

train::TrainPhoto PrepareView(const photo::Photo& photo, const PosedImage& image,
                              const Camera& camera, int64_t long_side_px) {
  train::TrainPhoto view;
  view.name = photo.name;
  view.camera = ViewCamera(camera, long_side_px);
  view.cam_from_world = image.cam_from_world;
  const Image8 picture = photo::Load(photo, static_cast<int>(long_side_px));
  view.picture = photo::Undistorted(picture, ResizedCamera(camera, picture.width, picture.height),
                                    view.camera);
  return view;
}

void TrainSplats(const BuildOptions& options, const photo::PhotoSet& photos,
                 const Reconstruction& reconstruction, const std::set<std::string>& held_out,
                 const Folder& folder, Ledger* ledger, const Progress& progress,
                 const std::function<void(const SplatCloud&)>& on_preview) {
  train::Options train_options = options.train;
  // How often to save does not change what is trained.
  train_options.checkpoint_s = train::Options{}.checkpoint_s;
  std::vector<std::string> key_parts = Identity(photos);
  key_parts.push_back(std::to_string(options.long_side_px) + " px");
  key_parts.push_back(HashOfReconstruction(folder));
  for (const std::string& name : held_out) key_parts.push_back("without " + name);
  const std::string seen_key = StageKey("seen", kSplatsVersion, key_parts);
  key_parts.push_back(Canonical(Fields(train_options)));
  key_parts.push_back(std::to_string(options.surface_points) + " surface points, seed " +
                      std::to_string(options.seed));
  train::Schedule schedule;
  if (options.schedule) {
    schedule = ReadSchedule(*options.schedule);
    for (const train::ScheduleEvent& event : schedule) {
      key_parts.push_back(event.kind + std::to_string(event.iteration) + Json(event.value).dump());
    }
  }
  const std::string key = StageKey("splats", kSplatsVersion, key_parts);

  DoStage(folder, ledger, "splats", key, folder.splats(), [&](const Path& staging) {
    train::TrainInput input = MakeInput(options, photos, reconstruction, held_out, progress);
    const size_t surface = AddSurface(options, seen_key, folder, ledger, progress, &input);
    const bool guesses = input.points.empty() && !input.photos.empty();
    if (guesses) GuessPoints(static_cast<uint64_t>(options.seed), &input);
    const size_t photos_used = input.photos.size();
    const train::Result result = train::Train(std::move(input), options.train, folder.checkpoint(),
                                              options.schedule ? &schedule : nullptr, progress,
                                              on_preview);
    WriteFileAtomic(staging / "room.ply", bundle::EncodeSplatPly(result.cloud));
    ledger->Forget("evaluation");  // those figures are of what these splats replace
    Json report =
        Report(options, result.report, photos_used, held_out, surface, guesses);
    report["options"] = OptionsJson(options);
    report["reconstruction_sha256"] = HashOfReconstruction(folder);
    return report;
  });
  std::error_code ignored;
  fs::remove(folder.checkpoint(), ignored);
  fs::remove_all(folder.surface(), ignored);
}

train::Schedule ReadSchedule(const Path& report) {
  const std::string where = report.string();
  const Json json = ParseJson(ReadTextFile(report), where);
  std::vector<std::string> violations;
  ObjectReader top(json, "", &violations);
  train::Schedule schedule;
  const Json* training = top.Object("training");
  if (!training) {
    Fail(ErrorCode::kInput, "This report has no schedule; its room was never trained.", where);
  }
  ObjectReader in(*training, "training", &violations);
  if (in.Number("schedule_version").value_or(0) != train::kScheduleVersion) {
    Fail(ErrorCode::kInput, "This schedule was recorded by another version of Ajar.", where,
         "Use that version to repeat it.");
  }
  if (const Json* events = in.Array("schedule")) {
    for (size_t i = 0; i < events->size(); ++i) {
      ObjectReader event((*events)[i], "training.schedule[" + std::to_string(i) + "]", &violations);
      const double iteration = event.Number("iteration").value_or(-1);
      if (!(iteration >= 0 && iteration <= 1e12)) event.Add("iteration", "must be a count.");
      schedule.push_back({std::isfinite(iteration) ? static_cast<int64_t>(iteration) : 0,
                          event.RequiredText("kind"), event.Number("value").value_or(0)});
    }
  }
  FailOnViolations(violations, where);
  if (schedule.empty()) Fail(ErrorCode::kInput, "training.schedule: is empty.", where);
  return schedule;
}

}  // namespace ajar::room
