#include "room/document.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

#include "base/error.h"

namespace ajar::room {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Optional;
using ::testing::SizeIs;

std::string MessageOf(const std::string& text) {
  try {
    ParseDocument(text, "room.json");
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kInput);
    return error.what();
  }
  return {};
}

constexpr const char* kWhole = R"({
  "version": 1,
  "title": "The room under the roof",
  "language": "en",
  "words": ["It smelled of apples.", "The window sticks."],
  "content_note": "There is a passage about leaving.",
  "last_words": ["Close the door softly."],
  "place": "upstairs", "captured": "one Sunday in May",
  "credit": "Photographs by a neighbour", "rights": "Not to be copied",
  "doorway": {"position": [0, 1.5, 0], "look_at": [0, 1.4, -2]},
  "room_from_reconstruction": {"scale": 2.5, "rotation_wxyz": [1, 0, 0, 0],
                               "translation": [1, 2, 3], "estimated": {"scale": true}},
  "things": [{"id": "shelf", "name": "The shelf", "words": ["Oak."], "position": [1, 1, -2]},
             {"id": "lamp", "name": "The lamp", "position": [0.5, 0.8, -1],
              "translations": {"es": {"name": "La lámpara", "words": ["De latón."]}}},
             {"id": "rug", "name": "The rug", "alt": "A red rug by the bed.",
              "photos": ["a/1.jpg", {"photo": "a/2.jpg", "alt": "Its fringe.", "by": "kept",
                                     "translations": {"es": {"alt": "Sus flecos."}}}],
              "seen_in": {"photo": "a/1.jpg", "at": [312, 80.5], "why": "kept"}}],
  "stories": [{"id": "tune", "title": "The tune", "speaker": "Somebody", "language": "es",
               "things": ["shelf", "lamp"], "words": ["It plays."], "content_note": null,
               "sound": "tune.mp3", "trim": {"from": 1, "to": 60, "why": "kept"},
               "passages": [{"from": 2, "to": 9.5, "things": ["shelf"], "why": "kept"}],
               "captions": [{"path": "tune.es.vtt", "language": "es", "label": "Español"}]}],
  "translations": {"es": {"title": "El cuarto bajo el tejado", "last_words": []}},
  "tour": [{"thing": "shelf", "story": "tune", "pause": 8},
           {"place": {"position": [0, 1.5, 0], "look_at": [0, 1.5, -1], "why": "kept"},
            "words": ["Look round."], "translations": {"es": {"words": ["Mire."]}}, "why": "kept"}],
  "originals_in_site": ["a/1.jpg"]
})";

TEST(Document, ReadsAllThereIs) {
  const Document d = ParseDocument(kWhole, "room.json");
  EXPECT_EQ(d.title, "The room under the roof");
  EXPECT_THAT(d.words, ElementsAre("It smelled of apples.", "The window sticks."));
  EXPECT_EQ(d.content_note, "There is a passage about leaving.");
  EXPECT_EQ(d.captured, "one Sunday in May");
  ASSERT_TRUE(d.doorway);
  EXPECT_EQ(d.doorway->look_at, Eigen::Vector3d(0, 1.4, -2));
  ASSERT_TRUE(d.alignment);
  EXPECT_EQ(d.alignment->room_from_reconstruction.scale, 2.5);
  EXPECT_TRUE(d.alignment->scale_estimated);
  EXPECT_FALSE(d.alignment->up_estimated);
  ASSERT_THAT(d.things, SizeIs(3));
  EXPECT_EQ(d.things[1].translations.at("es").name, "La lámpara");
  EXPECT_EQ(d.things[1].translations.at("es").content_note, std::nullopt);
  EXPECT_EQ(d.things[2].position, std::nullopt);
  ASSERT_TRUE(d.things[2].seen_in);
  EXPECT_EQ(d.things[2].seen_in->at_px, Eigen::Vector2d(312, 80.5));
  EXPECT_EQ(d.translations.at("es").name, "El cuarto bajo el tejado");
  EXPECT_THAT(d.translations.at("es").last_words, Optional(IsEmpty()));
  EXPECT_EQ(d.things[1].position, Eigen::Vector3d(0.5, 0.8, -1));
  ASSERT_THAT(d.stories, SizeIs(1));
  EXPECT_THAT(d.stories[0].things, ElementsAre("shelf", "lamp"));
  EXPECT_EQ(d.stories[0].content_note, std::nullopt);
  EXPECT_EQ(d.stories[0].captions[0].label, "Español");
  ASSERT_THAT(d.originals_in_site, SizeIs(1));
  EXPECT_EQ(d.originals_in_site[0].photo, "a/1.jpg");
  EXPECT_THAT(d.unknown_keys,
              ElementsAre("things[2].seen_in.why", "things[2].photos[1].by", "stories[0].trim.why",
                          "stories[0].passages[0].why", "tour[1].place.why", "tour[1].why"));
}

