#include <archive.h>
#include <archive_entry.h>
#include <gtest/gtest.h>

#include <cmath>
#include <memory>
#include <random>

#include "base/error.h"
#include "base/hash.h"
#include "base/parallel.h"
#include "bundle/collision.h"
#include "bundle/colmap.h"
#include "bundle/internal/bytes.h"
#include "bundle/internal/codebook.h"
#include "bundle/internal/point_ply.h"
#include "bundle/parts.h"
#include "bundle/picture.h"
#include "bundle/sog.h"
#include "bundle/splat_ply.h"
#include "bundle/transforms.h"

namespace ajar::bundle {
namespace {

Reconstruction SmallReconstruction() {
  Reconstruction r;
  r.cameras[1] = {CameraModel::kSimpleRadial, 640, 480, {500.25, 320, 240, -0.01}};
  r.cameras[7] = {CameraModel::kOpenCv, 800, 600, {700, 701, 400, 300, 0.1, -0.02, 1e-3, 2e-3}};
  for (uint32_t i = 1; i <= 3; ++i) {
    PosedImage image;
    image.name = "room/photo " + std::to_string(i) + ".jpg";
    image.camera_id = i == 3 ? 7 : 1;
    image.cam_from_world.rotation =
        Eigen::Quaterniond(Eigen::AngleAxisd(0.3 * i, Eigen::Vector3d(1, i, 2).normalized()));
    image.cam_from_world.translation = {0.1 * i, -1.0 / 3, 2};
    image.observations = {{{10.5 * i, 20.25}, 5}, {{1.0 / 3, 2}, kNoPoint}};
    r.images[i] = image;
  }
  Point3 point;
  point.x_in_world = {1.0 / 3, -2, 1e-7};
  point.rgb = {1, 128, 255};
  point.error_px = 0.7;
  point.track = {{1, 0}, {2, 0}, {3, 0}};
  r.points[5] = point;
  return r;
}

void ExpectSame(const Reconstruction& a, const Reconstruction& b, double tolerance) {
  ASSERT_EQ(a.cameras.size(), b.cameras.size());
  ASSERT_EQ(a.images.size(), b.images.size());
  ASSERT_EQ(a.points.size(), b.points.size());
  for (const auto& [id, camera] : a.cameras) {
    EXPECT_EQ(b.cameras.at(id).model, camera.model);
    EXPECT_EQ(b.cameras.at(id).params, camera.params);
    EXPECT_EQ(b.cameras.at(id).width, camera.width);
  }
  for (const auto& [id, image] : a.images) {
    const PosedImage& other = b.images.at(id);
    EXPECT_EQ(other.name, image.name);
    EXPECT_EQ(other.camera_id, image.camera_id);
    EXPECT_LE((other.cam_from_world.rotation.coeffs() - image.cam_from_world.rotation.coeffs())
                  .norm(), tolerance);
    EXPECT_LE((other.cam_from_world.translation - image.cam_from_world.translation).norm(),
              tolerance);
    ASSERT_EQ(other.observations.size(), image.observations.size());
    for (size_t k = 0; k < image.observations.size(); ++k) {
      EXPECT_EQ(other.observations[k].x_px, image.observations[k].x_px);
      EXPECT_EQ(other.observations[k].point_id, image.observations[k].point_id);
    }
  }
  for (const auto& [id, point] : a.points) {
    EXPECT_EQ(b.points.at(id).x_in_world, point.x_in_world);
    EXPECT_EQ(b.points.at(id).rgb, point.rgb);
    EXPECT_EQ(b.points.at(id).track.size(), point.track.size());
  }
}

SplatCloud RandomCloud(size_t count, int degree) {
  std::mt19937 random(17);
  std::normal_distribution<float> normal;
  SplatCloud cloud;
  cloud.Resize(count, degree);
  for (size_t i = 0; i < count; ++i) {
    for (int k = 0; k < 3; ++k) {
      cloud.means[i][k] = 3 * normal(random);
      cloud.log_scales[i][k] = -4 + normal(random);
    }
    for (int k = 0; k < 4; ++k) cloud.rotations[i][k] = normal(random);
    cloud.rotations[i].normalize();
    cloud.opacity_logits[i] = 2 * normal(random);
  }
  for (float& c : cloud.sh) c = 0.2f * normal(random);
  return cloud;
}

// Every shorter file, in a buffer of exactly its size so that a sanitizer sees any step beyond.
template <class Read>
void ExpectEveryTruncationRefused(const std::vector<uint8_t>& bytes, size_t step,
                                  const Read& read) {
  for (size_t length = 0; length < bytes.size(); length += step) {
    const std::unique_ptr<uint8_t[]> exact(new uint8_t[length]);
    std::copy_n(bytes.begin(), length, exact.get());
    EXPECT_THROW(read(std::span<const uint8_t>(exact.get(), length)), Error) << length;
  }
}

template <class Read>
std::string MessageOf(const Read& read) {
  try {
    read();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kInput);
    return error.message();
  }
  return {};
}

std::vector<uint8_t> Replaced(const std::vector<uint8_t>& bytes, const std::string& what,
                              const std::string& by) {
  std::string text(bytes.begin(), bytes.end());
  const size_t at = text.find(what);
  EXPECT_NE(at, std::string::npos) << what;
  if (at != std::string::npos) text.replace(at, what.size(), by);
  return {text.begin(), text.end()};
}

TEST(Colmap, BinaryAndTextRoundTrip) {
  const TempFolder folder;
  const Reconstruction r = SmallReconstruction();
  WriteColmapBinary(r, folder.path());
  ExpectSame(r, ReadColmap(folder.path()), 1e-15);
  const TempFolder text;
  WriteColmapText(r, text.path());
  ExpectSame(r, ReadColmap(text.path()), 1e-15);
}

TEST(Colmap, BinaryBytesStayTheSame) {
  const TempFolder folder;
  Reconstruction r = SmallReconstruction();
  for (auto& [id, image] : r.images) image.cam_from_world.rotation = {0.5, 0.5, -0.5, 0.5};
  WriteColmapBinary(r, folder.path());
  const std::vector<uint8_t> cameras = ReadFile(folder.path() / "cameras.bin");
  // Two cameras: a count, then id, model, width, height and 4 or 8 parameters each.
  ASSERT_EQ(cameras.size(), 8u + (24 + 4 * 8) + (24 + 8 * 8));
  EXPECT_EQ(cameras[0], 2);
  EXPECT_EQ(cameras[8], 1);   // camera 1
  EXPECT_EQ(cameras[12], 2);  // SIMPLE_RADIAL
  EXPECT_EQ(cameras[16] + 256 * cameras[17], 640);
  EXPECT_EQ(ReadFile(folder.path() / "points3D.bin").size(), 8u + 8 + 24 + 3 + 8 + 8 + 3 * 8);
}

TEST(Colmap, TruncatedExtraAndBrokenFilesAreRefused) {
  const TempFolder folder;
  WriteColmapBinary(SmallReconstruction(), folder.path());
  for (const char* name : {"cameras.bin", "images.bin", "points3D.bin"}) {
    const std::vector<uint8_t> good = ReadFile(folder.path() / name);
    for (size_t length = 0; length < good.size(); ++length) {
      WriteFileAtomic(folder.path() / name, std::span(good.data(), length));
      EXPECT_THROW(ReadColmap(folder.path()), Error) << name << " " << length;
    }
    std::vector<uint8_t> longer = good;
    longer.push_back(0);
    WriteFileAtomic(folder.path() / name, longer);
    EXPECT_THROW(ReadColmap(folder.path()), Error) << name;
    WriteFileAtomic(folder.path() / name, good);
  }
  const TempFolder empty;
  EXPECT_THROW(ReadColmap(empty.path()), Error);
  WriteFileAtomic(empty.path() / "cameras.txt", "1 SIMPLE_RADIAL 640 480 500 320 240\n");
  WriteFileAtomic(empty.path() / "images.txt", "");
  try {
    ReadColmap(empty.path());
    FAIL();
  } catch (const Error& error) {
    EXPECT_NE(error.message().find("line 1"), std::string::npos) << error.what();
  }
}

TEST(Parts, HoldEachSplatOnceTheMostVisibleFirst) {
  SplatCloud cloud = RandomCloud(1000, 1);
  for (size_t i = 0; i < cloud.size(); ++i) {
    const bool seen = i % 4 == 1;  // large and opaque
    cloud.log_scales[i].setConstant(seen ? -1.0f : -6.0f);
    cloud.opacity_logits[i] = seen ? 3.0f : -2.0f;
    cloud.means[i].x() = static_cast<float>(i);
  }
  const std::vector<SplatCloud> parts = PartsByImportance(cloud, 250, 300);
  ASSERT_EQ(parts.size(), 4u);
  EXPECT_EQ(parts[0].size(), 250u);
  std::vector<int> times(cloud.size(), 0);
  for (const SplatCloud& part : parts) {
    EXPECT_LE(part.size(), 300u);
    EXPECT_TRUE(Violations(part).empty());
    for (size_t k = 0; k < part.size(); ++k) {
      const auto i = static_cast<size_t>(part.means[k].x());
      ++times[i];
      EXPECT_EQ(part.rotations[k], cloud.rotations[i]);
      EXPECT_EQ(part.sh[k * part.sh_stride() + 5], cloud.sh[i * cloud.sh_stride() + 5]);
      if (&part == &parts[0]) {
        EXPECT_EQ(i % 4, 1u);
      }
    }
  }
  for (const int count : times) EXPECT_EQ(count, 1);
  EXPECT_EQ(PartsByImportance(cloud, 900, 300).size(), 1u) << "hardly more than the first part";
}

TEST(Transforms, RoundTripThroughOpenGlAxes) {
  const Reconstruction r = SmallReconstruction();
  const TempFolder folder;
  WriteFileAtomic(folder.path() / "transforms.json", FormatTransforms(r));
  const Reconstruction back = ReadTransforms(folder.path());
  ASSERT_EQ(back.images.size(), r.images.size());
  for (const auto& [id, image] : r.images) {
    const PosedImage& other = back.images.at(id);
    EXPECT_EQ(other.name, image.name);
    EXPECT_LT((other.CentreInWorld() - image.CentreInWorld()).norm(), 1e-9);
    EXPECT_LT(other.cam_from_world.rotation.angularDistance(image.cam_from_world.rotation), 1e-7);
    const Eigen::Vector3d x(0.1, 0.2, 3);
    const Camera &a = r.cameras.at(image.camera_id), &b = back.cameras.at(other.camera_id);
    EXPECT_LT((*a.ImgFromCam(x) - *b.ImgFromCam(x)).norm(), 1e-9);
  }
}

TEST(Transforms, FisheyeMayBeTrueOrANumber) {
  const TempFolder folder;
  const Path file = folder.path() / "transforms.json";
  for (const auto& [written, model] :
       {std::pair("false", CameraModel::kPinhole), {"true", CameraModel::kOpenCvFisheye},
        {"0", CameraModel::kPinhole}, {"1", CameraModel::kOpenCvFisheye}}) {
    WriteFileAtomic(file, std::string(R"({"w": 8, "h": 6, "fl_x": 5, "is_fisheye": )") + written +
                              R"(, "frames": [{"file_path": "a", "transform_matrix":
                                 [[1,0,0,0],[0,1,0,0],[0,0,1,0],[0,0,0,1]]}]})");
    EXPECT_EQ(ReadTransforms(file).cameras.at(1).model, model) << written;
  }
}

