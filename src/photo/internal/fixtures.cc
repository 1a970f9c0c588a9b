#include "photo/internal/fixtures.h"

// jpeglib.h needs what stdio.h brings.
// clang-format off
#include <stdio.h>
#include <jpeglib.h>
// clang-format on

#include <lcms2.h>
#include <libheif/heif.h>
#include <png.h>
#include <tiffio.h>
#include <webp/encode.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <cstring>

#include "base/check.h"
#include "base/subprocess.h"

#ifdef __SANITIZE_ADDRESS__
// The encoder of Debian 12's libx265 leaks; it writes fixtures and is no part of the program.
extern "C" const char* __lsan_default_suppressions() { return "leak:libx265\n"; }
#endif

namespace ajar::photo::fixtures {
namespace {

void Put(Bytes& to, const void* from, size_t count) {
  const auto* bytes = static_cast<const uint8_t*>(from);
  for (size_t i = 0; i < count; ++i) to.push_back(bytes[i]);
}

// Writes the entries of one Exif directory; values that do not fit go behind it.
class ExifWriter {
 public:
  explicit ExifWriter(bool big_endian) : big_endian_(big_endian) {}

  void Number(Bytes& to, uint32_t value, int bytes) const {
    for (int i = 0; i < bytes; ++i) {
      const int shift = 8 * (big_endian_ ? bytes - 1 - i : i);
      to.push_back(static_cast<uint8_t>(value >> shift));
    }
  }
  void Short(uint16_t tag, uint32_t value) {
    Bytes bytes;
    Number(bytes, value, 2);
    entries_.push_back({tag, 3, 1, bytes});
  }
  void Long(uint16_t tag, uint32_t value) {
    Bytes bytes;
    Number(bytes, value, 4);
    entries_.push_back({tag, 4, 1, bytes});
  }
  void Text(uint16_t tag, const std::string& text) {
    Bytes bytes(text.begin(), text.end());
    bytes.push_back(0);
    entries_.push_back({tag, 2, static_cast<uint32_t>(bytes.size()), bytes});
  }
  void Rational(uint16_t tag, double value) {
    Bytes bytes;
    Number(bytes, static_cast<uint32_t>(std::lround(value * 1000)), 4);
    Number(bytes, 1000, 4);
    entries_.push_back({tag, 5, 1, bytes});
  }
  void WriteTo(Bytes& to) {
    std::sort(entries_.begin(), entries_.end(),
              [](const Entry& a, const Entry& b) { return a.tag < b.tag; });
    size_t behind = to.size() + 2 + 12 * entries_.size() + 4;
    Bytes values;
    Number(to, static_cast<uint32_t>(entries_.size()), 2);
    for (Entry& entry : entries_) {
      Number(to, entry.tag, 2);
      Number(to, entry.type, 2);
      Number(to, entry.count, 4);
      if (entry.value.size() <= 4) {
        entry.value.resize(4);
        Put(to, entry.value.data(), 4);
      } else {
        Number(to, static_cast<uint32_t>(behind + values.size()), 4);
        Put(values, entry.value.data(), entry.value.size());
      }
    }
    Number(to, 0, 4);
    Put(to, values.data(), values.size());
  }
  size_t BytesNeeded() const {
    size_t count = 2 + 12 * entries_.size() + 4;
    for (const Entry& entry : entries_) count += entry.value.size() > 4 ? entry.value.size() : 0;
    return count;
  }

