#include "room/internal/room_text.h"

#include <algorithm>

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

  void Own() {
    text =
        document.title + "\n" + std::string(std::min(document.title.size(), kWidth), '=') + "\n\n";
    Say(document.content_note, "");
    Say(document.words);
    if (!document.things.empty()) Heading("Things", '-');
    for (const Thing& thing : document.things) {
      text += "* " + thing.name + "\n\n";
      Say(thing.words, "  ");
      if (thing.alt) Say("(" + *thing.alt + ")", "  ");
      for (const Photograph& photograph : thing.photos) {
        Say("[photos/" + photograph.photo + "] " + photograph.alt.value_or(""), "  ");
      }
    }
    if (!document.stories.empty()) Heading("Stories", '-');
    for (const Story& story : document.stories) {
      text += "* " + story.title + "\n\n";
      Say(story.speaker, "Told by ");
      Say(story.content_note, "");
      if (const std::string* recording = RecordingOf(story)) Say("[stories/" + *recording + "]");
      Say(story.words, "  ");
      for (const Captions& captions : story.captions) Captioned(captions);
    }
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
    Say(step.words, "  ");
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
