#include "room/internal/room_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ajar::room {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

Document TestDocument() {
  return ParseDocument(R"({
    "version": 1, "title": "A room", "language": "en",
    "things": [
      {"id": "bed", "name": "The bed", "words": ["It creaked."], "position": [-1.25, 0.5, -0.001]},
      {"id": "lamp", "name": "The lamp", "seen_in": {"photo": "a/1.jpg", "at": [612, 388.5]}}],
    "stories": [
      {"id": "night", "title": "De noche", "language": "es", "things": ["bed", "lamp"],
       "sound": "night.ogg", "passages": [{"from": 2, "to": 9.5, "things": ["lamp"]}]},
      {"id": "house", "title": "The house", "words": ["Old."]}],
    "tour": [{"thing": "bed", "pause": 8},
             {"place": {"position": [1, 1.5, 0], "look_at": [0, 1, -2]}, "words": ["Look back."]}],
    "originals_in_site": [{"photo": "a/2.jpg", "alt": "The window."}]
  })",
                       "room.json");
}

TEST(RoomText, SaysWhereThingsAreAndInWhichLanguageAndHowLongItIsQuiet) {
  const std::string text = RoomText(TestDocument(), "/nowhere");
  for (const char* said :
       {"* The bed\n\n  It creaked.\n\n  [at -1.25, 0.5, 0]\n",
        "  [where photos/a/1.jpg shows it: 612 pixels from its left, 388.5 from",
        "* De noche\n\n[in es]\n\n[of: The bed, The lamp]\n\n[stories/night.ogg]\n\n"
        "[2 to 9.5 seconds: The lamp]\n",
        "* The house\n\n[in en]\n\n  Old.\n", "1. The bed.\n\n  [then 8 seconds of quiet]\n",
        "2.\n\n  [standing at 1, 1.5, 0, looking at 0, 1, -2]\n\n  Look back.\n\n"
        "  [then 4 seconds of quiet]\n",
        "[photos/a/2.jpg] The window.\n", "[Places are in metres:"}) {
    EXPECT_THAT(text, HasSubstr(said));
  }
}

TEST(RoomText, SaysNothingOfPlacesWhereThereAreNone) {
  const Document document = ParseDocument(R"({"version": 1, "title": "A room"})", "room.json");
  EXPECT_THAT(RoomText(document, "/nowhere"), Not(HasSubstr("metres")));
}

}  // namespace
}  // namespace ajar::room
