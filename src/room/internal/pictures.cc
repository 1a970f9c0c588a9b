#include "room/internal/pictures.h"

#include <cmath>
#include <deque>

#include "base/error.h"
#include "photo/photo.h"

namespace ajar::room {
namespace {

using Picture = std::shared_ptr<const ImageF>;

constexpr int kLongSide_px = 1600;
constexpr size_t kKept = 30;  // 8 MB each

Picture LoadGrey(const Path& path, const Camera& camera) {
  if (!std::filesystem::is_regular_file(path)) return nullptr;
  Image8 colours;
  try {
    colours = photo::Load(path, kLongSide_px);
  } catch (const Error&) {
    return nullptr;  // measuring goes on without it
  }
  const photo::Size size = photo::FitLongSide(camera.width, camera.height, kLongSide_px);
  if (std::abs(colours.width - size.width) > 1 || std::abs(colours.height - size.height) > 1)
    return nullptr;
  ImageF grey(colours.width, colours.height, 1);
  for (size_t i = 0; i < grey.data.size(); ++i) {
    const uint8_t* c = colours.data.data() + 3 * i;
    grey.data[i] = (0.299f * c[0] + 0.587f * c[1] + 0.114f * c[2]) / 255;
  }
  return std::make_shared<const ImageF>(std::move(grey));
}

}  // namespace

space::PictureOf PicturesIn(const Reconstruction& reconstruction, const Path& photos) {
  const auto kept = std::make_shared<std::deque<std::pair<uint32_t, Picture>>>();
  return [&reconstruction, photos, kept](uint32_t image_id) {
    for (const auto& [id, picture] : *kept) {
      if (id == image_id) return picture;
    }
    const PosedImage& image = reconstruction.images.at(image_id);
    const Picture picture =
        LoadGrey(photos / image.name, reconstruction.cameras.at(image.camera_id));
    kept->push_back({image_id, picture});
    if (kept->size() > kKept) kept->pop_front();
    return picture;
  };
}

}  // namespace ajar::room