 private:
  struct Entry {
    uint16_t tag, type;
    uint32_t count;
    Bytes value;
  };
  bool big_endian_;
  std::vector<Entry> entries_;
};

Bytes JpegOf(const Image8& picture, int components, J_COLOR_SPACE space, bool adobe,
             const Extras& extras, bool progressive, int quality) {
  jpeg_compress_struct info = {};
  jpeg_error_mgr errors = {};
  info.err = jpeg_std_error(&errors);
  jpeg_create_compress(&info);
  unsigned char* out = nullptr;
  unsigned long out_bytes = 0;
  jpeg_mem_dest(&info, &out, &out_bytes);
  info.image_width = static_cast<JDIMENSION>(picture.width);
  info.image_height = static_cast<JDIMENSION>(picture.height);
  info.input_components = components;
  info.in_color_space = space;
  jpeg_set_defaults(&info);
  jpeg_set_quality(&info, quality, TRUE);
  info.comp_info[0].h_samp_factor = info.comp_info[0].v_samp_factor = 1;
  info.write_Adobe_marker = adobe ? TRUE : FALSE;
  if (progressive) jpeg_simple_progression(&info);
  jpeg_start_compress(&info, TRUE);
  if (!extras.exif.empty()) {
    Bytes marker = {'E', 'x', 'i', 'f', 0, 0};
    Put(marker, extras.exif.data(), extras.exif.size());
    jpeg_write_marker(&info, JPEG_APP0 + 1, marker.data(), static_cast<unsigned>(marker.size()));
  }
  if (!extras.icc.empty()) {
    jpeg_write_icc_profile(&info, extras.icc.data(), static_cast<unsigned>(extras.icc.size()));
  }
  std::vector<uint8_t> row(static_cast<size_t>(picture.width) * components);
  for (int y = 0; y < picture.height; ++y) {
    for (int x = 0; x < picture.width; ++x) {
      for (int c = 0; c < components; ++c) {
        const uint8_t v = picture.pixel(x, y)[c];
        row[static_cast<size_t>(x) * components + c] = adobe ? static_cast<uint8_t>(255 - v) : v;
      }
    }
    JSAMPROW pointer = row.data();
    jpeg_write_scanlines(&info, &pointer, 1);
  }
  jpeg_finish_compress(&info);
  jpeg_destroy_compress(&info);
  const Bytes bytes(out, out + out_bytes);
  std::free(out);
  return bytes;
}

Bytes Saved(cmsHPROFILE profile) {
  cmsUInt32Number count = 0;
  AJAR_CHECK(cmsSaveProfileToMem(profile, nullptr, &count));
  Bytes bytes(count);
  AJAR_CHECK(cmsSaveProfileToMem(profile, bytes.data(), &count));
  cmsCloseProfile(profile);
  return bytes;
}

void PutChunk(Bytes& to, const char* name, const Bytes& content) {
  Put(to, name, 4);
  for (int i = 0; i < 4; ++i) to.push_back(static_cast<uint8_t>(content.size() >> (8 * i)));
  Put(to, content.data(), content.size());
  if (content.size() % 2) to.push_back(0);
}

}  // namespace

Image8 Pattern(int width, int height) {
  Image8 picture(width, height, 3);
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      const double u = (x + 0.5) / width, v = (y + 0.5) / height;
      const double values[3] = {230 * u + 10, 200 * v + 20,
                                60 + 120 * (1 - u) * (1 - v) + 50 * u * v};
      for (int c = 0; c < 3; ++c) picture.pixel(x, y)[c] = static_cast<uint8_t>(values[c]);
    }
  }
  return picture;
}

Image8 Plain(int width, int height, uint8_t r, uint8_t g, uint8_t b) {
  Image8 picture(width, height, 3);
  for (size_t i = 0; i < picture.data.size(); i += 3) {
    picture.data[i] = r;
    picture.data[i + 1] = g;
    picture.data[i + 2] = b;
  }
  return picture;
}

