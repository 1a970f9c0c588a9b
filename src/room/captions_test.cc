#include "room/internal/captions.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"

namespace ajar::room {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

std::string MessageOf(const std::string& text) {
  try {
    ReadCaptions(text, "a.vtt");
  } catch (const Error& error) {
    return error.what();
  }
  return {};
}

TEST(Captions, ReadsWebVttWithoutWhatIsNotSaid) {
  std::vector<std::string> notes;
  const auto cues = ReadCaptions(
      "\xef\xbb\xbfWEBVTT - of a tune\r\nKind: captions\r\n\r\nSTYLE\r\n::cue { color: red "
      "}\r\n\r\n"
      "NOTE nothing\r\n\r\nlater\r\n00:03.000 --> 01:00:04.250 align:start\r\n<v Anna>It "
      "&lt;plays&gt; "
      "&amp;lt; <i>on</i>\r\n\r\n00:01.000 --> 00:02.000\r\nFirst 1 < 2\r\nsecond\r\n\r\n"
      "00:02.000 --> 00:03.000\r\n<b></b>\r\n",
      "a.vtt", &notes);
  EXPECT_THAT(cues,
              ElementsAre(Cue{1, 2, "First 1 < 2\nsecond"}, Cue{3, 3604.25, "Anna: It <plays> &lt; on"}));
  EXPECT_THAT(notes, SizeIs(1));
}

TEST(Captions, SaysWhoSpeaks) {
  EXPECT_THAT(ReadCaptions("WEBVTT\n\n00:01.000 --> 00:02.000\n<v.loud Anna B>Stop!</v>\n<v Tom>No."
                           "\n\n00:02.000 --> 00:03.000\n<v>So <video>ends it.\n",
                           "a.vtt"),
              ElementsAre(Cue{1, 2, "Anna B: Stop!\nTom: No."}, Cue{2, 3, "So ends it."}));
}

TEST(Captions, ReadsSubRip) {
  EXPECT_THAT(ReadCaptions("1\n00:00:01,500 --> 00:00:02,000\nOne\n\n2\n00:00:03,000 --> "
                           "00:00:04,000\nTwo\n",
                           "a.srt"),
              ElementsAre(Cue{1.5, 2, "One"}, Cue{3, 4, "Two"}));
}

TEST(Captions, RefusesWithTheLine) {
  EXPECT_THAT(MessageOf("Dear all,\n\nhello\n"), HasSubstr("neither WebVTT nor SRT"));
  EXPECT_THAT(MessageOf("WEBVTT\n\n00:01 --> 00:02.000\nx\n"), HasSubstr("Line 3"));
  EXPECT_THAT(MessageOf("WEBVTT\n\n00:02.000 --> 00:01.000\nx\n"), HasSubstr("ends before"));
  EXPECT_THAT(MessageOf("WEBVTT\n\n00:00.000 --> 00:61.000\nx\n"), HasSubstr("Line 3"));
  EXPECT_THAT(MessageOf("WEBVTT\n\n00:00.000 --> 25:00:00.000\nx\n"), HasSubstr("a day"));
  EXPECT_THAT(MessageOf("WEBVTT\n\n00:00.000 --> 00:01.000\nx\n00:01.000 --> 00:02.000\ny\n"),
              HasSubstr("an empty line is missing"));
  EXPECT_THAT(MessageOf("WEBVTT\n\n00:00.000 --> 00:01.000\n\xff\n"), HasSubstr("UTF-8"));
  EXPECT_THAT(MessageOf(std::string("WEBVTT\n\n00:00.000 --> 00:01.000\na\0b\n", 37)),
              HasSubstr("UTF-8"));
  EXPECT_THAT(MessageOf("WEBVTT\n\n00:00.000 --> 00:01.000\n" + std::string(5000, 'x') + "\n"),
              HasSubstr("Line 3"));
  EXPECT_THAT(MessageOf("WEBVTT\n" + std::string(3 << 20, '\n')), HasSubstr("2 MiB"));
}

TEST(Captions, ABombOfManyIsRefused) {
  std::string text = "WEBVTT\n";
  for (int i = 0; i <= 20'000; ++i) text += "\n00:00.000 --> 00:01.000\na\n";
  EXPECT_THAT(MessageOf(text), HasSubstr("20,000"));
}

TEST(Captions, WrittenAndReadAgainAreTheSame) {
  const std::vector<Cue> cues = {{0, 1.5, "a <b> & --> c\nd"}, {4000.001, 4001, "¿Qué?"}};
  EXPECT_EQ(ReadCaptions(FormatCaptions(cues), "a.vtt"), cues);
}

TEST(Captions, EveryTruncationIsReadOrRefused) {
  const std::string whole = FormatCaptions({{0, 1.5, "a &lt; ñ"}, {2, 3, "b"}});
  for (size_t size = 0; size < whole.size(); ++size) MessageOf(whole.substr(0, size));
}

TEST(Captions, AreMovedWithTheirPart) {
  EXPECT_THAT(Trimmed({{0, 1, "a"}, {1, 3, "b"}, {9, 11, "c"}, {12, 13, "d"}}, 2, 10),
              ElementsAre(Cue{0, 1, "b"}, Cue{7, 8, "c"}));
}

TEST(Captions, SpokenWithoutAHaltAreOneParagraph) {
  EXPECT_THAT(Paragraphs({{0, 1, "It"}, {1.5, 2, "plays\nslowly."}, {9, 10, "Then"}}),
              ElementsAre("It plays slowly.", "Then"));
}

TEST(Spread, SentencesEndAtThePausesBetweenThem) {
  const auto cues = SpreadOverPauses("It was wound all the way. Then it played.\nOnce.",
                                     {{0, 0.5}, {4.2, 5}, {7, 8.5}, {9.5, 10}}, 10);
  ASSERT_THAT(cues, SizeIs(3));
  EXPECT_EQ(cues[0].text, "It was wound all the way.");
  EXPECT_NEAR(cues[0].from_s, 0.5, 1e-6);
  EXPECT_NEAR(cues[0].to_s, 4.2, 1e-6);
  EXPECT_NEAR(cues[1].from_s, 5, 1e-6);
  EXPECT_NEAR(cues[1].to_s, 7, 1e-6);
  EXPECT_NEAR(cues[2].from_s, 8.5, 1e-6);
  EXPECT_NEAR(cues[2].to_s, 9.5, 1e-6);
}

TEST(Spread, WithoutPausesByLetters) {
  const auto cues = SpreadOverPauses("aaaa. bbbb.", {}, 12);
  ASSERT_THAT(cues, SizeIs(2));
  EXPECT_NEAR(cues[0].to_s, 6, 1e-6);
  EXPECT_NEAR(cues[1].to_s, 12, 1e-6);
  EXPECT_THAT(SpreadOverPauses(" \n ", {}, 12), IsEmpty());
  EXPECT_THAT(SpreadOverPauses("All silent.", {{0, 12}}, 12), SizeIs(1));
}

TEST(Spread, LongSentencesComeInParts) {
  std::string text;
  for (int i = 0; i < 60; ++i) text += "word ";
  const auto cues = SpreadOverPauses(text, {}, 60);
  ASSERT_THAT(cues, SizeIs(4));
  for (size_t i = 1; i < cues.size(); ++i) {
    EXPECT_GE(cues[i].from_s, cues[i - 1].to_s - 1e-9);
    EXPECT_NEAR(cues[i].to_s - cues[i].from_s, 15, 3);
  }
}

}  // namespace
}  // namespace ajar::room
