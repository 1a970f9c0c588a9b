#include "room/internal/reading.h"

#include <algorithm>
#include <cstdio>
#include <sstream>

#include "room/internal/html.h"

namespace ajar::room {
namespace {

// The page's own few sentences; the page's other catalogue is viewer/src/texts.ts.
struct Catalogue {
  const char *tag, *step_in, *languages, *before, *seen, *things, *thing_picture, *about, *told_by,
      *recording, *recording_words, *plan, *plan_of, *area, *height, *estimated, *photographs,
      *photograph, *tour, *closing, *support, *decimal;
};

constexpr Catalogue kEnglish = {"en",
                                "Step into the room",
                                "Languages",
                                "Before you read on",
                                "The room, seen from where a visitor first stands",
                                "Things in the room",
                                "How it stands in the room: ",
                                "About the room",
                                "Told by ",
                                "Recording: ",
                                "Read the recording: ",
                                "The room from above",
                                "Plan of the room, seen from above.",
                                " square metres",
                                " metres high",
                                "These measures are an estimate.",
                                "Photographs",
                                "Photograph of the room, number ",
                                "The guided visit",
                                "Before you go",
                                "Where to find support",
                                "."};
constexpr Catalogue kSpanish = {"es",
                                "Entrar en la habitación",
                                "Idiomas",
                                "Antes de seguir leyendo",
                                "La habitación, vista desde donde está al entrar",
                                "Cosas de la habitación",
                                "Así está en la habitación: ",
                                "Sobre la habitación",
                                "Lo cuenta ",
                                "Grabación: ",
                                "Leer la grabación: ",
                                "La habitación desde arriba",
                                "Plano de la habitación, vista desde arriba.",
                                " metros cuadrados",
                                " metros de alto",
                                "Estas medidas son una estimación.",
                                "Fotografías",
                                "Fotografía de la habitación, número ",
                                "La visita guiada",
                                "Antes de irse",
                                "Dónde encontrar apoyo",
                                ","};

const Catalogue& TextsFor(const std::string& language) {
  return PrimaryLanguage(language) == "es" ? kSpanish : kEnglish;
}

bool Blank(const std::string& text) {
  return text.find_first_not_of(" \t\r\n") == std::string::npos;
}

// A text and the language it is in.
template <class T>
struct Told {
  T text;
  std::string language;
};

template <class T>
Told<T> Pick(const T& own, const std::string& first, const Translations& translations,
             const std::string& language, std::optional<T> Translation::*member) {
  const auto found = translations.find(language);
  if (found != translations.end() && found->second.*member) {
    return {*(found->second.*member), language};
  }
  return {own, first};
}

class Page {
 public:
  explicit Page(std::string language) : language_(std::move(language)) {}

  void Raw(const std::string& html) { html_ += html + "\n"; }
  // <tag attributes lang>text</tag>; the page's own language is not said again.
  void Text(const std::string& tag, const std::string& text, const std::string& language,
            const std::string& attributes = {}) {
    const std::string name = tag.substr(0, tag.find(' '));
    Raw("<" + tag + attributes + Language(language) + ">" + Escaped(text) + "</" + name + ">");
  }
  void Words(const Told<std::vector<std::string>>& words) {
    for (const std::string& text : words.text) {
      if (!Blank(text)) Text("p", text, words.language);
    }
  }
  void Picture(const std::string& url, const std::string& alt, const std::string& language,
               const std::string& size = {}) {
    Raw("<img src=\"" + Escaped(url) + "\" alt=\"" + Escaped(alt) + "\"" + Language(language) +
        size + " loading=\"lazy\">");
  }
  std::string Language(const std::string& language) const {
    return language == language_
               ? ""
               : " lang=\"" + Escaped(language) + "\" dir=\"" + DirectionOf(language) + "\"";
  }
  std::string html() const { return html_; }

