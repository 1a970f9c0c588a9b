#include "train/internal/far_points.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include "base/parallel.h"

namespace ajar::train::internal {
namespace {

constexpr int kDirections = 20000;   // some 1.4 degrees apart
constexpr double kRadius = 5;        // of the scene's extent: far, yet seen to move between cameras
constexpr int kCellsAcross = 60;     // of a photograph's longer side

// Luma of what may be a view into the open by day. A plain wall of which no surface was found is
// darker, or else looks the same from far away.
constexpr int kBright = 200;

struct Pixel {
  int x, y;
};

std::optional<Pixel> PixelOf(const TrainPhoto& photo, const Eigen::Vector3d& x_in_world) {
  const auto pixel = photo.camera.ImgFromCam(photo.cam_from_world * x_in_world);
  if (!pixel) return std::nullopt;
  const Pixel p{static_cast<int>(std::floor(pixel->x())), static_cast<int>(std::floor(pixel->y()))};
  if (p.x < 0 || p.y < 0 || p.x >= photo.camera.width || p.y >= photo.camera.height) {
    return std::nullopt;
  }
  return p;
}

// The cells of a photograph in or next to which it shows a surface point.
class KnownCells {
 public:
  KnownCells(const TrainPhoto& photo, const std::vector<Eigen::Vector3f>& points)
      : cell_px_((std::max(photo.camera.width, photo.camera.height) + kCellsAcross - 1) /
                 kCellsAcross),
        width_(photo.camera.width / cell_px_ + 1),
        height_(photo.camera.height / cell_px_ + 1),
        known_(static_cast<size_t>(width_) * static_cast<size_t>(height_), 0) {
    for (const Eigen::Vector3f& x : points) {
      const std::optional<Pixel> p = PixelOf(photo, x.cast<double>());
      if (!p) continue;
      const int column = p->x / cell_px_, row = p->y / cell_px_;
      for (int r = std::max(0, row - 1); r <= std::min(height_ - 1, row + 1); ++r) {
        for (int c = std::max(0, column - 1); c <= std::min(width_ - 1, column + 1); ++c) {
          known_[At(c, r)] = 1;
        }
      }
    }
  }
  bool Knows(const Pixel& p) const { return known_[At(p.x / cell_px_, p.y / cell_px_)] != 0; }

 private:
  size_t At(int column, int row) const { return static_cast<size_t>(row * width_ + column); }
  int cell_px_, width_, height_;
  std::vector<uint8_t> known_;
};

}  // namespace

void AddFarPoints(TrainInput* input) {
  if (input->point_normals.empty()) return;
  const std::vector<TrainPhoto>& photos = input->photos;
  std::vector<std::optional<KnownCells>> cells(photos.size());
  ParallelFor(photos.size(), 1, [&](size_t i) { cells[i].emplace(photos[i], input->points); });
  Eigen::Vector3d middle = Eigen::Vector3d::Zero();
  for (const TrainPhoto& photo : photos) middle += Inverse(photo.cam_from_world).translation;
  middle /= static_cast<double>(photos.size());
  for (int k = 0; k < kDirections; ++k) {
    // A Fibonacci lattice: directions as even as they come.
    const double z = 1 - (2 * k + 1.0) / kDirections, r = std::sqrt(1 - z * z);
    const double turn = k * M_PI * (3 - std::sqrt(5.0));
    const Eigen::Vector3d x =
        middle + kRadius * input->scene_extent *
                     Eigen::Vector3d(r * std::cos(turn), r * std::sin(turn), z);
    Eigen::Vector3d colour = Eigen::Vector3d::Zero();
    int seen = 0;
    for (size_t i = 0; i < photos.size(); ++i) {
      const std::optional<Pixel> p = PixelOf(photos[i], x);
      if (!p || cells[i]->Knows(*p)) continue;
      const uint8_t* rgb = photos[i].picture.pixel(p->x, p->y);
      if (77 * rgb[0] + 150 * rgb[1] + 29 * rgb[2] < 256 * kBright) continue;
      colour += Eigen::Vector3d(rgb[0], rgb[1], rgb[2]);
      ++seen;
    }
    if (seen == 0) continue;
    input->points.push_back(x.cast<float>());
    input->point_colours.push_back((colour / seen).array().round().cast<uint8_t>());
    input->point_normals.push_back(Eigen::Vector3f::Zero());
  }
}

}  // namespace ajar::train::internal
