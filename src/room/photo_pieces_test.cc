#include "room/internal/photo_pieces.h"

#include <gtest/gtest.h>

#include <cstdlib>

#include "base/files.h"
#include "bundle/picture.h"

namespace ajar::room {
namespace {

Image8 Ramp(int width, int height) {
  Image8 picture(width, height, 3);
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      picture.pixel(x, y)[0] = static_cast<uint8_t>(255 * x / width);
      picture.pixel(x, y)[1] = static_cast<uint8_t>(255 * y / height);
      picture.pixel(x, y)[2] = 90;
    }
  }
  return picture;
}

Image8 Read(const Path& file) { return bundle::DecodeWebp(ReadFile(file), file.string()); }

class PhotoPieces : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (std::filesystem::temp_directory_path() / "pieces-XXXXXX").string();
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    folder_ = name;
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }
  Path folder_;
};

TEST_F(PhotoPieces, ASmallPhotographIsWholeAndNothingElse) {
  const PhotoInSite written =
      WritePhotograph(Ramp(640, 480), 92, folder_ / "photos" / "1.webp", folder_ / "photos" / "1");
  EXPECT_EQ(written.width, 640);
  EXPECT_EQ(written.height, 480);
  EXPECT_EQ(written.levels, 0);
  EXPECT_EQ(Read(folder_ / "photos" / "1.webp").width, 640);
  EXPECT_FALSE(std::filesystem::exists(folder_ / "photos" / "1"));
}

TEST_F(PhotoPieces, EachLevelOfALargeOneIsThePhotographOnce) {
  const Image8 picture = Ramp(5001, 1030);
  const PhotoInSite written = WritePhotograph(picture, 92, folder_ / "2.webp", folder_ / "2");
  EXPECT_EQ(written.levels, 2);  // 5001 and 2501; half of that is what the whole has
  const Image8 whole = Read(folder_ / "2.webp");
  EXPECT_EQ(whole.width, kWholePhotograph_px);
  EXPECT_EQ(whole.height, 422);
  int width = picture.width, height = picture.height;
  for (int level = 0; level < written.levels; ++level) {
    for (int row = 0; row * kPieceSide_px < height; ++row) {
      for (int column = 0; column * kPieceSide_px < width; ++column) {
        const Image8 piece = Read(folder_ / "2" / std::to_string(level) /
                                  (std::to_string(row) + "-" + std::to_string(column) + ".webp"));
        ASSERT_EQ(piece.width, std::min(kPieceSide_px, width - column * kPieceSide_px));
        ASSERT_EQ(piece.height, std::min(kPieceSide_px, height - row * kPieceSide_px));
        // Its middle is the photograph's there.
        const int x = piece.width / 2, y = piece.height / 2;
        EXPECT_NEAR(piece.pixel(x, y)[0], 255. * (column * kPieceSide_px + x) / width, 5)
            << level << ": " << row << "-" << column;
        EXPECT_NEAR(piece.pixel(x, y)[1], 255. * (row * kPieceSide_px + y) / height, 5)
            << level << ": " << row << "-" << column;
      }
    }
    width = (width + 1) / 2;
    height = (height + 1) / 2;
  }
  EXPECT_FALSE(std::filesystem::exists(folder_ / "2" / "2"));
}

}  // namespace
}  // namespace ajar::room