 private:
  std::string language_, html_;
};

std::string Number(double value, int digits, const Catalogue& texts) {
  char buffer[32];
  std::snprintf(buffer, sizeof(buffer), "%.*f", digits, value);
  std::string text = buffer;
  const size_t point = text.find('.');
  if (point != std::string::npos) text.replace(point, 1, texts.decimal);
  return text;
}

struct Writer {
  const Document& document;
  const std::string& language;
  const Json& visit;
  const Json& plan;
  const ReadingFiles& files;
  const Catalogue& texts = TextsFor(language);
  const std::vector<Photograph> photographs = PhotographsInSite(document);
  Page page{language};

  void Heading(const std::string& tag, const std::string& text) { page.Text(tag, text, texts.tag); }

  void Head() {
    const auto title = Pick<std::string>(document.title, document.language, document.translations,
                                         language, &Translation::name);
    page.Raw("<!doctype html>\n<html lang=\"" + Escaped(language) + "\" dir=\"" +
             DirectionOf(language) + "\">\n<head>\n<meta charset=\"utf-8\">");
    page.Raw(
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
        "script-src 'self'; style-src 'self'; img-src 'self' data:; media-src 'self'; "
        "base-uri 'none'; form-action 'none'\">");
    page.Raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">");
    if (!document.searchable) page.Raw("<meta name=\"robots\" content=\"noindex\">");
    page.Raw(
        "<meta name=\"referrer\" content=\"no-referrer\">\n"
        "<link rel=\"icon\" href=\"data:,\">\n"
        "<link rel=\"stylesheet\" href=\"read.css\">\n"
        "<script src=\"read.js\" defer></script>");
    page.Text("title", title.text, language);
    page.Raw("</head>\n<body>\n<main>");
    page.Text("h1", title.text, title.language);
    const std::vector<std::string> languages = LanguagesOf(document);
    page.Raw("<nav>");
    page.Text("a href=\"index.html\"", texts.step_in, texts.tag);
    for (const std::string& other : languages) {
      if (other == language) continue;
      page.Raw("<a href=\"" + ReadingUrl(document, other) + "\" hreflang=\"" + other +
               "\" lang=\"" + other + "\">" + LanguageName(other) + "</a>");
    }
    page.Raw("</nav>");
  }

  static std::string LanguageName(const std::string& tag) {
    const std::string primary = PrimaryLanguage(tag);
    if (primary == "en") return "English";
    if (primary == "es") return "Español";
    return Escaped(tag);
  }

  void Beginning() {
    const auto note =
        Pick<std::string>(document.content_note.value_or(""), document.language,
                          document.translations, language, &Translation::content_note);
    if (!Blank(note.text)) {
      page.Raw("<aside class=\"note\">");
      Heading("h2", texts.before);
      page.Text("p", note.text, note.language);
      page.Raw("</aside>");
    }
    page.Words(Pick(document.words, document.language, document.translations, language,
                    &Translation::words));
    if (!files.doorway.empty()) page.Picture(files.doorway, texts.seen, texts.tag, kDrawnSize);
  }

  void Plan() {
    if (plan["outline"].empty()) return;
    Heading("h2", texts.plan);
    std::string measures = Number(plan["area"].get<double>(), 1, texts) + texts.area;
    if (plan["height"].is_number()) {
      measures += ", " + Number(plan["height"].get<double>(), 1, texts) + texts.height;
    }
    measures += ".";
    if (visit["estimated"]["scale"].get<bool>()) measures += std::string(" ") + texts.estimated;
    page.Raw("<figure class=\"plan\">");
    page.Picture("plan.svg", texts.plan_of, texts.tag);
    page.Text("figcaption", measures, texts.tag);
    page.Raw("</figure>");
  }

