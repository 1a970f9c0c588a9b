// What a request asks for, taken apart without touching the disk.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace ajar::serve {

// "/SECRET/splats/meta.json?x" gives {"SECRET", "splats/meta.json"}.
struct RequestPath {
  std::string secret;     // as sent, not decoded
  std::string name;       // decoded, relative, '/' between its parts; empty: the folder itself
  bool complete = false;  // a slash followed the secret
};

// Nothing when the target cannot name a file of ours: no leading slash, a broken percent
// escape, an empty or hidden part ("." and ".." among them), a backslash, an escaped slash, a
// control character, or more than 1024 characters.
std::optional<RequestPath> ParseRequestPath(std::string_view target);

// The same time for every wrong secret of the right length.
bool SameSecret(std::string_view a, std::string_view b);

// Bytes [begin, begin + size) of a file.
struct ByteRange {
  uint64_t begin = 0;
  uint64_t size = 0;
};

enum class RangeKind { kWhole, kPart, kUnsatisfiable };

// Reads a Range header (RFC 9110, section 14) for a file of `file_size` bytes. One range is
// honoured; of several, or of a header that makes no sense, the whole file is the answer, as
// the RFC allows.
RangeKind ParseRange(std::string_view header, uint64_t file_size, ByteRange& range);

// Whether an Accept-Encoding header (RFC 9110, section 12.5.3) takes a coding ("br", "gzip"); what
// makes no sense in it takes nothing.
bool AcceptsCoding(std::string_view header, std::string_view coding);

}  // namespace ajar::serve
