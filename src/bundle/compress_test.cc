#include "bundle/compress.h"

#include <brotli/decode.h>
#include <gtest/gtest.h>
#include <zlib.h>

#include <random>

namespace ajar::bundle {
namespace {

std::vector<uint8_t> Gunzipped(const std::vector<uint8_t>& bytes, size_t size) {
  std::vector<uint8_t> out(size + 1);
  z_stream stream{};
  EXPECT_EQ(inflateInit2(&stream, 15 + 16), Z_OK);  // gzip only
  stream.next_in = const_cast<Bytef*>(bytes.data());
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = out.data();
  stream.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(inflate(&stream, Z_FINISH), Z_STREAM_END);
  EXPECT_EQ(stream.avail_in, 0u);
  out.resize(stream.total_out);
  inflateEnd(&stream);
  return out;
}

std::vector<uint8_t> Unbrotlied(const std::vector<uint8_t>& bytes, size_t size) {
  std::vector<uint8_t> out(size + 1);
  size_t written = out.size();
  EXPECT_EQ(BrotliDecoderDecompress(bytes.size(), bytes.data(), &written, out.data()),
            BROTLI_DECODER_RESULT_SUCCESS);
  out.resize(written);
  return out;
}

std::vector<std::vector<uint8_t>> Samples() {
  std::mt19937 random(1);
  std::vector<uint8_t> noise(70'000), text;
  for (uint8_t& byte : noise) byte = static_cast<uint8_t>(random());
  for (int i = 0; i < 20'000; ++i) {
    for (const char c : std::to_string(i % 700) + ", ") text.push_back(static_cast<uint8_t>(c));
  }
  return {{}, {7}, noise, text};
}

TEST(Compress, GivesBackWhatWentIn) {
  for (const std::vector<uint8_t>& sample : Samples()) {
    EXPECT_EQ(Gunzipped(Gzip(sample), sample.size()), sample);
    EXPECT_EQ(Unbrotlied(Brotli(sample), sample.size()), sample);
  }
}

TEST(Compress, MakesTextSmallerAndSaysNoTime) {
  const std::vector<uint8_t> text = Samples().back(), zipped = Gzip(text);
  EXPECT_LT(zipped.size(), text.size() / 10);
  EXPECT_LT(Brotli(text).size(), zipped.size());
  for (size_t i = 3; i < 8; ++i) EXPECT_EQ(zipped[i], 0) << i;  // no flags, no time
  EXPECT_EQ(Gzip(text), zipped);
}

TEST(Compress, LeavesAloneWhatIsCompressed) {
  for (const char* name : {"index.html", "splats/meta.json", "collision.glb", "plan.svg"}) {
    EXPECT_TRUE(IsCompressible(name)) << name;
  }
  for (const char* name : {"means_l.webp", "1.mp3", "page.js.br", "page.js.gz", "html", ""}) {
    EXPECT_FALSE(IsCompressible(name)) << name;
  }
}

}  // namespace
}  // namespace ajar::bundle
