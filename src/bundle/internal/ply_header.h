// The header of a binary PLY file with one element, vertex.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace ajar::bundle::internal {

struct PlyProperty {
  std::string name;
  char type = 0;  // b B h H i I f d, as Python's struct module names them
  size_t offset = 0;  // in a row, bytes
};

struct PlyHeader {
  uint64_t count = 0;
  std::vector<PlyProperty> properties;
  size_t row_bytes = 0;
  size_t body = 0;  // where the rows begin
};

// Errors: kInput for whatever is not such a header, or announces over 20 million vertices.
PlyHeader ParsePlyHeader(std::span<const uint8_t> bytes, const std::string& name);

// A property of the row that begins at `row`.
float PlyValue(const uint8_t* row, const PlyProperty& property);

}  // namespace ajar::bundle::internal