Image8 StoredAs(const Image8& upright, int orientation) {
  enum Side { kTop, kRight, kBottom, kLeft };
  struct Sides {
    Side row_0, column_0;
  };
  constexpr Sides kTable[8] = {{kTop, kLeft}, {kTop, kRight}, {kBottom, kRight}, {kBottom, kLeft},
                               {kLeft, kTop}, {kRight, kTop}, {kRight, kBottom}, {kLeft, kBottom}};
  const Sides sides = kTable[orientation - 1];
  const bool transposed = orientation >= 5;
  Image8 stored(transposed ? upright.height : upright.width,
                transposed ? upright.width : upright.height, 3);
  for (int row = 0; row < stored.height; ++row) {
    for (int column = 0; column < stored.width; ++column) {
      int x = 0, y = 0;
      const auto place = [&](Side side, int distance) {
        if (side == kLeft) x = distance;
        if (side == kRight) x = upright.width - 1 - distance;
        if (side == kTop) y = distance;
        if (side == kBottom) y = upright.height - 1 - distance;
      };
      place(sides.row_0, row);
      place(sides.column_0, column);
      std::copy_n(upright.pixel(x, y), 3, stored.pixel(column, row));
    }
  }
  return stored;
}

Bytes ExifBytes(const ExifValues& values) {
  ExifWriter first(values.big_endian), second(values.big_endian);
  first.Text(0x010f, values.make);
  first.Text(0x0110, values.model);
  first.Short(0x0112, static_cast<uint32_t>(values.orientation));
  second.Text(0x9003, values.taken);
  second.Text(0xa434, values.lens);
  if (values.focal_mm > 0) second.Rational(0x920a, values.focal_mm);
  if (values.focal_35mm > 0) second.Short(0xa405, static_cast<uint32_t>(values.focal_35mm));
  if (values.plane_per_unit > 0) {
    second.Rational(0xa20e, values.plane_per_unit);
    second.Short(0xa210, static_cast<uint32_t>(values.plane_unit));
  }
  if (values.pixel_x > 0) {
    second.Long(0xa002, static_cast<uint32_t>(values.pixel_x));
    second.Long(0xa003, static_cast<uint32_t>(values.pixel_y));
  }
  Bytes bytes;
  Put(bytes, values.big_endian ? "MM" : "II", 2);
  first.Number(bytes, 42, 2);
  first.Number(bytes, 8, 4);
  first.Long(0x8769, static_cast<uint32_t>(8 + first.BytesNeeded() + 12));
  first.WriteTo(bytes);
  second.WriteTo(bytes);
  return bytes;
}

Bytes IccProfile(const ColourTag::Primaries& p) {
  const cmsCIExyY white = {p.white_x, p.white_y, 1};
  const cmsCIExyYTRIPLE rgb = {
      {p.red_x, p.red_y, 1}, {p.green_x, p.green_y, 1}, {p.blue_x, p.blue_y, 1}};
  const double params[5] = {2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045};
  cmsToneCurve* curve = cmsBuildParametricToneCurve(nullptr, 4, params);
  cmsToneCurve* curves[3] = {curve, curve, curve};
  Bytes bytes = Saved(cmsCreateRGBProfile(&white, &rgb, curves));
  cmsFreeToneCurve(curve);
  return bytes;
}

Bytes GreyIccProfile(double gamma) {
  cmsToneCurve* curve = cmsBuildGamma(nullptr, gamma);
  Bytes bytes = Saved(cmsCreateGrayProfile(cmsD50_xyY(), curve));
  cmsFreeToneCurve(curve);
  return bytes;
}

Bytes Jpeg(const Image8& rgb, const Extras& extras, bool progressive, int quality) {
  return JpegOf(rgb, 3, JCS_RGB, false, extras, progressive, quality);
}

Bytes GreyJpeg(const Image8& rgb, const Extras& extras) {
  return JpegOf(rgb, 1, JCS_GRAYSCALE, false, extras, false, 97);
}

Bytes CmykJpeg(const Image8& cmyk, bool adobe) {
  return JpegOf(cmyk, 4, JCS_CMYK, adobe, {}, false, 97);
}

