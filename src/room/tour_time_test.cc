#include "room/internal/tour_time.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "room/internal/recordings.h"

namespace ajar::room {
namespace {

TEST(TourTime, IsTheWaysTheWordsTheRecordingsAndTheQuiet) {
  const Document document = ParseDocument(R"({
    "version": 1, "title": "A room",
    "things": [{"id": "bed", "name": "The bed", "position": [0, 0, 0],
                "words": ["One two three four five six seven eight nine ten eleven twelve."]}],
    "stories": [{"id": "heard", "title": "Heard", "sound": "a.ogg", "words": ["Not read out."]},
                {"id": "read", "title": "Read", "words": ["Few words."]}],
    "tour": [{"thing": "bed", "pause": 10}, {"story": "heard"}, {"story": "read", "pause": 0}]
  })",
                                          "room.json");
  const double bed = 4 + 4.8 + 10, heard = 4 + 4 + 4 + 60, read = 4 + 4 + 0 + 4;
  EXPECT_NEAR(TourSeconds(document, {60, 0}), bed + heard + read, 1e-9);
}

// A tour of a few minutes, past eight things.
TEST(TourTime, OfTheExampleRoomIsAFewMinutes) {
  const Path example = AJAR_EXAMPLE;
  const Path file = example / "room.json";
  const Document document = ParseDocument(ReadTextFile(file), file.string());
  EXPECT_EQ(document.things.size(), 8u);
  for (const Thing& thing : document.things) {
    EXPECT_TRUE(std::ranges::any_of(document.tour, [&](const TourStep& step) {
      return step.thing == thing.id;
    })) << thing.id;
  }
  std::vector<double> seconds;
  for (const Story& story : document.stories) {
    const std::string* path = RecordingOf(story);
    seconds.push_back(path ? Examine(example / "stories" / *path, {}).seconds : 0);
  }
  EXPECT_NEAR(TourSeconds(document, seconds) / 60, 4, 0.5);
}

}  // namespace
}  // namespace ajar::room
