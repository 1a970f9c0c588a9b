#include "room/internal/depths.h"

#include <gtest/gtest.h>

#include "base/error.h"
#include "bundle/picture.h"

namespace ajar::room {
namespace {

Reconstruction TwoPhotographs() {
  Reconstruction r;
  r.cameras[1] = {CameraModel::kPinhole, 640, 480, {420, 420, 320, 240}};
  for (const uint32_t id : {1u, 2u}) {
    r.images[id].name = std::to_string(id) + ".jpg";
    r.images[id].camera_id = 1;
  }
  return r;
}

class Depths : public ::testing::Test {
 protected:
  Depths() : folder_(Path(::testing::TempDir()) / "ajar-depths"), file_(folder_ / "depth.json") {
    std::filesystem::remove_all(folder_);
    MakeFolder(folder_);
  }
  ~Depths() override { std::filesystem::remove_all(folder_); }
  void WriteMap(const std::string& name, const Raster<uint16_t>& map) {
    WriteFileAtomic(folder_ / name, bundle::EncodePng16(map));
  }

  Path folder_, file_;
};

TEST_F(Depths, AreKeptInMetresAtTheirPlaces) {
  Raster<uint16_t> map(320, 240, 1);  // of half the photograph's size, the left half unknown
  for (int y = 0; y < 240; ++y) {
    for (int x = 160; x < 320; ++x) *map.pixel(x, y) = static_cast<uint16_t>(10 * x);
  }
  WriteMap("1.png", map);
  WriteMap("3.png", map);  // of no photograph
  KeepDepths(folder_, 0.001, TwoPhotographs(), file_);
  const auto depths = ReadDepths(file_, TwoPhotographs());
  ASSERT_EQ(depths.size(), 8u * 12u);
  for (const space::MeasuredDepth& d : depths) {
    EXPECT_EQ(d.image_id, 1u);
    EXPECT_GE(d.x_px.x(), 320);
    EXPECT_NEAR(d.depth_m, 0.01 * (0.5 * d.x_px.x() - 0.5), 1e-3);
  }
}

TEST_F(Depths, OfPhotographsFromSeveralFoldersMayLieInOne) {
  Reconstruction r = TwoPhotographs();
  r.images[1].name = "first/a.jpg";
  r.images[2].name = "second/b.jpg";
  WriteMap("a.png", Raster<uint16_t>(32, 24, 1, 900));
  WriteMap("b.png", Raster<uint16_t>(32, 24, 1, 900));
  KeepDepths(folder_, 0.001, r, file_);
  EXPECT_EQ(ReadDepths(file_, r).size(), 2u * 16u * 12u);
  // Which one it belongs to is not to be told by that name: only its folder tells.
  r.images[2].name = "second/a.jpg";
  MakeFolder(folder_ / "second");
  WriteMap("second/a.png", Raster<uint16_t>(32, 24, 1, 900));
  KeepDepths(folder_, 0.001, r, file_);
  const auto depths = ReadDepths(file_, r);
  ASSERT_EQ(depths.size(), 16u * 12u);
  EXPECT_EQ(depths[0].image_id, 2u);
}

TEST_F(Depths, ThatFitNoPhotographAreRefused) {
  EXPECT_TRUE(ReadDepths(file_, TwoPhotographs()).empty());
  EXPECT_THROW(KeepDepths(folder_, 0.001, TwoPhotographs(), file_), Error);
  WriteMap("1.png", Raster<uint16_t>(240, 320, 1, 900));
  EXPECT_THROW(KeepDepths(folder_, 0.001, TwoPhotographs(), file_), Error);
  WriteFileAtomic(file_, std::string("{\"version\": 1, \"photographs\": [{}]}"));
  EXPECT_THROW(ReadDepths(file_, TwoPhotographs()), Error);
}

}  // namespace
}  // namespace ajar::room
