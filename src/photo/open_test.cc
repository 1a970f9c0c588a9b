#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <functional>
#include <map>

#include "base/error.h"
#include "base/hash.h"
#include "base/parallel.h"
#include "photo/internal/fixtures.h"
#include "photo/photo.h"

namespace ajar::photo {
namespace {

namespace fs = std::filesystem;
using fixtures::Bytes;
using fixtures::Pattern;
using fixtures::PngKind;
using testing::ElementsAre;
using testing::HasSubstr;

class OpenTest : public testing::Test {
 protected:
  void Write(const std::string& name, const Bytes& bytes) {
    MakeFolder((in() / name).parent_path());
    WriteFileAtomic(in() / name, bytes);
  }
  void Write(const std::string& name, std::string_view text) {
    Write(name, Bytes(text.begin(), text.end()));
  }
  // A good picture; each width gives other bytes.
  Bytes Good(int width) { return fixtures::Jpeg(Pattern(width, 200)); }

  PhotoSet OpenAll(const OpenOptions& options = {}) {
    return Open({in()}, folder_.path() / "frames", options, {});
  }
  static std::vector<std::string> NamesOf(const PhotoSet& set) {
    std::vector<std::string> names;
    for (const Photo& photo : set.photos) names.push_back(photo.name);
    return names;
  }
  static std::map<std::string, std::string> LeftOutOf(const PhotoSet& set) {
    std::map<std::string, std::string> reasons;
    for (const LeftOut& left : set.left_out) reasons[left.name] = left.reason;
    return reasons;
  }
  Path in() const { return folder_.path() / "in"; }

