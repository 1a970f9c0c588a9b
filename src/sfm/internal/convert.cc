#include "sfm/internal/convert.h"

#include <cmath>

namespace ajar::sfm::internal {

Reconstruction ForPhotos(const Model& model, const Graph& graph,
                         const std::vector<uint32_t>& lens_of_image,
                         const std::vector<std::vector<Colour>>& colours,
                         const photo::PhotoSet& photos) {
  Reconstruction result;
  std::vector<double> scale(graph.images(), 1);
  std::vector<Eigen::Vector2d> stretch(graph.images(), Eigen::Vector2d::Ones());
  for (uint32_t i = 0; i < graph.images(); ++i) {
    if (!model.placed(i)) continue;
    const photo::Photo& photo = photos.photos[i];
    const Lens& lens = model.lens_of(i);
    const uint32_t camera_id = lens_of_image[i] + 1;
    stretch[i] = {static_cast<double>(photo.width) / lens.width,
                  static_cast<double>(photo.height) / lens.height};
    scale[i] = 0.5 * stretch[i].sum();
    if (!result.cameras.contains(camera_id)) {
      result.cameras[camera_id] = ResizedCamera(CameraOf(lens), photo.width, photo.height);
    }
    result.images[i + 1] = {photo.name, camera_id, model.pose(i), {}};
  }
  uint64_t id = 0;
  for (const ModelPoint& point : model.points()) {
    if (point.track.empty()) continue;
    ++id;
    Point3 out;
    out.x_in_world = point.x_in_world;
    Eigen::Vector3d colour = Eigen::Vector3d::Zero();
    double error = 0;
    for (const FeatureOf& f : point.track) {
      PosedImage& image = result.images.at(f.image + 1);
      out.track.push_back({f.image + 1, static_cast<uint32_t>(image.observations.size())});
      image.observations.push_back({graph.x_px(f).cwiseProduct(stretch[f.image]), id});
      const View view{&model.pose(f.image), &model.lens_of(f.image), graph.x_px(f)};
      error += ReprojectionError_px(view, point.x_in_world) * scale[f.image];
      const Colour& c = colours[f.image][f.feature];
      colour += Eigen::Vector3d(c[0], c[1], c[2]);
    }
    const double count = static_cast<double>(point.track.size());
    out.error_px = error / count;
    for (int k = 0; k < 3; ++k) out.rgb[k] = static_cast<uint8_t>(std::lround(colour[k] / count));
    result.points[id] = std::move(out);
  }
  return result;
}

}  // namespace ajar::sfm::internal
