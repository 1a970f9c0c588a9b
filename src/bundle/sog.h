// SOG, version 2: a splat cloud as a few lossless WebP pictures and a meta.json (PlayCanvas's
// published format). Positions in 16 bits on a signed logarithmic scale, rotations in 8 bits by
// smallest three, scales and colours through codebooks of 256, harmonics through a palette.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "base/options.h"
#include "base/progress.h"
#include "scene/splat_cloud.h"

namespace ajar::bundle {

struct SogOptions {
  int64_t sh_palette = 4096;  // entries of the harmonics palette (rounded up to a multiple of
                              // 64 within what the format allows)
  int64_t seed = 0;
};
std::vector<OptionField> Fields(SogOptions& options);

// File name to content: "meta.json", "means_l.webp", ... Splats are stored in Morton order. The
// same cloud, options and seed give the same bytes for any number of threads. meta.json says
// antialias (splat_convention.h).
std::map<std::string, std::vector<uint8_t>> EncodeSog(const SplatCloud& cloud,
                                                      const SogOptions& options,
                                                      const Progress& progress = {});

// Errors: kInput for anything malformed, missing or inconsistent.
SplatCloud DecodeSog(const std::map<std::string, std::vector<uint8_t>>& files);

// The same files as one .sog (a ZIP archive, stored without compression).
std::vector<uint8_t> PackSog(const std::map<std::string, std::vector<uint8_t>>& files);
std::map<std::string, std::vector<uint8_t>> UnpackSog(std::span<const uint8_t> bytes,
                                                      const std::string& name);

}  // namespace ajar::bundle
