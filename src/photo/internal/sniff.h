// What a file is, by its first bytes.
#pragma once

#include <cstdint>
#include <span>

namespace ajar::photo {

enum class Kind { kUnknown, kJpeg, kPng, kTiff, kWebp, kHeif, kVideo };

// `head`: the first kSniffBytes bytes of the file, or all of it when it is shorter.
constexpr size_t kSniffBytes = 1024;
Kind Sniff(std::span<const uint8_t> head);

}  // namespace ajar::photo