// docs/room.schema.json is held to the same documents (viewer/src/room_schema.test.ts).
TEST(Document, TakesAndRefusesWhatTheSchemaDoes) {
  size_t count = 0;
  for (const char* kind : {"good", "bad"}) {
    for (const auto& entry : std::filesystem::directory_iterator(Path(AJAR_DOCUMENTS) / kind)) {
      const std::string message = MessageOf(ReadTextFile(entry.path()));
      EXPECT_EQ(message.empty(), kind == std::string("good")) << entry.path() << "\n" << message;
      ++count;
    }
  }
  EXPECT_GT(count, 10u);
}

TEST(Document, APlaceOrAPhotographMustBeGiven) {
  const std::string message = MessageOf(R"({
    "title": "A room", "doorway": {"photo": "1.jpg", "look_at": [0, 1, 0]},
    "things": [{"id": "a", "name": "A"},
               {"id": "b", "name": "B", "seen_in": {"photo": "", "at": [1, -2]}}],
    "translations": {"not a language": {}, "es": {"title": " "}}
  })");
  for (const char* violation :
       {"doorway.look_at: is told by the photograph", "things[0].position: must be given",
        "things[1].seen_in.photo: must be given", "things[1].seen_in.at: must be two numbers",
        "translations.not a language: the key must be a language tag",
        "translations.es.title: must be given"}) {
    EXPECT_THAT(message, HasSubstr(violation));
  }
  EXPECT_THAT(MessageOf(R"({"title": "A room", "doorway": {"photo": "1.jpg"}})"), IsEmpty());
}

TEST(Document, FormattingAndReadingAgainGivesTheSame) {
  const std::string once = FormatDocument(ParseDocument(kWhole, "room.json"));
  EXPECT_EQ(FormatDocument(ParseDocument(once, "room.json")), once);
}

TEST(Document, TellsEveryViolationAtOnceByItsPath) {
  const std::string message = MessageOf(R"({
    "version": 1, "language": "not a language", "words": "one text",
    "doorway": {"position": [0, 1], "look_at": [0, 0, 0]},
    "things": [{"id": "A B", "name": "", "position": [0, 0, "far"]},
               {"id": "lamp", "name": "Lamp", "position": [0, 0, 0]},
               {"id": "lamp", "name": "Lamp", "position": [0, 0, 0]}, 7],
    "stories": [{"id": "s", "title": "S", "things": ["door"], "sound": "/etc/passwd",
                 "captions": [{"path": "../a.vtt"}]}],
    "originals_in_site": ["a\\b.jpg"]})");
  for (const char* violation :
       {"title: must be given", "language: must be a language tag", "words: must be a list",
        "doorway.position: must be three numbers", "things[0].id: must be 1 to 64",
        "things[0].name: must be given", "things[0].position: must be three numbers",
        "things[2].id: \"lamp\" is the id of an earlier one", "things[3]: must be an object",
        "stories[0].things[0]: there is no thing", "stories[0].sound: must not be an absolute path",
        "stories[0].captions[0].path: must not lead out",
        "stories[0].captions[0].language: must be given",
        "originals_in_site[0]: holds a character"}) {
    EXPECT_THAT(message, HasSubstr(violation));
  }
}

TEST(Document, KeepsWhatItDoesNotKnowOnEveryLevel) {
  const std::string text = R"({"$schema": "x", "version": 1, "title": "T", "pets": {"cat": [1]},
    "doorway": {"position": [0, 1, 0], "look_at": [1, 1, 0], "side": "left"},
    "room_from_reconstruction": {"scale": 1, "rotation_wxyz": [1, 0, 0, 0],
      "translation": [0, 0, 0], "estimated": {"up": true, "north": false}, "by": "ruler"},
    "things": [{"id": "a", "name": "A", "position": [0, 0, 0], "colour": "red"}],
    "stories": [{"id": "s", "title": "S", "mood": null,
                 "captions": [{"path": "a.vtt", "language": "en", "by": "hand"}]}]})";
  const Document d = ParseDocument(text, "room.json");
  EXPECT_THAT(d.unknown_keys,
              ElementsAre("doorway.side", "room_from_reconstruction.estimated.north",
                          "room_from_reconstruction.by", "things[0].colour",
                          "stories[0].captions[0].by", "stories[0].mood", "pets"));
  const std::string written = FormatDocument(d);
  for (const char* kept :
       {"\"$schema\": \"x\"", "\"cat\"", "\"side\": \"left\"", "\"north\": false", "\"up\": true",
        "\"by\": \"ruler\"", "\"colour\": \"red\"", "\"mood\": null", "\"by\": \"hand\""}) {
    EXPECT_THAT(written, HasSubstr(kept));
  }
  EXPECT_EQ(FormatDocument(ParseDocument(written, "room.json")), written);
}

