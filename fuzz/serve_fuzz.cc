// What a request says: the text up to the first line's end is its target, the next eight bytes
// are the file's size, and the rest is the Range header.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include "base/check.h"
#include "serve/internal/request_path.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t count) {
  using namespace ajar::serve;
  const std::string_view input(reinterpret_cast<const char*>(bytes), count);
  const std::string_view target = input.substr(0, input.find('\n'));
  if (const auto path = ParseRequestPath(target)) {
    // Whatever is opened lies below the site's folder and is not hidden.
    const std::string part = "/" + path->name;
    AJAR_CHECK(path->name.empty() || part.find("//") == std::string::npos);
    AJAR_CHECK(part.find("/.") == std::string::npos);
    AJAR_CHECK(
        std::none_of(part.begin(), part.end(), [](char c) { return c == '\0' || c == '\\'; }));
  }
  std::string_view rest = input.substr(std::min(count, target.size() + 1));
  uint64_t file_size = 0;
  if (rest.size() < sizeof(file_size)) return 0;
  std::memcpy(&file_size, rest.data(), sizeof(file_size));
  rest.remove_prefix(sizeof(file_size));
  ByteRange range;
  if (ParseRange(rest, file_size, range) != RangeKind::kUnsatisfiable) {
    AJAR_CHECK(range.begin <= file_size && range.size <= file_size - range.begin);
  }
  return 0;
}
