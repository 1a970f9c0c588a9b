#include "bundle/splat_ply.h"

#include <cmath>

#include "base/error.h"
#include "base/parallel.h"
#include "bundle/internal/bytes.h"
#include "bundle/internal/ply_header.h"

namespace ajar::bundle {
namespace {

using internal::PlyHeader;
using internal::PlyProperty;

// Names of our columns in the order in which the tools of the field write them.
std::vector<std::string> Columns(int sh_degree) {
  std::vector<std::string> names = {"x", "y", "z", "nx", "ny", "nz", "f_dc_0", "f_dc_1", "f_dc_2"};
  const int rest = 3 * (ShCoefficientCount(sh_degree) - 1);
  for (int k = 0; k < rest; ++k) names.push_back("f_rest_" + std::to_string(k));
  for (const char* name : {"opacity", "scale_0", "scale_1", "scale_2", "rot_0", "rot_1", "rot_2",
                           "rot_3"}) {
    names.emplace_back(name);
  }
  return names;
}

}  // namespace

std::vector<uint8_t> EncodeSplatPly(const SplatCloud& cloud) {
  internal::ByteWriter out;
  out.PutText("ply\nformat binary_little_endian 1.0\nelement vertex " +
              std::to_string(cloud.size()) + "\n");
  for (const std::string& name : Columns(cloud.sh_degree)) {
    out.PutText("property float " + name + "\n");
  }
  out.PutText("end_header\n");
  const size_t coefficients = static_cast<size_t>(ShCoefficientCount(cloud.sh_degree));
  for (size_t i = 0; i < cloud.size(); ++i) {
    const float* sh = cloud.sh.data() + i * cloud.sh_stride();
    for (int k = 0; k < 3; ++k) out.Put(cloud.means[i][k]);
    for (int k = 0; k < 3; ++k) out.Put(0.0f);
    for (size_t c = 0; c < 3; ++c) out.Put(sh[c]);
    for (size_t c = 0; c < 3; ++c) {
      for (size_t k = 1; k < coefficients; ++k) out.Put(sh[k * 3 + c]);
    }
    out.Put(cloud.opacity_logits[i]);
    for (int k = 0; k < 3; ++k) out.Put(cloud.log_scales[i][k]);
    for (int k = 0; k < 4; ++k) out.Put(cloud.rotations[i][k]);
  }
  return out.Take();
}

SplatCloud DecodeSplatPly(std::span<const uint8_t> bytes, const std::string& name) {
  const PlyHeader header = internal::ParsePlyHeader(bytes, name);
  const auto find = [&](const std::string& wanted) -> const PlyProperty* {
    for (const PlyProperty& p : header.properties) {
      if (p.name == wanted) return &p;
    }
    return nullptr;
  };
  int degree = 0;
  while (degree < kMaxShDegree &&
         find("f_rest_" + std::to_string(3 * (ShCoefficientCount(degree + 1) - 1) - 1))) {
    ++degree;
  }
  std::vector<const PlyProperty*> columns;
  for (const std::string& wanted : Columns(degree)) {
    const PlyProperty* p = find(wanted);
    if (!p && wanted[0] != 'n') {
      Fail(ErrorCode::kInput, "The property " + wanted + " is missing: this PLY holds no splats.",
           name);
    }
    columns.push_back(p);
  }
  const uint64_t expected = header.count * header.row_bytes;
  const uint64_t there = bytes.size() - header.body;
  if (there != expected) {
    Fail(ErrorCode::kInput,
         (there < expected ? "The file is cut off: " : "The file is too long: ") +
             std::to_string(there) + " bytes of splats, " + std::to_string(expected) +
             " expected.",
         name);
  }
  SplatCloud cloud;
  cloud.Resize(header.count, degree);
  const size_t coefficients = static_cast<size_t>(ShCoefficientCount(degree));
  ParallelFor(cloud.size(), 4096, [&](size_t i) {
    const uint8_t* row = bytes.data() + header.body + i * header.row_bytes;
    size_t column = 0;
    const auto next = [&] { return internal::PlyValue(row, *columns[column++]); };
    for (int k = 0; k < 3; ++k) cloud.means[i][k] = next();
    column += 3;
    float* sh = cloud.sh.data() + i * cloud.sh_stride();
    for (size_t c = 0; c < 3; ++c) sh[c] = next();
    for (size_t c = 0; c < 3; ++c) {
      for (size_t k = 1; k < coefficients; ++k) sh[k * 3 + c] = next();
    }
    cloud.opacity_logits[i] = next();
    for (int k = 0; k < 3; ++k) cloud.log_scales[i][k] = next();
    for (int k = 0; k < 4; ++k) cloud.rotations[i][k] = next();
    const float norm = cloud.rotations[i].norm();
    if (std::abs(norm - 1) > 1e-6f && norm > 1e-6f) cloud.rotations[i] /= norm;
  });
  const std::vector<std::string> violations = Violations(cloud, 1);
  if (!violations.empty()) {
    Fail(ErrorCode::kInput, "The splats are not sound: " + violations.front() + ".", name);
  }
  return cloud;
}

}  // namespace ajar::bundle
