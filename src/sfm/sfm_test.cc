#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>

#include <atomic>
#include <cstdlib>

#include "base/error.h"
#include "bundle/colmap.h"
#include "bundle/picture.h"
#include "sfm/internal/colmap_output.h"
#include "sfm/internal/prepare.h"
#include "sfm/internal/time_left.h"
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
  internal::MatchProgress matches(15, 10);  // 105 pairs in four blocks
  matches.Line("Matching block [1/2, 1/2]");  // cut off: it is not done
  EXPECT_DOUBLE_EQ(matches.fraction(), 0);
  matches.Line("Matching block [1/2, 1/2] in 3.2s");
  EXPECT_DOUBLE_EQ(matches.fraction(), 45 / 105.0);
  matches.Line("Matching block [1/2, 2/2] in 3.2s");
  matches.Line("Matching block [2/2, 1/2] in 3.2s");
  EXPECT_DOUBLE_EQ(matches.fraction(), 95 / 105.0);
  matches.Line("Matching block [2/2, 2/2] in 3.2s");
  EXPECT_DOUBLE_EQ(matches.fraction(), 1);
  matches.Line("Matching block [7000000/7000000, 1/1] in 3.2s");  // nonsense is passed over
  EXPECT_DOUBLE_EQ(matches.fraction(), 1);
  internal::MapProgress map(20);
  map.Line("Registering image #7 (5)");
  EXPECT_EQ(map.registered(), 5);
  EXPECT_DOUBLE_EQ(map.fraction(), 0.25);
  map.Line("Registering image #9 (999999)");
  EXPECT_DOUBLE_EQ(map.fraction(), 1);
}

TEST(ColmapOutput, ItsVersionAndItsFailuresAreRecognised) {
  EXPECT_EQ(internal::MethodOf("COLMAP 3.8 -- Structure-from-Motion and Multi-View Stereo"),
            "COLMAP 3.8");
  EXPECT_EQ(internal::MethodOf("COLMAP 3.10-dev -- something"), "COLMAP 3.10");
  EXPECT_EQ(internal::MethodOf("COLMAP"), "COLMAP");
  EXPECT_EQ(internal::MethodOf(""), "COLMAP");
  EXPECT_TRUE(internal::SaysNothingFits("ERROR: failed to create sparse model"));
  EXPECT_FALSE(internal::SaysNothingFits("ERROR: failed to parse options"));
  EXPECT_TRUE(internal::SaysDiskFull("SQLite error [x.cc, line 7]: database or disk is full"));
}

TEST(TimeLeft, NothingIsSaidBeforeSomethingIsKnown) {
  internal::TimeLeft time({10, 40, 50});
  time.Begin(0, 100);
  EXPECT_FALSE(time.SecondsLeft().has_value());
  time.Reached(0.1, 101);  // a second: too little
  EXPECT_FALSE(time.SecondsLeft().has_value());
  time.Reached(0.5, 110);
  EXPECT_TRUE(time.SecondsLeft().has_value());
}

TEST(TimeLeft, AMachineOfHalfTheSpeedTakesTwiceAsLong) {
  internal::TimeLeft time({10, 40, 50});
  time.Begin(0, 0);
  time.Reached(1, 20);
  time.Begin(1, 20);
  EXPECT_NEAR(time.Fraction(), 0.1, 1e-12);
  ASSERT_TRUE(time.SecondsLeft().has_value());
  EXPECT_NEAR(*time.SecondsLeft(), 180, 1e-9);
  time.Reached(0.5, 60);
  EXPECT_NEAR(*time.SecondsLeft(), 140, 1e-9);
  time.Reached(0.2, 70);  // never backwards
  EXPECT_NEAR(time.Fraction(), 0.3, 1e-12);
  EXPECT_NEAR(*time.SecondsLeft(), 140, 1e-9);
}

