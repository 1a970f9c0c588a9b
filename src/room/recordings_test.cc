#include "room/internal/recordings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "base/subprocess.h"
#include "bundle/picture.h"

namespace ajar::room {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::SizeIs;

constexpr int kRate = 16000;

// A WAV of one channel: a tone of some loudness in each span, silence elsewhere.
void WriteTones(const Path& path, double seconds, const std::vector<Span>& tones,
                double amplitude) {
  std::vector<uint8_t> bytes;
  const auto number = [&](uint32_t value, int count) {
    for (int i = 0; i < count; ++i) bytes.push_back(static_cast<uint8_t>(value >> (8 * i)));
  };
  const auto word = [&](const std::string& text) {
    for (const char c : text) bytes.push_back(static_cast<uint8_t>(c));
  };
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

std::string OutputOf(const std::vector<std::string>& argv) {
  std::string output;
  SubprocessOptions options;
  options.argv = argv;
  options.on_stdout_bytes = [&](const uint8_t* bytes, size_t count) {
    output += std::string(reinterpret_cast<const char*>(bytes), count);
  };
  EXPECT_TRUE(RunSubprocess(options).ok()) << argv[0];
  return output;
}

std::string FactsOf(const Path& film) {
  return OutputOf({"ffprobe", "-v", "error", "-show_streams", "-show_format", film.string()});
}

// As from a phone: large, on its side, and saying where it was taken.
void WriteFilm(const Path& path, bool sound) {
  std::vector<std::string> argv;
  const auto say = [&](std::initializer_list<const char*> words) {
    for (const char* word : words) argv.emplace_back(word);
  };
  say({"ffmpeg", "-v", "error", "-f", "lavfi", "-i", "testsrc2=size=1600x900:rate=60:duration=1.5"});
  if (sound) say({"-f", "lavfi", "-i", "sine=frequency=440:duration=1.5"});
  say({"-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv444p"});
  const Path upright = path.string() + ".upright.mov";
  say({upright.c_str()});
  OutputOf(argv);
  OutputOf({"ffmpeg", "-v", "error", "-i", upright.string(), "-c", "copy", "-metadata",
            "location=+10.0000+020.0000/", "-metadata:s:v:0", "rotate=90", path.string()});
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

TEST_F(RecordingsTest, AFilmIsMadeSmallerAndUprightAndSaysNotWhereItWasTaken) {
  for (const bool sound : {true, false}) {
    const std::string name = sound ? "film.mov" : "silent.mov";
    WriteFilm(stories() / name, sound);
    const auto before = ReadFile(stories() / name);
    EXPECT_TRUE(IsVideo(stories() / name, name));
    const Heard heard = MakeHeard(folder(), name, std::nullopt, Progress());
    EXPECT_EQ(ReadFile(stories() / name), before);
    ASSERT_THAT(heard.sources, SizeIs(1));
    EXPECT_EQ(heard.sources[0].type, "video/mp4");
    EXPECT_NEAR(heard.seconds, 1.5, 0.1);
    EXPECT_EQ(heard.loudness_lufs.has_value(), sound);
    EXPECT_NEAR(heard.loudness_lufs.value_or(kLoudness_lufs), kLoudness_lufs, 1);
    EXPECT_THAT(FactsOf(stories() / name), HasSubstr("+10.0000"));
    const std::string facts = FactsOf(heard.folder / heard.sources[0].name);
    for (const char* fact : {"codec_name=h264", "width=720\n", "height=1280\n", "pix_fmt=yuv420p",
                             "r_frame_rate=30/1"}) {
      EXPECT_THAT(facts, HasSubstr(fact)) << name;
    }
    EXPECT_EQ(facts.find("codec_name=aac") != std::string::npos, sound);
    EXPECT_THAT(facts, Not(HasSubstr("+10.0000")));
    const Image8 poster =
        bundle::DecodeWebp(ReadFile(heard.folder / heard.poster), heard.poster);
    EXPECT_EQ(poster.width, 720);
    EXPECT_EQ(poster.height, 1280);
    // Some colours, and not a black leader.
    EXPECT_NE(std::ranges::max(poster.data), std::ranges::min(poster.data));
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
