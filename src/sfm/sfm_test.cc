#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>

#include "base/error.h"
#include "bundle/colmap.h"
#include "bundle/picture.h"
#include "sfm/internal/colmap_output.h"
#include "sfm/internal/prepare.h"
#include "sfm/reconstruct.h"

namespace ajar::sfm {
namespace {

namespace fs = std::filesystem;

TEST(ColmapOutput, ProgressIsReadFromItsLines) {
  internal::FeatureProgress features;
  features.Line("Processed file [3/12]");
  EXPECT_DOUBLE_EQ(features.fraction(), 0.25);
  features.Line("  Name:            000003.png");
  features.Line("Processed file [2/12]");  // never backwards
  EXPECT_DOUBLE_EQ(features.fraction(), 0.25);
  internal::MatchProgress matches;
  matches.Line("Matching block [2/2, 1/2] in 3.2s");
  EXPECT_DOUBLE_EQ(matches.fraction(), 0.5);
  internal::MapProgress map(20);
  map.Line("Registering image #7 (5)");
  EXPECT_EQ(map.registered(), 5);
  EXPECT_DOUBLE_EQ(map.fraction(), 0.25);
  map.Line("Registering image #9 (999999)");
  EXPECT_DOUBLE_EQ(map.fraction(), 1);
}

photo::PhotoSet TwoCameras() {
  photo::PhotoSet set;
  for (int i = 0; i < 5; ++i) {
    photo::Photo photo;
    photo.name = "photo " + std::to_string(i) + ".jpg";
    photo.width = i % 2 ? 3000 : 4000;
    photo.height = i % 2 ? 4000 : 3000;
    photo.camera_key = "phone";
    if (i % 2 == 0) photo.focal_px = 3000;
    set.photos.push_back(photo);
  }
  return set;
}

TEST(Prepare, PortraitAndLandscapeAreTwoCameras) {
  const std::vector<internal::CameraGroup> groups = internal::GroupByCamera(TwoCameras(), 1600);
  ASSERT_EQ(groups.size(), 2u);
  EXPECT_EQ(groups[0].photos, (std::vector<size_t>{0, 2, 4}));
  EXPECT_EQ(groups[0].width, 1600);
  EXPECT_EQ(groups[0].height, 1200);
  ASSERT_TRUE(groups[0].focal_px.has_value());
  EXPECT_NEAR(*groups[0].focal_px, 1200, 1e-9);
  EXPECT_FALSE(groups[1].focal_px.has_value());
}

TEST(Prepare, NamesGoThereAndBack) {
  EXPECT_EQ(internal::PhotoOfPreparedName(internal::PreparedName(37)), 37u);
}

TEST(Prepare, ResultsAreGivenForTheOriginals) {
  const photo::PhotoSet set = TwoCameras();
  Reconstruction prepared;
  prepared.cameras[1] = {CameraModel::kSimpleRadial, 1600, 1200, {1300, 800, 600, -0.02}};
  prepared.cameras[2] = {CameraModel::kSimpleRadial, 1200, 1600, {1300, 600, 800, 0}};
  prepared.images[1] = {internal::PreparedName(2), 1, {}, {{{100, 50}, kNoPoint}}};
  const Reconstruction result = internal::ForOriginals(prepared, set);
  EXPECT_EQ(result.cameras.size(), 1u);  // nothing was taken with the second
  EXPECT_EQ(result.cameras.at(1).width, 4000);
  EXPECT_NEAR(result.cameras.at(1).fx(), 3250, 1e-9);
  EXPECT_EQ(result.cameras.at(1).params[3], -0.02);
  EXPECT_EQ(result.images.at(1).name, "photo 2.jpg");
  EXPECT_EQ(result.images.at(1).observations[0].x_px, Eigen::Vector2d(250, 125));
}

// A stand-in for COLMAP, first in PATH, so that its failures can be had at will.
class FakeColmap : public testing::Test {
 protected:
  void SetUp() override {
    MakeFolder(folder_.path() / "photos");
    for (int i = 0; i < 4; ++i) {
      const Path file = folder_.path() / "photos" / (std::to_string(i) + ".png");
      WriteFileAtomic(file, bundle::EncodePng(Image8(320, 240, 3, static_cast<uint8_t>(40 * i))));
    }
    photos_ = photo::Open({folder_.path() / "photos"}, folder_.path() / "frames", {}, {});
    path_ = std::getenv("PATH");
  }
  void TearDown() override { setenv("PATH", path_.c_str(), 1); }

