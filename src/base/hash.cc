#include "base/hash.h"

#include <sodium.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <memory>
#include <vector>

#include "base/check.h"
#include "base/error.h"

namespace ajar {
namespace {

using Digest = std::array<uint8_t, crypto_hash_sha256_BYTES>;

std::string Hex(std::span<const uint8_t> bytes) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  text.reserve(bytes.size() * 2);
  for (const uint8_t byte : bytes) {
    text += kDigits[byte >> 4];
    text += kDigits[byte & 15];
  }
  return text;
}

void InitSodium() {
  static const int result = sodium_init();
  AJAR_CHECK_GE(result, 0);
}

}  // namespace

std::string Sha256Hex(std::span<const uint8_t> bytes) {
  InitSodium();
  Digest digest;
  crypto_hash_sha256(digest.data(), bytes.data(), bytes.size());
  return Hex(digest);
}

std::string Sha256Hex(std::span<const std::span<const uint8_t>> pieces) {
  InitSodium();
  crypto_hash_sha256_state state;
  crypto_hash_sha256_init(&state);
  for (const std::span<const uint8_t> piece : pieces) {
    crypto_hash_sha256_update(&state, piece.data(), piece.size());
  }
  Digest digest;
  crypto_hash_sha256_final(&state, digest.data());
  return Hex(digest);
}

std::string Sha256Hex(std::string_view text) {
  return Sha256Hex(std::span(reinterpret_cast<const uint8_t*>(text.data()), text.size()));
}

std::string Sha256HexOfFile(const Path& path) {
  InitSodium();
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "rb"),
                                                             &std::fclose);
  if (!file) FailErrno(errno, "read", path.string());
  crypto_hash_sha256_state state;
  crypto_hash_sha256_init(&state);
  std::vector<uint8_t> buffer(1 << 20);
  size_t n = 0;
  while ((n = std::fread(buffer.data(), 1, buffer.size(), file.get())) > 0) {
    crypto_hash_sha256_update(&state, buffer.data(), n);
  }
  if (std::ferror(file.get())) FailErrno(errno, "read", path.string());
  Digest digest;
  crypto_hash_sha256_final(&state, digest.data());
  return Hex(digest);
}

std::string RandomHex(int bytes) {
  InitSodium();
  std::vector<uint8_t> buffer(static_cast<size_t>(bytes));
  randombytes_buf(buffer.data(), buffer.size());
  return Hex(buffer);
}

}  // namespace ajar