TEST(Transforms, MessagesNameTheJsonPath) {
  const TempFolder folder;
  const Path file = folder.path() / "transforms.json";
  const auto message = [&](const std::string& text) -> std::string {
    WriteFileAtomic(file, text);
    try {
      ReadTransforms(file);
    } catch (const Error& error) {
      return error.message();
    }
    return "";
  };
  EXPECT_NE(message("{").find("not JSON"), std::string::npos);
  EXPECT_NE(message("{}").find("frames"), std::string::npos);
  EXPECT_NE(message(R"({"w":10,"h":10,"fl_x":5,"frames":[{"file_path":"a","transform_matrix":
            [[1,0,0,0],[0,1,0,0],[0,0,"x",0],[0,0,0,1]]}]})").find("frames[0]: transform_matrix"),
            std::string::npos);
  EXPECT_NE(message(R"({"frames":[{"file_path":"a","transform_matrix":
            [[1,0,0,0],[0,1,0,0],[0,0,1,0],[0,0,0,1]]}]})").find("frames[0]: w and h"),
            std::string::npos);
}

TEST(Transforms, FramesWithEqualIntrinsicsShareACamera) {
  const TempFolder folder;
  std::string frames;
  for (int i = 0; i < 6; ++i) {
    frames += std::string(i ? "," : "") + "{\"file_path\":\"" + std::to_string(i) +
              "\",\"fl_x\":" + std::to_string(5 + i % 3) +
              ",\"transform_matrix\":[[1,0,0,0],[0,1,0,0],[0,0,1,0]]}";
  }
  WriteFileAtomic(folder.path() / "transforms.json",
                  "{\"w\":10,\"h\":10,\"frames\":[" + frames + "]}");
  const Reconstruction r = ReadTransforms(folder.path());
  ASSERT_EQ(r.cameras.size(), 3u);
  for (const auto& [id, image] : r.images) {
    EXPECT_EQ(image.camera_id, 1 + (id - 1) % 3);
    EXPECT_EQ(r.cameras.at(image.camera_id).params[0], 5 + (id - 1) % 3);
  }
}

