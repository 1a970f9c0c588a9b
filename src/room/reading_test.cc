#include "room/internal/reading.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"

namespace ajar::room {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

Document TestDocument() {
  return ParseDocument(R"({
    "version": 1, "title": "A <room> & \"more\"", "language": "en",
    "words": ["Come in."], "content_note": "Speaks of winter.", "last_words": ["Goodbye."],
    "support": {"words": ["Somebody listens."], "link": "tel:+000"},
    "offer": {"words": ["A tree may be planted."], "link": "https://example.org/?a=1&b=2"},
    "things": [
      {"id": "bed", "name": "The bed", "words": ["<script>alert(1)</script>"], "position": [0, 0, 0],
       "photos": [{"photo": "a/2.jpg", "alt": "Its quilt."}],
       "translations": {"es": {"name": "La cama"}}},
      {"id": "lamp", "name": "The lamp", "position": [0, 1, 0], "alt": "Of brass."}],
    "stories": [
      {"id": "night", "title": "At night", "things": ["bed", "lamp"], "words": ["Quiet."]},
      {"id": "house", "title": "The house", "words": ["Old."]}],
    "translations": {"es": {"title": "Un cuarto", "offer_words": ["Se puede plantar un árbol."]}},
    "tour": [{"thing": "bed", "words": ["Sit down."]}, {"story": "night"}],
    "originals_in_site": ["a/1.jpg"]
  })",
                       "room.json");
}

std::string PageIn(const std::string& language, const Document& document = TestDocument()) {
  const Json visit = {{"estimated", {{"scale", true}}}, {"credits", "Drawn by code."}};
  const Json plan = {{"outline", {{0, 0}, {1, 0}, {1, 1}}}, {"area", 12.34}, {"height", 2.5}};
  ReadingFiles files;
  files.doorway = "pictures/room.webp";
  files.things["bed"] = "pictures/1.webp";
  files.photographs = {{"a/1.jpg", "photos/1.webp"}, {"a/2.jpg", "photos/2.webp"}};
  files.recordings.resize(2);
  files.recordings[0].sources = {{"stories/1.ogg", "audio/ogg; codecs=opus"},
                                 {"stories/1.m4a", "audio/mp4"}};
  files.recordings[0].captions = {{"stories/1-1.vtt", "en", "English", {"It & I"}}};
  return ReadingPage(document, language, visit, plan, files);
}

TEST(Reading, HoldsAllThatTheRoomSays) {
  const std::string page = PageIn("en");
  for (const char* text : {"Come in.",
                           "Speaks of winter.",
                           "<p>Of brass.</p>",  // there is no picture of it
                           "The bed",
                           "At night",
                           "Quiet.",
                           "The house",
                           "Old.",
                           "Goodbye.",
                           "Somebody listens.",
                           "tel:+000",
                           "A tree may be planted.",
                           "Drawn by code.",
                           "12.3 square metres, 2.5 metres high. These measures are an estimate.",
                           "It &amp; I",
                           "alt=\"How it stands in the room: The bed\"",
                           "src=\"photos/1.webp\"",
                           "alt=\"Its quilt.\"",
                           "<source src=\"stories/1.ogg\" type=\"audio/ogg; codecs=opus\">",
                           "plan.svg",
                           "preload=\"none\"",
                           "href=\"read.es.html\"",
                           "href=\"index.html\""}) {
    EXPECT_THAT(page, HasSubstr(text));
  }
}

TEST(Reading, LeadsAsTheGuidedVisitDoesAndFromEachThingToItsStories) {
  const std::string page = PageIn("en");
  const size_t tour = page.find("The guided visit");
  ASSERT_NE(tour, std::string::npos);
  const size_t bed = page.find("<a href=\"#bed\">The bed</a>", tour);
  const size_t words = page.find("Sit down.", tour);
  const size_t night = page.find("<a href=\"#story:night\">At night</a>", tour);
  EXPECT_LT(bed, words);
  EXPECT_LT(words, night);
  EXPECT_NE(night, std::string::npos);
  // It is told at the first of its things, and the other leads there.
  EXPECT_THAT(page, HasSubstr("<section class=\"story\" id=\"story:night\">"));
  EXPECT_LT(page.find("<h3>The lamp</h3>"), page.find("<a href=\"#story:night\">At night</a>"));
}

TEST(Reading, IsListedBySearchEnginesOnlyIfTheKeeperSaysSo) {
  Document document = TestDocument();
  EXPECT_THAT(PageIn("en", document), HasSubstr("<meta name=\"robots\" content=\"noindex\">"));
  document.searchable = true;
  EXPECT_THAT(PageIn("en", document), Not(HasSubstr("robots")));
}

TEST(Reading, TextIsTextAndNothingElse) {
  const std::string page = PageIn("en");
  const std::string own = "<script src=\"read.js\" defer></script>";
  const size_t script = page.find("<script");
  EXPECT_EQ(page.substr(script, own.size()), own);
  EXPECT_EQ(page.find("<script", script + 1), std::string::npos);
  EXPECT_THAT(page, HasSubstr("&lt;script&gt;alert(1)"));
  EXPECT_THAT(page, HasSubstr("<h1>A &lt;room&gt; &amp; &quot;more&quot;</h1>"));
  EXPECT_THAT(page, HasSubstr("href=\"https://example.org/?a=1&amp;b=2\""));
  EXPECT_THAT(page, HasSubstr("default-src 'none'"));
}

TEST(Reading, AnotherLanguageMarksWhatIsNotTranslated) {
  const std::string page = PageIn("es");
  EXPECT_THAT(page, HasSubstr("<html lang=\"es\" dir=\"ltr\">"));
  EXPECT_THAT(page, HasSubstr("<h1>Un cuarto</h1>"));
  EXPECT_THAT(page, HasSubstr("<h3>La cama</h3>"));
  EXPECT_THAT(page, HasSubstr("<p lang=\"en\" dir=\"ltr\">Come in.</p>"));
  EXPECT_THAT(page, HasSubstr("12,3 metros cuadrados"));
  EXPECT_THAT(page, HasSubstr("Se puede plantar un árbol."));
  EXPECT_THAT(page, HasSubstr("href=\"read.html\""));
}

TEST(Reading, LanguagesAreThoseThereAreTextsIn) {
  EXPECT_THAT(LanguagesOf(TestDocument()), ElementsAre("en", "es"));
}

TEST(Document, LinksLeadOnlyWherePeopleExpect) {
  EXPECT_EQ(FormatDocument(ParseDocument(FormatDocument(TestDocument()), "a")),
            FormatDocument(TestDocument()));
  for (const char* link :
       {"javascript:alert(1)", "data:text/html,x", "example.org", "https://a b"}) {
    const Json json = {{"version", 1}, {"title", "A"}, {"support", {{"link", link}}}};
    EXPECT_THROW(ParseDocument(json.dump(), "room.json"), Error) << link;
  }
}

}  // namespace
}  // namespace ajar::room
