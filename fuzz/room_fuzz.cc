// The reader of room.json. What it accepts must come back the same when written and read again.
#include <cstddef>
#include <cstdint>
#include <string>

#include "base/check.h"
#include "base/error.h"
#include "room/document.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t count) {
  using namespace ajar;
  std::string once;
  try {
    once = room::FormatDocument(room::ParseDocument({bytes, bytes + count}, "room.json"));
  } catch (const Error&) {
    return 0;  // Refused with a sentence, as it should be.
  }
  AJAR_CHECK(room::FormatDocument(room::ParseDocument(once, "room.json")) == once);
  return 0;
}