TEST(Transforms, PointsWithANameThatNoFileCanHaveAreLeftOut) {
  const TempFolder folder;
  WriteFileAtomic(folder.path() / "transforms.json",
                  "{\"frames\":[],\"ply_file_path\":\"" + std::string(5000, 'a') + "\"}");
  EXPECT_TRUE(ReadTransforms(folder.path()).points.empty());
}

TEST(PointPly, AColourThatIsNoNumberIsBlack) {
  internal::ByteWriter out;
  out.PutText("ply\nformat binary_little_endian 1.0\nelement vertex 1\nproperty float x\n"
              "property float y\nproperty float z\nproperty float red\nproperty float green\n"
              "property float blue\nend_header\n");
  for (const float value : {1.0f, 2.0f, 3.0f, std::nanf(""), -1e30f, 1e30f}) out.Put(value);
  const TempFolder folder;
  WriteFileAtomic(folder.path() / "p.ply", out.Take());
  const auto points = internal::ReadPointPly(folder.path() / "p.ply");
  ASSERT_EQ(points.size(), 1u);
  const auto& rgb = points.begin()->second.rgb;
  EXPECT_EQ(rgb[0], 0);
  EXPECT_EQ(rgb[1], 0);
  EXPECT_EQ(rgb[2], 255);
}