  void Script(const std::string& body) {
    MakeFolder(folder_.path() / "bin");
    const Path program = folder_.path() / "bin" / "colmap";
    WriteFileAtomic(program, "#!/bin/sh\n" + body);
    chmod(program.c_str(), 0755);
    setenv("PATH", ((folder_.path() / "bin").string() + ":" + path_).c_str(), 1);
  }
  ErrorCode Failure() {
    try {
      Reconstruct(photos_, {}, folder_.path() / "work", {});
    } catch (const Error& error) {
      return error.code();
    }
    ADD_FAILURE() << "nothing was raised";
    return ErrorCode::kUsage;
  }
  // Writes a piece that holds the photographs of these numbers.
  void Piece(const Path& folder, const std::vector<size_t>& numbers) {
    Reconstruction r;
    r.cameras[1] = {CameraModel::kSimpleRadial, 320, 240, {300, 160, 120, 0}};
    uint32_t id = 0;
    for (const size_t n : numbers) r.images[++id] = {internal::PreparedName(n), 1, {}, {}};
    MakeFolder(folder);
    bundle::WriteColmapBinary(r, folder);
  }

  TempFolder folder_;
  photo::PhotoSet photos_;
  std::string path_;
};

TEST_F(FakeColmap, MissingIsSaid) {
  setenv("PATH", (folder_.path() / "nothing").c_str(), 1);
  EXPECT_EQ(Failure(), ErrorCode::kTool);
}

TEST_F(FakeColmap, FailingIsSaidAndItsLogIsKept) {
  Script("echo something went wrong; exit 1");
  EXPECT_EQ(Failure(), ErrorCode::kTool);
  EXPECT_NE(ReadTextFile(folder_.path() / "work" / "colmap.log").find("went wrong"),
            std::string::npos);
}

TEST_F(FakeColmap, NothingFoundIsNotEnough) {
  Script("exit 0");
  EXPECT_EQ(Failure(), ErrorCode::kNotEnough);
}

TEST_F(FakeColmap, TheLargestPieceIsTheRoomAndFinishedPhasesAreNotRepeated) {
  const Path made = folder_.path() / "made";
  Piece(made / "0", {3});
  Piece(made / "1", {0, 2});
  const std::string calls = (folder_.path() / "calls").string();
  Script("echo $1 >> " + calls + "\nif [ $1 = mapper ]; then while [ $1 != --output_path ]; do "
         "shift; done; cp -r " + made.string() + "/* $2; fi");
  const Result result = Reconstruct(photos_, {}, folder_.path() / "work", {});
  EXPECT_EQ(result.reconstruction.images.size(), 2u);
  EXPECT_EQ(result.report.not_placed, (std::vector<std::string>{"1.png", "3.png"}));
  ASSERT_EQ(result.report.other_pieces.size(), 1u);
  EXPECT_EQ(result.report.other_pieces[0], std::vector<std::string>{"3.png"});
  Reconstruct(photos_, {}, folder_.path() / "work", {});
  EXPECT_EQ(ReadTextFile(calls), "feature_extractor\nexhaustive_matcher\nmapper\n");
  Options other;
  other.seed = 3;
  Reconstruct(photos_, other, folder_.path() / "work", {});
  EXPECT_EQ(ReadTextFile(calls).size(), 2 * std::string("feature_extractor\nexhaustive_matcher\nmapper\n").size());
}

TEST(Reconstruct, TwoPhotographsAreTooFew) {
  photo::PhotoSet set;
  set.photos.resize(2);
  const TempFolder folder;
  EXPECT_THROW(Reconstruct(set, {}, folder.path(), {}), Error);
}

}  // namespace
}  // namespace ajar::sfm
