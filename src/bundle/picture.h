// Pictures out, without any metadata: PNG and WebP hold pixels and nothing else. Read back are
// those of up to 2^25 pixels.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "scene/raster.h"

namespace ajar::bundle {

std::vector<uint8_t> EncodePng(const Image8& picture);           // 1, 3 or 4 channels
// 1 channel of 16 bits, the numbers as they are.
std::vector<uint8_t> EncodePng16(const Raster<uint16_t>& picture);
// Grey of 16 bits only, the numbers as they are. Errors: kInput.
Raster<uint16_t> DecodePng16(std::span<const uint8_t> bytes, const std::string& name);
Image8 DecodePng(std::span<const uint8_t> bytes, const std::string& name);  // 8 bit; kInput

std::vector<uint8_t> EncodeWebp(const Image8& picture, int quality);  // 3 channels, 0..100
std::vector<uint8_t> EncodeWebpLossless(const Image8& picture);       // 3 or 4 channels, exact,
                                                                      // colours under alpha 0 too
Image8 DecodeWebp(std::span<const uint8_t> bytes, const std::string& name);  // 4 channels; kInput

// [0, 1] to 0..255, rounded to nearest, NaN to 0.
Image8 ToImage8(const ImageF& picture);

}  // namespace ajar::bundle