space::CollisionMesh SmallMesh() {
  space::CollisionMesh mesh;
  mesh.positions = {{0, 0, 0}, {1, 0, 0}, {1, 0, 1}, {0, 0, 1}, {0, 2.5f, 0}};
  mesh.floor = {0, 2, 1, 0, 3, 2};
  mesh.walls = {0, 1, 4};
  return mesh;
}

TEST(Collision, RoundTripsAndLeavesEmptyPartsOut) {
  const std::vector<uint8_t> bytes = EncodeCollision(SmallMesh());
  EXPECT_EQ(bytes.size() % 4, 0u);
  const space::CollisionMesh back = DecodeCollision(bytes, "collision.glb");
  EXPECT_EQ(back.positions, SmallMesh().positions);
  EXPECT_EQ(back.floor, SmallMesh().floor);
  EXPECT_EQ(back.walls, SmallMesh().walls);
  EXPECT_TRUE(back.obstacles.empty() && back.unknown.empty());
  const std::string text(bytes.begin(), bytes.end());
  EXPECT_EQ(text.find("obstacles"), std::string::npos);
  EXPECT_TRUE(DecodeCollision(EncodeCollision({}), "collision.glb").empty());
}

TEST(Collision, ManyCornersGetWideIndices) {
  space::CollisionMesh mesh = SmallMesh();
  mesh.positions.resize(70000, Eigen::Vector3f(1, 2, 3));
  mesh.unknown = {69997, 69998, 69999};
  EXPECT_EQ(DecodeCollision(EncodeCollision(mesh), "collision.glb").unknown, mesh.unknown);
}

TEST(Collision, TruncatedExtraAndBrokenFilesAreRefused) {
  std::vector<uint8_t> bytes = EncodeCollision(SmallMesh());
  for (size_t count = 0; count < bytes.size(); ++count) {
    EXPECT_THROW(DecodeCollision(std::span(bytes).first(count), "c.glb"), Error) << count;
  }
  const std::vector<uint8_t> whole = bytes;
  bytes.push_back(0);
  EXPECT_THROW(DecodeCollision(bytes, "c.glb"), Error);
  bytes = whole;
  bytes[4] = 1;  // glTF 1
  EXPECT_THROW(DecodeCollision(bytes, "c.glb"), Error);
  bytes = whole;
  bytes[bytes.size() - 8] = 9;  // the first corner of the wall: there are five
  EXPECT_THROW(DecodeCollision(bytes, "c.glb"), Error);
}

