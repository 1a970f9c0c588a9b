// Writes a small file of each kind into the folder named by the first argument, for photo_fuzz to
// start from.
#include <cstdio>

#include "photo/internal/fixtures.h"

int main(int argc, char** argv) {
  using namespace ajar;
  using namespace ajar::photo;
  if (argc != 2) {
    std::fprintf(stderr, "usage: photo_fuzz_seeds FOLDER\n");
    return 2;
  }
  const Path folder = argv[1];
  MakeFolder(folder);
  const Image8 picture = fixtures::Pattern(32, 24);
  const fixtures::Extras extras = {
      fixtures::ExifBytes({.orientation = 6, .focal_mm = 4.2, .focal_35mm = 26}),
      fixtures::IccProfile(kDisplayP3Primaries)};
  const std::pair<const char*, fixtures::Bytes> files[] = {
      {"exif", extras.exif},
      {"baseline.jpg", fixtures::Jpeg(picture, extras)},
      {"progressive.jpg", fixtures::Jpeg(picture, {}, true)},
      {"grey.jpg", fixtures::GreyJpeg(picture, {{}, fixtures::GreyIccProfile(1.8)})},
      {"cmyk.jpg", fixtures::CmykJpeg(Image8(32, 24, 4), true)},
      {"rgb.png", fixtures::Png(picture, fixtures::PngKind::kRgb, extras)},
      {"rgba.png", fixtures::Png(picture, fixtures::PngKind::kRgba, {}, 99, 0.7)},
      {"rgb16.png", fixtures::Png(picture, fixtures::PngKind::kRgb16)},
      {"palette.png", fixtures::Png(fixtures::Plain(32, 24, 1, 2, 3), fixtures::PngKind::kPalette)},
      {"a.tif", fixtures::Tiff(picture, {.orientation = 6, .focal_35mm = 26, .icc = extras.icc})},
      {"a16.tif", fixtures::Tiff(picture, {.bits = 16})},
      {"plain.webp", fixtures::Webp(picture)},
      {"extended.webp", fixtures::Webp(picture, extras)},
      {"a.heic", fixtures::Heic(fixtures::Pattern(64, 64), extras, 6)},
      {"nclx.heic", fixtures::Heic(fixtures::Pattern(64, 64), {}, 1, 12)},
  };
  for (const auto& [name, bytes] : files) WriteFileAtomic(folder / name, bytes);
  return 0;
}