TEST(TimeLeft, WhatWasThereAlreadySaysNothingAboutSpeed) {
  internal::TimeLeft time({10, 40, 50});
  time.Skip(0);
  time.Skip(1);
  EXPECT_NEAR(time.Fraction(), 0.5, 1e-12);
  EXPECT_FALSE(time.SecondsLeft().has_value());
  time.Begin(2, 1000);
  time.Reached(0.5, 1025);
  EXPECT_NEAR(*time.SecondsLeft(), 25, 1e-9);
  time.Reached(1, 1050);
  EXPECT_NEAR(*time.SecondsLeft(), 0, 1e-9);
  EXPECT_NEAR(time.Fraction(), 1, 1e-12);
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
  prepared.images[1].observations[0].point_id = 5;
  prepared.images[2] = {internal::PreparedName(4), 1, {}, {{{10, 20}, 5}}};
  prepared.points[5] = {{0, 0, 2}, {9, 9, 9}, 0.4, {{1, 0}, {2, 0}}};
  const Reconstruction result = internal::ForOriginals(prepared, set);
  EXPECT_EQ(result.cameras.size(), 1u);  // nothing was taken with the second
  EXPECT_EQ(result.cameras.at(1).width, 4000);
  EXPECT_NEAR(result.cameras.at(1).fx(), 3250, 1e-9);
  EXPECT_EQ(result.cameras.at(1).params[3], -0.02);
  EXPECT_EQ(result.images.at(1).name, "photo 2.jpg");
  EXPECT_EQ(result.images.at(1).observations[0].x_px, Eigen::Vector2d(250, 125));
  EXPECT_NEAR(result.points.at(5).error_px, 1.0, 1e-12);  // pixels, too, are of the originals
}