TEST(SplatPly, RoundTripIsExactForEveryDegree) {
  for (int degree = 0; degree <= 3; ++degree) {
    const SplatCloud cloud = RandomCloud(50, degree);
    const SplatCloud back = DecodeSplatPly(EncodeSplatPly(cloud), "test.ply");
    EXPECT_EQ(back.sh_degree, degree);
    EXPECT_EQ(back.means, cloud.means);
    EXPECT_EQ(back.log_scales, cloud.log_scales);
    EXPECT_EQ(back.opacity_logits, cloud.opacity_logits);
    EXPECT_EQ(back.sh, cloud.sh);
    for (size_t i = 0; i < cloud.size(); ++i) {
      EXPECT_LT((back.rotations[i] - cloud.rotations[i]).norm(), 1e-6f);
    }
  }
}

TEST(SplatPly, TruncatedExtraAndForeignFilesAreRefused) {
  std::vector<uint8_t> bytes = EncodeSplatPly(RandomCloud(3, 1));
  ExpectEveryTruncationRefused(bytes, 1, [](auto part) { DecodeSplatPly(part, "t.ply"); });
  bytes.push_back(0);
  EXPECT_THROW(DecodeSplatPly(bytes, "t.ply"), Error);
  const std::string ascii = "ply\nformat ascii 1.0\nelement vertex 0\nend_header\n";
  EXPECT_THROW(DecodeSplatPly(std::vector<uint8_t>(ascii.begin(), ascii.end()), "t.ply"), Error);
}

TEST(Picture, PngAndLosslessWebpAreExact) {
  std::mt19937 random(1);
  for (const int channels : {1, 3, 4}) {
    Image8 picture(13, 7, channels);
    for (uint8_t& x : picture.data) x = static_cast<uint8_t>(random());
    EXPECT_EQ(DecodePng(EncodePng(picture), "p").data, picture.data);
    if (channels == 4) {
      picture.data[3] = 0;  // colours under full transparency survive
      EXPECT_EQ(DecodeWebp(EncodeWebpLossless(picture), "w").data, picture.data);
    }
  }
  const std::vector<uint8_t> png = EncodePng(Image8(5, 5, 3, 77));
  // The last twelve bytes are the end mark: without it the pixels are all there.
  const std::vector<uint8_t> marked(png.begin(), png.end() - 12);
  ExpectEveryTruncationRefused(marked, 1, [](auto part) { DecodePng(part, "p"); });
  const std::vector<uint8_t> webp = EncodeWebpLossless(Image8(5, 5, 4, 77));
  ExpectEveryTruncationRefused(webp, 1, [](auto part) { DecodeWebp(part, "w"); });
}

TEST(Picture, GreyOfSixteenBitsIsExact) {
  std::mt19937 random(2);
  Raster<uint16_t> picture(13, 7, 1);
  for (uint16_t& x : picture.data) x = static_cast<uint16_t>(random());
  const std::vector<uint8_t> png = EncodePng16(picture);
  EXPECT_EQ(DecodePng16(png, "p").data, picture.data);
  EXPECT_THROW(DecodePng16(EncodePng(Image8(5, 5, 1, 77)), "p"), Error);
  const std::vector<uint8_t> marked(png.begin(), png.end() - 12);
  ExpectEveryTruncationRefused(marked, 1, [](auto part) { DecodePng16(part, "p"); });
}

TEST(Picture, SizesThatOnlyTheHeaderKnowsAreNotAllocated) {
  EXPECT_NE(MessageOf([] { DecodePng(EncodePng(Image8(8192, 4097, 1)), "p"); }).find("larger"),
            std::string::npos);
  std::vector<uint8_t> webp = EncodeWebpLossless(Image8(5, 5, 4, 77));
  // 14 bits each for width - 1 and height - 1 follow the signature of the pixels' chunk.
  ASSERT_EQ(webp[20], 0x2f);
  webp[21] = webp[22] = webp[23] = 0xff;
  webp[24] |= 0x0f;
  EXPECT_NE(MessageOf([&] { DecodeWebp(webp, "w"); }).find("larger"), std::string::npos);
}

