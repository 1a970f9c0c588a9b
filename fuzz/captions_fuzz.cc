// The reader of captions: what it accepts must come back the same when written and read again. And
// the input as plain text, spread over pauses.
#include <cstddef>
#include <cstdint>
#include <string>

#include "base/check.h"
#include "base/error.h"
#include "room/internal/captions.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t count) {
  using namespace ajar;
  const std::string text(bytes, bytes + count);
  const double seconds = 1 + static_cast<double>(count);
  double last = 0;
  for (const room::Cue& cue : room::SpreadOverPauses(text, {{0.5, 1}, {2, 2.5}}, seconds)) {
    AJAR_CHECK(cue.from_s >= last && cue.to_s > cue.from_s);
    last = cue.from_s;
  }
  std::vector<room::Cue> cues;
  try {
    cues = room::ReadCaptions(text, "captions");
  } catch (const Error&) {
    return 0;  // Refused with a sentence, as it should be.
  }
  AJAR_CHECK(room::ReadCaptions(room::FormatCaptions(cues), "again") == cues);
  return 0;
}