TEST(Prepare, ANameThatWasNotGivenIsRefused) {
  Reconstruction prepared;
  prepared.cameras[1] = {CameraModel::kSimpleRadial, 1600, 1200, {1300, 800, 600, 0}};
  prepared.images[1] = {internal::PreparedName(99), 1, {}, {}};
  EXPECT_THROW(internal::ForOriginals(prepared, TwoCameras()), Error);
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
    WriteFileAtomic(program,
                    "#!/bin/sh\nif [ $1 = help ]; then echo COLMAP 3.8 -- of a kind; exit; fi\n"
                    "echo $1 >> " + calls().string() + "\n" + body);
    chmod(program.c_str(), 0755);
    setenv("PATH", ((folder_.path() / "bin").string() + ":" + path_).c_str(), 1);
  }
  // What it writes when these pieces are all it finds.
  static std::string MapTo(const Path& made) {
    return "if [ $1 = mapper ]; then while [ $1 != --output_path ]; do shift; done; cp -r " +
           made.string() + "/* $2; fi\n";
  }
  Path calls() const { return folder_.path() / "calls"; }
  Path work() const { return folder_.path() / "work"; }
  ErrorCode Failure(const Progress& progress = {}) {
    try {
      Reconstruct(photos_, {}, work(), progress);
    } catch (const Error& error) {
      message_ = error.what();
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
  std::string path_, message_;
};

constexpr char kAllCalls[] = "feature_extractor\nexhaustive_matcher\nmapper\n";

TEST_F(FakeColmap, MissingIsSaidBeforeAnythingIsDone) {
  setenv("PATH", (folder_.path() / "nothing").c_str(), 1);
  EXPECT_EQ(Failure(), ErrorCode::kTool);
  EXPECT_FALSE(fs::exists(work() / "pictures"));
}

TEST_F(FakeColmap, FailingIsSaidAndItsLogIsKept) {
  Script("echo something went wrong; exit 1");
  EXPECT_EQ(Failure(), ErrorCode::kTool);
  EXPECT_NE(message_.find("colmap.log"), std::string::npos) << message_;
  EXPECT_NE(ReadTextFile(work() / "colmap.log").find("went wrong"), std::string::npos);
}

TEST_F(FakeColmap, NothingFoundIsNotEnough) {
  Script("exit 0");
  EXPECT_EQ(Failure(), ErrorCode::kNotEnough);
}

TEST_F(FakeColmap, TheMapperThatGivesUpIsNotEnoughEither) {
  Script("if [ $1 = mapper ]; then echo ERROR: failed to create sparse model; exit 1; fi");
  EXPECT_EQ(Failure(), ErrorCode::kNotEnough);
}

TEST_F(FakeColmap, AFullDiskIsSaid) {
  Script("echo 'SQLite error [database.cc, line 9]: database or disk is full'; exit 1");
  EXPECT_EQ(Failure(), ErrorCode::kDisk);
}

TEST_F(FakeColmap, TheLargestPieceIsTheRoomAndFinishedPhasesAreNotRepeated) {
  const Path made = folder_.path() / "made";
  Piece(made / "0", {3});
  Piece(made / "1", {0, 2});
  Piece(made / "2", {2, 3});
  Script(MapTo(made));
  double last = 0;
  const Progress progress([&](const ProgressUpdate& update) {
    EXPECT_GE(update.fraction, last);
    EXPECT_LE(update.fraction, 1.0);
    last = update.fraction;
  }, nullptr);
  const Result result = Reconstruct(photos_, {}, work(), progress);
  EXPECT_EQ(result.report.method, "COLMAP 3.8");
  EXPECT_EQ(result.reconstruction.images.size(), 2u);
  EXPECT_EQ(result.report.not_placed, (std::vector<std::string>{"1.png", "3.png"}));
  ASSERT_EQ(result.report.other_pieces.size(), 1u);  // 3.png is told of once
  EXPECT_EQ(result.report.other_pieces[0], std::vector<std::string>{"3.png"});

  const Result again = Reconstruct(photos_, {}, work(), {});
  EXPECT_EQ(ReadTextFile(calls()), kAllCalls);
  EXPECT_EQ(again.report.method, "COLMAP 3.8");
  EXPECT_NEAR(again.report.mapping_s, result.report.mapping_s, 1e-5);
  EXPECT_EQ(again.reconstruction.images.size(), 2u);

  Options other;
  other.seed = 3;
  Reconstruct(photos_, other, work(), {});
  EXPECT_EQ(ReadTextFile(calls()), std::string(kAllCalls) + kAllCalls);
}

TEST_F(FakeColmap, KilledInTheMiddleItGoesOnFromThere) {
  Script("if [ $1 = exhaustive_matcher ]; then kill -9 $$; fi");
  EXPECT_EQ(Failure(), ErrorCode::kTool);
  EXPECT_NE(message_.find("signal 9"), std::string::npos) << message_;
  EXPECT_EQ(ReadTextFile(calls()), "feature_extractor\nexhaustive_matcher\n");

  // The mapper is stopped while it writes: what it left is not taken for its result.
  Piece(folder_.path() / "made" / "0", {0, 1, 2, 3});
  fs::remove(calls());
  Script(MapTo(folder_.path() / "made") + "if [ $1 = --output_path ]; then kill -9 $$; fi");
  EXPECT_EQ(Failure(), ErrorCode::kTool);
  EXPECT_EQ(ReadTextFile(calls()), "exhaustive_matcher\nmapper\n");

  fs::remove(calls());
  Piece(folder_.path() / "whole" / "0", {0, 1, 2});
  Script(MapTo(folder_.path() / "whole"));
  EXPECT_EQ(Reconstruct(photos_, {}, work(), {}).reconstruction.images.size(), 3u);
  EXPECT_EQ(ReadTextFile(calls()), "mapper\n");
}

TEST_F(FakeColmap, KilledAmongTheFeaturesItStartsThemAfresh) {
  Script("while [ $1 != --database_path ]; do shift; done\n"
         "echo half > $2; echo half > $2-wal; kill -9 $$");
  EXPECT_EQ(Failure(), ErrorCode::kTool);
  EXPECT_TRUE(fs::exists(work() / "database.db"));
  Script("ls " + work().string() + " >> " + (folder_.path() / "there").string());
  EXPECT_EQ(Failure(), ErrorCode::kNotEnough);
  EXPECT_EQ(ReadTextFile(folder_.path() / "there").find("database.db"), std::string::npos);
}

TEST_F(FakeColmap, IsKilledWhenThePersonStops) {
  const Path pid_file = folder_.path() / "pid";
  Script("echo $$ > " + pid_file.string() +
         "\necho 'Processed file [1/4]'\nexec sleep 60");
  std::atomic<bool> cancelled = false;
  const Progress progress([&](const ProgressUpdate& update) {
    if (update.note == "looking for details" && fs::exists(pid_file)) cancelled = true;
  }, &cancelled);
  EXPECT_EQ(Failure(progress), ErrorCode::kCancelled);
  const auto pid = static_cast<pid_t>(std::stol(ReadTextFile(pid_file)));
  EXPECT_EQ(kill(pid, 0), -1);  // gone, not merely left alone
}

TEST(Reconstruct, TwoPhotographsAreTooFew) {
  photo::PhotoSet set;
  set.photos.resize(2);
  const TempFolder folder;
  EXPECT_THROW(Reconstruct(set, {}, folder.path(), {}), Error);
}

}  // namespace
}  // namespace ajar::sfm
