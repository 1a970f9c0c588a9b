// COLMAP's text format; see bundle/colmap.h.
#pragma once

#include "base/files.h"
#include "scene/reconstruction.h"

namespace ajar::bundle::internal {

// Reads cameras.txt, images.txt and, where there is one, points3D.txt.
void ReadColmapText(const Path& folder, Reconstruction* reconstruction);

}  // namespace ajar::bundle::internal
