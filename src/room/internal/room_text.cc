#include "room/internal/room_text.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "base/error.h"
#include "base/log.h"
#include "room/internal/captions.h"
#include "room/internal/reading.h"

namespace ajar::room {
namespace {

constexpr size_t kWidth = 78;

bool Blank(const std::string& text) {
  return text.find_first_not_of(" \t\r\n") == std::string::npos;
}

// Broken between words; bytes above ASCII count as one letter each, which only breaks sooner.
std::string Wrapped(const std::string& text, const std::string& indent) {
  std::string all, line;
  const auto flush = [&] {
    if (!line.empty()) all += indent + line + "\n";
    line.clear();
  };
  for (size_t begin = 0; begin <= text.size();) {
    const size_t end = std::min(text.find_first_of(" \t\r\n", begin), text.size());
    const std::string word = text.substr(begin, end - begin);
    if (!word.empty()) {
      if (!line.empty() && line.size() + 1 + word.size() > kWidth - indent.size()) flush();
      line += (line.empty() ? "" : " ") + word;
    }
    if (end < text.size() && text[end] == '\n') flush();
    begin = end + 1;
  }
  flush();
  return all;
}

std::string Number(double value, int digits) {
  char buffer[64];
  const double unit = std::pow(10, -digits);
  std::snprintf(buffer, sizeof(buffer), "%.*f", digits,
                std::abs(value) < unit / 2 ? 0.0 : value);  // no "-0.00"
  std::string number = buffer;
  if (number.find('.') == std::string::npos) return number;
  number.erase(number.find_last_not_of('0') + 1);
  return number.ends_with('.') ? number.substr(0, number.size() - 1) : number;
}

std::string Point(const Eigen::Vector3d& point) {
  return Number(point.x(), 2) + ", " + Number(point.y(), 2) + ", " + Number(point.z(), 2);
}

struct Writer {
  const Document& document;
  const Path& stories;
  std::string text;

  void Heading(const std::string& words, char line) {
    text += "\n" + words + "\n" + std::string(std::min(words.size(), kWidth), line) + "\n\n";
  }
  void Say(const std::string& words, const std::string& indent = {}) {
    if (!Blank(words)) text += Wrapped(words, indent) + "\n";
  }
  void Say(const std::vector<std::string>& paragraphs, const std::string& indent = {}) {
    for (const std::string& paragraph : paragraphs) Say(paragraph, indent);
  }
  void Say(const std::optional<std::string>& words, const std::string& before) {
    if (words && !Blank(*words)) Say(before + *words, "");
  }

  void Captioned(const Captions& captions) {
    try {
      const auto cues = ReadCaptions(ReadTextFile(stories / captions.path, kMostCaptionBytes), "");
      Say("[" + captions.path + ", " + captions.label + ":]");
      Say(Paragraphs(cues), "  ");
    } catch (const Error&) {
      Say("[" + captions.path + " cannot be read.]");
    }
  }

  // "of: The bed, The lamp"
  void OfThings(const std::string& before, const std::vector<std::string>& ids) {
    std::string names;
    for (const Thing& thing : document.things) {
      if (std::ranges::find(ids, thing.id) == ids.end()) continue;
      names += (names.empty() ? "" : ", ") + thing.name;
    }
    if (!names.empty()) Say("[" + before + names + "]");
  }

  bool HasPlaces() const {
    return std::ranges::any_of(document.things,
                               [](const Thing& t) { return t.position.has_value(); }) ||
           std::ranges::any_of(document.tour,
                               [](const TourStep& s) { return s.place.has_value(); });
  }

  void Shown(const Photograph& photograph, const std::string& indent) {
    Say("[photos/" + photograph.photo + "] " + photograph.alt.value_or(""), indent);
  }

  void Whereabouts(const Thing& thing) {
    if (thing.position) {
      Say("[at " + Point(*thing.position) + "]", "  ");
    } else if (thing.seen_in) {
      Say("[where photos/" + thing.seen_in->photo +
              " shows it: " + Number(thing.seen_in->at_px.x(), 1) + " pixels from its left, " +
              Number(thing.seen_in->at_px.y(), 1) + " from its top]",
          "  ");
    }
  }

