// Whole sets of photographs, painted by code, compared with the truth.
#include "sfm/reconstruct.h"

#include <gtest/gtest.h>

#include <Eigen/Geometry>
#include <algorithm>
#include <atomic>
#include <cmath>
#include <map>
#include <numbers>

#include "base/error.h"
#include "base/parallel.h"
#include "base/random.h"
#include "bundle/picture.h"
#include "sfm/again.h"
#include "synthetic/room.h"

namespace ajar::sfm {
namespace {

// Photographs on disk, and where they were taken.
struct Set {
  std::map<std::string, Image8> pictures;
  std::map<std::string, Rigid3> truth;
};

photo::PhotoSet Written(const std::map<std::string, Image8>& pictures, const Path& folder) {
  MakeFolder(folder / "photos");
  for (const auto& [name, picture] : pictures) {
    WriteFileAtomic(folder / "photos" / name, bundle::EncodePng(picture));
  }
  return photo::Open({folder / "photos"}, folder / "frames", {}, {});
}

Set RoomSet(const synthetic::RoomOptions& options, const std::string& prefix) {
  const synthetic::Room room = synthetic::MakeRoom(options);
  Set set;
  size_t k = 0;
  for (const auto& [id, image] : room.reconstruction.images) {
    const std::string name = prefix + image.name.substr(0, image.name.rfind('.')) + ".png";
    set.pictures[name] = room.photos[k++];
    set.truth[name] = image.cam_from_world;
  }
  return set;
}

synthetic::RoomOptions SmallRoom() {
  synthetic::RoomOptions options;
  options.photos = 12;
  options.width = 480;
  options.height = 360;
  options.focal_px = 300;
  options.radial_k = -0.03;
  options.exposure_drift = 0.03;
  options.supersampling = 1;
  return options;
}

// Painted once.
const Set& TheRoom() {
  static const Set set = RoomSet(SmallRoom(), "a");
  return set;
}

Options Quick() {
  Options options;
  options.most_features = 2500;
  return options;
}

struct Errors {
  std::vector<double> distances, angles_deg;  // sorted
};
// After the similarity that brings the camera centres onto the true ones.
Errors Compare(const Reconstruction& found, const std::map<std::string, Rigid3>& truth) {
  Eigen::Matrix3Xd from(3, found.images.size()), to(3, found.images.size());
  Eigen::Index column = 0;
  for (const auto& [id, image] : found.images) {
    from.col(column) = image.CentreInWorld();
    to.col(column++) = Inverse(truth.at(image.name)).translation;
  }
  const Eigen::Matrix4d m = Eigen::umeyama(from, to);
  Sim3 fit;
  fit.scale = std::cbrt(m.topLeftCorner<3, 3>().determinant());
  fit.rotation = Eigen::Quaterniond(Eigen::Matrix3d(m.topLeftCorner<3, 3>() / fit.scale));
  fit.translation = m.topRightCorner<3, 1>();
  Errors errors;
  for (const auto& [id, image] : found.images) {
    const Rigid3 placed = TransformCamera(image.cam_from_world, fit);
    const Rigid3& is = truth.at(image.name);
    errors.distances.push_back((Inverse(placed).translation - Inverse(is).translation).norm());
    errors.angles_deg.push_back(placed.rotation.angularDistance(is.rotation) * 180 /
                                std::numbers::pi);
  }
  std::ranges::sort(errors.distances);
  std::ranges::sort(errors.angles_deg);
  return errors;
}

std::string Failure(const photo::PhotoSet& photos) {
  try {
    Reconstruct(photos, Quick(), {});
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kNotEnough) << error.what();
    return error.what();
  }
  ADD_FAILURE() << "nothing was raised";
  return {};
}

TEST(Reconstruct, PlacesTheSyntheticRoomWhereItIs) {
  const Set& set = TheRoom();
  const TempFolder folder;
  const photo::PhotoSet photos = Written(set.pictures, folder.path());
  double last = 0;
  const Progress progress(
      [&](const ProgressUpdate& update) {
        EXPECT_GE(update.fraction, last);
        EXPECT_LE(update.fraction, 1.0);
        last = update.fraction;
      },
      nullptr);
  const Result result = Reconstruct(photos, Quick(), progress);
  const Reconstruction& found = result.reconstruction;
  EXPECT_GT(last, 0.9);
  EXPECT_TRUE(Violations(found).empty());
  EXPECT_TRUE(result.report.not_placed.empty());
  EXPECT_TRUE(result.report.other_pieces.empty());
  EXPECT_LT(result.report.mean_error_px, 0.7);
  ASSERT_EQ(found.cameras.size(), 1u);
  EXPECT_EQ(found.cameras.begin()->second.width, 480);
  EXPECT_NEAR(found.cameras.begin()->second.fx(), 300, 2);  // nobody told
  const Errors errors = Compare(found, set.truth);
  EXPECT_LT(errors.distances[6], 0.005);
  EXPECT_LT(errors.angles_deg[6], 0.15);
  EXPECT_LT(errors.distances.back(), 0.03);
  EXPECT_LT(errors.angles_deg.back(), 0.5);
  // Points have the room's colours, and lie where the pictures show them.
  for (const auto& [id, point] : found.points) {
    EXPECT_GE(point.track.size(), 2u);
    EXPECT_GE(point.error_px, 0);
  }
}

TEST(Reconstruct, HasTheSameBitsForAnyNumberOfThreads) {
  const Set& set = TheRoom();
  const TempFolder folder;
  const photo::PhotoSet photos = Written(set.pictures, folder.path());
  const int before = ThreadCount();
  std::vector<Result> results;
  for (const int threads : {1, 3}) {
    SetThreadCount(threads);
    results.push_back(Reconstruct(photos, Quick(), {}));
  }
  SetThreadCount(before);
  ASSERT_EQ(results[0].reconstruction.points.size(), results[1].reconstruction.points.size());
  for (const auto& [id, image] : results[0].reconstruction.images) {
    const PosedImage& other = results[1].reconstruction.images.at(id);
    EXPECT_EQ(image.cam_from_world.translation, other.cam_from_world.translation);
    EXPECT_EQ(image.cam_from_world.rotation.coeffs(), other.cam_from_world.rotation.coeffs());
  }
}

TEST(ReconstructAgain, LooksOnlyAtWhatIsNew) {
  const Set& set = TheRoom();
  const TempFolder folder;
  photo::PhotoSet all = Written(set.pictures, folder.path()), some = all;
  some.photos.erase(some.photos.begin() + 3, some.photos.begin() + 6);
  Memory memory;
  std::atomic<int> looked_at = 0;
  const OnPicture count = [&](const photo::Photo&, const Image8&) { ++looked_at; };
  Options options = Quick();
  options.draft = true;
  const Result first = ReconstructAgain(some, options, &memory, count, {});
  EXPECT_EQ(looked_at, 9);
  const Result second = ReconstructAgain(all, options, &memory, count, {});
  EXPECT_EQ(looked_at, 12);
  EXPECT_EQ(second.reconstruction.images.size(), 12u);
  EXPECT_LT(Compare(second.reconstruction, set.truth).distances.back(), 0.03);
  EXPECT_EQ(second.report.details.size(), 12u);
  // What is remembered is what would have been found.
  Memory empty;
  const Result anew = ReconstructAgain(all, options, &empty, {}, {});
  ASSERT_EQ(second.report.alike.size(), anew.report.alike.size());
  size_t agreeing = 0;
  for (size_t k = 0; k < anew.report.alike.size(); ++k) {
    EXPECT_EQ(second.report.alike[k].second, anew.report.alike[k].second);
    EXPECT_EQ(second.report.alike[k].matches, anew.report.alike[k].matches);
    EXPECT_LE(anew.report.alike[k].agreeing, anew.report.alike[k].matches);
    if (second.report.alike[k].agreeing > 40) ++agreeing;
  }
  EXPECT_GE(agreeing, 12u);
}

TEST(ReconstructAgain, ThatNothingIsPlacedIsAResult) {
  const photo::PhotoSet photos;
  Memory memory;
  const Result none = ReconstructAgain(photos, Quick(), &memory, {}, {});
  EXPECT_TRUE(none.reconstruction.images.empty());
  EXPECT_TRUE(none.report.not_placed.empty());
}

TEST(Reconstruct, LyingExifIsNotBelieved) {
  const Set& set = TheRoom();
  const TempFolder folder;
  photo::PhotoSet photos = Written(set.pictures, folder.path());
  for (photo::Photo& photo : photos.photos) photo.focal_px = 375;  // a quarter too long
  const Result result = Reconstruct(photos, Quick(), {});
  EXPECT_GE(result.reconstruction.images.size(), 11u);
  EXPECT_NEAR(result.reconstruction.cameras.begin()->second.fx(), 300, 6);
}

TEST(Reconstruct, TwoCamerasAndUprightOnesAmongThem) {
  synthetic::RoomOptions tall = SmallRoom();
  tall.photos = 6;
  tall.width = 360;
  tall.height = 480;
  tall.focal_px = 330;
  tall.radial_k = 0;
  Set set = TheRoom(), other = RoomSet(tall, "b");
  set.pictures.merge(other.pictures);
  set.truth.merge(other.truth);
  const TempFolder folder;
  const Result result = Reconstruct(Written(set.pictures, folder.path()), Quick(), {});
  EXPECT_GE(result.reconstruction.images.size(), 17u);
  EXPECT_EQ(result.reconstruction.cameras.size(), 2u);
  const Errors errors = Compare(result.reconstruction, set.truth);
  EXPECT_LT(errors.distances[9], 0.015);
  EXPECT_LT(errors.angles_deg[9], 0.3);
}

TEST(Reconstruct, OfTwoRoomsTheLargerIsTheRoomAndTheOtherIsTold) {
  synthetic::RoomOptions second = SmallRoom();
  second.photos = 8;
  second.seed = 77;
  Set set = TheRoom(), other = RoomSet(second, "b");
  // Mirrored, it is a room of its own: nothing in it can be laid over the first.
  for (auto& [name, picture] : other.pictures) {
    for (int y = 0; y < picture.height; ++y) {
      for (int x = 0; x < picture.width / 2; ++x) {
        std::swap_ranges(picture.pixel(x, y), picture.pixel(x, y) + 3,
                         picture.pixel(picture.width - 1 - x, y));
      }
    }
  }
  set.pictures.merge(other.pictures);
  const TempFolder folder;
  const Result result = Reconstruct(Written(set.pictures, folder.path()), Quick(), {});
  EXPECT_EQ(result.reconstruction.images.size(), 12u);
  for (const auto& [id, image] : result.reconstruction.images) EXPECT_EQ(image.name[0], 'a');
  ASSERT_EQ(result.report.other_pieces.size(), 1u);
  EXPECT_GE(result.report.other_pieces[0].size(), 5u);
  EXPECT_EQ(result.report.not_placed.size(), 8u);
}

TEST(Reconstruct, EqualThingsInTwoPlacesLeadNobodyAstray) {
  synthetic::RoomOptions options = SmallRoom();
  options.photos = 24;
  options.twins = true;
  options.wall_contrast = 0.05;
  const Set set = RoomSet(options, "");
  const TempFolder folder;
  const Result result = Reconstruct(Written(set.pictures, folder.path()), Quick(), {});
  EXPECT_GE(result.reconstruction.images.size(), 20u);
  const Errors errors = Compare(result.reconstruction, set.truth);
  EXPECT_LT(errors.distances.back(), 0.05);
  EXPECT_LT(errors.angles_deg.back(), 1);
}

TEST(Reconstruct, AMirrorThatFillsAThirdOfThePictureOpensNoSecondRoom) {
  synthetic::RoomOptions options = SmallRoom();
  options.photos = 18;
  options.mirror = true;
  const Set set = RoomSet(options, "");
  const TempFolder folder;
  const Result result = Reconstruct(Written(set.pictures, folder.path()), Quick(), {});
  EXPECT_GE(result.reconstruction.images.size(), 16u);
  const Errors errors = Compare(result.reconstruction, set.truth);
  EXPECT_LT(errors.distances.back(), 0.05);
  EXPECT_LT(errors.angles_deg.back(), 1);
}

TEST(Reconstruct, EightPhotographsOfOneWallAreEnough) {
  Set set;
  const Camera camera{CameraModel::kSimplePinhole, 480, 360, {300, 240, 180}};
  for (int i = 0; i < 8; ++i) {
    const Eigen::Vector3d eye(-0.9 + 0.25 * i, -1.4 - 0.05 * (i % 3), -1.2);
    const Rigid3 pose{Eigen::Quaterniond::Identity(), -eye};
    const std::string name = "p" + std::to_string(i) + ".png";
    set.pictures[name] = synthetic::RenderRoom(camera, pose, SmallRoom()).colour;
    set.truth[name] = pose;
  }
  const TempFolder folder;
  const Result result = Reconstruct(Written(set.pictures, folder.path()), Quick(), {});
  EXPECT_EQ(result.reconstruction.images.size(), 8u);
  const Errors errors = Compare(result.reconstruction, set.truth);
  EXPECT_LT(errors.distances.back(), 0.02);
}

TEST(Reconstruct, APanoramaFromOneSpotIsNotEnough) {
  Set set;
  synthetic::RoomOptions options = SmallRoom();
  Camera camera{CameraModel::kSimplePinhole, 480, 360, {300, 240, 180}};
  for (int i = 0; i < 6; ++i) {
    const Eigen::Quaterniond turn(Eigen::AngleAxisd(0.35 * i, Eigen::Vector3d::UnitY()));
    const Rigid3 pose{turn, -(turn * Eigen::Vector3d(0.2, -1.4, 0.3))};
    set.pictures["p" + std::to_string(i) + ".png"] =
        synthetic::RenderRoom(camera, pose, options).colour;
  }
  const TempFolder folder;
  const std::string said = Failure(Written(set.pictures, folder.path()));
  EXPECT_NE(said.find("one spot"), std::string::npos) << said;
}

TEST(Reconstruct, PicturesOfDifferentThingsAreNotEnough) {
  std::map<std::string, Image8> pictures;
  Random random{1};
  for (const char* name : {"a.png", "b.png", "c.png"}) {
    Image8 picture(240, 210, 3);
    for (int y = 0; y < picture.height; y += 6) {
      for (int x = 0; x < picture.width; x += 6) {
        const auto grey = static_cast<uint8_t>(random.Below(256));
        for (int i = 0; i < 36; ++i) std::fill_n(picture.pixel(x + i % 6, y + i / 6), 3, grey);
      }
    }
    pictures[name] = picture;
  }
  const TempFolder folder;
  EXPECT_NE(Failure(Written(pictures, folder.path())).find("None"), std::string::npos);
}

TEST(Reconstruct, TwoPhotographsAreTooFew) {
  photo::PhotoSet set;
  set.photos.resize(2);
  EXPECT_NE(Failure(set).find("only 2"), std::string::npos);
}

TEST(Reconstruct, StopsWhenThePersonDoes) {
  synthetic::RoomOptions options = SmallRoom();
  options.photos = 4;
  const Set set = RoomSet(options, "");
  const TempFolder folder;
  const photo::PhotoSet photos = Written(set.pictures, folder.path());
  std::atomic<bool> cancelled = false;
  const Progress progress(
      [&](const ProgressUpdate& update) {
        if (update.note == "comparing photographs") cancelled = true;
      },
      &cancelled);
  try {
    Reconstruct(photos, Quick(), progress);
    FAIL() << "it went on";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kCancelled);
  }
}

}  // namespace
}  // namespace ajar::sfm