  void Recording(const std::string& title, const ReadingFiles::Recording& heard) {
    if (!heard.sources.empty()) {
      const std::string tag = heard.video ? "video" : "audio";
      page.Raw("<" + tag + " controls preload=\"none\" aria-label=\"" +
               Escaped(texts.recording + title) + "\"" +
               (heard.poster.empty() ? "" : " poster=\"" + heard.poster + "\"") + ">");
      for (const auto& [url, type] : heard.sources) {
        page.Raw("<source src=\"" + url + "\" type=\"" + Escaped(type) + "\">");
      }
      for (const auto& words : heard.captions) {
        page.Raw("<track kind=\"captions\" src=\"" + words.url + "\" srclang=\"" + words.language +
                 "\" label=\"" + Escaped(words.label) + "\">");
      }
      page.Raw("</" + tag + ">");
    }
    for (const auto& words : heard.captions) {
      if (words.paragraphs.empty()) continue;
      const bool own = PrimaryLanguage(words.language) == PrimaryLanguage(language) ||
                       heard.captions.size() == 1;
      page.Raw(std::string("<details class=\"said\"") + (own ? " open>" : ">"));
      page.Text("summary", texts.recording_words + words.label, texts.tag);
      page.Words({words.paragraphs, words.language});
      page.Raw("</details>");
    }
  }

  void TellStory(size_t number, const std::string& level) {
    const Story& story = document.stories[number];
    const std::string own = story.language.value_or(document.language);
    const auto title =
        Pick<std::string>(story.title, own, story.translations, language, &Translation::name);
    page.Raw("<section class=\"story\" id=\"story:" + story.id + "\">");
    page.Text(level, title.text, title.language);
    if (story.speaker && !Blank(*story.speaker)) {
      page.Text("p class=\"small\"", texts.told_by + *story.speaker, texts.tag);
    }
    const auto note = Pick<std::string>(story.content_note.value_or(""), own, story.translations,
                                        language, &Translation::content_note);
    if (!Blank(note.text)) page.Text("p class=\"note\"", note.text, note.language);
    page.Words(Pick(story.words, own, story.translations, language, &Translation::words));
    if (number < files.recordings.size()) Recording(title.text, files.recordings[number]);
    page.Raw("</section>");
  }

  void Things() {
    if (document.things.empty()) return;
    Heading("h2", texts.things);
    for (const Thing& thing : document.things) {
      const auto name = Pick<std::string>(thing.name, document.language, thing.translations,
                                          language, &Translation::name);
      page.Raw("<section id=\"" + thing.id + "\">");
      page.Text("h3", name.text, name.language);
      const auto alt = Pick<std::string>(thing.alt.value_or(""), document.language,
                                         thing.translations, language, &Translation::alt);
      const bool said = !Blank(alt.text);
      if (const auto picture = files.things.find(thing.id); picture != files.things.end()) {
        page.Picture(picture->second, said ? alt.text : texts.thing_picture + name.text,
                     said ? alt.language : texts.tag, kDrawnSize);
      } else if (said) {
        page.Text("p", alt.text, alt.language);  // nothing else says how it looks
      }
      page.Words(
          Pick(thing.words, document.language, thing.translations, language, &Translation::words));
      for (const Photograph& photograph : thing.photos) Photographed(photograph);
      for (size_t i = 0; i < document.stories.size(); ++i) {
        // A story of several things is told where the first of them is.
        const auto& of = document.stories[i].things;
        if (!of.empty() && of.front() == thing.id) TellStory(i, "h4");
        else if (std::ranges::find(of, thing.id) != of.end()) LinkTo(document.stories[i], "p");
      }
      page.Raw("</section>");
    }
  }

  void LinkTo(const Story& story, const std::string& tag) {
    const auto title =
        Pick<std::string>(story.title, story.language.value_or(document.language),
                          story.translations, language, &Translation::name);
    page.Raw("<" + tag + "><a href=\"#story:" + story.id + "\"" + page.Language(title.language) +
             ">" + Escaped(title.text) + "</a></" + tag + ">");
  }

