// The pictures COLMAP looks at, and the way back from its names and sizes to ours.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/progress.h"
#include "photo/photo.h"
#include "scene/reconstruction.h"
#include "sfm/reconstruct.h"

namespace ajar::sfm::internal {

// Photographs that share their intrinsics: they are one camera to COLMAP.
struct CameraGroup {
  std::vector<size_t> photos;          // indices into the set
  std::optional<double> focal_px;      // prior, for prepared pictures; absent if not known
  int width = 0, height = 0;           // of prepared pictures
};
std::vector<CameraGroup> GroupByCamera(const photo::PhotoSet& photos, int long_side_px);

// "000012.png": names that no file system or list can trip over.
std::string PreparedName(size_t photo);
size_t PhotoOfPreparedName(const std::string& name);  // the number in it

// Upright sRGB PNGs without metadata of all photographs in `folder`; those that are there
// already are kept. `report` gets the fraction done.
void WritePrepared(const photo::PhotoSet& photos, int long_side_px, const Path& folder,
                   const Progress& progress, const std::function<void(double)>& report);

// COLMAP's reconstruction of prepared pictures as one of the photographs: names, sizes and
// pixel positions of the originals.
Reconstruction ForOriginals(const Reconstruction& prepared, const photo::PhotoSet& photos);

// Changes when a photograph or an option does.
std::string InputHash(const photo::PhotoSet& photos, const Options& options);

}  // namespace ajar::sfm::internal
