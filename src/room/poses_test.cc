#include "room/internal/poses.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "room/internal/splats.h"

namespace ajar::room {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

photo::PhotoSet Photos(const std::vector<std::pair<std::string, photo::Size>>& list) {
  photo::PhotoSet set;
  for (const auto& [name, size] : list) {
    photo::Photo photo;
    photo.name = name;
    photo.width = size.width;
    photo.height = size.height;
    set.photos.push_back(photo);
  }
  return set;
}

Reconstruction Given() {
  Reconstruction r;
  r.cameras[3] = {CameraModel::kSimpleRadial, 400, 300, {250, 200, 150, 0.05}};
  uint32_t id = 10;
  for (const char* name : {"frames/a.png", "frames/b.png", "frames/c.png"}) {
    PosedImage& image = r.images[id];
    image.name = name;
    image.camera_id = 3;
    image.observations = {{{100, 60}, 1}};
    r.points[1].track.push_back({id++, 0});
  }
  return r;
}

TEST(AdoptPoses, ScalesCamerasAndObservationsToThePhotographs) {
  const AdoptedPoses adopted =
      AdoptPoses(Given(), Photos({{"a.jpg", {800, 600}}, {"b.jpg", {400, 300}}}));
  const Reconstruction& r = adopted.reconstruction;
  ASSERT_EQ(r.images.size(), 2u);
  EXPECT_EQ(r.images.at(10).name, "a.jpg");
  EXPECT_EQ(r.images.at(10).observations[0].x_px, Eigen::Vector2d(200, 120));
  const Camera& large = r.cameras.at(r.images.at(10).camera_id);
  const Camera& small = r.cameras.at(r.images.at(11).camera_id);
  EXPECT_THAT(large.params, ElementsAre(500, 400, 300, 0.05));
  EXPECT_THAT(small.params, ElementsAre(250, 200, 150, 0.05));
  // The image that means no photograph is gone from the tracks, too.
  EXPECT_EQ(r.points.at(1).track.size(), 2u);
  EXPECT_THAT(Violations(r), ElementsAre());
}

TEST(AdoptPoses, LeavesOutPhotographsOfAnotherShape) {
  const AdoptedPoses adopted =
      AdoptPoses(Given(), Photos({{"a.jpg", {600, 800}}, {"b.jpg", {401, 300}}}));
  EXPECT_THAT(adopted.wrong_shape, ElementsAre("a.jpg"));
  EXPECT_EQ(adopted.reconstruction.images.size(), 1u);
}

TEST(EnoughPlaced, StopsBelowHalfAndWarnsBelowFourFifths) {
  const std::vector<std::string> photos = {"a", "b", "c", "d", "e"};
  EXPECT_EQ(CheckEnoughPlaced(photos, {}), std::nullopt);
  EXPECT_EQ(CheckEnoughPlaced(photos, {"b"}), "Not placed: b.");
  EXPECT_THAT(*CheckEnoughPlaced(photos, {"b", "d"}), HasSubstr("Only 3 of 5"));
  try {
    CheckEnoughPlaced(photos, {"b", "d", "e"});
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kNotEnough);
    EXPECT_THAT(error.what(), HasSubstr("b, d and e"));
  }
  EXPECT_THROW(CheckEnoughPlaced({}, {}), Error);
}

TEST(ReadPoses, SaysWhatItLookedFor) {
  const TempFolder empty;
  EXPECT_THROW(ReadPoses(empty.path()), Error);
  EXPECT_THROW(ReadPoses(empty.path() / "none"), Error);
}

TEST(Schedule, IsReadBackFromAReport) {
  const TempFolder temp;
  const Path report = temp.path() / "report.json";
  WriteFileAtomic(report, std::string_view(R"({"training": {"schedule_version": 2, "schedule": [
      {"iteration": 0, "kind": "total", "value": 900.5}, {"iteration": 7, "kind": "end"}]}})"));
  const train::Schedule schedule = ReadSchedule(report);
  ASSERT_EQ(schedule.size(), 2u);
  EXPECT_EQ(schedule[0].kind, "total");
  EXPECT_EQ(schedule[0].value, 900.5);
  EXPECT_EQ(schedule[1].iteration, 7);
  for (const char* bad :
       {"{}", "[]", R"({"training": {}})", R"({"training": {"schedule_version": 2, "schedule": [{"kind": "x"}]}})",
        R"({"training": {"schedule_version": 3, "schedule": [{"iteration": 1, "kind": "x"}]}})",
        R"({"training": {"schedule_version": 2, "schedule": [{"iteration": 1e300, "kind": "x"}]}})"}) {
    WriteFileAtomic(report, std::string_view(bad));
    EXPECT_THROW(ReadSchedule(report), Error) << bad;
  }
}

TEST(ViewCamera, HasTheTrainingSizeAndNoDistortion) {
  const Camera camera{CameraModel::kSimpleRadial, 4000, 3000, {3000, 2000, 1500, 0.02}};
  const Camera view = ViewCamera(camera, 960);
  EXPECT_EQ(view.width, 960);
  EXPECT_EQ(view.height, 720);
  EXPECT_FALSE(view.has_distortion());
  EXPECT_EQ(ViewCamera(camera, 8000).width, 4000);  // never enlarged
}

}  // namespace
}  // namespace ajar::room
