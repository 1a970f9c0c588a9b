#include "room/internal/photo_pieces.h"

#include <algorithm>
#include <cstring>
#include <string>

#include "base/check.h"
#include "bundle/picture.h"
#include "photo/photo.h"

namespace ajar::room {
namespace {

Image8 Piece(const Image8& picture, int left, int top) {
  Image8 piece(std::min(kPieceSide_px, picture.width - left),
               std::min(kPieceSide_px, picture.height - top), picture.channels);
  const size_t row_bytes = static_cast<size_t>(piece.width) * static_cast<size_t>(piece.channels);
  for (int y = 0; y < piece.height; ++y) {
    std::memcpy(piece.pixel(0, y), picture.pixel(left, top + y), row_bytes);
  }
  return piece;
}

void WriteLevel(const Image8& picture, int quality, const Path& folder) {
  MakeFolder(folder);
  for (int row = 0; row * kPieceSide_px < picture.height; ++row) {
    for (int column = 0; column * kPieceSide_px < picture.width; ++column) {
      const Image8 piece = Piece(picture, column * kPieceSide_px, row * kPieceSide_px);
      WriteFileAtomic(folder / (std::to_string(row) + "-" + std::to_string(column) + ".webp"),
                      bundle::EncodeWebp(piece, quality));
    }
  }
}

}  // namespace

PhotoInSite WritePhotograph(const Image8& picture, int quality, const Path& whole,
                            const Path& pieces) {
  AJAR_CHECK(!picture.empty() && picture.channels == 3);
  MakeFolder(whole.parent_path());
  PhotoInSite written{picture.width, picture.height, 0};
  const photo::Size size = photo::FitLongSide(picture.width, picture.height, kWholePhotograph_px);
  if (size.width == picture.width && size.height == picture.height) {
    WriteFileAtomic(whole, bundle::EncodeWebp(picture, quality));
    return written;
  }
  WriteFileAtomic(whole,
                  bundle::EncodeWebp(photo::Resized(picture, size.width, size.height), quality));
  Image8 level = picture;
  for (;;) {
    WriteLevel(level, quality, pieces / std::to_string(written.levels++));
    const int width = (level.width + 1) / 2, height = (level.height + 1) / 2;
    if (std::max(width, height) <= kWholePhotograph_px) return written;
    level = photo::Resized(level, width, height);
  }
}

}  // namespace ajar::room