  void Own() {
    text =
        document.title + "\n" + std::string(std::min(document.title.size(), kWidth), '=') + "\n\n";
    Say(document.content_note, "");
    Say(document.words);
    if (HasPlaces()) {
      Say("[Places are in metres: to the right, up from the floor, and backwards, as one sees the "
          "room from its doorway as it was first found.]");
    }
    if (!document.things.empty()) Heading("Things", '-');
    for (const Thing& thing : document.things) {
      text += "* " + thing.name + "\n\n";
      Say(thing.words, "  ");
      if (thing.alt) Say("(" + *thing.alt + ")", "  ");
      Whereabouts(thing);
      for (const Photograph& photograph : thing.photos) Shown(photograph, "  ");
    }
    if (!document.stories.empty()) Heading("Stories", '-');
    for (const Story& story : document.stories) {
      text += "* " + story.title + "\n\n";
      Say(story.speaker, "Told by ");
      Say("[in " + story.language.value_or(document.language) + "]");
      OfThings("of: ", story.things);
      Say(story.content_note, "");
      if (const std::string* recording = RecordingOf(story)) Say("[stories/" + *recording + "]");
      for (const Passage& passage : story.passages) {
        OfThings(Number(passage.from_s, 1) + " to " + Number(passage.to_s, 1) + " seconds: ",
                 passage.things);
      }
      Say(story.words, "  ");
      for (const Captions& captions : story.captions) Captioned(captions);
    }
    if (!document.originals_in_site.empty()) Heading("Photographs", '-');
    for (const Photograph& photograph : document.originals_in_site) Shown(photograph, "");
    if (!document.tour.empty()) Heading("The guided visit", '-');
    for (size_t i = 0; i < document.tour.size(); ++i) TellStep(i);
    if (!document.last_words.empty()) Heading("At the end", '-');
    Say(document.last_words);
    for (const auto& further : {document.support, document.offer}) {
      if (!further) continue;
      Say(further->words);
      Say(further->link, "");
    }
    Say(document.credit, "");
    Say(document.rights, "");
  }

  void TellStep(size_t i) {
    const TourStep& step = document.tour[i];
    std::string line = std::to_string(i + 1) + ".";
    for (const Thing& thing : document.things) {
      if (step.thing == thing.id) line += " " + thing.name + ".";
    }
    for (const Story& story : document.stories) {
      if (step.story == story.id) line += " " + story.title + ".";
    }
    Say(line);
    if (step.place) {
      Say("[standing at " + Point(step.place->position) + ", looking at " +
              Point(step.place->look_at) + "]",
          "  ");
    }
    Say(step.words, "  ");
    Say("[then " + Number(step.pause_s.value_or(kTourPause_s), 1) + " seconds of quiet]", "  ");
  }

  void Also(const std::string& language) {
    const auto tell = [&](const Translations& translations, const std::string& own) {
      const auto found = translations.find(language);
      if (found == translations.end()) return;
      const Translation& t = found->second;
      text += "* " + t.name.value_or(own) + "\n\n";
      Say(t.content_note, "");
      for (const auto& words : {t.words, t.last_words, t.support, t.offer}) {
        if (words) Say(*words, "  ");
      }
      if (t.alt) Say("(" + *t.alt + ")", "  ");
    };
    Heading("[" + language + "]", '=');
    tell(document.translations, document.title);
    for (const Thing& thing : document.things) tell(thing.translations, thing.name);
    for (const Photograph& p : PhotographsInSite(document))
      tell(p.translations, "photos/" + p.photo);
    for (const Story& story : document.stories) tell(story.translations, story.title);
    for (size_t i = 0; i < document.tour.size(); ++i) {
      tell(document.tour[i].translations, std::to_string(i + 1) + ".");
    }
  }
};

}  // namespace

std::string RoomText(const Document& document, const Path& stories) {
  Writer writer{document, stories, {}};
  writer.Own();
  for (const std::string& language : LanguagesOf(document)) {
    if (language != document.language) writer.Also(language);
  }
  return writer.text;
}

void WriteRoomText(const Folder& folder, const std::string& document_text) {
  try {
    const std::string text =
        RoomText(ParseDocument(document_text, folder.document().string()), folder.stories());
    std::error_code error;
    if (std::filesystem::exists(folder.words(), error) && ReadTextFile(folder.words()) == text)
      return;
    WriteFileAtomic(folder.words(), text);
  } catch (const Error& error) {
    Log(LogLevel::kWarning, std::string("room.txt was not written: ") + error.what());
  }
}

}  // namespace ajar::room
