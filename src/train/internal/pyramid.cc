#include "train/internal/pyramid.h"

#include <algorithm>

namespace ajar::train::internal {
namespace {

Image8 Halved(const Image8& from) {
  Image8 to(std::max(1, from.width / 2), std::max(1, from.height / 2), 3);
  for (int y = 0; y < to.height; ++y) {
    for (int x = 0; x < to.width; ++x) {
      const int x1 = std::min(2 * x + 1, from.width - 1), y1 = std::min(2 * y + 1, from.height - 1);
      for (int c = 0; c < 3; ++c) {
        const int sum = from.pixel(2 * x, 2 * y)[c] + from.pixel(x1, 2 * y)[c] +
                        from.pixel(2 * x, y1)[c] + from.pixel(x1, y1)[c];
        to.pixel(x, y)[c] = static_cast<uint8_t>((sum + 2) / 4);
      }
    }
  }
  return to;
}

// The camera of a picture halved by pairs of pixels: an odd last row or column is cut off.
Camera HalvedCamera(const Camera& camera) {
  Camera half = camera;
  half.width = std::max(1, camera.width / 2);
  half.height = std::max(1, camera.height / 2);
  for (double& p : half.params) p /= 2;
  return half;
}

}  // namespace

Pyramid MakePyramid(const TrainPhoto& photo) {
  Pyramid p;
  p.levels[0] = Planar8(photo.picture);
  p.cameras[0] = photo.camera;
  Image8 picture = photo.picture;
  for (size_t k = 1; k < 3; ++k) {
    picture = Halved(picture);
    p.levels[k] = Planar8(picture);
    p.cameras[k] = HalvedCamera(p.cameras[k - 1]);
  }
  return p;
}

}  // namespace ajar::train::internal
