#include "photo/internal/video.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "base/hash.h"
#include "photo/internal/fixtures.h"
#include "photo/photo.h"

namespace ajar::photo {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;

FrameScore Frame(double time_s, double sharpness, uint8_t shade) {
  FrameScore frame{time_s, sharpness, std::vector<uint8_t>(100)};
  for (size_t i = 0; i < 100; ++i) frame.thumbnail[i] = static_cast<uint8_t>(shade * i);
  return frame;
}

TEST(ChooseFrames, TakesTheSharpestOfEachSlot) {
  std::vector<FrameScore> frames;
  for (int i = 0; i <= 40; ++i) frames.push_back(Frame(0.1 * i, 1, static_cast<uint8_t>(i)));
  for (const size_t sharp : {6, 13, 25, 36}) frames[sharp].sharpness = 5;
  EXPECT_THAT(ChooseFrames(frames, 4), ElementsAre(6, 13, 25, 36));
  EXPECT_THAT(ChooseFrames({}, 4), ElementsAre());
  EXPECT_THAT(ChooseFrames({frames[3]}, 4), ElementsAre(0));
}

TEST(ChooseFrames, SpacesByTimeNotByNumber) {
  // A variable rate: 50 frames in the first second, one in each of the next nine.
  std::vector<FrameScore> frames;
  for (int i = 0; i < 50; ++i) frames.push_back(Frame(0.02 * i, i, static_cast<uint8_t>(i)));
  for (int i = 1; i < 10; ++i) frames.push_back(Frame(i + 0.5, 1, static_cast<uint8_t>(60 + i)));
  const std::vector<size_t> chosen = ChooseFrames(frames, 10);
  ASSERT_EQ(chosen.size(), 10u);
  EXPECT_EQ(std::count_if(chosen.begin(), chosen.end(), [](size_t i) { return i < 50; }), 1);
}

TEST(ChooseFrames, LeavesOutWhatShowsTheSame) {
  std::vector<FrameScore> frames;
  for (int i = 0; i <= 40; ++i) {
    frames.push_back(Frame(0.1 * i, 1, static_cast<uint8_t>(i < 20 ? 1 : i)));
  }
  // A brighter picture of the same is still the same.
  for (uint8_t& v : frames[8].thumbnail) v = static_cast<uint8_t>(v + 20);
  frames[8].sharpness = 2;
  EXPECT_EQ(ChooseFrames(frames, 8).size(), 5u);
}

TEST(ChooseFrames, ShortFilmsGiveFewFrames) {
  std::vector<FrameScore> frames;
  for (int i = 0; i <= 60; ++i) frames.push_back(Frame(i / 60.0, 1, static_cast<uint8_t>(i)));
  EXPECT_EQ(ChooseFrames(frames, 120).size(), 5u);  // 1 s in slots of at least 0.2 s
}

class VideoTest : public testing::Test {
 protected:
  // A video of ffmpeg's moving test picture, or of another source, through a filter.
  void Make(const std::string& name, const std::vector<std::string>& output,
            const std::string& filter = "null", const std::string& source = "") {
    std::vector<std::string> arguments = {
        "-f",  "lavfi", "-i", source.empty() ? "testsrc=size=320x240:rate=20:duration=2" : source,
        "-vf", filter};
    for (const std::string& word : output) arguments.push_back(word);
    arguments.push_back(name);
    ASSERT_TRUE(fixtures::Ffmpeg(folder_.path(), arguments)) << name;
  }
  PhotoSet OpenFile(const std::string& name, int64_t count = 5) {
    OpenOptions options;
    options.video_frames = count;
    return Open({folder_.path() / name}, frames_.path(), options, {});
  }
  TempFolder folder_, frames_;
};

const std::vector<std::string> kX264 = {"-c:v",      "libx264",  "-preset",
                                        "ultrafast", "-pix_fmt", "yuv420p"};

TEST_F(VideoTest, FramesArePhotographsOfOneCamera) {
  Make("walk.mp4", kX264);
  const PhotoSet set = OpenFile("walk.mp4");
  ASSERT_EQ(set.photos.size(), 5u);
  for (const Photo& photo : set.photos) {
    EXPECT_TRUE(photo.name.starts_with("walk.mp4/")) << photo.name;
    EXPECT_EQ(photo.video, "walk.mp4");
    EXPECT_EQ(photo.width, 320);
    EXPECT_EQ(photo.height, 240);
    EXPECT_EQ(photo.camera_key, set.photos[0].camera_key);
    EXPECT_FALSE(photo.focal_px);
    EXPECT_EQ(photo.sha256, Sha256HexOfFile(photo.path));
  }
}

TEST_F(VideoTest, IsFoundAgainAndMadeAnewForOtherOptions) {
  Make("walk.mkv", kX264);
  const PhotoSet first = OpenFile("walk.mkv");
  const auto written = fs::last_write_time(first.photos[0].path);
  fs::rename(folder_.path() / "walk.mkv", folder_.path() / "renamed.mkv");
  const PhotoSet again = OpenFile("renamed.mkv");
  EXPECT_EQ(again.photos[0].path, first.photos[0].path);
  EXPECT_EQ(fs::last_write_time(again.photos[0].path), written);
  EXPECT_EQ(OpenFile("renamed.mkv", 3).photos.size(), 3u);
  for (const auto& entry : fs::directory_iterator(frames_.path())) {
    EXPECT_FALSE(entry.path().filename().string().starts_with(".")) << "a leftover";
  }
}

TEST_F(VideoTest, TurnedVideosComeOutUpright) {
  // Red above, blue below; stored lying on its side with a note to turn it.
  const std::string source =
      "color=red:size=240x160:rate=20:duration=1[a];color=blue:size=240x160:rate=20:duration=1[b];"
      "[a][b]vstack";
  Make("stored.mp4", kX264, "transpose=cclock", source);
  ASSERT_TRUE(fixtures::Ffmpeg(folder_.path(), {"-i", "stored.mp4", "-c", "copy", "-metadata:s:v:0",
                                                "rotate=270", "turned.mp4"}));
  EXPECT_EQ(ProbeVideo(folder_.path() / "turned.mp4").width, 240);
  const PhotoSet set = OpenFile("turned.mp4", 1);
  ASSERT_EQ(set.photos.size(), 1u);
  const Image8 frame = Load(set.photos[0]);
  ASSERT_EQ(frame.width, 240);
  ASSERT_EQ(frame.height, 320);
  const uint8_t* top = frame.pixel(120, 40);
  const uint8_t* bottom = frame.pixel(120, 280);
  EXPECT_GT(top[0], 200);
  EXPECT_LT(top[2], 60);
  EXPECT_GT(bottom[2], 200);
  EXPECT_LT(bottom[0], 60);
}

TEST_F(VideoTest, VariableFrameRateIsSpacedByTime) {
  // All frames of the first half second, one of twelve after it.
  std::vector<std::string> output = {"-fps_mode", "vfr"};
  output.insert(output.end(), kX264.begin(), kX264.end());
  Make("vfr.mp4", output, "select='lt(t,0.5)+not(mod(n,12))'",
       "testsrc=size=320x240:rate=24:duration=6");
  const PhotoSet set = OpenFile("vfr.mp4", 6);
  int early = 0;
  for (const Photo& photo : set.photos) {
    if (std::stoi(photo.name.substr(photo.name.find('/') + 1)) <= 12) ++early;
  }
  EXPECT_EQ(set.photos.size(), 6u);
  EXPECT_EQ(early, 1);
}

TEST_F(VideoTest, ColoursFollowTheVideosMatrix) {
  // Without marks, a large picture is BT.709 and a small one BT.601.
  for (const auto& [size, matrix] :
       {std::pair<std::string, std::string>{"1280x720", "bt709"}, {"640x360", "bt601"}}) {
    const std::string name = "colour-" + size + ".mkv";
    Make(name, {"-c:v", "ffv1"},
         "scale=out_color_matrix=" + matrix +
             ",format=yuv444p,setparams=colorspace=unknown:color_primaries=unknown:color_trc="
             "unknown",
         "color=0x2080c0:size=" + size + ":rate=10:duration=0.3,format=rgb24");
    const Image8 frame = Load(OpenFile(name, 1).photos.at(0));
    const uint8_t* p = frame.pixel(100, 100);
    EXPECT_NEAR(p[0], 0x20, 2) << size;
    EXPECT_NEAR(p[1], 0x80, 2) << size;
    EXPECT_NEAR(p[2], 0xc0, 2) << size;
  }
}

TEST_F(VideoTest, PixelsThatAreNotSquareAreMadeSo) {
  Make("wide.mkv", {"-c:v", "ffv1"}, "setsar=4/3");
  const PhotoSet set = OpenFile("wide.mkv", 1);
  EXPECT_EQ(set.photos.at(0).width, 427);
  EXPECT_EQ(set.photos.at(0).height, 240);
}

TEST_F(VideoTest, HighDynamicRangeIsBroughtToSrgb) {
  // A grey of 203 × 0.18 cd/m², which sRGB shows as 118: PQ writes it as 0.411, HLG (for a
  // display of 1000 cd/m²) as 0.436. Taken as they are they would be 105 and 111.
  struct Case {
    const char *transfer, *name;
    double signal;
  };
  for (const Case& c : {Case{"smpte2084", "pq.mkv", 0.411}, {"arib-std-b67", "hlg.mkv", 0.436}}) {
    const int code = static_cast<int>(std::lround(64 + 876 * c.signal));
    // lutyuv writes the code itself; the marks say how it is meant.
    Make(c.name,
         {"-c:v", "ffv1", "-color_trc", c.transfer, "-color_primaries", "bt2020", "-colorspace",
          "bt2020nc", "-color_range", "tv"},
         "format=yuv420p10le,lutyuv=y=" + std::to_string(code) +
             ":u=512:v=512,setparams=range=tv:"
             "color_primaries=bt2020:colorspace=bt2020nc:color_trc=" +
             c.transfer,
         "color=gray:size=320x240:rate=10:duration=0.3");
    const VideoInfo info = ProbeVideo(folder_.path() / c.name);
    EXPECT_TRUE(info.is_hdr()) << info.transfer;
    const Image8 frame = Load(OpenFile(c.name, 1).photos.at(0));
    const uint8_t* p = frame.pixel(160, 120);
    EXPECT_NEAR(p[0], p[1], 2);
    EXPECT_NEAR(p[1], p[2], 2);
    EXPECT_NEAR(p[0], 118, 4) << c.name;
  }
}

TEST_F(VideoTest, DamagedRepeatedAndSilentOnesAreLeftOut) {
  Make("a.mp4", kX264);
  const std::vector<uint8_t> whole = ReadFile(folder_.path() / "a.mp4");
  WriteFileAtomic(folder_.path() / "b.mp4", whole);
  WriteFileAtomic(folder_.path() / "cut.mp4", std::span(whole).first(whole.size() / 2));
  std::vector<uint8_t> garbage = whole;
  for (size_t i = 16; i < garbage.size(); ++i) garbage[i] = static_cast<uint8_t>(i * 37);
  WriteFileAtomic(folder_.path() / "garbage.mp4", garbage);
  ASSERT_TRUE(
      fixtures::Ffmpeg(folder_.path(), {"-f", "lavfi", "-i", "sine=duration=1", "sound.mp4"}));
  OpenOptions options;
  options.video_frames = 3;
  const PhotoSet set = Open({folder_.path()}, frames_.path(), options, {});
  EXPECT_EQ(set.photos.size(), 3u);
  std::map<std::string, std::string> reasons;
  for (const LeftOut& left : set.left_out) reasons[left.name] = left.reason;
  EXPECT_EQ(reasons.size(), 4u);
  EXPECT_EQ(reasons["b.mp4"], "This is the same file as a.mp4.");
  EXPECT_EQ(reasons["cut.mp4"], "This video could not be read.");
  EXPECT_EQ(reasons["garbage.mp4"], "This video could not be read.");
  EXPECT_EQ(reasons["sound.mp4"], "There is no moving picture in this file.");
}

TEST_F(VideoTest, AStillCameraGivesOnePicture) {
  Make("still.mp4", kX264, "noise=alls=6:allf=t",
       "testsrc=size=320x240:rate=10:duration=0.1,loop=loop=30:size=1");
  EXPECT_EQ(OpenFile("still.mp4").photos.size(), 1u);
}

}  // namespace
}  // namespace ajar::photo
