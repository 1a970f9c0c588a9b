#include <gtest/gtest.h>

#include "sfm/internal/cameras.h"
#include "sfm/internal/time_left.h"

namespace ajar::sfm {
namespace {

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

TEST(Cameras, PortraitAndLandscapeAreTwo) {
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
  const std::vector<internal::CameraGroup> groups = internal::GroupByCamera(set, 1600);
  ASSERT_EQ(groups.size(), 2u);
  EXPECT_EQ(groups[0].photos, (std::vector<uint32_t>{0, 2, 4}));
  EXPECT_EQ(groups[0].width, 1600);
  EXPECT_EQ(groups[0].height, 1200);
  ASSERT_TRUE(groups[0].focal_px.has_value());
  EXPECT_NEAR(*groups[0].focal_px, 1200, 1e-9);
  EXPECT_FALSE(groups[1].focal_px.has_value());
}

}  // namespace
}  // namespace ajar::sfm
