#include "photo/internal/decode.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "base/error.h"
#include "photo/internal/pixels.h"
#include "photo/internal/sniff.h"

namespace ajar::photo {
namespace {

Stored DecodeStored(std::span<const uint8_t> file, const DecodeRequest& request) {
  switch (Sniff(file.first(std::min(file.size(), kSniffBytes)))) {
    case Kind::kJpeg:
      return DecodeJpeg(file, request);
    case Kind::kPng:
      return DecodePng(file, request);
    case Kind::kTiff:
      return DecodeTiff(file, request);
    case Kind::kWebp:
      return DecodeWebp(file, request);
    case Kind::kHeif:
      return DecodeHeif(file, request);
    default:
      Fail(ErrorCode::kInput, "This is not a picture.");
  }
}

}  // namespace

void FailUnreadable() { Fail(ErrorCode::kInput, "This picture could not be read."); }
void FailDamaged() { Fail(ErrorCode::kInput, "This picture is damaged or cut short."); }

void CheckSize(int64_t width, int64_t height, const DecodeRequest& request) {
  constexpr int64_t kMostSide = 1 << 16;
  if (width < 1 || height < 1 || width > kMostSide || height > kMostSide) FailUnreadable();
  const double megapixels = static_cast<double>(width * height) / 1e6;
  const double most = std::min(request.max_megapixels, kMostMegapixels);
  if (megapixels > most) {
    char text[160];
    std::snprintf(text, sizeof(text),
                  "The picture has %.0f megapixels; pictures of at most %.0f are read.",
                  std::ceil(megapixels), most);
    Fail(ErrorCode::kInput, text);
  }
  if (request.on_size) request.on_size(width * height);
}

Image8 OverWhite(const Image8& rgba) {
  Image8 rgb(rgba.width, rgba.height, 3);
  const size_t count = rgb.data.size() / 3;
  for (size_t i = 0; i < count; ++i) {
    const uint8_t* from = rgba.data.data() + 4 * i;
    for (size_t c = 0; c < 3; ++c) {
      rgb.data[3 * i + c] =
          static_cast<uint8_t>((from[c] * from[3] + 255 * (255 - from[3]) + 127) / 255);
    }
  }
  return rgb;
}

Decoded Decode(std::span<const uint8_t> file, const DecodeRequest& request) {
  Stored stored = DecodeStored(file, request);
  stored.pixels = ToSrgb(std::move(stored.pixels), stored.colour);

  const Size size = request.long_side_px > 0
                        ? FitLongSide(stored.width, stored.height, request.long_side_px)
                        : Size{stored.width, stored.height};
  if (size.width != stored.pixels.width || size.height != stored.pixels.height) {
    Image8 reduced(size.width, size.height, 3);
    ReduceRows(stored.pixels, stored.extent_x, stored.extent_y, reduced, 0, size.height);
    stored.pixels = std::move(reduced);
  }
  const int orientation = stored.upright ? 1 : stored.exif.orientation;

  Decoded decoded;
  decoded.focal_px = FocalPx(stored.exif, stored.width, stored.height);
  decoded.taken = stored.exif.taken;
  decoded.pixels = Upright(std::move(stored.pixels), orientation);
  decoded.width = orientation >= 5 ? stored.height : stored.width;
  decoded.height = orientation >= 5 ? stored.width : stored.height;
  decoded.camera_key = CameraKey(stored.exif, decoded.width, decoded.height);
  return decoded;
}

}  // namespace ajar::photo
