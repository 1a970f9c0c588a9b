#include "bundle/internal/ply_header.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <sstream>
#include <utility>

#include "base/error.h"

namespace ajar::bundle::internal {
namespace {

constexpr uint64_t kMostVertices = 20'000'000;
constexpr size_t kLongestHeader = 64 << 10;

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

}  // namespace

float PlyValue(const uint8_t* row, const PlyProperty& p) {
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

PlyHeader ParsePlyHeader(std::span<const uint8_t> bytes, const std::string& name) {
  const std::string text(bytes.begin(),
                         bytes.begin() + static_cast<ptrdiff_t>(
                                             std::min(bytes.size(), kLongestHeader)));
  const auto fail = [&](const std::string& what) { Fail(ErrorCode::kInput, what, name); };
  PlyHeader header;
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
        fail("Only binary little-endian PLY files are read, not " + type + where + ".");
      }
      format = true;
    } else if (word == "element") {
      line >> type;
      if (type != "vertex" || vertex) {
        fail("Only one element is read, vertex" + where + ".");
      }
      if (!(line >> header.count) || header.count > kMostVertices) {
        fail("The number of vertices is not one we read" + where + ".");
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

}  // namespace ajar::bundle::internal
