#include "bundle/compress.h"

#include <brotli/encode.h>
#include <zlib.h>

#include <algorithm>
#include <array>

#include "base/check.h"

namespace ajar::bundle {

std::vector<uint8_t> Gzip(std::span<const uint8_t> bytes) {
  constexpr int kLargestWindow = 15, kGzip = 16, kMostMemory = 9;
  z_stream stream{};
  AJAR_CHECK(deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, kLargestWindow + kGzip,
                          kMostMemory, Z_DEFAULT_STRATEGY) == Z_OK);
  std::vector<uint8_t> out(deflateBound(&stream, bytes.size()));
  stream.next_in = const_cast<Bytef*>(bytes.data());  // the library only reads it
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = out.data();
  stream.avail_out = static_cast<uInt>(out.size());
  AJAR_CHECK(bytes.size() == stream.avail_in && out.size() == stream.avail_out);
  AJAR_CHECK(deflate(&stream, Z_FINISH) == Z_STREAM_END);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

std::vector<uint8_t> Brotli(std::span<const uint8_t> bytes) {
  size_t size = BrotliEncoderMaxCompressedSize(bytes.size());
  std::vector<uint8_t> out(size);
  AJAR_CHECK(BrotliEncoderCompress(BROTLI_MAX_QUALITY, BROTLI_DEFAULT_WINDOW, BROTLI_MODE_GENERIC,
                                   bytes.size(), bytes.data(), &size, out.data()) == BROTLI_TRUE);
  out.resize(size);
  return out;
}

bool IsCompressible(std::string_view name) {
  static constexpr std::array<std::string_view, 8> kEndings = {".html", ".js",  ".css", ".json",
                                                               ".svg",  ".txt", ".vtt", ".glb"};
  return std::ranges::any_of(kEndings,
                             [&](std::string_view ending) { return name.ends_with(ending); });
}

}  // namespace ajar::bundle
