// Bytes of a picture file to upright pixels in sRGB, in this process and on this thread.
// Everything outside photo/internal goes through sandbox.h, since decoders have a history of
// faults.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>

#include "photo/internal/colour.h"
#include "photo/internal/exif.h"
#include "scene/raster.h"

namespace ajar::photo {

constexpr double kMostMegapixels = 300;  // whatever the options say

struct DecodeRequest {
  int long_side_px = 0;  // as Load()
  double max_megapixels = kMostMegapixels;
  // Called once the size is known, before the pixels are allocated; may be empty.
  std::function<void(int64_t pixels)> on_size;
};

struct Decoded {
  Image8 pixels;              // upright, sRGB, as large as was asked for
  int width = 0, height = 0;  // upright, of the picture in the file
  std::optional<double> focal_px;
  std::string camera_key;
  std::optional<std::string> taken;
};

// Errors: kInput, with a message that can stand alone as the reason for leaving the file out.
Decoded Decode(std::span<const uint8_t> file, const DecodeRequest& request);

// ---- between Decode() and the decoders of the formats ----

// A picture as it is stored: not turned, in its own colours.
struct Stored {
  Image8 pixels;  // 3 channels (RGB) or 4 (CMYK, 255 = full ink)
  // The part of `pixels` that shows the picture, from the upper left: a decoder that reduces by
  // a factor may round its size up.
  double extent_x = 0, extent_y = 0;
  int width = 0, height = 0;  // of the picture in the file, not turned
  bool upright = false;       // the decoder has turned it already
  Exif exif;
  ColourTag colour;
};

// Fails when the size is not that of a picture or is over the limit, calls on_size otherwise.
void CheckSize(int64_t width, int64_t height, const DecodeRequest& request);
[[noreturn]] void FailUnreadable();  // "This picture could not be read."
[[noreturn]] void FailDamaged();     // "This picture is damaged or cut short."

Stored DecodeJpeg(std::span<const uint8_t> file, const DecodeRequest& request);
Stored DecodePng(std::span<const uint8_t> file, const DecodeRequest& request);
Stored DecodeTiff(std::span<const uint8_t> file, const DecodeRequest& request);
Stored DecodeWebp(std::span<const uint8_t> file, const DecodeRequest& request);
Stored DecodeHeif(std::span<const uint8_t> file, const DecodeRequest& request);

// Lays 4 channels with straight (not premultiplied) alpha over white; 3 channels result.
Image8 OverWhite(const Image8& rgba);

}  // namespace ajar::photo
