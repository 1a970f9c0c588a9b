#include <gtest/gtest.h>

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>

#include "base/parallel.h"
#include "base/random.h"
#include "sfm/internal/absolute_pose.h"
#include "sfm/internal/bundle_adjustment.h"
#include "sfm/internal/lookalikes.h"
#include "sfm/internal/polynomial.h"
#include "sfm/internal/relative_pose.h"
#include "sfm/internal/triangulate.h"
#include "sfm/internal/two_view.h"

namespace ajar::sfm::internal {
namespace {

double Between(Random& random, double low, double high) {
  return low + (high - low) * random.Uniform();
}

double Normal(Random& random) {
  double sum = -6;
  for (int i = 0; i < 12; ++i) sum += random.Uniform();
  return sum;
}

Eigen::Vector3d SomePoint(Random& random) {
  return {Between(random, -2, 2), Between(random, -1.5, 1.5), Between(random, 2.5, 6)};
}

Rigid3 SomePose(Random& random, double most_turn, double most_move) {
  const Eigen::Vector3d axis(Normal(random), Normal(random), Normal(random));
  const Eigen::Vector3d move(Normal(random), Normal(random), 0.3 * Normal(random));
  return {Eigen::Quaterniond(
              Eigen::AngleAxisd(most_turn * random.Uniform(), Eigen::Vector3d(axis.normalized()))),
          most_move * move.normalized()};
}

double AngleBetween(const Eigen::Vector3d& a, const Eigen::Vector3d& b) {
  return std::atan2(a.cross(b).norm(), a.dot(b));
}

TEST(Polynomial, RootsAreFound) {
  const std::vector<double> roots{-3, -0.5, 0.25, 1, 40};
  std::vector<double> c{1};
  for (const double r : roots) {
    std::vector<double> next(c.size() + 1);
    for (size_t i = 0; i < c.size(); ++i) {
      next[i + 1] += c[i];
      next[i] -= r * c[i];
    }
    c = next;
  }
  const std::vector<double> found = RealRoots(c);
  ASSERT_EQ(found.size(), roots.size());
  for (size_t i = 0; i < roots.size(); ++i) EXPECT_NEAR(found[i], roots[i], 1e-9);
  EXPECT_TRUE(RealRoots(std::vector<double>{1, 0, 1}).empty());
  EXPECT_TRUE(RealRoots(std::vector<double>{7}).empty());
  EXPECT_TRUE(RealRoots(std::vector<double>{1, std::nan("")}).empty());
  EXPECT_EQ(RealRoots(std::vector<double>{-2, 1, 0, 0}).size(), 1u);
}

TEST(FivePoint, TheTrueMatrixIsAmongThoseFound) {
  Random random{1};
  for (int round = 0; round < 50; ++round) {
    const Rigid3 pose = SomePose(random, 0.8, 1);
    std::vector<RayPair> pairs;
    for (int i = 0; i < 5; ++i) {
      const Eigen::Vector3d x = SomePoint(random) + Eigen::Vector3d(0, 0, 2);
      pairs.push_back({x.hnormalized(), (pose * x).hnormalized()});
    }
    Eigen::Matrix3d truth = EssentialFromPose(pose);
    truth /= truth.norm();
    double best = 1e9;
    for (const Eigen::Matrix3d& e : FivePoint(pairs)) {
      best = std::min({best, (e - truth).norm(), (e + truth).norm()});
      for (const RayPair& p : pairs) EXPECT_LT(SampsonError(e, p), 1e-12);
    }
    EXPECT_LT(best, 1e-6) << "round " << round;
  }
}

TEST(ThreePoint, TheTruePoseIsAmongThoseFound) {
  Random random{2};
  for (int round = 0; round < 100; ++round) {
    const Rigid3 pose = SomePose(random, 1.5, 1);
    std::vector<Sighting> three;
    for (int i = 0; i < 3; ++i) {
      const Eigen::Vector3d cam = SomePoint(random);
      three.push_back({cam.hnormalized(), Inverse(pose) * cam});
    }
    double best = 1e9;
    for (const Rigid3& found : ThreePoint(three)) {
      best = std::min(best, (found.translation - pose.translation).norm() +
                                found.rotation.angularDistance(pose.rotation));
    }
    EXPECT_LT(best, 1e-5) << "round " << round;
  }
}

struct Scene {
  Rigid3 pose;
  std::vector<RayPair> pairs;
};
// Half of the pairs are wrong; the right ones have noise. kPlane: all on one plane; kTurn: no move.
enum class Kind { kRelief, kPlane, kTurn };
Scene MakeScene(Random& random, Kind kind, double noise) {
  Scene scene{SomePose(random, 0.5, kind == Kind::kTurn ? 0 : 1), {}};
  for (int i = 0; i < 200; ++i) {
    Eigen::Vector3d x = SomePoint(random);
    if (kind == Kind::kPlane) x[2] = 4 + 0.3 * x[0] - 0.2 * x[1];
    RayPair pair{x.hnormalized(), (scene.pose * x).hnormalized()};
    if (i % 2) pair.second = {Between(random, -0.8, 0.8), Between(random, -0.6, 0.6)};
    pair.first += noise * Eigen::Vector2d(Normal(random), Normal(random));
    pair.second += noise * Eigen::Vector2d(Normal(random), Normal(random));
    scene.pairs.push_back(pair);
  }
  return scene;
}

TEST(TwoView, FindsThePoseAmongWrongMatches) {
  Random random{3};
  for (int round = 0; round < 20; ++round) {
    const Scene scene = MakeScene(random, Kind::kRelief, 0.0004);
    const TwoView found = FindTwoView(scene.pairs, {.seed = 7});
    EXPECT_LT(found.second_from_first.rotation.angularDistance(scene.pose.rotation), 0.01);
    EXPECT_LT(AngleBetween(found.second_from_first.translation, scene.pose.translation), 0.05);
    EXPECT_GT(found.inliers.size(), 95u);
    EXPECT_LT(found.inliers.size(), 120u);
    EXPECT_LT(found.plane_inliers, 60);
    EXPECT_LT(found.rotation_inliers, 40);
    EXPECT_TRUE(std::ranges::is_sorted(found.inliers));
  }
}

TEST(TwoView, APlaneAndATurnAreToldApart) {
  Random random{4};
  for (int round = 0; round < 10; ++round) {
    const TwoView plane = FindTwoView(MakeScene(random, Kind::kPlane, 0.0004).pairs, {});
    EXPECT_GT(plane.plane_inliers, 0.8 * static_cast<double>(plane.inliers.size()));
    EXPECT_LT(plane.rotation_inliers, 60);
    const TwoView turn = FindTwoView(MakeScene(random, Kind::kTurn, 0.0004).pairs, {});
    EXPECT_GT(turn.rotation_inliers, 85);
    EXPECT_LT(turn.median_angle_rad, 0.01);
  }
}

TEST(TwoView, NothingIsFoundInNoise) {
  Random random{5};
  std::vector<RayPair> pairs;
  for (int i = 0; i < 60; ++i) {
    pairs.push_back({{Between(random, -0.8, 0.8), Between(random, -0.6, 0.6)},
                     {Between(random, -0.8, 0.8), Between(random, -0.6, 0.6)}});
  }
  EXPECT_LT(FindTwoView(pairs, {}).inliers.size(), 20u);
  pairs.resize(4);
  EXPECT_TRUE(FindTwoView(pairs, {}).inliers.empty());
}

TEST(AbsolutePose, FindsThePoseAmongWrongSightings) {
  Random random{6};
  for (int round = 0; round < 20; ++round) {
    const Rigid3 pose = SomePose(random, 1.5, 1);
    std::vector<Sighting> sightings;
    for (int i = 0; i < 100; ++i) {
      const Eigen::Vector3d cam = SomePoint(random);
      Sighting s{cam.hnormalized(), Inverse(pose) * cam};
      s.ray += 0.0005 * Eigen::Vector2d(Normal(random), Normal(random));
      if (i % 2) s.ray = {Between(random, -0.8, 0.8), Between(random, -0.6, 0.6)};
      sightings.push_back(s);
    }
    const AbsolutePose found = FindAbsolutePose(sightings, {});
    EXPECT_LT(found.cam_from_world.rotation.angularDistance(pose.rotation), 0.003);
    EXPECT_LT((found.cam_from_world.translation - pose.translation).norm(), 0.01);
    EXPECT_GE(found.inliers.size(), 48u);
  }
}

TEST(Lens, RaysGoThereAndBack) {
  Lens lens = PlainLens(1200, 900, 900);
  lens.params << 900, 603, 447, -0.08, 0.02, 0.001, -0.0005;
  for (double y = 0; y <= 900; y += 90) {
    for (double x = 0; x <= 1200; x += 120) {
      const Eigen::Vector2d at(x, y);
      EXPECT_LT((lens.Project(lens.Ray(at)) - at).norm(), 1e-6);
    }
  }
}

TEST(Lens, DerivativesAreThoseOfDifferences) {
  Lens lens = PlainLens(1200, 900, 900);
  lens.params << 900, 603, 447, -0.08, 0.02, 0.001, -0.0005;
  const Eigen::Vector2d ray(0.4, -0.3);
  Eigen::Matrix2d by_ray;
  Eigen::Matrix<double, 2, kLensParams> by_params;
  lens.Project(ray, &by_ray, &by_params);
  for (int k = 0; k < 2; ++k) {
    const Eigen::Vector2d step = 1e-6 * Eigen::Vector2d::Unit(k);
    const Eigen::Vector2d slope = (lens.Project(ray + step) - lens.Project(ray - step)) / 2e-6;
    EXPECT_LT((slope - by_ray.col(k)).norm(), 1e-5);
  }
  for (int k = 0; k < kLensParams; ++k) {
    Lens more = lens, less = lens;
    more.params[k] += 1e-6;
    less.params[k] -= 1e-6;
    const Eigen::Vector2d slope = (more.Project(ray) - less.Project(ray)) / 2e-6;
    EXPECT_LT((slope - by_params.col(k)).norm(), 1e-5) << k;
  }
}

// COLMAP's definition of the same lens is scene/camera's.
TEST(Lens, IsTheCameraThatItSays) {
  Lens lens = PlainLens(1200, 900, 900);
  lens.params << 900, 603, 447, -0.08, 0.02, 0.001, -0.0005;
  const Camera camera = CameraOf(lens);
  const Eigen::Vector3d x(0.5, -0.4, 1.3);
  EXPECT_LT((*camera.ImgFromCam(x) - lens.Project(x.hnormalized())).norm(), 1e-9);
  EXPECT_EQ(CameraOf(PlainLens(1200, 900, 900)).model, CameraModel::kSimplePinhole);
}

struct Bundle {
  BundleProblem truth, problem;
};
// Twelve cameras on an arc before 300 points, two lenses; the start is a little off.
Bundle MakeBundle(double noise_px) {
  Random random{8};
  Bundle b;
  for (const double focal : {800.0, 950.0}) {
    Lens lens = PlainLens(1200, 900, focal);
    lens.params[1] += 4;
    lens.params[2] -= 3;
    lens.params[3] = -0.05;
    b.truth.lenses.push_back(lens);
    LensPrior prior;
    prior.expected = PlainLens(1200, 900, focal * 1.03).params;
    prior.sigma << 100, 30, 30, 0.3, 0.3, 0, 0;
    b.truth.priors.push_back(prior);
  }
  for (int i = 0; i < 12; ++i) {
    const double angle = -0.5 + i / 12.0;
    const Eigen::Quaterniond turn(Eigen::AngleAxisd(angle, Eigen::Vector3d::UnitY()));
    const Eigen::Vector3d centre(4 * std::sin(-angle), 0.3 * (i % 3), 4 - 4 * std::cos(angle));
    b.truth.images.push_back({{turn, -(turn * centre)}, static_cast<uint32_t>(i % 2), i == 0});
  }
  for (uint32_t p = 0; p < 300; ++p) {
    b.truth.points.push_back(SomePoint(random));
    for (uint32_t i = 0; i < 12; ++i) {
      if (random.Below(3) == 0) continue;
      const Eigen::Vector3d x = b.truth.images[i].cam_from_world * b.truth.points[p];
      BundleObservation o{i, p, b.truth.lenses[b.truth.images[i].lens].Project(x.hnormalized())};
      o.x_px += noise_px * Eigen::Vector2d(Normal(random), Normal(random));
      if (random.Below(40) == 0) o.x_px += Eigen::Vector2d(60, -40);
      b.truth.observations.push_back(o);
    }
  }
  b.problem = b.truth;
  for (size_t l = 0; l < 2; ++l) b.problem.lenses[l].params = b.truth.priors[l].expected;
  for (size_t i = 1; i < 12; ++i) {
    Rigid3& pose = b.problem.images[i].cam_from_world;
    pose = SomePose(random, 0.02, 0.03) * pose;
  }
  for (Eigen::Vector3d& x : b.problem.points) {
    x += 0.05 * Eigen::Vector3d(Normal(random), Normal(random), Normal(random));
  }
  return b;
}

TEST(BundleAdjustment, FindsTheTruthFromNearby) {
  Bundle b = MakeBundle(0.3);
  const BundleReport report = Adjust({.most_steps = 100}, &b.problem);
  EXPECT_LT(report.last_cost, 0.05 * report.first_cost);
  for (size_t l = 0; l < 2; ++l) {
    EXPECT_NEAR(b.problem.lenses[l].params[0], b.truth.lenses[l].params[0], 3);
    EXPECT_NEAR(b.problem.lenses[l].params[3], -0.05, 0.005);
    EXPECT_EQ(b.problem.lenses[l].params[5], 0);  // it was not to move
  }
  for (size_t i = 0; i < 12; ++i) {
    EXPECT_LT(b.problem.images[i].cam_from_world.rotation.angularDistance(
                  b.truth.images[i].cam_from_world.rotation),
              0.01);
  }
}

TEST(BundleAdjustment, HasTheSameBitsForAnyNumberOfThreads) {
  const int before = ThreadCount();
  std::vector<BundleProblem> results;
  for (const int threads : {1, 2, 5}) {
    SetThreadCount(threads);
    results.push_back(MakeBundle(0.3).problem);
    Adjust({.most_steps = 10}, &results.back());
  }
  SetThreadCount(before);
  for (const BundleProblem& r : results) {
    for (size_t i = 0; i < r.images.size(); ++i) {
      EXPECT_EQ(r.images[i].cam_from_world.translation,
                results[0].images[i].cam_from_world.translation);
    }
    EXPECT_EQ(r.points.back(), results[0].points.back());
    EXPECT_EQ(r.lenses[1].params, results[0].lenses[1].params);
  }
}

TEST(BundleAdjustment, WhatIsHeldStays) {
  Bundle b = MakeBundle(0.3);
  for (BundleImage& image : b.problem.images) image.fixed = true;
  for (LensPrior& prior : b.problem.priors) prior.sigma.setZero();
  const BundleProblem start = b.problem;
  Adjust({}, &b.problem);
  EXPECT_EQ(b.problem.images[5].cam_from_world.translation,
            start.images[5].cam_from_world.translation);
  EXPECT_EQ(b.problem.lenses[0].params, start.lenses[0].params);
  EXPECT_NE(b.problem.points[0], start.points[0]);
}

TEST(Triangulate, AWrongViewIsLeftOut) {
  const Lens lens = PlainLens(1000, 800, 800);
  const Eigen::Vector3d x(0.2, -0.1, 4);
  std::vector<Rigid3> poses(5);
  std::vector<View> views;
  for (size_t i = 0; i < poses.size(); ++i) {
    poses[i].translation = {-0.4 * static_cast<double>(i), 0, 0};
    views.push_back({&poses[i], &lens, lens.Project((poses[i] * x).hnormalized())});
  }
  views[2].x_px += Eigen::Vector2d(0, 40);
  const auto found = Triangulate(views, 3, 0.02);
  ASSERT_TRUE(found.has_value());
  EXPECT_LT((found->x_in_world - x).norm(), 1e-6);
  EXPECT_EQ(found->views, (std::vector<uint32_t>{0, 1, 3, 4}));
  // Under too small an angle nothing is said.
  EXPECT_FALSE(Triangulate(views, 3, 0.5).has_value());
}

TEST(Lookalikes, APairThatNoWayRoundAgreesWithIsTold) {
  // Six cameras in a circle of turns; all pairs true but one, whose matches are of another place.
  Random random{9};
  std::vector<Rigid3> poses;
  for (int i = 0; i < 6; ++i) {
    const Eigen::Quaterniond turn(Eigen::AngleAxisd(0.12 * i, Eigen::Vector3d::UnitY()));
    poses.push_back({turn, turn * Eigen::Vector3d(-0.3 * i, 0.05 * i, 0)});
  }
  std::vector<ViewPair> pairs;
  std::vector<std::vector<RayPair>> rays;
  for (uint32_t a = 0; a < 6; ++a) {
    for (uint32_t b = a + 1; b < 6; ++b) {
      const bool wrong = a == 1 && b == 4;
      Rigid3 pose = poses[b] * Inverse(poses[a]);
      if (wrong) pose = SomePose(random, 0.01, 1);
      ViewPair& pair = pairs.emplace_back();
      pair.first = a;
      pair.second = b;
      pair.second_from_first = {pose.rotation, pose.translation.normalized()};
      std::vector<RayPair>& of_pair = rays.emplace_back();
      for (uint32_t i = 0; i < 60; ++i) {
        const Eigen::Vector3d x = SomePoint(random) + Eigen::Vector3d(0, 0, 2);
        of_pair.push_back({x.hnormalized(), (pose * x).hnormalized()});
        pair.inliers.emplace_back(i, i);
      }
    }
  }
  const std::vector<double> agreement = TriangleAgreement(6, pairs, rays, {});
  for (size_t k = 0; k < pairs.size(); ++k) {
    if (pairs[k].first == 1 && pairs[k].second == 4) {
      EXPECT_LT(agreement[k], 0.2);
    } else {
      EXPECT_GT(agreement[k], 0.7);
    }
  }
}

}  // namespace
}  // namespace ajar::sfm::internal