TEST(Picture, FloatsRoundToNearest) {
  ImageF picture(2, 2, 1);
  picture.data = {-1, 0.5f, 2, std::nanf("")};
  EXPECT_EQ(ToImage8(picture).data, (std::vector<uint8_t>{0, 128, 255, 0}));
}

TEST(Codebook, IsNearTheSamples) {
  std::mt19937 random(6);
  std::normal_distribution<float> normal;
  std::vector<float> samples(20000);
  for (float& x : samples) x = normal(random);
  const internal::Codebook codebook = internal::MakeCodebook(samples);
  double squares = 0;
  for (const float x : samples) {
    const double error = static_cast<double>(codebook.values[codebook.IndexOf(x)] - x);
    squares += error * error;
  }
  EXPECT_LT(std::sqrt(squares / 20000), 0.01);  // the best 256 levels reach about 0.0073
}

TEST(Sog, StaysCloseToTheCloud) {
  for (const int degree : {0, 3}) {
    const SplatCloud cloud = RandomCloud(3000, degree);
    SogOptions options;
    options.sh_palette = 3000;
    const SplatCloud back = DecodeSog(EncodeSog(cloud, options));
    ASSERT_EQ(back.size(), cloud.size());
    EXPECT_EQ(back.sh_degree, degree);
    // Stored in another order: find each by its place.
    double worst_place = 0, worst_turn = 0, worst_scale = 0, worst_opacity = 0;
    double scale_squares = 0, sh_squares = 0;
    for (size_t i = 0; i < back.size(); ++i) {
      size_t nearest = 0;
      for (size_t j = 0; j < cloud.size(); ++j) {
        if ((cloud.means[j] - back.means[i]).squaredNorm() <
            (cloud.means[nearest] - back.means[i]).squaredNorm()) {
          nearest = j;
        }
      }
      const auto d = [](float x) { return static_cast<double>(x); };
      worst_place = std::max(worst_place, d((cloud.means[nearest] - back.means[i]).norm()));
      const double dot = std::abs(d(cloud.rotations[nearest].dot(back.rotations[i])));
      worst_turn = std::max(worst_turn, 2 * std::acos(std::min(1.0, dot)));
      worst_scale = std::max(
          worst_scale, d((cloud.log_scales[nearest] - back.log_scales[i]).cwiseAbs().maxCoeff()));
      scale_squares += d((cloud.log_scales[nearest] - back.log_scales[i]).squaredNorm());
      const auto sigmoid = [&](float x) { return 1 / (1 + std::exp(-d(x))); };
      worst_opacity = std::max(worst_opacity, std::abs(sigmoid(cloud.opacity_logits[nearest]) -
                                                       sigmoid(back.opacity_logits[i])));
      for (size_t k = 0; k < cloud.sh_stride(); ++k) {
        const double e = d(cloud.sh[nearest * cloud.sh_stride() + k] -
                           back.sh[i * cloud.sh_stride() + k]);
        sh_squares += e * e;
      }
    }
    EXPECT_LT(worst_place, 5e-3);
    EXPECT_LT(worst_turn, 0.02);
    EXPECT_LT(worst_scale, 0.5);  // of the rarest sizes
    EXPECT_LT(std::sqrt(scale_squares / static_cast<double>(3 * cloud.size())), 0.02);
    EXPECT_LT(worst_opacity, 0.5 / 255 + 1e-6);
    EXPECT_LT(std::sqrt(sh_squares / static_cast<double>(cloud.sh.size())), 0.1);
  }
}

TEST(Sog, TheSameBytesForAnyNumberOfThreads) {
  const SplatCloud cloud = RandomCloud(1500, 2);
  SogOptions options;
  options.sh_palette = 128;
  SetThreadCount(1);
  const auto one = EncodeSog(cloud, options);
  SetThreadCount(3);
  EXPECT_EQ(EncodeSog(cloud, options), one);
  SetThreadCount(2);
}

