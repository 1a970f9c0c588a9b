// Picture files made by code, for the tests.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/files.h"
#include "photo/internal/colour.h"
#include "scene/raster.h"

namespace ajar::photo::fixtures {

using Bytes = std::vector<uint8_t>;

// Smooth, with four corners of different colours and a tilted ramp: no turn or mirror image of it
// looks like it.
Image8 Pattern(int width, int height);
Image8 Plain(int width, int height, uint8_t r, uint8_t g, uint8_t b);

// How an upright picture is stored under an Exif orientation, straight from the standard's table
// of the sides on which the first row and the first column lie.
Image8 StoredAs(const Image8& upright, int orientation);

struct ExifValues {
  int orientation = 1;
  std::string make = "Test Cameras", model = "Model 1", lens = "50 mm";
  std::string taken = "2024:05:06 07:08:09";
  double focal_mm = 0, plane_per_unit = 0;
  int focal_35mm = 0, plane_unit = 2, pixel_x = 0, pixel_y = 0;
  bool big_endian = false;
};
// A TIFF structure without "Exif\0\0" before it.
Bytes ExifBytes(const ExifValues& values);

// An ICC profile with these primaries and sRGB's curve; none: a grey one with this gamma.
Bytes IccProfile(const ColourTag::Primaries& primaries);
Bytes GreyIccProfile(double gamma);

struct Extras {
  Bytes exif = {}, icc = {};
};
Bytes Jpeg(const Image8& rgb, const Extras& extras = {}, bool progressive = false,
           int quality = 97);
Bytes GreyJpeg(const Image8& rgb, const Extras& extras = {});
Bytes CmykJpeg(const Image8& cmyk, bool adobe);  // 4 channels, 255 = full ink

enum class PngKind { kRgb, kRgb16, kRgba, kPalette, kGrey };
// kRgba: the alpha of every pixel is `alpha`. kPalette: at most 256 colours. gamma: of gAMA.
Bytes Png(const Image8& rgb, PngKind kind = PngKind::kRgb, const Extras& extras = {},
          uint8_t alpha = 255, double gamma = 0);

struct TiffValues {
  int orientation = 1, focal_35mm = 0, bits = 8;
  Bytes icc = {};
  bool raw = false;  // claims to be a DNG
};
Bytes Tiff(const Image8& rgb, const TiffValues& values = {});
Bytes Webp(const Image8& rgb, const Extras& extras = {});  // lossless
// orientation: written as HEIF's own turn and mirror, as cameras do. nclx_primaries: 0 for none.
Bytes Heic(const Image8& rgb, const Extras& extras = {}, int orientation = 1,
           int nclx_primaries = 0);

// Runs ffmpeg with these arguments, in this folder; says whether it ended well.
bool Ffmpeg(const Path& folder, const std::vector<std::string>& arguments);

// The largest and the mean difference of a channel.
struct Distance {
  int largest = 0;
  double mean = 0;
};
Distance DistanceOf(const Image8& a, const Image8& b);

}  // namespace ajar::photo::fixtures
