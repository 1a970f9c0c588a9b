// What a camera wrote about a picture. Nothing of it is trusted: values out of bounds count as
// absent.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

namespace ajar::photo {

struct Exif {
  int orientation = 1;                      // 1..8 (Exif 2.32, tag 0x0112)
  std::string make, model, lens;            // printable ASCII, at most 64 bytes each
  std::optional<double> focal_mm;           // FocalLength
  std::optional<double> focal_35mm;         // FocalLengthIn35mmFilm
  std::optional<double> plane_x_px_per_mm;  // FocalPlaneXResolution, as pixels per millimetre
  int pixel_x = 0, pixel_y = 0;             // PixelXDimension, PixelYDimension; 0: not known
  std::optional<std::string> taken;         // DateTimeOriginal, "YYYY:MM:DD HH:MM:SS"
};

// `bytes`: a TIFF structure, with or without "Exif\0\0" before it. Never fails: what cannot be
// read is absent.
Exif ParseExif(std::span<const uint8_t> bytes);

// The setters behind ParseExif, for formats that hold the values otherwise; they drop what is
// out of bounds.
void SetOrientation(Exif& exif, int64_t orientation);
void SetFocalMm(Exif& exif, double focal_mm);
void SetFocal35mm(Exif& exif, double focal_mm);
void SetPlaneResolution(Exif& exif, double per_unit, int64_t unit);  // unit as the tag has it
void SetPixelSize(Exif& exif, int64_t x, int64_t y);
void SetTaken(Exif& exif, std::string text);
std::string PrintableAscii(std::string text);

// The focal length in pixels of a picture that is stored with width × height pixels.
std::optional<double> FocalPx(const Exif& exif, int width, int height);

// One string for all photographs that may share their intrinsics; width × height is upright.
std::string CameraKey(const Exif& exif, int width, int height);

}  // namespace ajar::photo
