// SHA-256 of bytes and files, and random secrets. (FIPS 180-4; libsodium does the work.)
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "base/files.h"

namespace ajar {

// 64 lower-case hexadecimal digits.
std::string Sha256Hex(std::span<const uint8_t> bytes);
std::string Sha256Hex(std::string_view text);
std::string Sha256Hex(std::span<const std::span<const uint8_t>> pieces);  // as one
std::string Sha256HexOfFile(const Path& path);  // reads in pieces; errors as ReadFile

// `bytes` random bytes from the operating system, as lower-case hexadecimal digits.
std::string RandomHex(int bytes);

}  // namespace ajar
