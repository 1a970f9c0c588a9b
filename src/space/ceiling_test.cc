#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "space/internal/outline.h"

namespace ajar::space {
namespace {

using Eigen::Vector3d;

// Pieces of surface about a height that face down, each leaning by up to so much.
void Add(int count, double height_m, double lean, std::mt19937* random,
         std::vector<Surfel>* surfels) {
  std::uniform_real_distribution<double> any(-1, 1);
  for (int i = 0; i < count; ++i) {
    Surfel surfel;
    surfel.x = {2 * any(*random), height_m + 0.03 * any(*random), 2 * any(*random)};
    surfel.normal = Vector3d(lean * any(*random), -1, lean * any(*random)).normalized();
    surfels->push_back(surfel);
  }
}

TEST(CeilingHeight, IsFoundThoughItIsRoughAndOtherThingsFaceDown) {
  std::mt19937 random(1);
  std::vector<Surfel> surfels;
  Add(90, 2.6, 0.4, &random, &surfels);
  Add(110, 2.2, 0.4, &random, &surfels);  // a lampshade
  Add(200, 0.7, 0.1, &random, &surfels);  // a table's underside
  const auto height_m = CeilingHeight(surfels, 1.5);
  ASSERT_TRUE(height_m.has_value());
  EXPECT_NEAR(*height_m, 2.6, 0.02);
}

TEST(CeilingHeight, IsNotKnownWhereLittleFacesDown) {
  std::mt19937 random(1);
  std::vector<Surfel> surfels;
  Add(40, 2.6, 0.2, &random, &surfels);
  Add(500, 0.7, 0.1, &random, &surfels);
  EXPECT_FALSE(CeilingHeight(surfels, 1.5).has_value());
  EXPECT_FALSE(CeilingHeight({}, 1.5).has_value());
}

TEST(CeilingHeight, WhatIsSeenAboveThroughAWindowIsNotIt) {
  std::mt19937 random(1);
  std::vector<Surfel> surfels;
  Add(600, 2.4, 0.2, &random, &surfels);
  Add(80, 4.5, 0.2, &random, &surfels);  // seen through a window
  const auto height_m = CeilingHeight(surfels, 1.5);
  ASSERT_TRUE(height_m.has_value());
  EXPECT_NEAR(*height_m, 2.4, 0.02);
}

}  // namespace
}  // namespace ajar::space