  // What the guided visit leads to, in its order and with its words.
  void Tour() {
    if (document.tour.empty()) return;
    Heading("h2", texts.tour);
    page.Raw("<ol class=\"tour\">");
    for (const TourStep& step : document.tour) {
      page.Raw("<li>");
      const auto thing = std::ranges::find(document.things, step.thing.value_or(""), &Thing::id);
      if (thing != document.things.end()) {
        const auto name = Pick<std::string>(thing->name, document.language, thing->translations,
                                            language, &Translation::name);
        page.Raw("<p><a href=\"#" + thing->id + "\"" + page.Language(name.language) + ">" +
                 Escaped(name.text) + "</a></p>");
      }
      page.Words(
          Pick(step.words, document.language, step.translations, language, &Translation::words));
      const auto story = std::ranges::find(document.stories, step.story.value_or(""), &Story::id);
      if (story != document.stories.end()) LinkTo(*story, "p");
      page.Raw("</li>");
    }
    page.Raw("</ol>");
  }

  void Rest() {
    bool begun = false;
    for (size_t i = 0; i < document.stories.size(); ++i) {
      if (!document.stories[i].things.empty()) continue;
      if (!begun) Heading("h2", texts.about);
      begun = true;
      TellStory(i, "h3");
    }
    if (!document.originals_in_site.empty()) {
      Heading("h2", texts.photographs);
      for (const Photograph& photograph : document.originals_in_site) Photographed(photograph);
    }
    Tour();
    const auto last = Pick(document.last_words, document.language, document.translations, language,
                           &Translation::last_words);
    if (!last.text.empty()) {
      Heading("h2", texts.closing);
      page.Words(last);
    }
    if (document.support) Further(texts.support, *document.support, &Translation::support);
    if (document.offer) Further(nullptr, *document.offer, &Translation::offer);
    page.Raw("</main>");
    if (visit["credits"].is_string()) {
      page.Text("footer", visit["credits"].get<std::string>(), document.language);
    }
    page.Raw("</body>\n</html>");
  }

  void Photographed(const Photograph& named) {
    const auto url = files.photographs.find(named.photo);
    if (url == files.photographs.end()) return;
    const auto known = std::ranges::find(photographs, named.photo, &Photograph::photo);
    const Photograph& said = named.alt || known == photographs.end() ? named : *known;
    const auto alt = Pick<std::string>(said.alt.value_or(""), document.language, said.translations,
                                       language, &Translation::alt);
    if (Blank(alt.text)) {
      const auto number = known - photographs.begin() + 1;
      page.Picture(url->second, texts.photograph + std::to_string(number), texts.tag);
    } else {
      page.Picture(url->second, alt.text, alt.language);
    }
  }

  void Further(const char* heading, const room::Further& further,
               std::optional<std::vector<std::string>> Translation::*member) {
    page.Raw("<section>");
    if (heading) Heading("h2", heading);
    page.Words(Pick(further.words, document.language, document.translations, language, member));
    if (further.link) {
      page.Raw("<p><a rel=\"noreferrer noopener\" href=\"" + Escaped(*further.link) + "\">" +
               Escaped(*further.link) + "</a></p>");
    }
    page.Raw("</section>");
  }

  static constexpr const char* kDrawnSize = " width=\"960\" height=\"640\"";
};

}  // namespace

std::vector<std::string> LanguagesOf(const Document& document) {
  std::vector<std::string> languages = {document.language};
  const auto add = [&](const Translations& translations) {
    for (const auto& [language, texts] : translations) {
      if (std::ranges::find(languages, language) == languages.end()) languages.push_back(language);
    }
  };
  add(document.translations);
  for (const Thing& thing : document.things) add(thing.translations);
  for (const Photograph& photograph : PhotographsInSite(document)) add(photograph.translations);
  for (const TourStep& step : document.tour) add(step.translations);
  for (const Story& story : document.stories) add(story.translations);
  return languages;
}

std::string ReadingUrl(const Document& document, const std::string& language) {
  return language == document.language ? "read.html" : "read." + language + ".html";
}

std::string ReadingPage(const Document& document, const std::string& language, const Json& visit,
                        const Json& plan, const ReadingFiles& files) {
  Writer writer{document, language, visit, plan, files};
  writer.Head();
  writer.Beginning();
  writer.Things();
  writer.Plan();
  writer.Rest();
  return writer.page.html();
}

}  // namespace ajar::room