Bytes Png(const Image8& rgb, PngKind kind, const Extras& extras, uint8_t alpha, double gamma) {
  png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, nullptr, nullptr, nullptr);
  png_infop info = png_create_info_struct(png);
  Bytes bytes;
  png_set_write_fn(
      png, &bytes,
      [](png_structp p, png_bytep from, size_t n) {
        Put(*static_cast<Bytes*>(png_get_io_ptr(p)), from, n);
      },
      [](png_structp) {});
  const int type = kind == PngKind::kRgba      ? PNG_COLOR_TYPE_RGB_ALPHA
                   : kind == PngKind::kPalette ? PNG_COLOR_TYPE_PALETTE
                   : kind == PngKind::kGrey    ? PNG_COLOR_TYPE_GRAY
                                               : PNG_COLOR_TYPE_RGB;
  png_set_IHDR(png, info, static_cast<png_uint_32>(rgb.width), static_cast<png_uint_32>(rgb.height),
               kind == PngKind::kRgb16 ? 16 : 8, type,
               kind == PngKind::kRgba ? PNG_INTERLACE_ADAM7 : PNG_INTERLACE_NONE,
               PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
  if (!extras.icc.empty()) {
    png_set_iCCP(png, info, "profile", 0, extras.icc.data(),
                 static_cast<png_uint_32>(extras.icc.size()));
  }
  if (!extras.exif.empty()) {
    Bytes exif = extras.exif;
    png_set_eXIf_1(png, info, static_cast<png_uint_32>(exif.size()), exif.data());
  }
  if (gamma > 0) png_set_gAMA(png, info, gamma);
  std::vector<png_color> palette;
  std::vector<Bytes> rows;
  for (int y = 0; y < rgb.height; ++y) {
    Bytes& row = rows.emplace_back();
    for (int x = 0; x < rgb.width; ++x) {
      const uint8_t* p = rgb.pixel(x, y);
      if (kind == PngKind::kGrey) {
        row.push_back(p[0]);
      } else if (kind == PngKind::kPalette) {
        const auto same = [&](const png_color& c) {
          return c.red == p[0] && c.green == p[1] && c.blue == p[2];
        };
        auto it = std::find_if(palette.begin(), palette.end(), same);
        if (it == palette.end()) it = palette.insert(it, png_color{p[0], p[1], p[2]});
        row.push_back(static_cast<uint8_t>(it - palette.begin()));
      } else {
        for (int c = 0; c < 3; ++c) {
          row.push_back(p[c]);
          if (kind == PngKind::kRgb16) row.push_back(p[c]);
        }
        if (kind == PngKind::kRgba) row.push_back(alpha);
      }
    }
  }
  if (kind == PngKind::kPalette) {
    AJAR_CHECK_LE(palette.size(), 256u);
    png_set_PLTE(png, info, palette.data(), static_cast<int>(palette.size()));
  }
  std::vector<png_bytep> pointers;
  for (Bytes& row : rows) pointers.push_back(row.data());
  png_write_info(png, info);
  png_write_image(png, pointers.data());
  png_write_end(png, info);
  png_destroy_write_struct(&png, &info);
  return bytes;
}