TEST(Document, WithoutAVersionAPersonsPlainTextIsUnderstood) {
  const Document d = ParseDocument(
      "{\"title\": \"T\", \"words\": \"First line\\nand on.\\n\\n \\nSecond.\", "
      "\"last_words\": \"\"}",
      "room.json");
  EXPECT_THAT(d.words, ElementsAre("First line\nand on.", "Second."));
  EXPECT_THAT(d.last_words, IsEmpty());
  EXPECT_THAT(FormatDocument(d), HasSubstr("\"version\": 1"));
}

TEST(Document, RefusesVersionsOfTheFuture) {
  EXPECT_THAT(MessageOf(R"({"version": 2, "title": "T"})"), HasSubstr("Use a newer Ajar"));
  EXPECT_THAT(MessageOf(R"({"version": "1", "title": "T"})"), HasSubstr("version: must be"));
  EXPECT_THAT(MessageOf(R"({"version": 0, "title": "T"})"), HasSubstr("version: must be"));
}

TEST(Document, SaysWhereTheJsonIsBroken) {
  EXPECT_THAT(MessageOf("{\n  \"title\": \"T\"\n  \"words\": []\n}"), HasSubstr("line 3"));
  EXPECT_THAT(MessageOf(""), HasSubstr("not JSON"));
  EXPECT_THAT(MessageOf("{\"title\": \"\xff\"}"), HasSubstr("not JSON"));
  EXPECT_THAT(MessageOf("[]"), HasSubstr("must be an object"));
  EXPECT_THAT(MessageOf(R"({"title": "A", "title": "B"})"), HasSubstr("written twice"));
  EXPECT_THAT(MessageOf(R"({"title": "\u0007"})"), HasSubstr("title: holds a control character"));
}

TEST(Document, RefusesWhatWouldTakeTooMuchStackTimeOrMemory) {
  const auto nested = [](size_t depth) {
    return R"({"title": "T", "x": )" + std::string(depth, '[') + std::string(depth, ']') + "}";
  };
  EXPECT_THAT(MessageOf(nested(50)), IsEmpty());
  EXPECT_THAT(MessageOf(nested(200000)), HasSubstr("more than 100 deep"));
  const auto with_keys = [](int count) {
    std::string text = R"({"title": "T")";
    for (int i = 0; i < count; ++i) text += ", \"k" + std::to_string(i) + "\": 0";
    return text + "}";
  };
  EXPECT_THAT(MessageOf(with_keys(900)), IsEmpty());
  EXPECT_THAT(MessageOf(with_keys(100000)), HasSubstr("more than 1000 keys"));
  EXPECT_THAT(MessageOf(std::string(5 << 20, ' ')), HasSubstr("larger than 4 MiB"));
}

TEST(Document, ReadsEveryTruncationWithoutHarm) {
  const std::string whole = kWhole;
  for (size_t length = 0; length < whole.size(); ++length) {
    EXPECT_NE(MessageOf(whole.substr(0, length)), "") << length;
  }
}

TEST(Document, ANewOneIsNamedAfterItsFolderAndIsValid) {
  const Document d = NewDocument("/some/where/attic-room/");
  EXPECT_EQ(d.title, "Attic room");
  EXPECT_EQ(FormatDocument(ParseDocument(FormatDocument(d), "room.json")), FormatDocument(d));
  EXPECT_EQ(NewDocument(Path("/\xff\xfe")).title, "A room");
}

TEST(Document, PathsStayBelowTheirFolder) {
  for (const char* good : {"a.mp3", "a/b c/d.mp3", "..a/b..", "ñ.vtt"}) {
    EXPECT_EQ(PathViolation(good), std::nullopt) << good;
  }
  for (const char* bad : {"", "/a", "C:a", "a/../b", "..", "a//b", "./a", "a/", "a\\b", "a\nb"}) {
    EXPECT_NE(PathViolation(bad), std::nullopt) << bad;
  }
}

