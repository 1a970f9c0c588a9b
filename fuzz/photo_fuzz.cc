// Every decoder of pictures and the reader of Exif, in this process: a crash here is what the
// sandbox would have to catch.
#include <cstddef>
#include <cstdint>

#include "base/error.h"
#include "photo/internal/decode.h"
#include "photo/internal/exif.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t count) {
  ajar::photo::ParseExif({bytes, count});
  ajar::photo::DecodeRequest request;
  request.long_side_px = 64;
  request.max_megapixels = 0.25;
  try {
    ajar::photo::Decode({bytes, count}, request);
  } catch (const ajar::Error&) {
    // Refused with a sentence, as it should be.
  }
  return 0;
}
