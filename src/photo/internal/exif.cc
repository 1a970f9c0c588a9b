#include "photo/internal/exif.h"

#include <libexif/exif-data.h>
#include <libexif/exif-entry.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <memory>
#include <vector>

namespace ajar::photo {
namespace {

constexpr char kHeader[] = {'E', 'x', 'i', 'f', '\0', '\0'};
constexpr double kFilmDiagonalMm = 43.2666;  // of a 36 mm × 24 mm frame

const ExifEntry* Find(ExifData* data, ExifTag tag) {
  for (const ExifIfd ifd : {EXIF_IFD_0, EXIF_IFD_EXIF}) {
    const ExifEntry* entry = exif_content_get_entry(data->ifd[ifd], tag);
    if (entry && entry->data) return entry;
  }
  return nullptr;
}

std::optional<double> Number(ExifData* data, ExifTag tag) {
  const ExifEntry* entry = Find(data, tag);
  if (!entry || entry->components < 1) return std::nullopt;
  const ExifByteOrder order = exif_data_get_byte_order(data);
  const unsigned char size = exif_format_get_size(entry->format);
  if (size == 0 || entry->size < size) return std::nullopt;
  switch (entry->format) {
    case EXIF_FORMAT_BYTE:
      return entry->data[0];
    case EXIF_FORMAT_SHORT:
      return exif_get_short(entry->data, order);
    case EXIF_FORMAT_LONG:
      return exif_get_long(entry->data, order);
    case EXIF_FORMAT_SLONG:
      return exif_get_slong(entry->data, order);
    case EXIF_FORMAT_RATIONAL: {
      const ExifRational r = exif_get_rational(entry->data, order);
      if (r.denominator == 0) return std::nullopt;
      return static_cast<double>(r.numerator) / r.denominator;
    }
    case EXIF_FORMAT_SRATIONAL: {
      const ExifSRational r = exif_get_srational(entry->data, order);
      if (r.denominator == 0) return std::nullopt;
      return static_cast<double>(r.numerator) / r.denominator;
    }
    default:
      return std::nullopt;
  }
}

std::string Text(ExifData* data, ExifTag tag) {
  const ExifEntry* entry = Find(data, tag);
  if (!entry || entry->format != EXIF_FORMAT_ASCII) return {};
  const char* text = reinterpret_cast<const char*>(entry->data);
  return {text, ::strnlen(text, entry->size)};
}

// Whole numbers of any size; what does not fit is no such number.
int64_t Whole(std::optional<double> value) {
  return value && std::abs(*value) < 1e15 ? static_cast<int64_t>(*value) : 0;
}

}  // namespace

std::string PrintableAscii(std::string text) {
  text.resize(std::min<size_t>(text.size(), 64));
  for (char& c : text) {
    if (c < 0x20 || c > 0x7e) c = '_';
  }
  const size_t last = text.find_last_not_of(' ');
  text.resize(last == std::string::npos ? 0 : last + 1);
  return text;
}

void SetOrientation(Exif& exif, int64_t orientation) {
  if (orientation >= 1 && orientation <= 8) exif.orientation = static_cast<int>(orientation);
}

void SetFocalMm(Exif& exif, double focal_mm) {
  if (focal_mm >= 0.5 && focal_mm <= 3000) exif.focal_mm = focal_mm;
}

void SetFocal35mm(Exif& exif, double focal_mm) {
  if (focal_mm >= 4 && focal_mm <= 3000) exif.focal_35mm = focal_mm;
}

void SetPlaneResolution(Exif& exif, double per_unit, int64_t unit) {
  const double mm = unit == 2 ? 25.4 : unit == 3 ? 10 : unit == 4 ? 1 : unit == 5 ? 0.001 : 0;
  if (mm == 0) return;
  const double per_mm = per_unit / mm;
  if (per_mm >= 10 && per_mm <= 5000) exif.plane_x_px_per_mm = per_mm;
}

void SetPixelSize(Exif& exif, int64_t x, int64_t y) {
  if (x < 1 || y < 1 || x > 1 << 17 || y > 1 << 17) return;
  exif.pixel_x = static_cast<int>(x);
  exif.pixel_y = static_cast<int>(y);
}

void SetTaken(Exif& exif, std::string text) {
  constexpr std::string_view kPattern = "0000:00:00 00:00:00";
  if (text.size() != kPattern.size()) return;
  for (size_t i = 0; i < text.size(); ++i) {
    const bool digit = text[i] >= '0' && text[i] <= '9';
    if (kPattern[i] == '0' ? !digit : text[i] != kPattern[i]) return;
  }
  if (!text.starts_with("0000")) exif.taken = std::move(text);
}

Exif ParseExif(std::span<const uint8_t> bytes) {
  Exif exif;
  if (bytes.size() >= sizeof(kHeader) && std::memcmp(bytes.data(), kHeader, 6) == 0) {
    bytes = bytes.subspan(sizeof(kHeader));
  }
  if (bytes.size() < 8 || (bytes[0] != 'I' && bytes[0] != 'M') || bytes[1] != bytes[0]) {
    return exif;
  }
  std::vector<uint8_t> headed(kHeader, kHeader + sizeof(kHeader));
  headed.insert(headed.end(), bytes.begin(),
                bytes.begin() + static_cast<ptrdiff_t>(std::min<size_t>(bytes.size(), 1 << 16)));

  const std::unique_ptr<ExifData, void (*)(ExifData*)> data(exif_data_new(), exif_data_unref);
  if (!data) return exif;
  // Repairing entries to the letter of the standard would only invent values.
  exif_data_unset_option(data.get(), EXIF_DATA_OPTION_FOLLOW_SPECIFICATION);
  exif_data_load_data(data.get(), headed.data(), static_cast<unsigned>(headed.size()));

  SetOrientation(exif, Whole(Number(data.get(), EXIF_TAG_ORIENTATION)));
  exif.make = PrintableAscii(Text(data.get(), EXIF_TAG_MAKE));
  exif.model = PrintableAscii(Text(data.get(), EXIF_TAG_MODEL));
  exif.lens = PrintableAscii(Text(data.get(), EXIF_TAG_LENS_MODEL));
  SetFocalMm(exif, Number(data.get(), EXIF_TAG_FOCAL_LENGTH).value_or(0));
  SetFocal35mm(exif, Number(data.get(), EXIF_TAG_FOCAL_LENGTH_IN_35MM_FILM).value_or(0));
  SetPlaneResolution(exif, Number(data.get(), EXIF_TAG_FOCAL_PLANE_X_RESOLUTION).value_or(0),
                     Whole(Number(data.get(), EXIF_TAG_FOCAL_PLANE_RESOLUTION_UNIT).value_or(2)));
  SetPixelSize(exif, Whole(Number(data.get(), EXIF_TAG_PIXEL_X_DIMENSION)),
               Whole(Number(data.get(), EXIF_TAG_PIXEL_Y_DIMENSION)));
  SetTaken(exif, Text(data.get(), EXIF_TAG_DATE_TIME_ORIGINAL));
  return exif;
}

std::optional<double> FocalPx(const Exif& exif, int width, int height) {
  const double w = width, h = height;
  const double long_side = std::max(w, h), aspect = long_side / std::min(w, h);
  if (exif.pixel_x > 0) {
    // Of a crop nothing is known: the focal length was that of the whole frame.
    const double x = exif.pixel_x, y = exif.pixel_y;
    const double original_aspect = std::max(x, y) / std::min(x, y);
    if (std::abs(aspect / original_aspect - 1) > 0.02) return std::nullopt;
  }
  double focal_px = 0;
  if (exif.focal_35mm) {
    // Equal diagonals, as CIPA DCG-001 defines the equivalent focal length.
    focal_px = *exif.focal_35mm * std::hypot(w, h) / kFilmDiagonalMm;
  } else if (exif.focal_mm && exif.plane_x_px_per_mm) {
    focal_px = *exif.focal_mm * *exif.plane_x_px_per_mm;
    if (exif.pixel_x > 0) focal_px *= long_side / std::max(exif.pixel_x, exif.pixel_y);
  }
  if (!(focal_px >= 0.2 * long_side && focal_px <= 30 * long_side)) return std::nullopt;
  return focal_px;
}

std::string CameraKey(const Exif& exif, int width, int height) {
  const auto mm = [](std::optional<double> value) {
    if (!value) return std::string("?");
    char text[32];
    std::snprintf(text, sizeof(text), "%.2f", *value);
    return std::string(text);
  };
  return exif.make + "|" + exif.model + "|" + exif.lens + "|" + mm(exif.focal_mm) + " mm|" +
         mm(exif.focal_35mm) + " mm in 35 mm|" + std::to_string(width) + "x" +
         std::to_string(height);
}

}  // namespace ajar::photo