Bytes Tiff(const Image8& rgb, const TiffValues& values) {
  const TempFolder folder;
  const Path path = folder.path() / "a.tif";
  TIFF* tiff = TIFFOpen(path.c_str(), "w");
  TIFFSetField(tiff, TIFFTAG_IMAGEWIDTH, rgb.width);
  TIFFSetField(tiff, TIFFTAG_IMAGELENGTH, rgb.height);
  TIFFSetField(tiff, TIFFTAG_SAMPLESPERPIXEL, 3);
  TIFFSetField(tiff, TIFFTAG_BITSPERSAMPLE, values.bits);
  TIFFSetField(tiff, TIFFTAG_PHOTOMETRIC, PHOTOMETRIC_RGB);
  TIFFSetField(tiff, TIFFTAG_PLANARCONFIG, PLANARCONFIG_CONTIG);
  TIFFSetField(tiff, TIFFTAG_COMPRESSION, COMPRESSION_LZW);
  TIFFSetField(tiff, TIFFTAG_ROWSPERSTRIP, 16);
  TIFFSetField(tiff, TIFFTAG_ORIENTATION, values.orientation);
  TIFFSetField(tiff, TIFFTAG_MAKE, "Test Cameras");
  TIFFSetField(tiff, TIFFTAG_MODEL, "Model 1");
  if (!values.icc.empty()) {
    TIFFSetField(tiff, TIFFTAG_ICCPROFILE, static_cast<uint32_t>(values.icc.size()),
                 values.icc.data());
  }
  const uint8_t dng_version[4] = {1, 4, 0, 0};
  if (values.raw) TIFFSetField(tiff, TIFFTAG_DNGVERSION, dng_version);
  std::vector<uint8_t> row;
  for (int y = 0; y < rgb.height; ++y) {
    row.clear();
    for (int i = 0; i < rgb.width * 3; ++i) {
      for (int k = 0; k < values.bits / 8; ++k) row.push_back(rgb.pixel(0, y)[i]);
    }
    TIFFWriteScanline(tiff, row.data(), static_cast<uint32_t>(y), 0);
  }
  if (values.focal_35mm > 0) {
    // The directory is written first and gets the place of its Exif directory afterwards.
    TIFFWriteDirectory(tiff);
    TIFFCreateEXIFDirectory(tiff);
    TIFFSetField(tiff, EXIFTAG_FOCALLENGTHIN35MMFILM, static_cast<uint16_t>(values.focal_35mm));
    TIFFSetField(tiff, EXIFTAG_DATETIMEORIGINAL, "2024:05:06 07:08:09");
    toff_t place = 0;
    TIFFWriteCustomDirectory(tiff, &place);
    TIFFSetDirectory(tiff, 0);
    TIFFSetField(tiff, TIFFTAG_EXIFIFD, place);
    TIFFRewriteDirectory(tiff);
  }
  TIFFClose(tiff);
  return ReadFile(path);
}

Bytes Webp(const Image8& rgb, const Extras& extras) {
  uint8_t* out = nullptr;
  const size_t count =
      WebPEncodeLosslessRGB(rgb.data.data(), rgb.width, rgb.height, rgb.width * 3, &out);
  Bytes simple(out, out + count);
  WebPFree(out);
  if (extras.exif.empty() && extras.icc.empty()) return simple;

  // The extended form: a VP8X chunk before and the metadata around the picture.
  Bytes chunks;
  Bytes header(10);
  header[0] = static_cast<uint8_t>((extras.icc.empty() ? 0 : 0x20) | (extras.exif.empty() ? 0 : 8));
  for (int i = 0; i < 3; ++i) {
    header[static_cast<size_t>(4 + i)] = static_cast<uint8_t>((rgb.width - 1) >> (8 * i));
    header[static_cast<size_t>(7 + i)] = static_cast<uint8_t>((rgb.height - 1) >> (8 * i));
  }
  PutChunk(chunks, "VP8X", header);
  if (!extras.icc.empty()) PutChunk(chunks, "ICCP", extras.icc);
  Put(chunks, simple.data() + 12, simple.size() - 12);
  if (!extras.exif.empty()) PutChunk(chunks, "EXIF", extras.exif);
  Bytes content = {'W', 'E', 'B', 'P'};
  Put(content, chunks.data(), chunks.size());
  Bytes bytes;
  PutChunk(bytes, "RIFF", content);
  return bytes;
}

