#include "bundle/internal/point_ply.h"

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "bundle/internal/ply_header.h"

namespace ajar::bundle::internal {

std::map<uint64_t, Point3> ReadPointPly(const Path& file) {
  const std::vector<uint8_t> bytes = ReadFile(file);
  const PlyHeader header = ParsePlyHeader(bytes, file.string());
  const auto find = [&](const char* wanted) -> const PlyProperty* {
    for (const PlyProperty& p : header.properties) {
      if (p.name == wanted) return &p;
    }
    return nullptr;
  };
  const PlyProperty* position[3] = {find("x"), find("y"), find("z")};
  const PlyProperty* colour[3] = {find("red"), find("green"), find("blue")};
  if (!position[0] || !position[1] || !position[2]) {
    Fail(ErrorCode::kInput, "The points have no x, y and z.", file.string());
  }
  if (bytes.size() - header.body < header.count * header.row_bytes) {
    Fail(ErrorCode::kInput, "The file is cut off.", file.string());
  }
  std::map<uint64_t, Point3> points;
  for (uint64_t i = 0; i < header.count; ++i) {
    const uint8_t* row = bytes.data() + header.body + i * header.row_bytes;
    Point3 point;
    for (int k = 0; k < 3; ++k) {
      point.x_in_world[k] = static_cast<double>(PlyValue(row, *position[k]));
      if (colour[k]) {
        const float value = PlyValue(row, *colour[k]);
        // NaN, which std::clamp lets through, becomes 0.
        point.rgb[k] = value > 0 ? static_cast<uint8_t>(std::min(value, 255.0f)) : uint8_t{0};
      }
    }
    if (point.x_in_world.allFinite()) points.emplace_hint(points.end(), i + 1, std::move(point));
  }
  return points;
}

}  // namespace ajar::bundle::internal
