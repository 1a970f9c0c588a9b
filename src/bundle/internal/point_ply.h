// Point clouds as PLY: x, y, z and, where there, red, green, blue.
#pragma once

#include <cstdint>
#include <map>

#include "base/files.h"
#include "scene/reconstruction.h"

namespace ajar::bundle::internal {

// Binary little-endian. Points that are not finite are left out. Errors: kInput.
std::map<uint64_t, Point3> ReadPointPly(const Path& file);

}  // namespace ajar::bundle::internal