Bytes Heic(const Image8& rgb, const Extras& extras, int orientation, int nclx_primaries) {
  heif_context* context = heif_context_alloc();
  heif_encoder* encoder = nullptr;
  const heif_error found =
      heif_context_get_encoder_for_format(context, heif_compression_HEVC, &encoder);
  AJAR_CHECK_EQ(int(found.code), int(heif_error_Ok));
  heif_encoder_set_lossy_quality(encoder, 95);
  heif_encoder_set_parameter_string(encoder, "chroma", "444");
  heif_encoder_set_parameter_string(encoder, "preset", "ultrafast");
  heif_image* image = nullptr;
  heif_image_create(rgb.width, rgb.height, heif_colorspace_RGB, heif_chroma_interleaved_RGB,
                    &image);
  heif_image_add_plane(image, heif_channel_interleaved, rgb.width, rgb.height, 8);
  int stride = 0;
  uint8_t* plane = heif_image_get_plane(image, heif_channel_interleaved, &stride);
  for (int y = 0; y < rgb.height; ++y) {
    std::memcpy(plane + static_cast<size_t>(y) * stride, rgb.pixel(0, y),
                static_cast<size_t>(rgb.width) * 3);
  }
  if (!extras.icc.empty()) {
    heif_image_set_raw_color_profile(image, "prof", extras.icc.data(), extras.icc.size());
  }
  heif_encoding_options* options = heif_encoding_options_alloc();
  options->image_orientation = static_cast<heif_orientation>(orientation);
  heif_color_profile_nclx* nclx = nullptr;
  if (nclx_primaries != 0) {
    nclx = heif_nclx_color_profile_alloc();
    nclx->color_primaries = static_cast<heif_color_primaries>(nclx_primaries);
    nclx->transfer_characteristics = heif_transfer_characteristic_IEC_61966_2_1;
    nclx->matrix_coefficients = heif_matrix_coefficients_ITU_R_BT_601_6;
    nclx->full_range_flag = 1;
    heif_image_set_nclx_color_profile(image, nclx);
    options->output_nclx_profile = nclx;
    options->macOS_compatibility_workaround_no_nclx_profile = 0;
  }
  heif_image_handle* handle = nullptr;
  const heif_error encoded = heif_context_encode_image(context, image, encoder, options, &handle);
  AJAR_CHECK_EQ(int(encoded.code), int(heif_error_Ok));
  if (!extras.exif.empty()) {
    heif_context_add_exif_metadata(context, handle, extras.exif.data(),
                                   static_cast<int>(extras.exif.size()));
  }
  Bytes bytes;
  heif_writer writer = {};
  writer.writer_api_version = 1;
  writer.write = [](heif_context*, const void* data, size_t count, void* to) {
    Put(*static_cast<Bytes*>(to), data, count);
    return heif_error{heif_error_Ok, heif_suberror_Unspecified, "ok"};
  };
  heif_context_write(context, &writer, &bytes);
  heif_image_handle_release(handle);
  if (nclx) heif_nclx_color_profile_free(nclx);
  heif_encoding_options_free(options);
  heif_image_release(image);
  heif_encoder_release(encoder);
  heif_context_free(context);
  return bytes;
}

bool Ffmpeg(const Path& folder, const std::vector<std::string>& arguments) {
  SubprocessOptions options;
  options.argv = {"ffmpeg", "-hide_banner", "-nostdin", "-y", "-v", "error"};
  options.argv.insert(options.argv.end(), arguments.begin(), arguments.end());
  options.working_folder = folder;
  options.timeout_s = 60;
  return RunSubprocess(options).ok();
}

Distance DistanceOf(const Image8& a, const Image8& b) {
  AJAR_CHECK_EQ(a.width, b.width);
  AJAR_CHECK_EQ(a.height, b.height);
  AJAR_CHECK_EQ(a.channels, b.channels);
  Distance distance;
  for (size_t i = 0; i < a.data.size(); ++i) {
    const int d = std::abs(a.data[i] - b.data[i]);
    distance.largest = std::max(distance.largest, d);
    distance.mean += d;
  }
  distance.mean /= static_cast<double>(a.data.size());
  return distance;
}

}  // namespace ajar::photo::fixtures