TEST(Document, ReadsWhatIsToldAndTheTour) {
  const Document d = ParseDocument(kWhole, "room.json");
  ASSERT_THAT(d.things[2].photos, SizeIs(2));
  EXPECT_EQ(d.things[2].photos[1].alt, "Its fringe.");
  EXPECT_EQ(d.things[2].photos[1].translations.at("es").alt, "Sus flecos.");
  EXPECT_EQ(d.stories[0].trim->to_s, 60);
  EXPECT_EQ(d.stories[0].passages[0].to_s, 9.5);
  ASSERT_THAT(d.tour, SizeIs(2));
  EXPECT_EQ(d.tour[0].pause_s, 8);
  EXPECT_EQ(d.tour[1].place->look_at.z(), -1);
  // a/1.jpg is named twice and comes once.
  const auto photographs = PhotographsInSite(d);
  ASSERT_THAT(photographs, SizeIs(2));
  EXPECT_EQ(photographs[0].photo, "a/1.jpg");
  EXPECT_EQ(photographs[1].photo, "a/2.jpg");
}

TEST(Document, RefusesWhatIsToldOfNothing) {
  const auto message = MessageOf(R"({"version": 1, "title": "T",
    "things": [{"id": "a", "name": "A", "position": [0, 0, 0], "photos": [{"alt": "x"}, 3]}],
    "stories": [{"id": "s", "title": "S", "sound": "a.txt", "video": "b.mp4",
                 "trim": {"from": 3, "to": 2}, "captions": [{"path": "c.doc", "language": "en"}],
                 "passages": [{"from": 5, "to": 5, "things": ["b"]}, {"from": -1, "to": 1}]}],
    "tour": [{"pause": 3}, {"thing": "b"}, {"story": "t", "pause": 601}, {"place": {}}]})");
  for (const char* part :
       {"things[0].photos[0].photo: must be given", "things[0].photos[1]: must be the name",
        "stories[0].sound: must be a recording", "stories[0].video: is there beside a sound",
        "stories[0].trim.to: must be after",
        "stories[0].captions[0].path: must be a file of captions",
        "stories[0].passages[0].to: must be after", "passages[0].things[0]: there is no thing",
        "stories[0].passages[1].things: must be given",
        "passages[1].from: must be a number of seconds", "tour[0].thing: must be given, or",
        "tour[1].thing: there is no thing", "tour[2].story: there is no story",
        "tour[2].pause: must be", "tour[3].place.position: must"}) {
    EXPECT_THAT(message, HasSubstr(part));
  }
}

TEST(Document, NamesMediaThatAreMissingOrNotWhatTheySeem) {
  const TempFolder room;
  MakeFolder(room.path() / "stories");
  MakeFolder(room.path() / "photos" / "a");
  const Document d = ParseDocument(kWhole, "room.json");
  EXPECT_THAT(MediaViolations(d, room.path()),
              ElementsAre(HasSubstr("stories[0].sound: there is no file stories/tune.mp3"),
                          HasSubstr("stories[0].captions[0].path: there is no file"),
                          HasSubstr("things[2].photos[0]: there is no photograph a/1.jpg"),
                          HasSubstr("things[2].photos[1]: there is no photograph a/2.jpg"),
                          HasSubstr("originals_in_site[0]: there is no photograph a/1.jpg")));
  WriteFileAtomic(room.path() / "stories" / "tune.mp3", std::string_view("sound"));
  WriteFileAtomic(room.path() / "stories" / "tune.es.vtt", std::string_view("WEBVTTX\n"));
  WriteFileAtomic(room.path() / "photos" / "a" / "1.jpg", std::string_view("photo"));
  WriteFileAtomic(room.path() / "photos" / "a" / "2.jpg", std::string_view("photo"));
  EXPECT_THAT(MediaViolations(d, room.path()), ElementsAre(HasSubstr("neither WebVTT nor SRT")));
  WriteFileAtomic(room.path() / "stories" / "tune.es.vtt",
                  std::string_view("\xef\xbb\xbfWEBVTT - hello\n"));
  EXPECT_THAT(MediaViolations(d, room.path()), IsEmpty());
  // A link must not carry a file of elsewhere into the site.
  std::filesystem::remove(room.path() / "stories" / "tune.mp3");
  std::filesystem::create_symlink("/etc/hostname", room.path() / "stories" / "tune.mp3");
  EXPECT_THAT(MediaViolations(d, room.path()), SizeIs(1));
}

}  // namespace
}  // namespace ajar::room
