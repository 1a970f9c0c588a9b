#include "room/internal/tour_time.h"

#include <algorithm>

namespace ajar::room {
namespace {

constexpr double kWay_s = 4, kWordsPerSecond = 2.5, kLeastReading_s = 4;

double ReadingSeconds(const std::vector<std::string>& paragraphs) {
  double words = 0;
  for (const std::string& text : paragraphs) {
    bool within = false;
    for (const char c : text) {
      const bool space = c == ' ' || c == '\n' || c == '\t' || c == '\r';
      if (!space && !within) ++words;
      within = !space;
    }
  }
  return std::max(kLeastReading_s, words / kWordsPerSecond);
}

}  // namespace

double TourSeconds(const Document& document, const std::vector<double>& recording_s) {
  double seconds = 0;
  for (const TourStep& step : document.tour) {
    std::vector<std::string> words = step.words;
    const auto thing = std::ranges::find_if(
        document.things, [&](const Thing& t) { return step.thing && t.id == *step.thing; });
    if (words.empty() && thing != document.things.end()) words = thing->words;
    seconds += kWay_s + ReadingSeconds(words) + step.pause_s.value_or(kTourPause_s);
    const auto story = std::ranges::find_if(
        document.stories, [&](const Story& s) { return step.story && s.id == *step.story; });
    if (story == document.stories.end()) continue;
    const auto number = static_cast<size_t>(story - document.stories.begin());
    const double heard = number < recording_s.size() ? recording_s[number] : 0;
    seconds += heard > 0 ? heard : ReadingSeconds(story->words);
  }
  return seconds;
}

}  // namespace ajar::room
