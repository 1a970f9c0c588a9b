// JPEG by libjpeg-turbo. Its errors leave by longjmp, so nothing with a destructor lives in the
// functions that it jumps out of.
//
// jpeglib.h needs what stdio.h brings, and jerror.h needs jpeglib.h.
// clang-format off
#include <setjmp.h>
#include <stdio.h>
#include <jpeglib.h>
#include <jerror.h>
// clang-format on

#include <algorithm>
#include <cstdlib>
#include <cstring>

#include "photo/internal/decode.h"

namespace ajar::photo {
namespace {

constexpr int kMostScans = 200;  // a progressive picture has about ten
constexpr char kExifMark[] = {'E', 'x', 'i', 'f', '\0', '\0'};

struct Reader {
  jpeg_decompress_struct info = {};
  jpeg_error_mgr errors = {};
  jpeg_progress_mgr progress = {};
  jmp_buf on_error;
  bool damaged = false;
  JOCTET* icc = nullptr;
  unsigned icc_bytes = 0;

  Reader() {
    info.err = jpeg_std_error(&errors);
    info.client_data = this;
    errors.error_exit = [](j_common_ptr common) { longjmp(Of(common)->on_error, 1); };
    errors.output_message = [](j_common_ptr) {};
    // Warnings that mean lost pixels; others, such as stray bytes between segments, are common
    // and harmless.
    errors.emit_message = [](j_common_ptr common, int level) {
      if (level >= 0) return;
      const int code = common->err->msg_code;
      if (code == JWRN_JPEG_EOF || code == JWRN_HIT_MARKER || code == JWRN_HUFF_BAD_CODE ||
          code == JWRN_MUST_RESYNC) {
        Of(common)->damaged = true;
      }
    };
    progress.progress_monitor = [](j_common_ptr common) {
      if (Of(common)->info.input_scan_number > kMostScans) longjmp(Of(common)->on_error, 1);
    };
  }
  ~Reader() {
    jpeg_destroy_decompress(&info);
    std::free(icc);
  }
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;

 private:
  static Reader* Of(j_common_ptr common) { return static_cast<Reader*>(common->client_data); }
};

bool ReadHeader(Reader& reader, std::span<const uint8_t> file) {
  if (setjmp(reader.on_error)) return false;
  jpeg_create_decompress(&reader.info);
  reader.info.progress = &reader.progress;
  jpeg_mem_src(&reader.info, file.data(), file.size());
  jpeg_save_markers(&reader.info, JPEG_APP0 + 1, 0xffff);
  jpeg_save_markers(&reader.info, JPEG_APP0 + 2, 0xffff);
  if (jpeg_read_header(&reader.info, TRUE) != JPEG_HEADER_OK) return false;
  jpeg_read_icc_profile(&reader.info, &reader.icc, &reader.icc_bytes);
  return true;
}

bool CalcSize(Reader& reader) {
  if (setjmp(reader.on_error)) return false;
  jpeg_calc_output_dimensions(&reader.info);
  return true;
}

bool ReadPixels(Reader& reader, Image8& pixels) {
  if (setjmp(reader.on_error)) return false;
  jpeg_start_decompress(&reader.info);
  while (reader.info.output_scanline < reader.info.output_height) {
    JSAMPROW row = pixels.pixel(0, static_cast<int>(reader.info.output_scanline));
    jpeg_read_scanlines(&reader.info, &row, 1);
  }
  // What follows the last row does not matter: some cameras forget the end marker.
  return !reader.damaged;
}

Exif ExifOf(const Reader& reader) {
  for (jpeg_saved_marker_ptr m = reader.info.marker_list; m; m = m->next) {
    if (m->marker == JPEG_APP0 + 1 && m->data_length > sizeof(kExifMark) &&
        std::memcmp(m->data, kExifMark, sizeof(kExifMark)) == 0) {
      return ParseExif({m->data, m->data_length});
    }
  }
  return {};
}

// libjpeg reduces by n/8 for almost nothing. Only down to twice what is wanted: the box filter
// that follows does the rest.
unsigned ScaleNumerator(int width, int height, int long_side_px) {
  if (long_side_px <= 0) return 8;
  for (const unsigned n : {1u, 2u, 4u}) {
    if (static_cast<int64_t>(std::max(width, height)) * n / 8 >= 2ll * long_side_px) return n;
  }
  return 8;
}

}  // namespace

Stored DecodeJpeg(std::span<const uint8_t> file, const DecodeRequest& request) {
  Reader reader;
  jpeg_decompress_struct& info = reader.info;
  if (!ReadHeader(reader, file)) FailUnreadable();
  CheckSize(info.image_width, info.image_height, request);

  Stored stored;
  stored.width = static_cast<int>(info.image_width);
  stored.height = static_cast<int>(info.image_height);
  stored.exif = ExifOf(reader);
  if (reader.icc) stored.colour.icc.assign(reader.icc, reader.icc + reader.icc_bytes);

  const bool cmyk = info.jpeg_color_space == JCS_CMYK || info.jpeg_color_space == JCS_YCCK;
  info.out_color_space = cmyk ? JCS_CMYK : JCS_RGB;
  info.scale_num = ScaleNumerator(stored.width, stored.height, request.long_side_px);
  info.scale_denom = 8;
  if (!CalcSize(reader)) FailUnreadable();
  stored.pixels = Image8(static_cast<int>(info.output_width), static_cast<int>(info.output_height),
                         cmyk ? 4 : 3);
  stored.extent_x = stored.width * (info.scale_num / 8.0);
  stored.extent_y = stored.height * (info.scale_num / 8.0);
  if (!ReadPixels(reader, stored.pixels)) FailDamaged();
  if (cmyk && info.saw_Adobe_marker) {
    // Adobe's programs store the paper, not the ink.
    for (uint8_t& v : stored.pixels.data) v = static_cast<uint8_t>(255 - v);
  }
  return stored;
}

}  // namespace ajar::photo
