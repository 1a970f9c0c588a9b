#include "photo/internal/decode.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cmath>
#include <functional>

#include "base/error.h"
#include "photo/internal/fixtures.h"
#include "photo/internal/pixels.h"
#include "photo/internal/sandbox.h"
#include "photo/internal/sniff.h"

namespace ajar::photo {
namespace {

using fixtures::Bytes;
using fixtures::DistanceOf;
using fixtures::Pattern;
using fixtures::PngKind;

std::string MessageOf(const std::function<void()>& body) {
  try {
    body();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kInput) << error.what();
    return error.message();
  }
  return "no error";
}

Image8 PixelsOf(const Bytes& file) { return Decode(file, {}).pixels; }

// A file of each kind with the same picture; lossy ones are told by the distance allowed.
struct Sample {
  const char* name;
  Kind kind;
  double mean_distance;
  std::function<Bytes(const Image8&, const fixtures::Extras&)> encode;
};
const Sample kSamples[] = {
    {"JPEG", Kind::kJpeg, 1.0, [](auto& p, auto& e) { return fixtures::Jpeg(p, e); }},
    {"progressive JPEG", Kind::kJpeg, 1.0,
     [](auto& p, auto& e) { return fixtures::Jpeg(p, e, true); }},
    {"PNG", Kind::kPng, 0, [](auto& p, auto& e) { return fixtures::Png(p, PngKind::kRgb, e); }},
    {"interlaced PNG with alpha", Kind::kPng, 0,
     [](auto& p, auto& e) { return fixtures::Png(p, PngKind::kRgba, e); }},
    {"PNG of 16 bits", Kind::kPng, 0,
     [](auto& p, auto& e) { return fixtures::Png(p, PngKind::kRgb16, e); }},
    {"TIFF", Kind::kTiff, 0, [](auto& p, auto& e) { return fixtures::Tiff(p, {.icc = e.icc}); }},
    {"TIFF of 16 bits", Kind::kTiff, 0,
     [](auto& p, auto& e) { return fixtures::Tiff(p, {.bits = 16, .icc = e.icc}); }},
    {"WebP", Kind::kWebp, 0, [](auto& p, auto& e) { return fixtures::Webp(p, e); }},
    {"HEIC", Kind::kHeif, 1.5, [](auto& p, auto& e) { return fixtures::Heic(p, e); }},
};

TEST(Sniff, TellsKindsByContent) {
  const Image8 picture = Pattern(64, 48);
  for (const Sample& sample : kSamples) {
    EXPECT_EQ(Sniff(sample.encode(picture, {})), sample.kind) << sample.name;
  }
  const auto of = [](std::string_view text) {
    return Sniff({reinterpret_cast<const uint8_t*>(text.data()), text.size()});
  };
  EXPECT_EQ(of(std::string_view("\0\0\0\x18"
                                "ftypisom",
                                12)),
            Kind::kVideo);
  EXPECT_EQ(of(std::string_view("\0\0\0\x18"
                                "ftypqt  ",
                                12)),
            Kind::kVideo);
  EXPECT_EQ(of(std::string_view("\0\0\0\x18"
                                "ftypheic",
                                12)),
            Kind::kHeif);
  EXPECT_EQ(of("RIFF\1\1\1\1AVI LIST"), Kind::kVideo);
  EXPECT_EQ(of("\x1a\x45\xdf\xa3"), Kind::kVideo);
  EXPECT_EQ(of("dear diary"), Kind::kUnknown);
  EXPECT_EQ(of(""), Kind::kUnknown);
}

TEST(Decode, EveryKindGivesItsPixels) {
  const Image8 picture = Pattern(96, 64);
  for (const Sample& sample : kSamples) {
    const Decoded decoded = Decode(sample.encode(picture, {}), {});
    ASSERT_EQ(decoded.pixels.width, 96) << sample.name;
    ASSERT_EQ(decoded.pixels.height, 64) << sample.name;
    ASSERT_EQ(decoded.pixels.channels, 3) << sample.name;
    EXPECT_LE(DistanceOf(decoded.pixels, picture).mean, sample.mean_distance) << sample.name;
    EXPECT_FALSE(decoded.focal_px) << sample.name;
    EXPECT_FALSE(decoded.taken) << sample.name;
  }
}

TEST(Decode, EveryKindIsReducedByAreaAverage) {
  const Image8 picture = Pattern(403, 301);
  for (const Sample& sample : kSamples) {
    DecodeRequest request;
    request.long_side_px = 100;
    const Decoded decoded = Decode(sample.encode(picture, {}), request);
    ASSERT_EQ(decoded.pixels.width, 100) << sample.name;
    ASSERT_EQ(decoded.pixels.height, 75) << sample.name;
    EXPECT_EQ(decoded.width, 403) << sample.name;
    EXPECT_EQ(decoded.height, 301) << sample.name;
    EXPECT_LE(DistanceOf(decoded.pixels, Resized(picture, 100, 75)).mean,
              sample.mean_distance + 0.1)
        << sample.name;
    request.long_side_px = 1000;
    EXPECT_EQ(Decode(sample.encode(picture, {}), request).pixels.width, 403) << "never enlarged";
  }
}

TEST(Decode, AllOrientationsGiveTheSameUprightPicture) {
  const Image8 upright = Pattern(96, 64);
  for (int orientation = 1; orientation <= 8; ++orientation) {
    const Image8 stored = fixtures::StoredAs(upright, orientation);
    EXPECT_EQ(Upright(stored, orientation).data, upright.data) << orientation;
    for (const bool big_endian : {false, true}) {
      const Bytes exif =
          fixtures::ExifBytes({.orientation = orientation, .big_endian = big_endian});
      const std::pair<const char*, Bytes> files[] = {
          {"JPEG", fixtures::Jpeg(stored, {exif, {}})},
          {"PNG", fixtures::Png(stored, PngKind::kRgb, {exif, {}})},
          {"TIFF", fixtures::Tiff(stored, {.orientation = orientation})},
          {"WebP", fixtures::Webp(stored, {exif, {}})},
          // libheif turns the picture; what Exif says, too, must not turn it again.
          {"HEIC", fixtures::Heic(stored, {exif, {}}, orientation)},
      };
      for (const auto& [name, file] : files) {
        const Decoded decoded = Decode(file, {});
        ASSERT_EQ(decoded.width, 96) << name << orientation;
        ASSERT_EQ(decoded.height, 64) << name << orientation;
        ASSERT_EQ(decoded.pixels.width, 96) << name << orientation;
        EXPECT_LE(DistanceOf(decoded.pixels, upright).mean, 1.5) << name << orientation;
      }
    }
  }
}

TEST(Decode, HeicIsNotTurnedByExifAlone) {
  const Image8 picture = Pattern(96, 64);
  const Bytes exif = fixtures::ExifBytes({.orientation = 6});
  const Image8 decoded = PixelsOf(fixtures::Heic(picture, {exif, {}}));
  ASSERT_EQ(decoded.width, 96);
  EXPECT_LE(DistanceOf(decoded, picture).mean, 1.5);
}

TEST(Decode, DisplayP3BecomesSrgb) {
  // Colours within both gamuts, computed in floating point from the primaries' chromaticities
  // (SMPTE RP 177) and the curve that both spaces have.
  struct Pair {
    uint8_t p3[3], srgb[3];
  };
  constexpr Pair kPairs[] = {
      {{200, 110, 80}, {214, 104, 72}},   {{90, 180, 100}, {41, 183, 90}},
      {{60, 80, 190}, {54, 81, 197}},     {{220, 210, 120}, {222, 210, 105}},
      {{30, 60, 50}, {17, 61, 49}},       {{128, 128, 128}, {128, 128, 128}},
      {{255, 255, 255}, {255, 255, 255}}, {{0, 0, 0}, {0, 0, 0}},
  };
  const Bytes icc = fixtures::IccProfile(kDisplayP3Primaries);
  for (const Pair& pair : kPairs) {
    const Image8 p3 = fixtures::Plain(64, 48, pair.p3[0], pair.p3[1], pair.p3[2]);
    const Image8 srgb = fixtures::Plain(64, 48, pair.srgb[0], pair.srgb[1], pair.srgb[2]);
    for (const Sample& sample : kSamples) {
      const Image8 decoded = PixelsOf(sample.encode(p3, {{}, icc}));
      // The lossy kinds add a step of their own.
      EXPECT_LE(DistanceOf(decoded, srgb).largest, sample.mean_distance > 0 ? 5 : 2)
          << sample.name << " " << int(pair.srgb[0]) << " " << int(pair.srgb[1]) << " "
          << int(pair.srgb[2]);
    }
    const Image8 nclx = PixelsOf(fixtures::Heic(p3, {}, 1, 12 /* SMPTE EG 432-1: Display P3 */));
    EXPECT_LE(DistanceOf(nclx, srgb).largest, 5);
  }
}

TEST(Decode, AnSrgbProfileChangesNothing) {
  const Image8 picture = Pattern(96, 64);
  const Bytes icc = fixtures::IccProfile(kSrgbPrimaries);
  EXPECT_EQ(PixelsOf(fixtures::Png(picture, PngKind::kRgb, {{}, icc})).data, picture.data);
}

TEST(Decode, ABrokenOrAlienProfileIsIgnored) {
  const Image8 picture = Pattern(96, 64);
  const Bytes garbage(500, 0x5a);
  EXPECT_EQ(PixelsOf(fixtures::Webp(picture, {{}, garbage})).data, picture.data);
  EXPECT_LE(DistanceOf(PixelsOf(fixtures::Jpeg(picture, {{}, garbage})), picture).mean, 1);
  Bytes cut = fixtures::IccProfile(kDisplayP3Primaries);
  cut.resize(cut.size() / 2);
  PixelsOf(fixtures::Jpeg(picture, {{}, cut}));
}

TEST(Decode, GreyPicturesAndTheirProfiles) {
  const Image8 grey = fixtures::Plain(64, 48, 100, 100, 100);
  EXPECT_LE(DistanceOf(PixelsOf(fixtures::GreyJpeg(grey)), grey).largest, 1);
  EXPECT_EQ(PixelsOf(fixtures::Png(grey, PngKind::kGrey)).data, grey.data);
  // Linear light 100/255 is 0.392, which sRGB writes as 168.
  const Image8 linear = PixelsOf(fixtures::GreyJpeg(grey, {{}, fixtures::GreyIccProfile(1)}));
  EXPECT_LE(DistanceOf(linear, fixtures::Plain(64, 48, 168, 168, 168)).largest, 2);
}

TEST(Decode, PngGammaAlphaAndPalette) {
  const Image8 grey = fixtures::Plain(64, 48, 100, 100, 100);
  EXPECT_LE(DistanceOf(PixelsOf(fixtures::Png(grey, PngKind::kRgb, {}, 255, 1.0)),
                       fixtures::Plain(64, 48, 168, 168, 168))
                .largest,
            2);
  EXPECT_EQ(PixelsOf(fixtures::Png(grey, PngKind::kRgb, {}, 255, 0.45455)).data, grey.data);
  EXPECT_EQ(PixelsOf(fixtures::Png(grey, PngKind::kPalette)).data, grey.data);
  // A fifth of 100 and four fifths of white.
  EXPECT_EQ(PixelsOf(fixtures::Png(grey, PngKind::kRgba, {}, 51)).data,
            fixtures::Plain(64, 48, 224, 224, 224).data);
  EXPECT_EQ(PixelsOf(fixtures::Png(grey, PngKind::kRgba, {}, 0)).data,
            fixtures::Plain(64, 48, 255, 255, 255).data);
}

TEST(Decode, CmykJpegWithAndWithoutAdobesInversion) {
  Image8 ink(64, 48, 4);
  for (size_t i = 0; i < ink.data.size(); i += 4) ink.data[i + 1] = 255;  // magenta alone
  for (const bool adobe : {false, true}) {
    EXPECT_LE(
        DistanceOf(PixelsOf(fixtures::CmykJpeg(ink, adobe)), fixtures::Plain(64, 48, 255, 0, 255))
            .largest,
        3)
        << adobe;
  }
}

TEST(Decode, ExifGivesFocalLengthCameraAndTime) {
  const Image8 picture = Pattern(300, 400);
  for (const bool big_endian : {false, true}) {
    const Bytes exif = fixtures::ExifBytes(
        {.orientation = 6, .focal_mm = 4.25, .focal_35mm = 26, .big_endian = big_endian});
    const std::pair<const char*, Bytes> files[] = {
        {"JPEG", fixtures::Jpeg(picture, {exif, {}})},
        {"PNG", fixtures::Png(picture, PngKind::kRgb, {exif, {}})},
        {"WebP", fixtures::Webp(picture, {exif, {}})},
        {"HEIC", fixtures::Heic(picture, {exif, {}})},
    };
    for (const auto& [name, file] : files) {
      const Decoded decoded = Decode(file, {});
      ASSERT_TRUE(decoded.focal_px) << name;
      EXPECT_NEAR(*decoded.focal_px, 26 * 500 / 43.2666, 0.01) << name;
      EXPECT_EQ(decoded.taken, "2024:05:06 07:08:09") << name;
      EXPECT_EQ(decoded.camera_key,
                "Test Cameras|Model 1|50 mm|4.25 mm|26.00 mm in 35 mm|" +
                    std::string(name == std::string("HEIC") ? "300x400" : "400x300"))
          << name;
    }
  }
  const Decoded tiff = Decode(fixtures::Tiff(picture, {.focal_35mm = 26}), {});
  ASSERT_TRUE(tiff.focal_px);
  EXPECT_NEAR(*tiff.focal_px, 26 * 500 / 43.2666, 0.01);
  EXPECT_EQ(tiff.taken, "2024:05:06 07:08:09");
  EXPECT_TRUE(tiff.camera_key.starts_with("Test Cameras|Model 1|")) << tiff.camera_key;
}

TEST(Exif, FocalLengthByTheSensorsResolution) {
  // A sensor of 4000 pixels on 24 mm, 50 mm lens; the picture was halved afterwards.
  const fixtures::ExifValues values = {.focal_mm = 50,
                                       .plane_per_unit = 4000 / 2.4,
                                       .plane_unit = 3,
                                       .pixel_x = 4000,
                                       .pixel_y = 3000};
  const Exif exif = ParseExif(fixtures::ExifBytes(values));
  ASSERT_TRUE(FocalPx(exif, 2000, 1500));
  EXPECT_NEAR(*FocalPx(exif, 2000, 1500), 50 / 24.0 * 2000, 1);
  EXPECT_NEAR(*FocalPx(exif, 1500, 2000), 50 / 24.0 * 2000, 1) << "turned by another program";
  EXPECT_FALSE(FocalPx(exif, 2000, 1000)) << "a crop";
}

TEST(Exif, NonsenseIsAbsent) {
  fixtures::ExifValues values = {.orientation = 9,
                                 .make =
                                     "A\x01\xff"
                                     "B",
                                 .taken = "yesterday, at noon.",
                                 .focal_mm = 100'000,
                                 .focal_35mm = 1};
  const Exif exif = ParseExif(fixtures::ExifBytes(values));
  EXPECT_EQ(exif.orientation, 1);
  EXPECT_EQ(exif.make, "A__B");
  EXPECT_FALSE(exif.taken);
  EXPECT_FALSE(FocalPx(exif, 2000, 1500));
  // Out of proportion to the picture, however it came about.
  EXPECT_FALSE(FocalPx(
      ParseExif(fixtures::ExifBytes({.focal_mm = 3000, .plane_per_unit = 4000, .plane_unit = 4})),
      2000, 1500));
  values = {.focal_mm = 4.25, .focal_35mm = 26};
  const Bytes whole = fixtures::ExifBytes(values);
  for (size_t n = 0; n < whole.size(); ++n) {
    Bytes cut(whole.begin(), whole.begin() + static_cast<ptrdiff_t>(n));
    ParseExif(cut);
    if (n + 3 < whole.size()) {
      cut = whole;
      cut[n] ^= 0xff;
      cut[n + 3] ^= 0xff;
      ParseExif(cut);
    }
  }
}

TEST(Decode, CutAndGarbledFilesFailWithASentence) {
  const Image8 picture = Pattern(160, 120);
  for (const Sample& sample : kSamples) {
    const Bytes whole = sample.encode(picture, {});
    for (const double part : {0.02, 0.2, 0.5, 0.8, 0.95}) {
      Bytes cut = whole;
      cut.resize(static_cast<size_t>(static_cast<double>(whole.size()) * part));
      const std::string message = MessageOf([&] { Decode(cut, {}); });
      EXPECT_TRUE(message.ends_with(".")) << sample.name << " " << part << ": " << message;
    }
    Bytes garbage = whole;
    for (size_t i = 16; i < garbage.size(); ++i) garbage[i] = static_cast<uint8_t>(i * 131);
    EXPECT_TRUE(MessageOf([&] { Decode(garbage, {}); }).ends_with(".")) << sample.name;
  }
  EXPECT_EQ(MessageOf([] { Decode({}, {}); }), "This is not a picture.");
}

TEST(Decode, RawFilesAreCalledByName) {
  EXPECT_NE(MessageOf([] {
              Decode(fixtures::Tiff(Pattern(64, 48), {.raw = true}), {});
            }).find("raw file"),
            std::string::npos);
}

TEST(Decode, TooManyPixelsAreRefusedBeforeTheyAreRead) {
  DecodeRequest request;
  request.max_megapixels = 0.005;
  for (const Sample& sample : kSamples) {
    const std::string message =
        MessageOf([&] { Decode(sample.encode(Pattern(96, 64), {}), request); });
    EXPECT_NE(message.find("megapixels"), std::string::npos) << sample.name << ": " << message;
  }
}

Decoded RunSandboxed(const std::function<Decoded()>& body, const SandboxLimits& limits = {}) {
  return Sandboxed(body, limits).Wait();
}

TEST(Sandbox, GivesBackWhatTheBodyReturns) {
  Decoded decoded;
  decoded.pixels = Pattern(300, 200);
  decoded.width = 3000;
  decoded.height = 2000;
  decoded.focal_px = 1234.5;
  decoded.camera_key = "camera";
  decoded.taken = "2024:05:06 07:08:09";
  const Decoded back = RunSandboxed([&] { return decoded; });
  EXPECT_EQ(back.pixels.data, decoded.pixels.data);
  EXPECT_EQ(back.width, 3000);
  EXPECT_EQ(back.height, 2000);
  EXPECT_EQ(back.focal_px, 1234.5);
  EXPECT_EQ(back.camera_key, "camera");
  EXPECT_EQ(back.taken, decoded.taken);
}

TEST(Sandbox, CrashesHangsAndErrorsAreSentences) {
  constexpr char kUnreadable[] = "This picture could not be read.";
  EXPECT_EQ(MessageOf([] { RunSandboxed([]() -> Decoded { ::_exit(3); }); }), kUnreadable);
  EXPECT_EQ(MessageOf([] {
              RunSandboxed([]() -> Decoded {
                ::raise(SIGKILL);
                return {};
              });
            }),
            kUnreadable);
  EXPECT_EQ(MessageOf([] { RunSandboxed([]() -> Decoded { return {}; }); }), kUnreadable)
      << "a picture without pixels";
  EXPECT_EQ(MessageOf([] {
              RunSandboxed(
                  []() -> Decoded {
                    for (;;) ::pause();
                  },
                  {.wall_s = 0.2});
            }),
            kUnreadable);
  EXPECT_EQ(
      MessageOf([] { RunSandboxed([]() -> Decoded { Fail(ErrorCode::kInput, "A reason."); }); }),
      "A reason.");
}

TEST(Sandbox, LimitsProcessorTime) {
  EXPECT_EQ(MessageOf([] {
              RunSandboxed(
                  []() -> Decoded {
                    volatile uint64_t n = 0;
                    for (;;) n = n + 1;
                  },
                  {.cpu_s = 1});
            }),
            "This picture could not be read.");
}

#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
TEST(Sandbox, LimitsMemory) {
  constexpr uint64_t kMiB = 1 << 20;
  const auto take = [](size_t bytes) {
    return [bytes]() -> Decoded {
      const Image8 large(static_cast<int>(bytes >> 10), 1 << 10, 1, 7);
      Decoded decoded;
      decoded.pixels = Pattern(8, 8);
      decoded.width = decoded.height = large.pixel(3, 3)[0];
      return decoded;
    };
  };
  const SandboxLimits limits = {.memory_bytes = 64 * kMiB, .most_memory_bytes = 512 * kMiB};
  EXPECT_EQ(RunSandboxed(take(16 * kMiB), limits).width, 7);
  EXPECT_NE(MessageOf([&] { RunSandboxed(take(256 * kMiB), limits); }).find("memory"),
            std::string::npos);
  EXPECT_EQ(RunSandboxed(
                [&] {
                  AllowMemory(384 * kMiB);
                  return take(256 * kMiB)();
                },
                limits)
                .width,
            7);
}
#endif

}  // namespace
}  // namespace ajar::photo
