// TIFF by libtiff, which brings every kind of samples to 8 bit RGBA.
#include <tiffio.h>

#include <algorithm>
#include <cstring>
#include <memory>

#include "base/error.h"
#include "photo/internal/decode.h"

namespace ajar::photo {
namespace {

constexpr int kMostDirectories = 16;
constexpr tmsize_t kMostBytesAtOnce = 1ll << 30;

struct Source {
  std::span<const uint8_t> file;
  uint64_t at = 0;
};

Source& Of(thandle_t handle) { return *static_cast<Source*>(handle); }

tmsize_t Read(thandle_t handle, void* to, tmsize_t count) {
  Source& source = Of(handle);
  if (count < 0 || source.at >= source.file.size()) return 0;
  const size_t n = std::min<size_t>(static_cast<size_t>(count), source.file.size() - source.at);
  std::memcpy(to, source.file.data() + source.at, n);
  source.at += n;
  return static_cast<tmsize_t>(n);
}

toff_t Seek(thandle_t handle, toff_t offset, int whence) {
  Source& source = Of(handle);
  if (whence == SEEK_SET) source.at = offset;
  if (whence == SEEK_CUR) source.at += offset;
  if (whence == SEEK_END) source.at = source.file.size() + offset;
  return source.at;
}

using Tiff = std::unique_ptr<TIFF, void (*)(TIFF*)>;

Tiff Open(Source& source) {
  const std::unique_ptr<TIFFOpenOptions, void (*)(TIFFOpenOptions*)> options(TIFFOpenOptionsAlloc(),
                                                                             TIFFOpenOptionsFree);
  const auto silent = [](TIFF*, void*, const char*, const char*, va_list) { return 1; };
  TIFFOpenOptionsSetErrorHandlerExtR(options.get(), silent, nullptr);
  TIFFOpenOptionsSetWarningHandlerExtR(options.get(), silent, nullptr);
  TIFFOpenOptionsSetMaxSingleMemAlloc(options.get(), kMostBytesAtOnce);
  return Tiff(
      TIFFClientOpenExt(
          "picture", "rm", &source, Read, [](thandle_t, void*, tmsize_t) -> tmsize_t { return 0; },
          Seek, [](thandle_t) { return 0; },
          [](thandle_t handle) -> toff_t { return Of(handle).file.size(); },
          [](thandle_t, void**, toff_t*) { return 0; }, [](thandle_t, void*, toff_t) {},
          options.get()),
      TIFFClose);
}

// Cameras' raw files are TIFF, too; all that can be had of them here is a small preview.
bool IsRaw(TIFF* tiff) {
  uint16_t photometric = 0, count = 0;
  const void* version = nullptr;
  TIFFGetField(tiff, TIFFTAG_PHOTOMETRIC, &photometric);
  return photometric == PHOTOMETRIC_CFA || photometric == 34892 /* LinearRaw */ ||
         TIFFGetField(tiff, TIFFTAG_DNGVERSION, &version) != 0 ||
         TIFFGetField(tiff, TIFFTAG_SUBIFD, &count, &version) != 0;
}

// The first directory that is not a thumbnail of another.
bool FindPicture(TIFF* tiff) {
  for (int i = 0; i < kMostDirectories; ++i) {
    uint32_t type = 0;
    TIFFGetFieldDefaulted(tiff, TIFFTAG_SUBFILETYPE, &type);
    if (!(type & FILETYPE_REDUCEDIMAGE)) return true;
    if (!TIFFReadDirectory(tiff)) return false;
  }
  return false;
}

std::string Text(TIFF* tiff, uint32_t tag) {
  const char* text = nullptr;
  if (!TIFFGetField(tiff, tag, &text) || !text) return {};
  return std::string(text, ::strnlen(text, 256));
}

// Leaves `tiff` at its Exif directory.
Exif ExifOf(TIFF* tiff) {
  Exif exif;
  uint16_t orientation = 1;
  if (TIFFGetField(tiff, TIFFTAG_ORIENTATION, &orientation)) SetOrientation(exif, orientation);
  exif.make = PrintableAscii(Text(tiff, TIFFTAG_MAKE));
  exif.model = PrintableAscii(Text(tiff, TIFFTAG_MODEL));
  toff_t offset = 0;
  if (!TIFFGetField(tiff, TIFFTAG_EXIFIFD, &offset) || !TIFFReadEXIFDirectory(tiff, offset)) {
    return exif;
  }
  float number = 0;
  uint16_t small = 0;
  if (TIFFGetField(tiff, EXIFTAG_FOCALLENGTH, &number)) SetFocalMm(exif, number);
  if (TIFFGetField(tiff, EXIFTAG_FOCALLENGTHIN35MMFILM, &small)) SetFocal35mm(exif, small);
  if (TIFFGetField(tiff, EXIFTAG_FOCALPLANEXRESOLUTION, &number)) {
    uint16_t unit = 2;
    TIFFGetField(tiff, EXIFTAG_FOCALPLANERESOLUTIONUNIT, &unit);
    SetPlaneResolution(exif, number, unit);
  }
  uint64_t x = 0, y = 0;
  if (TIFFGetField(tiff, EXIFTAG_PIXELXDIMENSION, &x) &&
      TIFFGetField(tiff, EXIFTAG_PIXELYDIMENSION, &y)) {
    SetPixelSize(exif, static_cast<int64_t>(x), static_cast<int64_t>(y));
  }
  exif.lens = PrintableAscii(Text(tiff, EXIFTAG_LENSMODEL));
  SetTaken(exif, Text(tiff, EXIFTAG_DATETIMEORIGINAL));
  return exif;
}

struct RgbaReader {
  TIFFRGBAImage image = {};
  bool begun = false;
  ~RgbaReader() {
    if (begun) TIFFRGBAImageEnd(&image);
  }
};

}  // namespace

Stored DecodeTiff(std::span<const uint8_t> file, const DecodeRequest& request) {
  Source source{file};
  const Tiff tiff = Open(source);
  if (!tiff) FailUnreadable();
  if (IsRaw(tiff.get())) {
    Fail(ErrorCode::kInput,
         "This is a camera's raw file; develop it to a JPEG or TIFF file to use it.");
  }
  if (!FindPicture(tiff.get())) FailUnreadable();

  Stored stored;
  uint32_t width = 0, height = 0;
  TIFFGetField(tiff.get(), TIFFTAG_IMAGEWIDTH, &width);
  TIFFGetField(tiff.get(), TIFFTAG_IMAGELENGTH, &height);
  CheckSize(width, height, request);
  stored.width = static_cast<int>(width);
  stored.height = static_cast<int>(height);
  stored.extent_x = stored.width;
  stored.extent_y = stored.height;

  uint16_t photometric = PHOTOMETRIC_RGB;
  TIFFGetField(tiff.get(), TIFFTAG_PHOTOMETRIC, &photometric);
  uint32_t icc_bytes = 0;
  const void* icc = nullptr;
  // Lab and CMYK come out of libtiff as plain RGB, which their profiles do not describe.
  if (photometric != PHOTOMETRIC_SEPARATED && photometric != PHOTOMETRIC_CIELAB &&
      TIFFGetField(tiff.get(), TIFFTAG_ICCPROFILE, &icc_bytes, &icc) && icc) {
    const auto* bytes = static_cast<const uint8_t*>(icc);
    stored.colour.icc.assign(bytes, bytes + icc_bytes);
  }

  {
    char why[1024] = "";
    RgbaReader rgba;
    if (!TIFFRGBAImageOK(tiff.get(), why) || !TIFFRGBAImageBegin(&rgba.image, tiff.get(), 1, why)) {
      FailUnreadable();
    }
    rgba.begun = true;
    // As stored; turning is done once, for all formats alike.
    rgba.image.orientation = ORIENTATION_TOPLEFT;
    rgba.image.req_orientation = ORIENTATION_TOPLEFT;
    std::vector<uint32_t> raster(static_cast<size_t>(width) * height);
    if (!TIFFRGBAImageGet(&rgba.image, raster.data(), width, height)) FailDamaged();
    stored.pixels = Image8(stored.width, stored.height, 3);
    uint8_t* to = stored.pixels.data.data();
    for (const uint32_t v : raster) {
      // libtiff has multiplied the colours by alpha: white fills what is left.
      const uint32_t white = 255 - TIFFGetA(v);
      *to++ = static_cast<uint8_t>(std::min(TIFFGetR(v) + white, 255u));
      *to++ = static_cast<uint8_t>(std::min(TIFFGetG(v) + white, 255u));
      *to++ = static_cast<uint8_t>(std::min(TIFFGetB(v) + white, 255u));
    }
  }
  stored.exif = ExifOf(tiff.get());
  return stored;
}

}  // namespace ajar::photo
