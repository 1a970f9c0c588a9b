#include "room/internal/recordings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "base/error.h"

namespace ajar::room {
namespace {

using ::testing::SizeIs;

constexpr int kRate = 16000;

// A WAV of one channel: a tone of some loudness in each span, silence elsewhere.
void WriteTones(const Path& path, double seconds, const std::vector<Span>& tones,
                double amplitude) {
  std::vector<uint8_t> bytes;
  const auto number = [&](uint32_t value, int count) {
    for (int i = 0; i < count; ++i) bytes.push_back(static_cast<uint8_t>(value >> (8 * i)));
  };
  const auto word = [&](const char* text) { bytes.insert(bytes.end(), text, text + 4); };
  const auto count = static_cast<uint32_t>(seconds * kRate);
  word("RIFF"), number(36 + 2 * count, 4), word("WAVE"), word("fmt "), number(16, 4);
  number(1, 2), number(1, 2), number(kRate, 4), number(2 * kRate, 4), number(2, 2), number(16, 2);
  word("data"), number(2 * count, 4);
  for (uint32_t i = 0; i < count; ++i) {
    const double t = static_cast<double>(i) / kRate;
    bool on = false;
    for (const Span& tone : tones) on = on || (t >= tone.first && t < tone.second);
    const double value = on ? amplitude * std::sin(2 * M_PI * 440 * t) : 0;
    number(static_cast<uint32_t>(static_cast<int16_t>(std::lround(32767 * value))), 2);
  }
  WriteFileAtomic(path, bytes);
}

class RecordingsTest : public ::testing::Test {
 protected:
  RecordingsTest() {
    MakeFolder(temp_.path() / "stories");
    WriteFileAtomic(temp_.path() / "room.json", std::string_view("{\"title\": \"T\"}"));
  }
  Folder folder() const { return Folder::OpenForReading(temp_.path()); }
  Path stories() const { return temp_.path() / "stories"; }
  TempFolder temp_;
};

TEST_F(RecordingsTest, PausesAndSpeechAreFound) {
  WriteTones(stories() / "a.wav", 7, {{1, 3}, {4, 6}}, 0.1);
  const Recording found = Examine(stories() / "a.wav", Progress());
  EXPECT_FALSE(found.video);
  EXPECT_NEAR(found.seconds, 7, 0.02);
  ASSERT_THAT(found.silences, SizeIs(3));
  EXPECT_NEAR(found.silences[1].first, 3, 0.05);
  EXPECT_NEAR(found.silences[1].second, 4, 0.05);
  EXPECT_NEAR(found.speech.first, 1, 0.05);
  EXPECT_NEAR(found.speech.second, 6, 0.05);
}

TEST_F(RecordingsTest, VisitorsHearItLevelledAndTheOriginalStays) {
  WriteTones(stories() / "quiet.wav", 5, {{0, 5}}, 0.004);
  WriteTones(stories() / "loud.wav", 5, {{0, 5}}, 0.9);
  for (const char* name : {"quiet.wav", "loud.wav"}) {
    const auto before = ReadFile(stories() / name);
    EXPECT_FALSE(FindHeard(folder(), name, std::nullopt));
    const Heard heard = MakeHeard(folder(), name, std::nullopt, Progress());
    ASSERT_THAT(heard.sources, SizeIs(2));
    EXPECT_EQ(heard.sources[0].type, "audio/ogg; codecs=opus");
    EXPECT_EQ(heard.sources[1].type, "audio/mp4");
    for (const Source& source : heard.sources) {
      const Recording made = Examine(heard.folder / source.name, Progress());
      ASSERT_TRUE(made.loudness_lufs);
      EXPECT_NEAR(*made.loudness_lufs, kLoudness_lufs, 0.5) << name << " " << source.name;
      EXPECT_LE(made.peak_dbtp, -1) << name;
    }
    EXPECT_TRUE(FindHeard(folder(), name, std::nullopt));
    EXPECT_EQ(ReadFile(stories() / name), before);
  }
}

TEST_F(RecordingsTest, APartIsCutOutOnlyWhereThatIsChosen) {
  WriteTones(stories() / "a.wav", 6, {{2, 4}}, 0.1);
  EXPECT_NEAR(MakeHeard(folder(), "a.wav", std::nullopt, Progress()).seconds, 6, 0.1);
  const Heard part = MakeHeard(folder(), "a.wav", Trim{2, 4, ""}, Progress());
  EXPECT_NEAR(part.seconds, 2, 1e-6);
  EXPECT_NEAR(Examine(part.folder / "sound.ogg", Progress()).seconds, 2, 0.1);
  EXPECT_THROW(MakeHeard(folder(), "a.wav", Trim{9, std::nullopt, ""}, Progress()), Error);
}

TEST_F(RecordingsTest, WhatIsNoRecordingIsRefused) {
  WriteFileAtomic(stories() / "words.wav", std::string_view("Only words."));
  // A playlist could have any file read.
  WriteFileAtomic(stories() / "list.mp3",
                  std::string_view("#EXTM3U\n#EXTINF:1,\nfile:///etc/hostname\n"));
  for (const char* name : {"words.wav", "list.mp3"}) {
    EXPECT_THROW(Examine(stories() / name, Progress()), Error) << name;
    EXPECT_THROW(MakeHeard(folder(), name, std::nullopt, Progress()), Error) << name;
  }
}

TEST_F(RecordingsTest, SilenceIsLeftAlone) {
  WriteTones(stories() / "a.wav", 2, {}, 0);
  const Heard heard = MakeHeard(folder(), "a.wav", std::nullopt, Progress());
  EXPECT_FALSE(heard.recording.loudness_lufs);
  EXPECT_NEAR(heard.seconds, 2, 0.05);
}

}  // namespace
}  // namespace ajar::room
