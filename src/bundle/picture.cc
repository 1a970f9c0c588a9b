#include "bundle/picture.h"

#include <png.h>
#include <webp/decode.h>
#include <webp/encode.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <memory>

#include "base/check.h"
#include "base/error.h"

namespace ajar::bundle {
namespace {

// A few bytes can announce any size: what is allocated for them stays below this.
constexpr int64_t kMostPixels = int64_t{1} << 25;

bool IsTooLarge(int64_t width, int64_t height) { return width * height > kMostPixels; }

std::vector<uint8_t> EncodeWebpPicture(const Image8& picture, WebPConfig config) {
  AJAR_CHECK(picture.channels == 3 || picture.channels == 4);
  AJAR_CHECK(WebPValidateConfig(&config));
  WebPPicture webp;
  AJAR_CHECK(WebPPictureInit(&webp));
  webp.use_argb = config.lossless;
  webp.width = picture.width;
  webp.height = picture.height;
  WebPMemoryWriter writer;
  WebPMemoryWriterInit(&writer);
  webp.writer = WebPMemoryWrite;
  webp.custom_ptr = &writer;
  const int stride = picture.width * picture.channels;
  const bool imported = picture.channels == 4
                            ? WebPPictureImportRGBA(&webp, picture.data.data(), stride)
                            : WebPPictureImportRGB(&webp, picture.data.data(), stride);
  const bool encoded = imported && WebPEncode(&config, &webp);
  std::vector<uint8_t> bytes(writer.mem, writer.mem + writer.size);
  WebPMemoryWriterClear(&writer);
  WebPPictureFree(&webp);
  if (!encoded) Fail(ErrorCode::kMemory, "A picture could not be encoded as WebP.");
  return bytes;
}

std::vector<uint8_t> WritePng(int width, int height, png_uint_32 format, const void* pixels) {
  png_image png{};
  png.version = PNG_IMAGE_VERSION;
  png.width = static_cast<png_uint_32>(width);
  png.height = static_cast<png_uint_32>(height);
  png.format = format;
  png_alloc_size_t size = PNG_IMAGE_PNG_SIZE_MAX(png);
  std::vector<uint8_t> bytes(size);
  if (!png_image_write_to_memory(&png, bytes.data(), &size, 0, pixels, 0, nullptr)) {
    Fail(ErrorCode::kMemory, std::string("A picture could not be encoded as PNG: ") + png.message);
  }
  bytes.resize(size);
  return bytes;
}

}  // namespace

std::vector<uint8_t> EncodePng(const Image8& picture) {
  AJAR_CHECK(picture.channels == 1 || picture.channels == 3 || picture.channels == 4);
  return WritePng(picture.width, picture.height,
                  picture.channels == 1   ? PNG_FORMAT_GRAY
                  : picture.channels == 3 ? PNG_FORMAT_RGB
                                          : PNG_FORMAT_RGBA,
                  picture.data.data());
}

std::vector<uint8_t> EncodePng16(const Raster<uint16_t>& picture) {
  AJAR_CHECK(picture.channels == 1);
  return WritePng(picture.width, picture.height, PNG_FORMAT_LINEAR_Y, picture.data.data());
}

Image8 DecodePng(std::span<const uint8_t> bytes, const std::string& name) {
  png_image png{};
  png.version = PNG_IMAGE_VERSION;
  const std::unique_ptr<png_image, decltype(&png_image_free)> release(&png, &png_image_free);
  if (!png_image_begin_read_from_memory(&png, bytes.data(), bytes.size())) {
    Fail(ErrorCode::kInput, std::string("This PNG cannot be read: ") + png.message + ".", name);
  }
  if (IsTooLarge(png.width, png.height)) {
    Fail(ErrorCode::kInput, "This PNG is larger than pictures of ours are.", name);
  }
  const bool colour = (png.format & PNG_FORMAT_FLAG_COLOR) != 0;
  const bool alpha = (png.format & PNG_FORMAT_FLAG_ALPHA) != 0;
  png.format = alpha ? PNG_FORMAT_RGBA : colour ? PNG_FORMAT_RGB : PNG_FORMAT_GRAY;
  Image8 picture(static_cast<int>(png.width), static_cast<int>(png.height),
                 alpha ? 4 : colour ? 3 : 1);
  if (!png_image_finish_read(&png, nullptr, picture.data.data(), 0, nullptr)) {
    Fail(ErrorCode::kInput, std::string("This PNG cannot be read: ") + png.message + ".", name);
  }
  return picture;
}

Raster<uint16_t> DecodePng16(std::span<const uint8_t> bytes, const std::string& name) {
  png_image png{};
  png.version = PNG_IMAGE_VERSION;
  const std::unique_ptr<png_image, decltype(&png_image_free)> release(&png, &png_image_free);
  if (!png_image_begin_read_from_memory(&png, bytes.data(), bytes.size())) {
    Fail(ErrorCode::kInput, std::string("This PNG cannot be read: ") + png.message + ".", name);
  }
  if (IsTooLarge(png.width, png.height)) {
    Fail(ErrorCode::kInput, "This PNG is larger than pictures of ours are.", name);
  }
  // libpng takes numbers of 16 bits for linear, and changes none of them.
  if (png.format != PNG_FORMAT_LINEAR_Y) {
    Fail(ErrorCode::kInput, "This PNG is not a grey one of 16 bits.", name);
  }
  Raster<uint16_t> picture(static_cast<int>(png.width), static_cast<int>(png.height), 1);
  if (!png_image_finish_read(&png, nullptr, picture.data.data(), 0, nullptr)) {
    Fail(ErrorCode::kInput, std::string("This PNG cannot be read: ") + png.message + ".", name);
  }
  return picture;
}

std::vector<uint8_t> EncodeWebp(const Image8& picture, int quality) {
  WebPConfig config;
  AJAR_CHECK(WebPConfigInit(&config));
  config.quality = static_cast<float>(quality);
  return EncodeWebpPicture(picture, config);
}

std::vector<uint8_t> EncodeWebpLossless(const Image8& picture) {
  WebPConfig config;
  AJAR_CHECK(WebPConfigInit(&config));
  AJAR_CHECK(WebPConfigLosslessPreset(&config, 6));
  config.exact = 1;
  return EncodeWebpPicture(picture, config);
}

Image8 DecodeWebp(std::span<const uint8_t> bytes, const std::string& name) {
  WebPBitstreamFeatures features;
  if (WebPGetFeatures(bytes.data(), bytes.size(), &features) != VP8_STATUS_OK ||
      features.has_animation) {
    Fail(ErrorCode::kInput, "This is not a WebP picture.", name);
  }
  if (IsTooLarge(features.width, features.height)) {
    Fail(ErrorCode::kInput, "This WebP is larger than pictures of ours are.", name);
  }
  Image8 picture(features.width, features.height, 4);
  if (!WebPDecodeRGBAInto(bytes.data(), bytes.size(), picture.data.data(), picture.data.size(),
                          features.width * 4)) {
    Fail(ErrorCode::kInput, "This WebP picture is damaged or cut off.", name);
  }
  return picture;
}

Image8 ToImage8(const ImageF& picture) {
  Image8 result(picture.width, picture.height, picture.channels);
  for (size_t i = 0; i < picture.data.size(); ++i) {
    const float x = picture.data[i];
    result.data[i] = x > 0 ? static_cast<uint8_t>(std::lround(std::min(x, 1.0f) * 255)) : 0;
  }
  return result;
}

}  // namespace ajar::bundle
