// How bundle_fuzz takes an input apart, and bundle_fuzz_seeds puts it together.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

// The first byte of an input.
enum class Reader : uint8_t {
  kColmapBinary,
  kColmapText,
  kTransforms,
  kSplatPly,
  kPointPly,
  kPng,
  kWebp,
  kSog,
  kSogArchive,
  kCollision
};

// Between the files of one input.
inline constexpr std::string_view kMark = "<--->";

// The files of one input, in this order; those that an input does not reach are empty.
inline constexpr std::array kColmapBinaryFiles = {"cameras.bin", "images.bin", "points3D.bin"};
inline constexpr std::array kColmapTextFiles = {"cameras.txt", "images.txt", "points3D.txt"};
inline constexpr std::array kTransformsFiles = {"transforms.json", "points.ply"};
inline constexpr std::array kSogFiles = {"meta.json",          "means_l.webp",   "means_u.webp",
                                         "scales.webp",        "quats.webp",     "sh0.webp",
                                         "shN_centroids.webp", "shN_labels.webp"};
