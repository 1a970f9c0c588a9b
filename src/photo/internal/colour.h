// Any picture's colours to sRGB.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "scene/raster.h"

namespace ajar::photo {

// What a file says about its colours. An ICC profile wins over the rest; nothing means sRGB.
struct ColourTag {
  struct Primaries {
    double red_x, red_y, green_x, green_y, blue_x, blue_y, white_x, white_y;  // CIE xy
  };
  enum class Transfer { kSrgb, kGamma, kPq, kHlg };

  std::vector<uint8_t> icc;
  std::optional<Primaries> primaries;  // none: sRGB's
  Transfer transfer = Transfer::kSrgb;
  double gamma = 2.2;  // for kGamma: linear = encoded ^ gamma
};

constexpr ColourTag::Primaries kSrgbPrimaries = {0.64, 0.33, 0.30,   0.60,
                                                 0.15, 0.06, 0.3127, 0.3290};
constexpr ColourTag::Primaries kDisplayP3Primaries = {0.680, 0.320, 0.265,  0.690,
                                                      0.150, 0.060, 0.3127, 0.3290};
constexpr ColourTag::Primaries kBt2020Primaries = {0.708, 0.292, 0.170,  0.797,
                                                   0.131, 0.046, 0.3127, 0.3290};

// `picture`: 3 channels (RGB; a grey picture has three equal ones) or 4 (CMYK, 255 = full ink).
// The result has 3 channels in sRGB: relative colorimetric with black point compensation. A
// profile that is broken or made for another kind of pixels is ignored. PQ and HLG stills are
// shown up to their reference white (203 cd/m², BT.2408); what is brighter is cut off.
Image8 ToSrgb(Image8 picture, const ColourTag& tag);

}  // namespace ajar::photo
