// COLMAP's model formats (cameras, images, points3D; binary and text), as its documentation
// describes them. Numbers survive a round trip; binary is exact.
#pragma once

#include "base/files.h"
#include "scene/reconstruction.h"

namespace ajar::bundle {

// Reads cameras/images/points3D .bin (preferred) or .txt from `folder`; points3D may be absent.
// Errors: kInput naming the file and the place in it for anything malformed, truncated, with
// trailing bytes or broken references.
Reconstruction ReadColmap(const Path& folder);

// Writes the three files into an existing folder.
void WriteColmapBinary(const Reconstruction& reconstruction, const Path& folder);
void WriteColmapText(const Reconstruction& reconstruction, const Path& folder);

}  // namespace ajar::bundle
