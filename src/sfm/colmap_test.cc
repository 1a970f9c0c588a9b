// COLMAP itself on photographs of the synthetic room, compared with the truth.
#include <gtest/gtest.h>

#include <Eigen/Geometry>
#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

#include "base/error.h"
#include "bundle/picture.h"
#include "sfm/reconstruct.h"
#include "synthetic/room.h"

namespace ajar::sfm {
namespace {

std::string PngName(const PosedImage& image) {
  return image.name.substr(0, image.name.rfind('.')) + ".png";
}

photo::PhotoSet Written(const std::vector<Image8>& pictures, const std::vector<std::string>& names,
                        const Path& folder) {
  MakeFolder(folder / "photos");
  for (size_t i = 0; i < pictures.size(); ++i) {
    WriteFileAtomic(folder / "photos" / names[i], bundle::EncodePng(pictures[i]));
  }
  return photo::Open({folder / "photos"}, folder / "frames", {}, {});
}

TEST(Colmap, PlacesTheSyntheticRoomWhereItIs) {
  synthetic::RoomOptions room_options;
  room_options.photos = 12;
  room_options.width = 480;
  room_options.height = 360;
  room_options.focal_px = 300;
  room_options.radial_k = -0.03;
  room_options.exposure_drift = 0.03;
  const synthetic::Room room = synthetic::MakeRoom(room_options);

  std::vector<std::string> names;
  std::map<std::string, Rigid3> truth;
  for (const auto& [id, image] : room.reconstruction.images) {
    names.push_back(PngName(image));
    truth[names.back()] = image.cam_from_world;
  }
  const TempFolder folder;
  photo::PhotoSet photos = Written(room.photos, names, folder.path());
  // As from Exif, which is a few per cent off, too.
  for (photo::Photo& photo : photos.photos) photo.focal_px = 310;

  const Result result = Reconstruct(photos, {}, folder.path() / "work", {});
  const Reconstruction& found = result.reconstruction;
  EXPECT_TRUE(result.report.not_placed.empty());
  EXPECT_TRUE(result.report.other_pieces.empty());
  EXPECT_LT(result.report.mean_error_px, 1.0);
  ASSERT_EQ(found.cameras.size(), 1u);
  EXPECT_EQ(found.cameras.begin()->second.width, 480);
  EXPECT_NEAR(found.cameras.begin()->second.fx(), 300, 3);

  // The similarity that brings the camera centres onto the true ones.
  Eigen::Matrix3Xd from(3, found.images.size()), to(3, found.images.size());
  Eigen::Index column = 0;
  for (const auto& [id, image] : found.images) {
    from.col(column) = image.CentreInWorld();
    to.col(column++) = Inverse(truth.at(image.name)).translation;
  }
  const Eigen::Matrix4d m = Eigen::umeyama(from, to);
  Sim3 truth_from_found;
  truth_from_found.scale = std::cbrt(m.topLeftCorner<3, 3>().determinant());
  truth_from_found.rotation =
      Eigen::Quaterniond(Eigen::Matrix3d(m.topLeftCorner<3, 3>() / truth_from_found.scale));
  truth_from_found.translation = m.topRightCorner<3, 1>();
  // COLMAP's threads do not meet in the same order twice, and a photograph of this size may come
  // out a little off; what we pass on must not turn or scale any.
  std::vector<double> distances, angles_deg;
  for (const auto& [id, image] : found.images) {
    const Rigid3 placed = TransformCamera(image.cam_from_world, truth_from_found);
    const Rigid3& is = truth.at(image.name);
    distances.push_back((Inverse(placed).translation - Inverse(is).translation).norm());
    angles_deg.push_back(placed.rotation.angularDistance(is.rotation) * 180 / std::numbers::pi);
  }
  std::ranges::sort(distances);
  std::ranges::sort(angles_deg);
  EXPECT_LT(distances[distances.size() / 2], 0.02);
  EXPECT_LT(angles_deg[angles_deg.size() / 2], 0.5);
  EXPECT_LT(distances.back(), 0.1);
  EXPECT_LT(angles_deg.back(), 2.5);
}

TEST(Colmap, PicturesOfDifferentThingsAreNotEnough) {
  std::vector<Image8> pictures;
  uint32_t random = 1;
  for (int k = 0; k < 3; ++k) {
    Image8 picture(240, 210, 3);
    for (int y = 0; y < picture.height; y += 6) {
      for (int x = 0; x < picture.width; x += 6) {
        random = random * 1664525 + 1013904223;
        for (int i = 0; i < 36; ++i) {
          std::fill_n(picture.pixel(x + i % 6, y + i / 6), 3, static_cast<uint8_t>(random >> 24));
        }
      }
    }
    pictures.push_back(std::move(picture));
  }
  const TempFolder folder;
  const photo::PhotoSet photos = Written(pictures, {"a.png", "b.png", "c.png"}, folder.path());
  try {
    Reconstruct(photos, {}, folder.path() / "work", {});
    FAIL() << "noise was placed";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kNotEnough) << error.what();
  }
}

}  // namespace
}  // namespace ajar::sfm
