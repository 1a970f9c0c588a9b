// Files compressed ahead of time, for web servers that send what lies beside a file with .br or .gz
// after its name to browsers that take it.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace ajar::bundle {

// One gzip member (RFC 1952) without a name or a time: the same bytes give the same file.
std::vector<uint8_t> Gzip(std::span<const uint8_t> bytes);

// A Brotli stream (RFC 7932), as small as the encoder can: some seconds a megabyte.
std::vector<uint8_t> Brotli(std::span<const uint8_t> bytes);

// Whether files of that name get smaller: text, and meshes; not pictures, sound or splats.
bool IsCompressible(std::string_view name);

}  // namespace ajar::bundle
