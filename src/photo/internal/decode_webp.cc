#include <webp/decode.h>
#include <webp/demux.h>

#include <memory>

#include "base/error.h"
#include "photo/internal/decode.h"

namespace ajar::photo {
namespace {

std::vector<uint8_t> Chunk(const WebPDemuxer* demuxer, const char* name) {
  std::vector<uint8_t> bytes;
  WebPChunkIterator chunk;
  if (WebPDemuxGetChunk(demuxer, name, 1, &chunk)) {
    bytes.assign(chunk.chunk.bytes, chunk.chunk.bytes + chunk.chunk.size);
    WebPDemuxReleaseChunkIterator(&chunk);
  }
  return bytes;
}

}  // namespace

Stored DecodeWebp(std::span<const uint8_t> file, const DecodeRequest& request) {
  WebPBitstreamFeatures features;
  if (WebPGetFeatures(file.data(), file.size(), &features) != VP8_STATUS_OK) FailUnreadable();
  if (features.has_animation) Fail(ErrorCode::kInput, "Animated pictures are not read.");
  CheckSize(features.width, features.height, request);

  const WebPData data = {file.data(), file.size()};
  const std::unique_ptr<WebPDemuxer, void (*)(WebPDemuxer*)> demuxer(WebPDemux(&data),
                                                                     WebPDemuxDelete);
  if (!demuxer) FailDamaged();

  Stored stored;
  stored.width = features.width;
  stored.height = features.height;
  stored.extent_x = stored.width;
  stored.extent_y = stored.height;
  stored.colour.icc = Chunk(demuxer.get(), "ICCP");
  stored.exif = ParseExif(Chunk(demuxer.get(), "EXIF"));

  const int channels = features.has_alpha ? 4 : 3;
  stored.pixels = Image8(stored.width, stored.height, channels);
  const auto decode = features.has_alpha ? WebPDecodeRGBAInto : WebPDecodeRGBInto;
  if (!decode(file.data(), file.size(), stored.pixels.data.data(), stored.pixels.data.size(),
              stored.width * channels)) {
    FailDamaged();
  }
  if (features.has_alpha) stored.pixels = OverWhite(stored.pixels);
  return stored;
}

}  // namespace ajar::photo