TEST(Sog, MissingAndDamagedFilesAreRefused) {
  SogOptions options;
  options.sh_palette = 64;
  const auto files = EncodeSog(RandomCloud(200, 1), options);
  for (const auto& [name, bytes] : files) {
    auto broken = files;
    broken.erase(name);
    EXPECT_THROW(DecodeSog(broken), Error) << name;
    broken[name] = std::vector<uint8_t>(bytes.begin(), bytes.begin() + 20);
    EXPECT_THROW(DecodeSog(broken), Error) << name;
  }
  auto fewer = files;
  std::string meta(fewer["meta.json"].begin(), fewer["meta.json"].end());
  meta.replace(meta.find("\"count\":200"), 11, "\"count\":900");
  fewer["meta.json"].assign(meta.begin(), meta.end());
  EXPECT_THROW(DecodeSog(fewer), Error);
}

TEST(Sog, NumbersOutOfRangeAreRefused) {
  SogOptions options;
  options.sh_palette = 64;
  const auto files = EncodeSog(RandomCloud(20, 1), options);
  for (const char* key : {"\"count\":20", "\"bands\":1"}) {
    const std::string text = key;
    const std::string name = text.substr(0, text.find(':') + 1);
    for (const char* number : {"1e300", "-1", "2.5", "4294967297", "null", "[]"}) {
      auto broken = files;
      broken["meta.json"] = Replaced(files.at("meta.json"), text + ",", name + number + ",");
      EXPECT_NE(MessageOf([&] { DecodeSog(broken); }).find("whole number"), std::string::npos)
          << name << number;
    }
  }
}

TEST(Sog, AnArchiveThatUnpacksToManyTimesItsSizeIsRefused) {
  std::vector<uint8_t> packed(1 << 16);
  size_t used = 0;
  archive* zip = archive_write_new();
  archive_write_set_format_zip(zip);
  archive_write_zip_set_compression_deflate(zip);
  archive_write_open_memory(zip, packed.data(), packed.size(), &used);
  archive_entry* entry = archive_entry_new();
  archive_entry_set_pathname(entry, "meta.json");
  archive_entry_set_filetype(entry, AE_IFREG);
  const std::vector<uint8_t> zeros(8 << 20);
  archive_entry_set_size(entry, static_cast<int64_t>(zeros.size()));
  EXPECT_EQ(archive_write_header(zip, entry), ARCHIVE_OK);
  EXPECT_EQ(archive_write_data(zip, zeros.data(), zeros.size()),
            static_cast<ssize_t>(zeros.size()));
  archive_entry_free(entry);
  EXPECT_EQ(archive_write_free(zip), ARCHIVE_OK);
  packed.resize(used);
  EXPECT_NE(MessageOf([&] { UnpackSog(packed, "room.sog"); }).find("larger"), std::string::npos);
}

TEST(Sog, AnArchivePackedInOtherWaysIsRefused) {
  const std::map<std::string, std::vector<uint8_t>> files = {{"meta.json", {'{', '}'}}};
  std::vector<uint8_t> packed = PackSog(files);
  const uint8_t lzma = 14;  // the method, in the entry's header and in the list of entries
  for (size_t i = 0; i + 12 < packed.size(); ++i) {
    if (packed[i] != 'P' || packed[i + 1] != 'K') continue;
    if (packed[i + 2] == 3 && packed[i + 3] == 4) packed[i + 8] = lzma;
    if (packed[i + 2] == 1 && packed[i + 3] == 2) packed[i + 10] = lzma;
  }
  EXPECT_NE(MessageOf([&] { UnpackSog(packed, "room.sog"); }).find("neither stored"),
            std::string::npos);
}

TEST(Sog, ArchiveRoundTripsAndEveryTruncationIsRefused) {
  SogOptions options;
  options.sh_palette = 64;
  const auto files = EncodeSog(RandomCloud(20, 0), options);
  const std::vector<uint8_t> packed = PackSog(files);
  EXPECT_EQ(PackSog(files), packed);
  EXPECT_EQ(UnpackSog(packed, "room.sog"), files);
  for (size_t length = 0; length < packed.size(); length += 7) {
    // A part is refused, or gives fewer files; never other content.
    try {
      for (const auto& [name, bytes] : UnpackSog(std::span(packed.data(), length), "room.sog")) {
        EXPECT_EQ(bytes, files.at(name)) << length;
      }
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kInput);
    }
  }
}

TEST(Sog, AnEmptyRoomIsARoom) {
  SplatCloud nothing;
  EXPECT_EQ(DecodeSog(EncodeSog(nothing, {})).size(), 0u);
}

}  // namespace
}  // namespace ajar::bundle
