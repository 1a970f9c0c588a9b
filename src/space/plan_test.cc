#include "space/plan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <Eigen/Geometry>

#include "space/internal/contour.h"
#include "space/internal/cut.h"
#include "space/internal/rectangles.h"
#include "space/walk.h"

namespace ajar::space {
namespace {

using Eigen::Vector2d;
using ::testing::HasSubstr;
using ::testing::Not;

Plan SmallPlan() {
  Plan plan;
  plan.outline = {{0, 0}, {3, 0}, {3, 4}, {0, 4}};
  plan.area_m2 = 12;
  plan.height_m = 2.5;
  plan.furniture = {{{{0, 0}, {1, 0}, {1, 2}, {0, 2}}, 0.5, true}};
  plan.openings = {{Opening::Kind::kDoor, {1, 4}, {1.9, 4}, 0, 2}};
  plan.photos = {{{1.5, 2}, {0, -1}}};
  return plan;
}

TEST(PlanSvg, SaysInWordsWhatIsDrawn) {
  const std::string svg = PlanSvg(SmallPlan(), {"A <small> room & more", false});
  EXPECT_THAT(svg, HasSubstr("<title id=\"plan-title\">Plan of A &lt;small&gt; room &amp; more"));
  EXPECT_THAT(svg, HasSubstr("3.00 by 4.00 metres"));
  EXPECT_THAT(svg, HasSubstr("1 open door is to be seen. "));
  EXPECT_THAT(svg, Not(HasSubstr("window")));
  EXPECT_THAT(svg, HasSubstr("<title>Open door, at least 0.9 metres wide</title>"));
  EXPECT_THAT(svg, HasSubstr("<title>Something of a height to sit on, 0.50 metres high</title>"));
  EXPECT_THAT(svg, HasSubstr("1 photograph was taken"));
  EXPECT_THAT(svg, HasSubstr("All measures are in metres."));
  EXPECT_THAT(svg, Not(HasSubstr("about 3.00")));
}

TEST(PlanSvg, NamesAStair) {
  Plan plan = SmallPlan();
  plan.furniture.push_back({{{2, 0}, {3, 0}, {3, 0.9}, {2, 0.9}}, 0.54, false, {}});
  for (const double z : {0.0, 0.3, 0.6}) plan.furniture.back().treads.push_back({{2, z}, {3, z}});
  const std::string svg = PlanSvg(plan, {"A room", false});
  EXPECT_THAT(svg, HasSubstr("There is 1 stair. "));
  EXPECT_THAT(svg, HasSubstr("<title>Stair of 3 steps, 0.54 metres high</title>"));
}

TEST(PlanSvg, LiesSquareOnThePaper) {
  Plan plan = SmallPlan();
  const Eigen::Rotation2Dd turn(0.4);
  for (Eigen::Vector2d& p : plan.outline) p = turn * p;
  EXPECT_THAT(PlanSvg(plan, {"A room", false}), HasSubstr("3.00 by 4.00 metres"));
}

TEST(PlanSvg, SaysWhereMeasuresAreEstimated) {
  const std::string svg = PlanSvg(SmallPlan(), {"A room", true});
  EXPECT_THAT(svg, HasSubstr("about 3.00 m"));
  EXPECT_THAT(svg, HasSubstr("All measures are estimated."));
  EXPECT_THAT(svg, HasSubstr("1 m (estimated)"));
}

TEST(PlanSvg, OfAnUnknownRoomSaysThat) {
  EXPECT_THAT(PlanSvg({}, {"A room", true}), HasSubstr("The walls of this room were not found"));
}

TEST(Contour, NearlySquareSidesAreLaidAlongTheWalls) {
  const Polygon squared = Squared({{0, 0}, {2, 0.1}, {2.1, 1}, {1, 2}, {0.1, 1.9}}, 0.27);
  // The slanted side keeps its ends but for what the sides beside it move.
  ASSERT_EQ(squared.size(), 5u);
  EXPECT_NEAR((squared[0] - Vector2d(0.05, 0.05)).norm(), 0, 1e-9);
  EXPECT_NEAR((squared[1] - Vector2d(2.05, 0.05)).norm(), 0, 1e-9);
  EXPECT_NEAR((squared[2] - Vector2d(2.05, 1)).norm(), 0, 1e-9);
  EXPECT_NEAR((squared[3] - Vector2d(1, 1.95)).norm(), 0, 1e-9);
  EXPECT_NEAR((squared[4] - Vector2d(0.05, 1.95)).norm(), 0, 1e-9);
  // Two sides one after the other at different depths: a step between them.
  EXPECT_EQ(Squared({{0, 0}, {1, 0}, {2, 0.2}, {2, 1}, {0, 1}}, 0.27).size(), 6u);
}

TEST(Contour, AHullHasNoNotches) {
  const Polygon hull = ConvexHull({{0, 0}, {2, 0}, {1, 0.5}, {2, 2}, {0, 2}, {0.4, 1}, {1, 2}});
  ASSERT_EQ(hull.size(), 4u);
  EXPECT_DOUBLE_EQ(SignedArea(hull), 4);
}

TEST(Rectangles, CoverAnLThatFrays) {
  Mask mask(0, 0, 1, 30, 30);
  for (int z = 2; z < 22; ++z) {
    for (int x = 3; x < 25; ++x) mask.at(x, z) = x < 11 || z < 9 ? 1 : 0;
  }
  mask.at(4, 22) = mask.at(24, 9) = 1;  // a grain on either end
  mask.at(3, 2) = mask.at(10, 21) = 0;
  const std::vector<CellBox> boxes = CoverByRectangles(mask, {0, 0, 29, 29}, 5, 4);
  ASSERT_EQ(boxes.size(), 2u);
  const CellBox first = boxes[0], second = boxes[1];
  EXPECT_EQ(first.z0, 2);
  EXPECT_EQ(second.wide() * second.deep() + first.wide() * first.deep(), 22 * 7 + 8 * 13);
  EXPECT_TRUE(CoverByRectangles(mask, {0, 25, 29, 29}, 5, 4).empty());
}

TEST(Contour, TracesAndSimplifiesAnL) {
  Mask mask(0, 0, 1, 8, 8);
  for (int z = 1; z < 7; ++z) {
    for (int x = 1; x < 7; ++x) mask.at(x, z) = x < 4 || z < 4 ? 1 : 0;
  }
  std::vector<int> sizes;
  const Map<int> parts = Parts(mask, &sizes);
  ASSERT_EQ(sizes.size(), 2u);
  const Polygon border = OuterBorder(parts, 1);
  EXPECT_EQ(border.size(), 6u);
  EXPECT_DOUBLE_EQ(SignedArea(border), 27);
  EXPECT_EQ(Simplified(border, 0.1).size(), 6u);
  EXPECT_TRUE(Contains(border, {2, 6}));
  EXPECT_FALSE(Contains(border, {5, 6}));
}

TEST(Contour, DistancesAreThoseOfTheNearestCell) {
  Mask mask(0, 0, 0.5, 9, 7);
  mask.at(2, 3) = mask.at(8, 0) = 1;
  const Map<float> distance = DistanceTo(mask);
  for (int z = 0; z < 7; ++z) {
    for (int x = 0; x < 9; ++x) {
      const double a = std::hypot(x - 2, z - 3), b = std::hypot(x - 8, z);
      EXPECT_NEAR(static_cast<double>(distance.at(x, z)), 0.5 * std::min(a, b), 1e-5);
    }
  }
}

TEST(Cut, FollowsTheWallAndClosesItsGap) {
  // A ring of cheap border with a gap of three cells about a seed, in what is seen.
  Map<float> pull(0, 0, 0.1, 30, 30, 0), border(0, 0, 0.1, 30, 30, 1);
  for (int i = 0; i < 30; ++i)
    pull.at(i, 0) = pull.at(i, 29) = pull.at(0, i) = pull.at(29, i) = -1e3f;
  for (int i = 5; i <= 24; ++i) {
    border.at(i, 5) = border.at(i, 24) = border.at(5, i) = 0.02f;
    if (i < 12 || i > 14) border.at(24, i) = 0.02f;
  }
  for (int i = 6; i < 24; ++i) {
    for (int k = 6; k < 24; ++k) pull.at(i, k) = 0.01f;
  }
  pull.at(15, 15) = 1e3f;
  const Mask inside = CheapestBorder(pull, border);
  for (int z = 0; z < 30; ++z) {
    for (int x = 0; x < 30; ++x) {
      const bool is_within = x > 5 && x < 23 && z > 5 && z < 24;
      const bool is_beyond = x < 5 || x > 25 || z < 5 || z > 24;
      EXPECT_TRUE(!is_within || inside.at(x, z)) << x << " " << z;
      EXPECT_TRUE(!is_beyond || !inside.at(x, z)) << x << " " << z;
    }
  }
}

TEST(Walker, StopsAtWhatIsInTheWayAndSlidesAlongIt) {
  CollisionMesh mesh;
  const auto add = [&](float x, float y, float z) {
    mesh.positions.push_back({x, y, z});
    return static_cast<uint32_t>(mesh.positions.size() - 1);
  };
  const auto a = add(-2, 0, -2), b = add(2, 0, -2), c = add(2, 0, 2), d = add(-2, 0, 2);
  mesh.floor = {a, c, b, a, d, c};
  const auto e = add(1, 0, -2), f = add(1, 0, 2), g = add(1, 1, 2), h = add(1, 1, -2);
  mesh.walls = {e, f, g, e, g, h};
  const Walker walker(mesh, {});
  EXPECT_TRUE(walker.CanStand({0, 0}));
  EXPECT_FALSE(walker.CanStand({0.9, 0}));
  EXPECT_FALSE(walker.CanStand({5, 0}));
  EXPECT_NEAR(walker.Walk({0, 0}, {3, 0}).x(), 0.8, 0.03);
  const Vector2d slid = walker.Walk({0.7, 0}, {1, 1});
  EXPECT_LT(slid.x(), 0.83);
  EXPECT_GT(slid.y(), 0.5);
  EXPECT_NEAR(walker.Nearest({0.95, 0.3}, 0.5).x(), 0.8, 0.04);
  EXPECT_FALSE(Walker({}, {}).CanStand({0, 0}));
}

}  // namespace
}  // namespace ajar::space
