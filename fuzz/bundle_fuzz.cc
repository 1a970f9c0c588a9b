// Every reader of src/bundle: the first byte chooses it, the rest is what it reads. Readers of
// several files get them from one input, parted by kMark (bundle_fuzz.h).
#include "bundle_fuzz.h"

#include <algorithm>
#include <fstream>
#include <map>
#include <span>

#include "base/error.h"
#include "base/parallel.h"
#include "bundle/collision.h"
#include "bundle/colmap.h"
#include "bundle/internal/point_ply.h"
#include "bundle/picture.h"
#include "bundle/sog.h"
#include "bundle/splat_ply.h"
#include "bundle/transforms.h"

namespace {

using namespace ajar;
using Bytes = std::span<const uint8_t>;

Bytes TakePart(Bytes* rest) {
  const auto mark = std::search(rest->begin(), rest->end(), kMark.begin(), kMark.end());
  const Bytes part(rest->begin(), mark);
  *rest = mark == rest->end() ? Bytes() : rest->subspan(part.size() + kMark.size());
  return part;
}

// Without the syncing of WriteFileAtomic, which would be all that the fuzzer does.
void Write(const Path& path, Bytes bytes) {
  std::ofstream(path, std::ios::binary)
      .write(reinterpret_cast<const char*>(bytes.data()), static_cast<ptrdiff_t>(bytes.size()));
}

template <size_t N>
const Path& WriteParts(const TempFolder& folder, const std::array<const char*, N>& names,
                       Bytes bytes) {
  for (const char* name : names) Write(folder.path() / name, TakePart(&bytes));
  return folder.path();
}

void Read(Reader reader, Bytes bytes) {
  // One folder for each, so that no reader finds another's files.
  static const TempFolder binary, text, transforms, points;
  switch (reader) {
    case Reader::kColmapBinary:
      bundle::ReadColmap(WriteParts(binary, kColmapBinaryFiles, bytes));
      break;
    case Reader::kColmapText:
      bundle::ReadColmap(WriteParts(text, kColmapTextFiles, bytes));
      break;
    case Reader::kTransforms:
      bundle::ReadTransforms(WriteParts(transforms, kTransformsFiles, bytes));
      break;
    case Reader::kSplatPly:
      bundle::DecodeSplatPly(bytes, "splats.ply");
      break;
    case Reader::kPointPly:
      Write(points.path() / "points.ply", bytes);
      bundle::internal::ReadPointPly(points.path() / "points.ply");
      break;
    case Reader::kPng:
      bundle::DecodePng(bytes, "picture.png");
      bundle::DecodePng16(bytes, "picture.png");
      break;
    case Reader::kWebp:
      bundle::DecodeWebp(bytes, "picture.webp");
      break;
    case Reader::kSog: {
      // The files themselves: within an archive, checksums would refuse nearly every change.
      std::map<std::string, std::vector<uint8_t>> files;
      for (const char* name : kSogFiles) {
        const Bytes part = TakePart(&bytes);
        files[name].assign(part.begin(), part.end());
      }
      bundle::DecodeSog(files);
      break;
    }
    case Reader::kSogArchive:
      bundle::DecodeSog(bundle::UnpackSog(bytes, "room.sog"));
      break;
    case Reader::kCollision:
      bundle::DecodeCollision(bytes, "collision.glb");
      break;
  }
}

}  // namespace

extern "C" int LLVMFuzzerInitialize(int*, char***) {
  SetThreadCount(1);
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t count) {
  if (count == 0 || bytes[0] > static_cast<uint8_t>(Reader::kCollision)) return 0;
  try {
    Read(static_cast<Reader>(bytes[0]), {bytes + 1, count - 1});
  } catch (const Error&) {
    // Refused with a sentence, as it should be.
  }
  return 0;
}
