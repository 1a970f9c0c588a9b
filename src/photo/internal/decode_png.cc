// PNG by libpng. Its errors leave by longjmp, so nothing with a destructor lives in the function
// that it jumps out of.
#include <png.h>
#include <setjmp.h>

#include <cmath>
#include <cstring>

#include "photo/internal/decode.h"

namespace ajar::photo {
namespace {

struct Reader {
  png_structp png = nullptr;
  png_infop info = nullptr, end_info = nullptr;
  std::span<const uint8_t> rest;

  explicit Reader(std::span<const uint8_t> file) : rest(file) {
    png = png_create_read_struct(
        PNG_LIBPNG_VER_STRING, nullptr, [](png_structp p, png_const_charp) { png_longjmp(p, 1); },
        [](png_structp, png_const_charp) {});
    if (png) info = png_create_info_struct(png);
    if (png) end_info = png_create_info_struct(png);
    if (!info || !end_info) FailUnreadable();
    png_set_read_fn(png, this, [](png_structp p, png_bytep to, size_t count) {
      auto* reader = static_cast<Reader*>(png_get_io_ptr(p));
      if (count > reader->rest.size()) png_error(p, "end of file");
      std::memcpy(to, reader->rest.data(), count);
      reader->rest = reader->rest.subspan(count);
    });
  }
  ~Reader() { png_destroy_read_struct(&png, &info, &end_info); }
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;
};

bool ReadHeader(Reader& reader) {
  if (setjmp(png_jmpbuf(reader.png))) return false;
  png_set_user_limits(reader.png, 1 << 16, 1 << 16);
  png_read_info(reader.png, reader.info);
  return true;
}

// To 8 bits and 3 or 4 channels.
bool PrepareRows(Reader& reader) {
  if (setjmp(png_jmpbuf(reader.png))) return false;
  png_set_expand(reader.png);
  png_set_scale_16(reader.png);
  png_set_gray_to_rgb(reader.png);
  png_set_interlace_handling(reader.png);
  png_read_update_info(reader.png, reader.info);
  return png_get_rowbytes(reader.png, reader.info) ==
         static_cast<size_t>(png_get_channels(reader.png, reader.info)) *
             png_get_image_width(reader.png, reader.info);
}

bool ReadPixels(Reader& reader, png_bytep* rows) {
  if (setjmp(png_jmpbuf(reader.png))) return false;
  png_read_image(reader.png, rows);
  png_read_end(reader.png, reader.end_info);
  return true;
}

// iCCP, then sRGB, then gAMA with cHRM, as the standard ranks them.
ColourTag ColourOf(Reader& reader) {
  ColourTag tag;
  png_charp name = nullptr;
  png_bytep profile = nullptr;
  png_uint_32 bytes = 0;
  int method = 0;
  if (png_get_iCCP(reader.png, reader.info, &name, &method, &profile, &bytes) == PNG_INFO_iCCP) {
    tag.icc.assign(profile, profile + bytes);
    return tag;
  }
  if (png_get_valid(reader.png, reader.info, PNG_INFO_sRGB)) return tag;
  double gamma = 0;
  if (png_get_gAMA(reader.png, reader.info, &gamma) != PNG_INFO_gAMA) return tag;
  // 1/2.2 is how a program writes "sRGB" without the sRGB chunk.
  if (gamma > 0.1 && gamma < 2 && std::abs(gamma - 1 / 2.2) > 0.005) {
    tag.transfer = ColourTag::Transfer::kGamma;
    tag.gamma = 1 / gamma;
  }
  ColourTag::Primaries p{};
  if (png_get_cHRM(reader.png, reader.info, &p.white_x, &p.white_y, &p.red_x, &p.red_y, &p.green_x,
                   &p.green_y, &p.blue_x, &p.blue_y) == PNG_INFO_cHRM) {
    tag.primaries = p;
  }
  return tag;
}

Exif ExifOf(Reader& reader) {
  for (const png_infop info : {reader.info, reader.end_info}) {
    png_bytep bytes = nullptr;
    png_uint_32 count = 0;
    if (png_get_eXIf_1(reader.png, info, &count, &bytes) == PNG_INFO_eXIf && bytes) {
      return ParseExif({bytes, count});
    }
  }
  return {};
}

}  // namespace

Stored DecodePng(std::span<const uint8_t> file, const DecodeRequest& request) {
  Reader reader(file);
  if (!ReadHeader(reader)) FailUnreadable();
  Stored stored;
  CheckSize(png_get_image_width(reader.png, reader.info),
            png_get_image_height(reader.png, reader.info), request);
  stored.width = static_cast<int>(png_get_image_width(reader.png, reader.info));
  stored.height = static_cast<int>(png_get_image_height(reader.png, reader.info));
  stored.extent_x = stored.width;
  stored.extent_y = stored.height;
  stored.colour = ColourOf(reader);
  if (!PrepareRows(reader)) FailUnreadable();

  const int channels = png_get_channels(reader.png, reader.info);
  if (channels != 3 && channels != 4) FailUnreadable();
  stored.pixels = Image8(stored.width, stored.height, channels);
  std::vector<png_bytep> rows;
  for (int y = 0; y < stored.height; ++y) rows.push_back(stored.pixels.pixel(0, y));
  if (!ReadPixels(reader, rows.data())) FailDamaged();
  if (channels == 4) stored.pixels = OverWhite(stored.pixels);
  stored.exif = ExifOf(reader);
  return stored;
}

}  // namespace ajar::photo
