// Held-out photographs beside the views that the splats give of them.
#include <cmath>

#include "base/hash.h"
#include "bundle/picture.h"
#include "bundle/splat_ply.h"
#include "room/internal/photos.h"
#include "room/internal/splats.h"
#include "splat/render.h"

namespace ajar::room {
namespace {

namespace fs = std::filesystem;

constexpr int kEvaluationVersion = 1;

ImageF ToFloat(const Image8& picture) {
  ImageF result(picture.width, picture.height, picture.channels);
  for (size_t i = 0; i < picture.data.size(); ++i) {
    result.data[i] = static_cast<float>(picture.data[i]) / 255.0f;
  }
  return result;
}

Json ToJson(const Figures& figures) {
  return {{"psnr_db", figures.psnr_db}, {"ssim", figures.ssim}};
}

Figures Compare(const ImageF& photo, const ImageF& render) {
  return {train::Psnr(photo, render), train::Ssim(photo, render)};
}

// The gain and offset of each channel that bring the render nearest to the photo (least
// squares), applied to the render.
struct FittedExposure {
  ImageF render;
  Eigen::Vector3d gain = Eigen::Vector3d::Ones(), offset = Eigen::Vector3d::Zero();
};
FittedExposure FitExposure(const ImageF& photo, const ImageF& render) {
  FittedExposure fitted{render};
  const size_t count = render.data.size() / 3;
  const double n = static_cast<double>(count);
  for (int c = 0; c < 3; ++c) {
    double sx = 0, sy = 0, sxx = 0, sxy = 0;
    for (size_t i = 0; i < count; ++i) {
      const double x = render.data[3 * i + static_cast<size_t>(c)];
      const double y = photo.data[3 * i + static_cast<size_t>(c)];
      sx += x;
      sy += y;
      sxx += x * x;
      sxy += x * y;
    }
    const double variance = sxx - sx * sx / n;
    // A render of one colour says nothing about the gain.
    if (variance > 1e-6 * n) fitted.gain[c] = (sxy - sx * sy / n) / variance;
    fitted.offset[c] = (sy - fitted.gain[c] * sx) / n;
    for (size_t i = 0; i < count; ++i) {
      float& value = fitted.render.data[3 * i + static_cast<size_t>(c)];
      value = static_cast<float>(fitted.gain[c] * value + fitted.offset[c]);
      value = std::min(1.0f, std::max(0.0f, value));
    }
  }
  return fitted;
}

struct Mean {
  Figures sum;
  size_t count = 0;
  void Add(const Figures& f) {
    sum.psnr_db += f.psnr_db;
    sum.ssim += f.ssim;
    ++count;
  }
  Json MeanJson() const {
    const double n = static_cast<double>(count);
    return {{"psnr_db", sum.psnr_db / n}, {"ssim", sum.ssim / n}};
  }
};

}  // namespace

void Evaluate(const BuildOptions& options, const photo::PhotoSet& photos,
              const Reconstruction& reconstruction, const std::set<std::string>& held_out,
              const Folder& folder, Ledger* ledger, const Progress& progress) {
  if (held_out.empty()) {
    if (ledger->Find("evaluation")) {
      ledger->Forget("evaluation");
      fs::remove_all(folder.evaluation());
    }
    return;
  }
  std::vector<std::string> key_parts = {Sha256HexOfFile(folder.splat_ply()),
                                        Sha256HexOfFile(folder.reconstruction() / "images.bin"),
                                        Sha256HexOfFile(folder.reconstruction() / "cameras.bin"),
                                        std::to_string(options.long_side_px)};
  key_parts.insert(key_parts.end(), held_out.begin(), held_out.end());
  for (const std::string& line : Identity(photos)) key_parts.push_back(line);
  const std::string key = StageKey("evaluation", kEvaluationVersion, key_parts);

  DoStage(folder, ledger, "evaluation", key, folder.evaluation(), [&](const Path& staging) {
    const SplatCloud cloud =
        bundle::DecodeSplatPly(ReadFile(folder.splat_ply()), folder.splat_ply().string());
    std::map<std::string, const PosedImage*> images;
    for (const auto& [id, image] : reconstruction.images) images[image.name] = &image;
    Json entries = Json::array(), not_placed = Json::array();
    Mean as_is, fitted_mean;
    size_t done = 0;
    for (const photo::Photo& photo : photos.photos) {
      if (!held_out.contains(photo.name)) continue;
      progress.ThrowIfCancelled();
      progress.Report({"comparing with the photographs held out",
                       static_cast<double>(done++) / static_cast<double>(held_out.size()),
                       std::nullopt, photo.name});
      const auto image = images.find(photo.name);
      if (image == images.end()) {
        not_placed.push_back(photo.name);
        continue;
      }
      const train::TrainPhoto view =
          PrepareView(photo, *image->second, reconstruction.cameras.at(image->second->camera_id),
                      options.long_side_px);
      // Compared as written, so that anybody can repeat it from the files.
      const Image8 render =
          bundle::ToImage8(splat::Render(cloud, {view.camera, view.cam_from_world}).colour);
      MakeFolder((staging / photo.name).parent_path());
      WriteFileAtomic(staging / (photo.name + ".photo.png"), bundle::EncodePng(view.picture));
      WriteFileAtomic(staging / (photo.name + ".render.png"), bundle::EncodePng(render));
      const ImageF photo_f = ToFloat(view.picture), render_f = ToFloat(render);
      const Figures figures = Compare(photo_f, render_f);
      const FittedExposure fitted = FitExposure(photo_f, render_f);
      const Figures fitted_figures = Compare(photo_f, fitted.render);
      as_is.Add(figures);
      fitted_mean.Add(fitted_figures);
      Json entry = ToJson(figures);
      entry["name"] = photo.name;
      entry["with_exposure_fitted_on_its_own_pixels"] = ToJson(fitted_figures);
      entry["with_exposure_fitted_on_its_own_pixels"]["gain"] = PointJson(fitted.gain);
      entry["with_exposure_fitted_on_its_own_pixels"]["offset"] = PointJson(fitted.offset);
      entries.push_back(std::move(entry));
    }
    Json report = {{"photographs", std::move(entries)}, {"not_placed", std::move(not_placed)}};
    if (as_is.count > 0) {
      report["mean"] = as_is.MeanJson();
      report["mean"]["with_exposure_fitted_on_its_own_pixels"] = fitted_mean.MeanJson();
    }
    WriteFileAtomic(staging / "figures.json", Dump(report));
    return report;
  });
}

}  // namespace ajar::room
