#include "dense/dense.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>

#include "base/parallel.h"
#include "dense/internal/kernels/aggregate.h"
#include "dense/internal/kernels/match.h"
#include "dense/internal/neighbours.h"
#include "dense/internal/planes.h"
#include "synthetic/room.h"

namespace ajar::dense {
namespace {

struct Scene {
  synthetic::Room room;
  synthetic::RoomOptions options;
  std::vector<View> views;
};

Scene MakeScene(int photos) {
  Scene scene;
  scene.options.photos = photos;
  scene.options.width = 320;
  scene.options.height = 240;
  scene.options.focal_px = 210;
  scene.options.noise = 2;
  scene.room = synthetic::MakeRoom(scene.options);
  size_t i = 0;
  for (const auto& [id, image] : scene.room.reconstruction.images) {
    scene.views.push_back({&scene.room.photos[i++],
                           UndistortedCamera(scene.room.reconstruction.cameras.at(image.camera_id)),
                           image.cam_from_world});
  }
  return scene;
}

// Whether some view truly sees a surface there, up to a share of its depth.
bool LiesOnASurface(const Scene& scene, const std::vector<ImageF>& depths,
                    const Eigen::Vector3f& x) {
  for (size_t i = 0; i < scene.views.size(); ++i) {
    const Eigen::Vector3d in_cam = scene.views[i].cam_from_world * x.cast<double>();
    const auto pixel = scene.views[i].camera.ImgFromCam(in_cam);
    if (!pixel || pixel->x() < 1 || pixel->y() < 1 || pixel->x() >= depths[i].width - 1 ||
        pixel->y() >= depths[i].height - 1) {
      continue;
    }
    const double truth = static_cast<double>(
        *depths[i].pixel(static_cast<int>(pixel->x()), static_cast<int>(pixel->y())));
    if (std::abs(in_cam.z() - truth) < 0.025 * truth) return true;
  }
  return false;
}

void ExpectOnSurfaces(const Scene& scene, const std::vector<SurfacePoint>& points) {
  std::vector<ImageF> depths;
  for (const View& view : scene.views) {
    depths.push_back(
        synthetic::RenderRoom(view.camera, view.cam_from_world, scene.options).depth);
  }
  const auto sound = std::count_if(points.begin(), points.end(), [&](const SurfacePoint& p) {
    return LiesOnASurface(scene, depths, p.x_in_world);
  });
  EXPECT_GE(static_cast<double>(sound), 0.95 * static_cast<double>(points.size()));
  for (const SurfacePoint& p : points) EXPECT_NEAR(p.normal_in_world.norm(), 1, 1e-4);
}

TEST(Surface, OfARoomWithoutSparsePoints) {
  const Scene scene = MakeScene(16);
  Options options;
  options.max_points = 6000;
  const auto points = FindSurface(scene.views, {}, CameraExtent(scene.room.reconstruction), options,
                                  {});
  EXPECT_GT(points.size(), 4500u);
  EXPECT_LE(points.size(), 6000u);
  ExpectOnSurfaces(scene, points);
  // Most of a room of boxes is upright or level.
  const auto along_axes = std::count_if(points.begin(), points.end(), [](const SurfacePoint& p) {
    return p.normal_in_world.cwiseAbs().maxCoeff() > 0.94f;
  });
  EXPECT_GT(static_cast<double>(along_axes), 0.7 * static_cast<double>(points.size()));
}

TEST(Surface, OfARoomWithSparsePoints) {
  const Scene scene = MakeScene(16);
  std::vector<Eigen::Vector3f> sparse;
  for (const auto& [id, point] : scene.room.reconstruction.points) {
    sparse.push_back(point.x_in_world.cast<float>());
  }
  Options options;
  options.max_points = 3000;
  const auto points = FindSurface(scene.views, sparse, CameraExtent(scene.room.reconstruction),
                                  options, {});
  EXPECT_GT(points.size(), 2200u);
  ExpectOnSurfaces(scene, points);
}

TEST(Surface, SameBitsForAnyNumberOfThreads) {
  const Scene scene = MakeScene(6);
  Options options;
  options.long_side_px = 160;
  const int threads = ThreadCount();
  const auto find = [&](int count) {
    SetThreadCount(count);
    return FindSurface(scene.views, {}, CameraExtent(scene.room.reconstruction), options, {});
  };
  const auto one = find(1), three = find(3);
  SetThreadCount(threads);
  ASSERT_FALSE(one.empty());
  ASSERT_EQ(one.size(), three.size());
  for (size_t i = 0; i < one.size(); ++i) {
    EXPECT_EQ(one[i].x_in_world, three[i].x_in_world);
    EXPECT_EQ(one[i].normal_in_world, three[i].normal_in_world);
    EXPECT_EQ(one[i].rgb, three[i].rgb);
  }
}

TEST(Surface, NothingToCompare) {
  Scene scene = MakeScene(3);
  const Options options;
  EXPECT_TRUE(FindSurface({}, {}, 1, options, {}).empty());
  EXPECT_TRUE(FindSurface(std::span(scene.views).first(1), {}, 1, options, {}).empty());
  // From one and the same place there is no depth; whatever comes of it is finite.
  for (View& view : scene.views) view.cam_from_world = scene.views[0].cam_from_world;
  for (const SurfacePoint& p : FindSurface(scene.views, {}, 1, options, {})) {
    EXPECT_TRUE(p.x_in_world.allFinite() && p.normal_in_world.allFinite());
  }
  // A picture smaller than the window.
  const Image8 tiny(5, 4, 3);
  const View small{&tiny, {CameraModel::kPinhole, 5, 4, {5, 5, 2.5, 2}}, {}};
  EXPECT_TRUE(FindSurface(std::vector<View>{small, small, small}, {}, 1, options, {}).empty());
}

TEST(Neighbours, OnesThatSeeTheSameFromElsewhere) {
  using internal::Pose;
  const Camera camera{CameraModel::kPinhole, 100, 100, {80, 80, 50, 50}};
  const auto at = [&](double x, double turn) {
    Rigid3 cam_from_world;
    cam_from_world.rotation = Eigen::AngleAxisd(turn, Eigen::Vector3d::UnitY());
    cam_from_world.translation = cam_from_world.rotation * Eigen::Vector3d(-x, 0, 0);
    return Pose{camera, cam_from_world};
  };
  // The same place; a step aside; a little aside; looking away.
  const std::vector<Pose> poses{at(0, 0), at(0, 0.05), at(0.6, 0), at(0.02, 0), at(0.6, M_PI)};
  std::vector<std::vector<Eigen::Vector3d>> seen(5);
  seen[0] = {{0, 0, 3}, {0.5, 0.2, 3}, {-0.5, 0, 2.5}};
  const auto neighbours = internal::ChooseNeighbours(poses, seen, 4)[0];
  ASSERT_EQ(neighbours.size(), 2u);
  EXPECT_EQ(neighbours[0], 2u);
  EXPECT_EQ(neighbours[1], 3u);
}

// A floor, a wall, and dust.
std::vector<SurfacePoint> TwoPlanes() {
  std::mt19937 random(6);
  std::uniform_real_distribution<float> uniform(-1, 1);
  std::normal_distribution<float> noise(0, 0.002f);
  std::vector<SurfacePoint> points;
  const Eigen::Matrix<uint8_t, 3, 1> grey(90, 90, 90);
  for (int i = 0; i < 3000; ++i) {
    points.push_back({{uniform(random), 1 + noise(random), uniform(random)}, {0, -1, 0}, grey});
  }
  for (int i = 0; i < 1500; ++i) {
    const Eigen::Vector3f normal = Eigen::Vector3f(-1, 0.1f * uniform(random), 0).normalized();
    points.push_back({{1 + noise(random), uniform(random), uniform(random)}, normal, grey});
  }
  for (int i = 0; i < 500; ++i) {
    const Eigen::Vector3f x(uniform(random), uniform(random), uniform(random));
    points.push_back({0.7f * x, x.normalized(), grey});
  }
  return points;
}

TEST(Planes, OfAFloorAndAWall) {
  const std::vector<internal::Plane> planes = internal::FindPlanes(TwoPlanes(), 0.01);
  ASSERT_GE(planes.size(), 2u);
  EXPECT_GT(std::abs(planes[0].normal.y()), 0.9995);
  EXPECT_NEAR(std::abs(planes[0].offset), 1, 2e-3);
  EXPECT_GT(std::abs(planes[1].normal.x()), 0.9995);
  EXPECT_NEAR(std::abs(planes[1].offset), 1, 2e-3);
  EXPECT_TRUE(internal::FindPlanes({}, 0.01).empty());
}

// A plain wall with a frame of pattern round it, aslant to the camera: its middle, and only what is
// plain, gets the wall's depth.
TEST(Planes, FillWhatIsPlain) {
  constexpr int kWidth = 48, kHeight = 40;
  const internal::Plane wall{Eigen::Vector3d(0.3, 0, -1).normalized(),
                             Eigen::Vector3d(0.3, 0, -1).normalized().z() * 3};
  internal::Prepared view;
  view.pose = {{CameraModel::kPinhole, kWidth, kHeight, {40, 40, 24, 20}}, {}};
  view.luma.assign(kWidth * kHeight, 120);
  internal::DepthMap map;
  map.width = kWidth;
  map.height = kHeight;
  const auto truth = [&](int x, int y) {
    const Eigen::Vector3d ray((x + 0.5 - 24) / 40, (y + 0.5 - 20) / 40, 1);
    return static_cast<float>(wall.normal.dot(ray) / wall.offset);
  };
  std::vector<uint8_t> agreed(kWidth * kHeight, 0);
  map.inverse_depth.assign(kWidth * kHeight, 9.0f);
  for (int y = 0; y < kHeight; ++y) {
    for (int x = 0; x < kWidth; ++x) {
      const size_t at = static_cast<size_t>(y * kWidth + x);
      const bool frame = x < 4 || y < 4 || x >= kWidth - 4 || y >= kHeight - 4;
      if (frame) {
        agreed[at] = 1;
        map.inverse_depth[at] = truth(x, y);
      }
      // A dark thing on the wall, of which nothing is known.
      if (x > 17 && x < 27 && y > 13 && y < 25) view.luma[at] = 20;
    }
  }
  view.match = internal::MakeMatchPicture(view.luma, kWidth, kHeight);
  const std::vector<uint8_t> filled = internal::FillPlain(view, {wall}, 0.01, agreed, &map);
  for (int y = 0; y < kHeight; ++y) {
    for (int x = 0; x < kWidth; ++x) {
      const size_t at = static_cast<size_t>(y * kWidth + x);
      // A window's reach around the dark thing nothing is plain.
      const bool near_dark = x > 14 && x < 30 && y > 10 && y < 28;
      EXPECT_EQ(filled[at], !agreed[at] && !near_dark) << x << ", " << y;
      const float expected = agreed[at] || filled[at] ? truth(x, y) : 9.0f;
      EXPECT_NEAR(map.inverse_depth[at], expected, 1e-5f) << x << ", " << y;
    }
  }
}

std::vector<uint8_t> Noise(int width, int height, unsigned seed) {
  std::mt19937 random(seed);
  std::vector<uint8_t> luma(static_cast<size_t>(width * height));
  for (uint8_t& v : luma) v = static_cast<uint8_t>(random() >> 24);
  return luma;
}

TEST(Match, MovedPictureIsFoundWhereItIs) {
  constexpr int kWidth = 61, kHeight = 40, kMoved = 5;
  const std::vector<uint8_t> luma = Noise(kWidth, kHeight, 3);
  std::vector<uint8_t> moved(luma.size());
  for (int y = 0; y < kHeight; ++y) {
    for (int x = 0; x < kWidth; ++x) {
      moved[static_cast<size_t>(y * kWidth + x)] =
          luma[static_cast<size_t>(y * kWidth + std::min(kWidth - 1, x + kMoved))] / 2;
    }
  }
  const auto first = internal::MakeMatchPicture(luma, kWidth, kHeight);
  const auto second = internal::MakeMatchPicture(moved, kWidth, kHeight);
  // x in the second = x in the first - inverse depth.
  const internal::PlaneMap map{{1, 0, 0, 0, 1, 0, 0, 0, 1}, {-1, 0, 0}};
  std::vector<float> scratch, right(first.stride * kHeight), wrong = right;
  internal::MatchPlane(first, second, map, kMoved, &scratch, right.data());
  internal::MatchPlane(first, second, map, kMoved - 2, &scratch, wrong.data());
  for (int y = 0; y < kHeight; ++y) {
    for (int x = 0; x < kWidth; ++x) {
      const size_t at = static_cast<size_t>(y) * first.stride + static_cast<size_t>(x);
      // The edges repeat the nearest whole window.
      const int centre = std::clamp(x, internal::kWindowRadius, kWidth - 1 - internal::kWindowRadius);
      if (centre < kMoved) {
        EXPECT_EQ(right[at], internal::kNotSeen);
      } else if (centre > kMoved + internal::kWindowRadius) {
        EXPECT_LT(right[at], 0.02f) << x << ", " << y;
        EXPECT_GT(wrong[at], 0.2f) << x << ", " << y;
      }
    }
  }
}

TEST(Match, CostsOfSeveralAreTheBetterHalf) {
  const float seen_by_all[] = {0.1f, 0.2f}, seen_by_one[] = {0.5f, internal::kNotSeen};
  const float last[] = {1.9f, internal::kNotSeen};
  std::vector<float> planes[3];
  for (auto& plane : planes) plane.resize(16, internal::kNotSeen);
  std::copy_n(seen_by_all, 2, planes[0].begin());
  std::copy_n(seen_by_one, 2, planes[1].begin());
  std::copy_n(last, 2, planes[2].begin());
  const float* costs[] = {planes[0].data(), planes[1].data(), planes[2].data()};
  uint8_t combined[16];
  internal::CombineCosts(costs, 3, 16, 100, combined);
  EXPECT_EQ(combined[0], 30);  // of three the better two
  EXPECT_EQ(combined[1], 20);  // the only one
  EXPECT_EQ(combined[2], 255);
}

// Plain wall between two patterned edges: the middle has no opinion and takes theirs.
TEST(Aggregate, FillsWhatHasNoOpinion) {
  constexpr int kWidth = 40, kHeight = 20, kHypotheses = 32, kTruth = 11;
  std::vector<uint8_t> costs(static_cast<size_t>(kWidth * kHeight * kHypotheses), 100);
  for (int y = 0; y < kHeight; ++y) {
    for (const int x : {0, 1, kWidth - 2, kWidth - 1}) {
      costs[static_cast<size_t>((y * kWidth + x) * kHypotheses + kTruth)] = 0;
    }
  }
  const std::vector<uint8_t> luma(static_cast<size_t>(kWidth * kHeight), 90);
  std::vector<uint16_t> scratch;
  std::vector<float> best(luma.size());
  internal::Aggregate(costs.data(), luma.data(), kWidth, kHeight, kHypotheses, {}, &scratch,
                      best.data());
  for (const float b : best) EXPECT_NEAR(b, kTruth, 0.51f);
}

TEST(Aggregate, TransposesAnyNumberOfPixels) {
  std::vector<uint8_t> from(32 * 70), to(from.size());
  for (size_t i = 0; i < from.size(); ++i) from[i] = static_cast<uint8_t>(i * 7);
  internal::Transpose(from.data(), 32, 70, to.data());
  for (size_t p = 0; p < 70; ++p) {
    for (size_t h = 0; h < 32; ++h) EXPECT_EQ(to[p * 32 + h], from[h * 70 + p]);
  }
}

}  // namespace
}  // namespace ajar::dense
