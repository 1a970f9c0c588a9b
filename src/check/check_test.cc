#include <gtest/gtest.h>

#include "check/internal/flaws.h"
#include "photo/photo.h"
#include "synthetic/room.h"

namespace ajar::check::internal {
namespace {

const Image8& Sharp() {
  static const Image8 picture = [] {
    synthetic::RoomOptions options;
    const Camera camera{CameraModel::kSimplePinhole, 960, 720, {620, 480, 360}};
    const Rigid3 pose{Eigen::Quaterniond::Identity(), Eigen::Vector3d(0, 1.4, 1)};
    return synthetic::RenderRoom(camera, pose, options).colour;
  }();
  return picture;
}

// As a hand smears it: the mean of `length` pixels along an axis.
Image8 Smeared(const Image8& picture, int length, bool along_x) {
  Image8 smeared = picture;
  for (int y = 0; y < picture.height; ++y) {
    for (int x = 0; x < picture.width; ++x) {
      for (int c = 0; c < 3; ++c) {
        int sum = 0;
        for (int k = 0; k < length; ++k) {
          sum += picture.pixel(along_x ? std::min(x + k, picture.width - 1) : x,
                               along_x ? y : std::min(y + k, picture.height - 1))[c];
        }
        smeared.pixel(x, y)[c] = static_cast<uint8_t>(sum / length);
      }
    }
  }
  return smeared;
}

Image8 Times(Image8 picture, double gain) {
  for (uint8_t& v : picture.data) v = static_cast<uint8_t>(std::min(255.0, gain * v));
  return picture;
}

TEST(Flaws, AGoodPictureHasNone) {
  Flaws flaws = FindFlaws(Sharp());
  FindBlurred({&flaws});
  EXPECT_FALSE(flaws.any()) << flaws.edge << " " << flaws.bright << " " << flaws.burnt;
}

TEST(Flaws, AHandThatMovesEitherWayBlurs) {
  for (const bool along_x : {false, true}) {
    Flaws flaws = FindFlaws(Smeared(Sharp(), 9, along_x));
    FindBlurred({&flaws});
    EXPECT_TRUE(flaws.blurred) << flaws.edge;
    EXPECT_FALSE(flaws.too_dark || flaws.blown_out);
  }
}

TEST(Flaws, ABareWallIsNotBlurred) {
  Flaws flaws = FindFlaws(Image8(960, 720, 3, uint8_t{200}));
  FindBlurred({&flaws});
  EXPECT_FALSE(flaws.any());
}

TEST(Flaws, OneThatIsSofterThanTheOthersIsBlurred) {
  std::vector<Flaws> set(5, FindFlaws(Sharp()));
  set[2] = FindFlaws(Smeared(Sharp(), 3, true));
  std::vector<Flaws*> all;
  for (Flaws& flaws : set) all.push_back(&flaws);
  FindBlurred(all);
  for (size_t i = 0; i < set.size(); ++i) EXPECT_EQ(set[i].blurred, i == 2) << set[i].edge;
}

TEST(Flaws, TooLittleLightAndTooMuch) {
  EXPECT_TRUE(FindFlaws(Times(Sharp(), 0.15)).too_dark);
  EXPECT_TRUE(FindFlaws(Times(Sharp(), 4)).blown_out);
}

TEST(Gist, IsOfTheViewAndNotOfTheLight) {
  const auto gist = Gist(Sharp());
  EXPECT_GT(LikenessOf(gist, Gist(Times(Sharp(), 0.7))), 0.99);
  Image8 turned = Sharp();
  for (int y = 0; y < turned.height; ++y) {
    for (int x = 0; x < turned.width; ++x) {
      const uint8_t* from = Sharp().pixel((x + turned.width / 8) % turned.width, y);
      std::copy_n(from, 3, turned.pixel(x, y));
    }
  }
  EXPECT_LT(LikenessOf(gist, Gist(turned)), 0.9);
}

}  // namespace
}  // namespace ajar::check::internal
