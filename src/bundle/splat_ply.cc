#include "bundle/splat_ply.h"

#include <array>
#include <cmath>
#include <cstring>
#include <sstream>

#include "base/error.h"
#include "base/parallel.h"
#include "bundle/internal/bytes.h"

namespace ajar::bundle {
namespace {

constexpr uint64_t kMostSplats = 20'000'000;
constexpr size_t kLongestHeader = 64 << 10;

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

struct Property {
  std::string name;
  char type = 0;  // b B h H i I f d
  size_t offset = 0;
};

size_t SizeOf(char type) {
  switch (type) {
    case 'b': case 'B': return 1;
    case 'h': case 'H': return 2;
    case 'd': return 8;
    default: return 4;
  }
}

char TypeOf(const std::string& name) {
  static const std::array<std::pair<const char*, char>, 16> kTypes = {{
      {"char", 'b'}, {"int8", 'b'}, {"uchar", 'B'}, {"uint8", 'B'}, {"short", 'h'},
      {"int16", 'h'}, {"ushort", 'H'}, {"uint16", 'H'}, {"int", 'i'}, {"int32", 'i'},
      {"uint", 'I'}, {"uint32", 'I'}, {"float", 'f'}, {"float32", 'f'}, {"double", 'd'},
      {"float64", 'd'}}};
  for (const auto& [text, type] : kTypes) {
    if (name == text) return type;
  }
  return 0;
}

template <class T>
float As(const uint8_t* from) {
  T value;
  std::memcpy(&value, from, sizeof(T));
  return static_cast<float>(value);
}

float ValueAt(const uint8_t* row, const Property& p) {
  const uint8_t* from = row + p.offset;
  switch (p.type) {
    case 'b': return As<int8_t>(from);
    case 'B': return As<uint8_t>(from);
    case 'h': return As<int16_t>(from);
    case 'H': return As<uint16_t>(from);
    case 'i': return As<int32_t>(from);
    case 'I': return As<uint32_t>(from);
    case 'd': return As<double>(from);
    default: return As<float>(from);
  }
}

struct Header {
  uint64_t count = 0;
  std::vector<Property> properties;
  size_t row_bytes = 0;
  size_t body = 0;  // where the data begins
};

Header ParseHeader(std::span<const uint8_t> bytes, const std::string& name) {
  const std::string text(bytes.begin(),
                         bytes.begin() + static_cast<ptrdiff_t>(
                                             std::min(bytes.size(), kLongestHeader)));
  const auto fail = [&](const std::string& what) { Fail(ErrorCode::kInput, what, name); };
  Header header;
  if (!text.starts_with("ply\n") && !text.starts_with("ply\r\n")) fail("This is not a PLY file.");
  size_t at = 0;
  int line_number = 0;
  bool format = false, vertex = false;
  for (;;) {
    const size_t end = text.find('\n', at);
    if (end == std::string::npos) fail("The PLY header does not end.");
    std::istringstream line(text.substr(at, end - at));
    at = end + 1;
    ++line_number;
    const std::string where = " (header line " + std::to_string(line_number) + ")";
    std::string word, type, property;
    line >> word;
    if (word == "end_header") break;
    if (word == "format") {
      line >> type;
      if (type != "binary_little_endian") {
        fail("Only binary little-endian PLY files of splats are read, not " + type + where + ".");
      }
      format = true;
    } else if (word == "element") {
      line >> type;
      if (type != "vertex" || vertex) {
        fail("A PLY file of splats has one element, vertex" + where + ".");
      }
      if (!(line >> header.count) || header.count > kMostSplats) {
        fail("The number of splats is not one we read" + where + ".");
      }
      vertex = true;
    } else if (word == "property") {
      line >> type >> property;
      const char code = TypeOf(type);
      if (code == 0 || !vertex || property.empty()) {
        fail("The property " + property + " of type " + type + " is not understood" + where + ".");
      }
      header.properties.push_back({property, code, header.row_bytes});
      header.row_bytes += SizeOf(code);
    } else if (word != "comment" && word != "ply" && word != "obj_info") {
      fail("\"" + word + "\" does not belong in a PLY header" + where + ".");
    }
  }
  if (!format || !vertex) fail("The PLY header names no format or no vertices.");
  header.body = at;
  return header;
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
  const Header header = ParseHeader(bytes, name);
  const auto find = [&](const std::string& wanted) -> const Property* {
    for (const Property& p : header.properties) {
      if (p.name == wanted) return &p;
    }
    return nullptr;
  };
  int degree = 0;
  while (degree < kMaxShDegree &&
         find("f_rest_" + std::to_string(3 * (ShCoefficientCount(degree + 1) - 1) - 1))) {
    ++degree;
  }
  std::vector<const Property*> columns;
  for (const std::string& wanted : Columns(degree)) {
    const Property* p = find(wanted);
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
    const auto next = [&] { return ValueAt(row, *columns[column++]); };
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
