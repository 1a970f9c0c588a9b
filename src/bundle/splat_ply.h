// The PLY that 3D Gaussian tools share: x y z, (nx ny nz), f_dc_0..2, f_rest_* (channel by
// channel), opacity (logit), scale_0..2 (log), rot_0..3 (w x y z); binary little-endian floats.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "scene/splat_cloud.h"

namespace ajar::bundle {

std::vector<uint8_t> EncodeSplatPly(const SplatCloud& cloud);

// Properties in any order and of any scalar type; unknown ones are skipped. `name` is used in
// messages. Errors: kInput for anything malformed, truncated, with trailing bytes, without the
// needed properties, or above 20 million splats.
SplatCloud DecodeSplatPly(std::span<const uint8_t> bytes, const std::string& name);

}  // namespace ajar::bundle