  TempFolder folder_;
};

ErrorCode CodeOf(const std::function<void()>& body) {
  try {
    body();
  } catch (const Error& error) {
    return error.code();
  }
  ADD_FAILURE() << "no Error was raised";
  return ErrorCode::kUsage;
}

TEST_F(OpenTest, FoldersHiddenFilesAndOtherThings) {
  Write("b.jpg", Good(210));
  Write("a.png", fixtures::Png(Pattern(220, 200)));
  Write("Z.JPG", Good(230));
  Write("10.jpg", Good(240));
  Write("2.jpg", Good(250));
  Write("deep/er/c.webp", fixtures::Webp(Pattern(260, 200)));
  Write("no-ending", Good(270));
  Write(".hidden.jpg", Good(280));
  Write(".hidden-folder/d.jpg", Good(290));
  Write("notes.txt", "we went home at six");
  Write("lies.jpg", "this is no picture, whatever its name says");
  Write("empty.jpg", "");
  const PhotoSet set = OpenAll();
  EXPECT_THAT(NamesOf(set), ElementsAre("10.jpg", "2.jpg", "Z.JPG", "a.png", "b.jpg",
                                        "deep/er/c.webp", "no-ending"));
  const auto left_out = LeftOutOf(set);
  EXPECT_EQ(left_out.size(), 3u);
  EXPECT_EQ(left_out.at("notes.txt"), "This is neither a picture nor a video that can be read.");
  EXPECT_EQ(left_out.at("lies.jpg"), "This is neither a picture nor a video that can be read.");
  EXPECT_EQ(left_out.at("empty.jpg"), "The file is empty.");
  EXPECT_EQ(set.photos[0].width, 240);
  EXPECT_EQ(set.photos[0].height, 200);
  EXPECT_EQ(set.photos[0].sha256, Sha256HexOfFile(in() / "10.jpg"));
  EXPECT_EQ(set.photos[0].path, in() / "10.jpg");
  EXPECT_FALSE(set.photos[0].video);
}

TEST_F(OpenTest, DamagedFilesOfEveryKindAreLeftOutAndTheRestGoesOn) {
  const Image8 picture = Pattern(300, 200);
  const std::pair<const char*, Bytes> files[] = {
      {"a.jpg", fixtures::Jpeg(picture)},  {"a.png", fixtures::Png(picture)},
      {"a.tif", fixtures::Tiff(picture)},  {"a.webp", fixtures::Webp(picture)},
      {"a.heic", fixtures::Heic(picture)},
  };
  std::vector<std::string> whole;
  for (const auto& [name, bytes] : files) {
    Bytes cut = bytes, garbage = bytes;
    cut.resize(bytes.size() / 2);
    for (size_t i = 12; i < garbage.size(); ++i) garbage[i] = static_cast<uint8_t>(i * 37 + 5);
    whole.push_back("whole/" + std::string(name));
    Write(whole.back(), bytes);
    Write("cut/" + std::string(name), cut);
    Write("garbage/" + std::string(name), garbage);
  }
  const PhotoSet set = OpenAll();
  EXPECT_THAT(NamesOf(set), testing::UnorderedElementsAreArray(whole));
  EXPECT_EQ(set.left_out.size(), 2 * whole.size());
  for (const LeftOut& left : set.left_out) {
    EXPECT_THAT(left.reason, HasSubstr("picture")) << left.name;
    EXPECT_EQ(CodeOf([&] { Load(in() / left.name); }), ErrorCode::kInput) << left.name;
  }
}

TEST_F(OpenTest, RepeatedTinyAndHugePictures) {
  Write("a.jpg", Good(210));
  Write("b.jpg", Good(210));
  Write("c.jpg", Good(211));
  Write("small.jpg", fixtures::Jpeg(Pattern(400, 199)));
  Write("large.jpg", fixtures::Jpeg(Pattern(400, 300)));
  OpenOptions options;
  options.max_megapixels = 0.1;
  const PhotoSet set = OpenAll(options);
  EXPECT_THAT(NamesOf(set), ElementsAre("a.jpg", "c.jpg"));
  const auto left_out = LeftOutOf(set);
  EXPECT_EQ(left_out.at("b.jpg"), "This is the same file as a.jpg.");
  EXPECT_THAT(left_out.at("small.jpg"), HasSubstr("400 × 199"));
  EXPECT_THAT(left_out.at("large.jpg"), HasSubstr("megapixels"));
}

TEST_F(OpenTest, OriginalsAreNotTouched) {
  Write("a.jpg", Good(210));
  Write("b.heic", fixtures::Heic(Pattern(210, 200)));
  Write("bad.png", "\x89PNG\r\n\x1a\n and so on");
  const auto state = [&] {
    std::map<std::string, std::string> all;
    for (const auto& entry : fs::recursive_directory_iterator(in())) {
      struct stat info {};
      ::stat(entry.path().c_str(), &info);
      all[entry.path().string()] =
          Sha256HexOfFile(entry.path()) + " " + std::to_string(info.st_mtim.tv_sec) + "." +
          std::to_string(info.st_mtim.tv_nsec) + " " + std::to_string(info.st_mode);
    }
    return all;
  };
  const auto before = state();
  const PhotoSet set = OpenAll();
  for (const Photo& photo : set.photos) Load(photo, 100);
  EXPECT_EQ(state(), before);
}

TEST_F(OpenTest, LinksAreFollowedOnce) {
  Write("real/a.jpg", Good(210));
  fs::create_directory_symlink(in(), in() / "real/loop");
  fs::create_directory_symlink(in() / "real", in() / "again");
  fs::create_symlink(in() / "real/a.jpg", in() / "zz.jpg");
  fs::create_symlink(in() / "nowhere", in() / "broken.jpg");
  const PhotoSet set = OpenAll();
  ASSERT_EQ(set.photos.size(), 1u);
  EXPECT_EQ(LeftOutOf(set).size(), 1u);
  EXPECT_THAT(LeftOutOf(set).at("broken.jpg"), HasSubstr("nowhere"));
}

TEST_F(OpenTest, SeveralInputsHaveNamesOfTheirOwn) {
  Write("one/a.jpg", Good(210));
  Write("two/a.jpg", Good(220));
  Write("two/b.jpg", Good(230));
  Write("three/two/a.jpg", Good(240));
  Write("x/a.jpg", Good(250));
  Write("y/a.jpg", Good(260));
  const PhotoSet set = Open({in() / "one/", in() / "two", in() / "three/two", in() / "x/a.jpg",
                             in() / "y/a.jpg", in() / "two/b.jpg"},
                            folder_.path() / "frames", {}, {});
  EXPECT_THAT(NamesOf(set), ElementsAre("a-2.jpg", "a.jpg", "one/a.jpg", "two/a-2.jpg", "two/a.jpg",
                                        "two/b.jpg"));
}

TEST_F(OpenTest, NothingThereOrNothingUsable) {
  EXPECT_EQ(CodeOf([&] { Open({in() / "absent"}, folder_.path() / "f", {}, {}); }),
            ErrorCode::kInput);
  MakeFolder(in());
  EXPECT_EQ(CodeOf([&] { OpenAll(); }), ErrorCode::kNotEnough);
  Write("only.txt", "words");
  try {
    OpenAll();
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kNotEnough);
    EXPECT_THAT(error.what(), HasSubstr("only.txt: This is neither"));
  }
  OpenOptions options;
  options.video_frames = 0;
  EXPECT_EQ(CodeOf([&] { OpenAll(options); }), ErrorCode::kUsage);
}

TEST_F(OpenTest, CanBeStoppedAndTellsHowFarItIs) {
  for (int i = 0; i < 5; ++i) Write(std::to_string(i) + ".jpg", Good(210 + i));
  std::vector<double> fractions;
  std::atomic<bool> stop = false;
  const auto frames = folder_.path() / "frames";
  Open(
      {in()}, frames, {},
      Progress([&](const ProgressUpdate& update) { fractions.push_back(update.fraction); }, &stop));
  EXPECT_TRUE(std::is_sorted(fractions.begin(), fractions.end()));
  EXPECT_EQ(fractions.back(), 1);
  EXPECT_EQ(CodeOf([&] {
              Open({in()}, frames, {},
                   Progress([&](const ProgressUpdate&) { stop = true; }, &stop));
            }),
            ErrorCode::kCancelled);
}

TEST_F(OpenTest, CamerasAreTheSameByExifAndSize) {
  const auto with = [](const fixtures::ExifValues& values, int width) {
    return fixtures::Jpeg(Pattern(width, 300), {fixtures::ExifBytes(values), {}});
  };
  Write("1.jpg", with({.taken = "2024:05:06 07:08:09", .focal_mm = 4.2}, 400));
  Write("2.jpg", with({.taken = "2024:05:06 07:08:10", .focal_mm = 4.2}, 400));
  Write("3.jpg", with({.focal_mm = 9.0}, 400));
  Write("4.jpg", with({.taken = "2024:05:06 07:08:11", .focal_mm = 4.2}, 401));
  Write("5.jpg", fixtures::Jpeg(Pattern(400, 300)));
  Write("6.png", fixtures::Png(Pattern(400, 300)));
  const PhotoSet set = OpenAll();
  ASSERT_EQ(set.photos.size(), 6u);
  const auto key = [&](size_t i) { return set.photos[i - 1].camera_key; };
  EXPECT_EQ(key(1), key(2));
  EXPECT_NE(key(1), key(3));
  EXPECT_NE(key(1), key(4));
  EXPECT_NE(key(1), key(5));
  EXPECT_EQ(key(5), key(6));
  EXPECT_EQ(set.photos[0].taken, "2024:05:06 07:08:09");
}

TEST_F(OpenTest, LoadReducesAndFromManyThreadsGivesTheSame) {
  const Image8 picture = Pattern(640, 480);
  Write("a.png", fixtures::Png(picture));
  EXPECT_EQ(Load(in() / "a.png").data, picture.data);
  const Image8 small = Load(in() / "a.png", 160);
  EXPECT_EQ(small.data, Resized(picture, 160, 120).data);
  EXPECT_EQ(CodeOf([&] { Load(in() / "absent.png"); }), ErrorCode::kInput);
  std::vector<Image8> loaded(12);
  SetThreadCount(4);
  ParallelFor(loaded.size(), 1, [&](size_t i) { loaded[i] = Load(in() / "a.png", 160); });
  for (const Image8& each : loaded) EXPECT_EQ(each.data, small.data);
}

}  // namespace
}  // namespace ajar::photo
