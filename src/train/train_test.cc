#include "train/train.h"

#include <gtest/gtest.h>

#include <atomic>
#include <cmath>
#include <limits>
#include <random>

#include "base/error.h"
#include "base/parallel.h"
#include "splat/render.h"
#include "train/internal/checkpoint.h"
#include "train/internal/far_points.h"
#include "train/internal/initial.h"
#include "train/internal/loss.h"
#include "train/internal/model.h"
#include "train/internal/schedule.h"
#include "train/internal/sharpness.h"

namespace ajar::train {
namespace {

// A handful of coloured splats seen from a ring of cameras: pictures and the points they are of.
TrainInput SmallScene(int photos = 8) {
  std::mt19937 random(4);
  std::uniform_real_distribution<float> uniform(-1, 1);
  SplatCloud truth;
  truth.Resize(250, 0);
  TrainInput input;
  for (size_t i = 0; i < truth.size(); ++i) {
    const bool wall = i < 100;  // a shell around everything, so that nothing is see-through
    truth.means[i] = {uniform(random), uniform(random), uniform(random)};
    if (wall) truth.means[i] = 6 * truth.means[i].normalized();
    truth.log_scales[i] = {-2.0f + 0.4f * uniform(random), -2.4f, -2.2f};
    if (wall) truth.log_scales[i].setConstant(0.6f);
    truth.rotations[i] =
        Eigen::Vector4f(1, uniform(random), uniform(random), uniform(random)).normalized();
    truth.opacity_logits[i] = wall ? 4.0f : 1.5f;
    for (size_t c = 0; c < 3; ++c) truth.sh[i * 3 + c] = 1.5f * uniform(random);
    input.points.push_back(truth.means[i]);
    Eigen::Matrix<uint8_t, 3, 1> colour;
    for (size_t c = 0; c < 3; ++c) {
      const float value = 0.5f + 0.28f * truth.sh[i * 3 + c];
      colour[static_cast<Eigen::Index>(c)] =
          static_cast<uint8_t>(255 * std::clamp(value, 0.0f, 1.0f));
    }
    input.point_colours.push_back(colour);
  }
  for (int k = 0; k < photos; ++k) {
    TrainPhoto photo;
    photo.name = "photo-" + std::to_string(k);
    photo.camera = {CameraModel::kPinhole, 72, 56, {70, 70, 36, 28}};
    const double angle = 2 * M_PI * k / photos;
    photo.cam_from_world = {
        Eigen::Quaterniond(Eigen::AngleAxisd(angle, Eigen::Vector3d::UnitY())), {0, 0, 4}};
    const ImageF picture = splat::Render(truth, {photo.camera, photo.cam_from_world}).colour;
    photo.picture = Image8(72, 56, 3);
    for (size_t i = 0; i < picture.data.size(); ++i) {
      photo.picture.data[i] =
          static_cast<uint8_t>(std::lround(255 * std::min(1.0f, picture.data[i])));
    }
    input.photos.push_back(std::move(photo));
  }
  input.scene_extent = 4;
  return input;
}

Options Quick(int64_t iterations) {
  Options options;
  options.iterations = iterations;
  options.splats = 500;
  options.sh_degree = 1;
  return options;
}

void ExpectSameBits(const SplatCloud& a, const SplatCloud& b) {
  ASSERT_EQ(a.size(), b.size());
  EXPECT_EQ(a.means, b.means);
  EXPECT_EQ(a.rotations, b.rotations);
  EXPECT_EQ(a.log_scales, b.log_scales);
  EXPECT_EQ(a.opacity_logits, b.opacity_logits);
  EXPECT_EQ(a.sh, b.sh);
}

double MeanPsnr(const TrainInput& input, const SplatCloud& cloud) {
  double sum = 0;
  for (const TrainPhoto& photo : input.photos) {
    ImageF truth(photo.picture.width, photo.picture.height, 3);
    for (size_t i = 0; i < truth.data.size(); ++i) {
      truth.data[i] = static_cast<float>(photo.picture.data[i]) / 255;
    }
    sum += Psnr(splat::Render(cloud, {photo.camera, photo.cam_from_world}).colour, truth);
  }
  return sum / static_cast<double>(input.photos.size());
}

TEST(Metrics, KnownValues) {
  ImageF a(20, 20, 3, 0.5f), b(20, 20, 3, 0.6f);
  EXPECT_NEAR(Psnr(a, b), 20, 1e-4);
  EXPECT_EQ(Psnr(a, a), 100);
  EXPECT_NEAR(Ssim(a, a), 1, 1e-9);
  EXPECT_LT(Ssim(a, b), 1);
}

class LossGradient : public testing::TestWithParam<internal::SsimRows> {};
INSTANTIATE_TEST_SUITE_P(Rows, LossGradient,
                         testing::Values(internal::SsimRows::kAll, internal::SsimRows::kEven,
                                         internal::SsimRows::kOdd));

TEST_P(LossGradient, MatchesCentralDifferences) {
  std::mt19937 random(8);
  std::uniform_real_distribution<float> uniform(0, 1);
  constexpr int kWidth = 37, kHeight = 41;
  splat::PixelPlanes render(kWidth, kHeight), d_render;
  Image8 photo(kWidth, kHeight, 3);
  for (float& x : render.data) x = uniform(random);
  for (uint8_t& x : photo.data) x = static_cast<uint8_t>(random());
  const internal::Planar8 planar(photo);
  internal::Tone tone{{{1.1f, 0.9f, 1.0f}, {0.02f, 0, -0.03f}}, {-0.2f, 0.06f}, {17, 22}};
  internal::Loss loss;
  const auto evaluate = [&] {
    splat::PixelPlanes ignored;
    return loss.Evaluate(render, planar, tone, 0.2f, GetParam(), &ignored).loss;
  };
  const internal::LossValue value =
      loss.Evaluate(render, planar, tone, 0.2f, GetParam(), &d_render);
  for (int trial = 0; trial < 60; ++trial) {
    const int c = static_cast<int>(random() % 3);
    // Corners and borders on purpose: the window is cut there.
    const int x = trial < 10 ? (trial % 2) * (kWidth - 1) : static_cast<int>(random() % kWidth);
    const int y = trial < 10 ? trial / 2 % 2 * (kHeight - 1) : static_cast<int>(random() % kHeight);
    float& pixel = render.channel(c)[y * render.stride + x];
    const float kept = pixel, h = 5e-3f;
    pixel = kept + h;
    const double above = evaluate();
    pixel = kept - h;
    const double below = evaluate();
    pixel = kept;
    const float target = static_cast<float>(photo.pixel(x, y)[c]) / 255;
    const float r2 = (std::pow(static_cast<float>(x) + 0.5f - tone.centre_px.x(), 2.0f) +
                      std::pow(static_cast<float>(y) + 0.5f - tone.centre_px.y(), 2.0f)) *
                     4 / (kWidth * kWidth + kHeight * kHeight);
    const float falloff = 1 + tone.vignette.a * r2 + tone.vignette.b * r2 * r2;
    const float shown = tone.exposure.gain[c] * falloff * kept + tone.exposure.offset[c];
    if (std::abs(shown - target) < 2 * h) continue;  // |x - y| has a kink there
    const double got = static_cast<double>(d_render.channel(c)[y * d_render.stride + x]);
    EXPECT_NEAR(got, (above - below) / (2 * static_cast<double>(h)), 0.05 * std::abs(got) + 2e-5)
        << x << "," << y << "," << c;
  }
  const auto expect_derivative = [&](float& parameter, float got) {
    const float kept = parameter, h = 1e-3f;
    parameter = kept + h;
    const double above = evaluate();
    parameter = kept - h;
    const double below = evaluate();
    parameter = kept;
    const double expected = (above - below) / (2 * static_cast<double>(h));
    EXPECT_NEAR(static_cast<double>(got), expected, 0.03 * std::abs(expected) + 1e-4);
  };
  for (int c = 0; c < 3; ++c) {
    expect_derivative(tone.exposure.gain[c], value.exposure_gradient.gain[c]);
    expect_derivative(tone.exposure.offset[c], value.exposure_gradient.offset[c]);
  }
  expect_derivative(tone.vignette.a, value.vignette_gradient.a);
  expect_derivative(tone.vignette.b, value.vignette_gradient.b);
}

TEST(Loss, AgreesWithTheMetrics) {
  std::mt19937 random(2);
  splat::PixelPlanes render(50, 30), d;
  Image8 photo(50, 30, 3);
  ImageF a(50, 30, 3), b(50, 30, 3);
  for (int y = 0; y < 30; ++y) {
    for (int x = 0; x < 50; ++x) {
      for (int c = 0; c < 3; ++c) {
        photo.pixel(x, y)[c] = static_cast<uint8_t>(random());
        b.pixel(x, y)[c] = static_cast<float>(photo.pixel(x, y)[c]) / 255;
        a.pixel(x, y)[c] = static_cast<float>(random() % 1000) / 1000;
        render.channel(c)[y * render.stride + x] = a.pixel(x, y)[c];
      }
    }
  }
  internal::Loss loss;
  const auto ssim = [&](internal::SsimRows rows) {
    return loss.Evaluate(render, internal::Planar8(photo), {}, 0.2f, rows, &d).ssim;
  };
  EXPECT_NEAR(ssim(internal::SsimRows::kAll), Ssim(a, b), 1e-4);
  EXPECT_NEAR((ssim(internal::SsimRows::kEven) + ssim(internal::SsimRows::kOdd)) / 2, Ssim(a, b),
              1e-4);
}

TEST(Initial, NeighbourDistancesAreExact) {
  std::mt19937 random(3);
  std::normal_distribution<float> normal;
  std::vector<Eigen::Vector3f> points;
  for (int i = 0; i < 300; ++i) points.emplace_back(normal(random), normal(random), normal(random));
  points.push_back(points[0]);
  const std::vector<float> got = internal::NeighbourDistances(points, 3);
  for (size_t i = 0; i < points.size(); ++i) {
    std::vector<float> all;
    for (size_t j = 0; j < points.size(); ++j) {
      if (j != i) all.push_back((points[i] - points[j]).norm());
    }
    std::sort(all.begin(), all.end());
    EXPECT_NEAR(got[i], (all[0] + all[1] + all[2]) / 3, 1e-5f);
  }
  EXPECT_EQ(internal::NeighbourDistances({points[0]}, 3), std::vector<float>{0});
}

TEST(Train, LearnsTheScene) {
  const TrainInput input = SmallScene();
  Options options = Quick(1500);
  options.exposure = false;
  const Result result = Train(input, options, {}, nullptr, {});
  EXPECT_GT(MeanPsnr(input, result.cloud), 24);
  EXPECT_LE(result.cloud.size(), 500u);
  EXPECT_GT(result.cloud.size(), 250u);
  EXPECT_TRUE(Violations(result.cloud).empty());
  EXPECT_EQ(result.report.iterations, 1500);
}

TEST(Train, FindsTheExposureOfAPhotograph) {
  TrainInput input = SmallScene();
  for (uint8_t& x : input.photos[3].picture.data) x = static_cast<uint8_t>(x * 0.8);
  const Result result = Train(input, Quick(2000), {}, nullptr, {});
  Eigen::Vector3f mean = Eigen::Vector3f::Zero();
  for (const PhotoExposure& e : result.report.exposures) mean += e.gain / 8;
  EXPECT_LT((mean - Eigen::Vector3f::Ones()).norm(), 1e-3f);
  for (size_t k = 0; k < 8; ++k) {
    if (k != 3) {
      EXPECT_LT(result.report.exposures[3].gain.mean(),
                result.report.exposures[k].gain.mean() - 0.02f);
    }
  }
}

TEST(Train, TheSameBitsForAnyNumberOfThreads) {
  const TrainInput input = SmallScene();
  SetThreadCount(1);
  const Result one = Train(input, Quick(250), {}, nullptr, {});
  SetThreadCount(3);
  const Result three = Train(input, Quick(250), {}, nullptr, {});
  SetThreadCount(2);
  ExpectSameBits(one.cloud, three.cloud);
}

TEST(Train, ARecordedScheduleGivesTheSameBits) {
  const TrainInput input = SmallScene();
  Options options = Quick(0);
  options.time_s = 1.0;
  const Result timed = Train(input, options, {}, nullptr, {});
  const Result replayed = Train(input, options, {}, &timed.report.schedule, {});
  ExpectSameBits(timed.cloud, replayed.cloud);
  EXPECT_EQ(timed.report.iterations, replayed.report.iterations);
}

TEST(Train, EndsAfterExactlyTheIterationsAskedFor) {
  const TrainInput input = SmallScene();
  const Result result = Train(input, Quick(61), {}, nullptr, {});
  EXPECT_EQ(result.report.iterations, 61);
  const Result replayed = Train(input, Quick(0), {}, &result.report.schedule, {});
  EXPECT_EQ(replayed.report.iterations, 61);
  ExpectSameBits(result.cloud, replayed.cloud);
}

TEST(Train, StoppingAndGoingOnGivesTheSameBits) {
  const TrainInput input = SmallScene();
  const Result whole = Train(input, Quick(300), {}, nullptr, {});
  const TempFolder folder;
  const Path checkpoint = folder.path() / "checkpoint";
  int stops = 0;
  for (;;) {
    std::atomic<bool> cancelled = false;
    int reports = 0;
    const Progress progress([&](const ProgressUpdate&) { cancelled = ++reports >= 4; },
                            &cancelled);
    try {
      const Result result = Train(input, Quick(300), checkpoint, nullptr, progress);
      EXPECT_TRUE(result.report.resumed);
      EXPECT_EQ(result.report.iterations, 300);
      ExpectSameBits(whole.cloud, result.cloud);
      break;
    } catch (const Error& error) {
      ASSERT_EQ(error.code(), ErrorCode::kCancelled);
      ASSERT_LT(++stops, 20);
    }
  }
  EXPECT_GE(stops, 2);
}

TEST(Train, ACheckpointOfOtherInputsOrADamagedOneIsIgnored) {
  const TrainInput input = SmallScene(2);
  const Options options = Quick(50);
  const TempFolder folder;
  const Path file = folder.path() / "checkpoint";
  internal::State state;
  state.model = internal::Model(internal::InitialSplats(input, options));
  state.exposures.resize(2);
  state.poses.resize(2);
  state.schedule = {{0, "progress", 0.0}};
  const std::string hash = internal::InputHash(input, options);
  internal::WriteCheckpoint(file, state, hash);
  EXPECT_TRUE(internal::ReadCheckpoint(file, hash).has_value());
  Options other = options;
  other.seed = 7;
  EXPECT_NE(internal::InputHash(input, other), hash);
  EXPECT_FALSE(internal::ReadCheckpoint(file, internal::InputHash(input, other)).has_value());
  std::vector<uint8_t> bytes = ReadFile(file);
  for (size_t length = 0; length < bytes.size(); length += 97) {
    WriteFileAtomic(file, std::span(bytes.data(), length));
    EXPECT_FALSE(internal::ReadCheckpoint(file, hash).has_value()) << length;
  }
  bytes[bytes.size() / 2] ^= 1;
  WriteFileAtomic(file, bytes);
  EXPECT_FALSE(internal::ReadCheckpoint(file, hash).has_value());
}

// One photograph is said to be where it was not: training brings it back.
TEST(Train, CorrectsAPoseThatIsALittleOff) {
  TrainInput input = SmallScene(12);
  const Rigid3 truth = input.photos[3].cam_from_world;
  const Eigen::Quaterniond off(Eigen::AngleAxisd(0.002, Eigen::Vector3d::UnitY()));
  input.photos[3].cam_from_world = Rigid3{off, {}} * truth;
  Options options = Quick(3000);
  options.poses = true;
  const Result result = Train(input, options, {}, nullptr, {});
  const auto error = [&](const Rigid3& pose) {
    return (pose * Inverse(truth)).rotation.angularDistance(Eigen::Quaterniond::Identity());
  };
  EXPECT_LT(error(result.report.poses[3].cam_from_world), 0.8 * error(input.photos[3].cam_from_world));
  for (size_t i = 0; i < input.photos.size(); ++i) {
    if (i == 3) continue;
    const Rigid3 moved =
        result.report.poses[i].cam_from_world * Inverse(input.photos[i].cam_from_world);
    EXPECT_LT(moved.rotation.angularDistance(Eigen::Quaterniond::Identity()), 0.002);
  }
  options.poses = false;
  const Result kept = Train(input, options, {}, nullptr, {});
  EXPECT_EQ(error(kept.report.poses[3].cam_from_world), error(input.photos[3].cam_from_world));
}

TEST(Train, OnePhotographAndPhotographsOfNothingAreSurvived) {
  const Result one = Train(SmallScene(1), Quick(200), {}, nullptr, {});
  EXPECT_TRUE(Violations(one.cloud).empty());
  TrainInput input = SmallScene(4);
  std::fill(input.photos[1].picture.data.begin(), input.photos[1].picture.data.end(), uint8_t{0});
  std::fill(input.photos[2].picture.data.begin(), input.photos[2].picture.data.end(), uint8_t{255});
  // One that looks away from everything.
  input.photos[3].cam_from_world.translation = {0, 0, -400};
  const Result result = Train(input, Quick(400), {}, nullptr, {});
  EXPECT_TRUE(Violations(result.cloud).empty());
  EXPECT_GT(result.cloud.size(), 0u);
  EXPECT_TRUE(std::isfinite(result.report.last_loss));
}

TEST(Train, ASplatThatIsNotANumberGoes) {
  const TrainInput input = SmallScene(2);
  internal::Model model(internal::InitialSplats(input, Quick(1)));
  const size_t count = model.count();
  model.splats.plane(splat::kMean)[3] = std::numeric_limits<float>::quiet_NaN();
  model.splats.plane(splat::kSh)[5] = std::numeric_limits<float>::infinity();
  internal::Prune(&model, std::vector<uint8_t>(count, 0), 0.01f);
  EXPECT_EQ(model.count(), count - 2);
  EXPECT_TRUE(Violations(model.splats.ToCloud()).empty());
}

TEST(Train, NothingToLearnFromIsASentence) {
  TrainInput input = SmallScene(1);
  const Result one = Train(input, Quick(50), {}, nullptr, {});  // one photograph is enough to run
  EXPECT_GT(one.cloud.size(), 0u);
  std::fill(input.photos[0].picture.data.begin(), input.photos[0].picture.data.end(), uint8_t{0});
  EXPECT_TRUE(Violations(Train(input, Quick(50), {}, nullptr, {}).cloud).empty());
  TrainInput no_points = input;
  no_points.points.clear();
  no_points.point_colours.clear();
  EXPECT_THROW(Train(no_points, Quick(50), {}, nullptr, {}), Error);
  input.photos.clear();
  EXPECT_THROW(Train(input, Quick(50), {}, nullptr, {}), Error);
}

TEST(Train, OptionsOutOfRangeAreRefused) {
  Options options = Quick(10);
  options.sh_degree = 4;
  EXPECT_THROW(Train(SmallScene(2), options, {}, nullptr, {}), Error);
}

// A grey wall, of which the surface is known, with a window to a bright sky, of which it is not.
TEST(FarPoints, LieBehindTheWindow) {
  constexpr int kWidth = 120, kHeight = 90;
  TrainInput input;
  input.scene_extent = 2;
  TrainPhoto photo;
  photo.camera = {CameraModel::kPinhole, kWidth, kHeight, {100, 100, kWidth / 2.0, kHeight / 2.0}};
  photo.picture = Image8(kWidth, kHeight, 3);
  const auto in_window = [](int x, int y) { return x >= 40 && x < 80 && y >= 20 && y < 60; };
  for (int y = 0; y < kHeight; ++y) {
    for (int x = 0; x < kWidth; ++x) {
      for (int c = 0; c < 3; ++c) photo.picture.pixel(x, y)[c] = in_window(x, y) ? 240 : 90;
      if (in_window(x, y)) continue;
      input.points.emplace_back((static_cast<float>(x) + 0.5f - 60) / 50,
                                (static_cast<float>(y) + 0.5f - 45) / 50, 2.0f);
      input.point_colours.push_back({90, 90, 90});
      input.point_normals.emplace_back(0.0f, 0.0f, -1.0f);
    }
  }
  input.photos.push_back(photo);
  TrainInput dark = input, without_normals = input;
  for (uint8_t& level : dark.photos[0].picture.data) level /= 2;
  without_normals.point_normals.clear();
  const size_t before = input.points.size();
  internal::AddFarPoints(&input);
  ASSERT_GT(input.points.size(), before + 20);
  ASSERT_EQ(input.point_colours.size(), input.points.size());
  ASSERT_EQ(input.point_normals.size(), input.points.size());
  for (size_t i = before; i < input.points.size(); ++i) {
    const Eigen::Vector3f& x = input.points[i];
    EXPECT_NEAR(x.norm(), 10, 1e-3);
    EXPECT_TRUE(in_window(static_cast<int>(60 + 100 * x.x() / x.z()),
                          static_cast<int>(45 + 100 * x.y() / x.z())));
    EXPECT_EQ(input.point_colours[i][0], 240);
    EXPECT_EQ(input.point_normals[i].norm(), 0);
  }
  internal::AddFarPoints(&dark);
  EXPECT_EQ(dark.points.size(), before);
  internal::AddFarPoints(&without_normals);
  EXPECT_EQ(without_normals.points.size(), before);
}

// Noise as fine as pixels; blurred by the mean of so many neighbours in a row.
internal::Pyramid Pattern(unsigned seed, int blur_px) {
  constexpr int kWidth = 160, kHeight = 120;
  std::mt19937 random(seed);
  std::vector<uint8_t> grain(static_cast<size_t>((kWidth + blur_px) * kHeight));
  for (uint8_t& g : grain) g = static_cast<uint8_t>(random() >> 24);
  TrainPhoto photo;
  photo.picture = Image8(kWidth, kHeight, 3);
  photo.camera = {CameraModel::kPinhole, kWidth, kHeight, {100, 100, kWidth / 2.0, kHeight / 2.0}};
  for (int y = 0; y < kHeight; ++y) {
    for (int x = 0; x < kWidth; ++x) {
      int sum = 0;
      for (int k = 0; k < blur_px; ++k) sum += grain[static_cast<size_t>(y * (kWidth + blur_px) + x + k)];
      for (int c = 0; c < 3; ++c) photo.picture.pixel(x, y)[c] = static_cast<uint8_t>(sum / blur_px);
    }
  }
  return internal::MakePyramid(photo);
}

TEST(Sharpness, BlurredPhotographsAreShownLess) {
  std::vector<internal::Pyramid> photos;
  for (unsigned seed = 0; seed < 4; ++seed) photos.push_back(Pattern(seed, 1));
  photos.push_back(Pattern(5, 9));
  internal::Pyramid plain = photos.front();
  for (internal::Planar8& level : plain.levels) std::fill(level.data.begin(), level.data.end(), 90);
  photos.push_back(plain);
  const std::vector<float> shares = internal::ShownShares(photos);
  for (size_t i = 0; i < 4; ++i) EXPECT_EQ(shares[i], 1) << i;
  EXPECT_LT(shares[4], 0.5f);
  EXPECT_GT(shares[4], 0.0f);
  EXPECT_EQ(shares[5], 1) << "a picture of nothing";
  EXPECT_EQ(internal::ShownShares(std::vector<internal::Pyramid>{photos[4]}).front(), 1)
      << "nothing to compare with";
}

TEST(Schedule, SizesAndBudgets) {
  EXPECT_EQ(internal::DivisorAt(0, 960, 540), 4);
  EXPECT_EQ(internal::DivisorAt(0.2, 960, 540), 2);
  EXPECT_EQ(internal::DivisorAt(0.5, 960, 540), 1);
  EXPECT_EQ(internal::DivisorAt(0, 120, 90), 1);
  EXPECT_EQ(internal::SplatTargetAt(0.6, 100, 1000), 1000u);
  EXPECT_EQ(internal::SplatTargetAt(0, 100, 1000), 100u);
  EXPECT_EQ(internal::SplatTargetAt(0.3, 2000, 1000), 1000u);
}

TEST(Growth, FindsVeilsAndSparesWalls) {
  const TrainInput input = SmallScene(2);
  internal::Model model(internal::InitialSplats(input, Quick(1)));
  const auto place = [&](size_t i, const Eigen::Vector3f& x, float log_scale) {
    for (int k = 0; k < 3; ++k) {
      model.splats.plane(splat::kMean + k)[i] = x[k];
      model.splats.plane(splat::kScale + k)[i] = log_scale;
    }
  };
  const Eigen::Vector3f camera(0, 0, -4);  // of the first photograph
  place(0, camera + Eigen::Vector3f(0, 0, 0.1f), -6);    // on the lens
  place(1, camera + Eigen::Vector3f(0, 0, 1.5f), 0.0f);  // a curtain before it
  place(2, camera + Eigen::Vector3f(0, 0, 1.5f), -4);    // a small thing at that place
  place(3, camera + Eigen::Vector3f(0, 0, 3.0f), 0.5f);  // a wall
  const std::vector<float> nearest = internal::NearestCameras(
      model, {{input.photos[0].camera, input.photos[0].cam_from_world}});
  EXPECT_NEAR(nearest[1], 1.5f, 1e-5f);
  const std::vector<uint8_t> veils = internal::FindVeils(model, nearest, 4);
  EXPECT_EQ(veils[0], 1);
  EXPECT_EQ(veils[1], 1);
  EXPECT_EQ(veils[2], 0);
  EXPECT_EQ(veils[3], 0);
  internal::LimitSizes(nearest, &model);
  for (int k = 0; k < 3; ++k) {
    EXPECT_NEAR(model.splats.plane(splat::kScale + k)[3], 0, 1e-5f);  // a third of its distance
    EXPECT_EQ(model.splats.plane(splat::kScale + k)[2], -4);
  }
}

TEST(Growth, KeepsWithinTheBudgetAndTakesOutTheClear) {
  const TrainInput input = SmallScene(2);
  internal::Model model(internal::InitialSplats(input, Quick(1)));
  for (size_t i = 0; i < 10; ++i) model.splats.plane(splat::kOpacity)[i] = -9;
  std::fill(model.seen.begin(), model.seen.end(), 1.0f);
  for (size_t i = 0; i < model.count(); ++i) model.pull[i] = static_cast<float>(i);
  const internal::GrowthResult result = internal::Grow(&model, std::vector<uint8_t>(model.count()), 260);
  EXPECT_EQ(result.removed, 10u);
  EXPECT_EQ(model.count(), 260u);
}

}  // namespace
}  // namespace ajar::train
