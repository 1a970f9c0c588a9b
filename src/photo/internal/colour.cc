#include "photo/internal/colour.h"

#include <lcms2.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>

#include "base/check.h"

namespace ajar::photo {
namespace {

struct CloseProfile {
  void operator()(void* profile) const { cmsCloseProfile(profile); }
};
struct DeleteTransform {
  void operator()(void* transform) const { cmsDeleteTransform(transform); }
};
struct FreeCurve {
  void operator()(cmsToneCurve* curve) const { cmsFreeToneCurve(curve); }
};
using Profile = std::unique_ptr<void, CloseProfile>;
using Transform = std::unique_ptr<void, DeleteTransform>;
using Curve = std::unique_ptr<cmsToneCurve, FreeCurve>;

// SMPTE ST 2084, to cd/m² over 203.
double LinearFromPq(double v) {
  constexpr double m1 = 2610.0 / 16384, m2 = 2523.0 / 4096 * 128, c1 = 3424.0 / 4096,
                   c2 = 2413.0 / 4096 * 32, c3 = 2392.0 / 4096 * 32;
  const double p = std::pow(v, 1 / m2);
  return std::pow(std::max(p - c1, 0.0) / (c2 - c3 * p), 1 / m1) * 10000 / 203;
}

// ARIB STD-B67, scaled so that the reference white (75 % of the signal) is 1.
double LinearFromHlg(double v) {
  constexpr double a = 0.17883277, b = 0.28466892, c = 0.55991073;
  const auto linear = [&](double x) {
    return x <= 0.5 ? x * x / 3 : (std::exp((x - c) / a) + b) / 12;
  };
  return linear(v) / linear(0.75);
}

Curve CurveOf(const ColourTag& tag) {
  if (tag.transfer == ColourTag::Transfer::kGamma) {
    return Curve(cmsBuildGamma(nullptr, tag.gamma));
  }
  if (tag.transfer == ColourTag::Transfer::kSrgb) {
    const double params[5] = {2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045};
    return Curve(cmsBuildParametricToneCurve(nullptr, 4, params));
  }
  std::array<cmsUInt16Number, 4096> table;
  for (size_t i = 0; i < table.size(); ++i) {
    const double v = static_cast<double>(i) / (table.size() - 1);
    const double linear =
        tag.transfer == ColourTag::Transfer::kPq ? LinearFromPq(v) : LinearFromHlg(v);
    table[i] = static_cast<cmsUInt16Number>(std::lround(std::clamp(linear, 0.0, 1.0) * 65535));
  }
  return Curve(cmsBuildTabulatedToneCurve16(nullptr, table.size(), table.data()));
}

Profile ProfileOf(const ColourTag& tag) {
  if (!tag.icc.empty()) {
    return Profile(
        cmsOpenProfileFromMem(tag.icc.data(), static_cast<cmsUInt32Number>(tag.icc.size())));
  }
  if (!tag.primaries && tag.transfer == ColourTag::Transfer::kSrgb) return nullptr;
  const ColourTag::Primaries p = tag.primaries.value_or(kSrgbPrimaries);
  const cmsCIExyY white = {p.white_x, p.white_y, 1};
  const cmsCIExyYTRIPLE rgb = {
      {p.red_x, p.red_y, 1}, {p.green_x, p.green_y, 1}, {p.blue_x, p.blue_y, 1}};
  const Curve curve = CurveOf(tag);
  if (!curve) return nullptr;
  cmsToneCurve* curves[3] = {curve.get(), curve.get(), curve.get()};
  return Profile(cmsCreateRGBProfile(&white, &rgb, curves));
}

// The format in which lcms reads our pixels under this profile, or 0 when it is none for them.
cmsUInt32Number PixelFormat(cmsHPROFILE profile, int channels) {
  const cmsProfileClassSignature use = cmsGetDeviceClass(profile);
  if (use == cmsSigLinkClass || use == cmsSigAbstractClass || use == cmsSigNamedColorClass) {
    return 0;
  }
  switch (cmsGetColorSpace(profile)) {
    case cmsSigRgbData:
      return channels == 3 ? TYPE_RGB_8 : 0;
    case cmsSigGrayData:
      // The first of three equal channels.
      return channels == 3 ? COLORSPACE_SH(PT_GRAY) | CHANNELS_SH(1) | EXTRA_SH(2) | BYTES_SH(1)
                           : 0;
    case cmsSigCmykData:
      return channels == 4 ? TYPE_CMYK_8 : 0;
    default:
      return 0;
  }
}

// Most profiles in the wild are some spelling of sRGB: leave those pixels as they are.
bool IsIdentity(cmsHTRANSFORM transform) {
  std::vector<uint8_t> in, out;
  for (int r = 0; r <= 255; r += 51) {
    for (int g = 0; g <= 255; g += 51) {
      for (int b = 0; b <= 255; b += 51) {
        for (const int v : {r, g, b}) in.push_back(static_cast<uint8_t>(v));
      }
    }
  }
  out.resize(in.size());
  cmsDoTransform(transform, in.data(), out.data(), static_cast<cmsUInt32Number>(in.size() / 3));
  for (size_t i = 0; i < in.size(); ++i) {
    if (std::abs(in[i] - out[i]) > 1) return false;
  }
  return true;
}

Image8 PlainRgbFromCmyk(const Image8& picture) {
  Image8 rgb(picture.width, picture.height, 3);
  const size_t count = rgb.data.size() / 3;
  for (size_t i = 0; i < count; ++i) {
    const uint8_t* cmyk = picture.data.data() + 4 * i;
    for (size_t c = 0; c < 3; ++c) {
      rgb.data[3 * i + c] = static_cast<uint8_t>(((255 - cmyk[c]) * (255 - cmyk[3]) + 127) / 255);
    }
  }
  return rgb;
}

Transform TransformOf(const ColourTag& tag, int channels) {
  const Profile from = ProfileOf(tag);
  const cmsUInt32Number format = from ? PixelFormat(from.get(), channels) : 0;
  if (format == 0) return nullptr;
  const Profile srgb(cmsCreate_sRGBProfile());
  return Transform(cmsCreateTransform(from.get(), format, srgb.get(), TYPE_RGB_8,
                                      INTENT_RELATIVE_COLORIMETRIC,
                                      cmsFLAGS_BLACKPOINTCOMPENSATION));
}

}  // namespace

Image8 ToSrgb(Image8 picture, const ColourTag& tag) {
  AJAR_CHECK(picture.channels == 3 || picture.channels == 4);
  cmsSetLogErrorHandler([](cmsContext, cmsUInt32Number, const char*) {});
  const Transform transform = TransformOf(tag, picture.channels);
  if (!transform && picture.channels == 4) return PlainRgbFromCmyk(picture);
  if (!transform || (picture.channels == 3 && IsIdentity(transform.get()))) return picture;

  const auto width = static_cast<cmsUInt32Number>(picture.width);
  if (picture.channels == 3) {
    // Row by row in place: each pixel is read before it is written.
    for (int y = 0; y < picture.height; ++y) {
      cmsDoTransform(transform.get(), picture.pixel(0, y), picture.pixel(0, y), width);
    }
    return picture;
  }
  Image8 rgb(picture.width, picture.height, 3);
  for (int y = 0; y < picture.height; ++y) {
    cmsDoTransform(transform.get(), picture.pixel(0, y), rgb.pixel(0, y), width);
  }
  return rgb;
}

}  // namespace ajar::photo
