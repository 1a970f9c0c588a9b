#include "serve/internal/request_path.h"

#include <algorithm>
#include <cctype>
#include <charconv>

namespace ajar::serve {
namespace {

constexpr size_t kMaxTarget = 1024;

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// One part of a path between slashes.
std::optional<std::string> DecodePart(std::string_view part) {
  std::string out;
  for (size_t i = 0; i < part.size(); ++i) {
    char c = part[i];
    if (c == '%') {
      if (part.size() - i < 3) return std::nullopt;
      const int high = HexDigit(part[i + 1]), low = HexDigit(part[i + 2]);
      if (high < 0 || low < 0) return std::nullopt;
      c = static_cast<char>(high * 16 + low);
      i += 2;
    }
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7f || c == '/' || c == '\\') return std::nullopt;
    out += c;
  }
  // Hidden names are never part of a site, and "." and ".." are among them.
  if (out.empty() || out.front() == '.') return std::nullopt;
  return out;
}

std::optional<uint64_t> ParseNumber(std::string_view text) {
  uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || end != text.data() + text.size()) return std::nullopt;
  if (error == std::errc::result_out_of_range) return UINT64_MAX;
  if (error != std::errc()) return std::nullopt;
  return value;
}

std::string_view Trimmed(std::string_view text) {
  const size_t begin = text.find_first_not_of(" \t");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

bool SameWord(std::string_view a, std::string_view b) {
  return std::ranges::equal(
      a, b, [](unsigned char x, unsigned char y) { return std::tolower(x) == std::tolower(y); });
}

// "q=0.5": more than nothing. A weight is a digit, and up to three after a point.
bool IsWanted(std::string_view parameter) {
  if (parameter.empty()) return true;
  if (parameter.size() < 3 || !SameWord(parameter.substr(0, 2), "q=")) return false;
  const std::string_view weight = parameter.substr(2);
  return weight.find_first_not_of("0123456789.") == std::string_view::npos &&
         weight.find_first_not_of("0.") != std::string_view::npos;
}

}  // namespace

std::optional<RequestPath> ParseRequestPath(std::string_view target) {
  if (target.size() > kMaxTarget) return std::nullopt;
  target = target.substr(0, target.find_first_of("?#"));
  if (target.empty() || target.front() != '/') return std::nullopt;
  target.remove_prefix(1);

  RequestPath result;
  const size_t slash = target.find('/');
  result.secret = std::string(target.substr(0, slash));
  if (slash == std::string_view::npos) return result;
  result.complete = true;
  std::string_view rest = target.substr(slash + 1);
  while (!rest.empty()) {
    const size_t end = rest.find('/');
    const auto part = DecodePart(rest.substr(0, end));
    if (!part) return std::nullopt;
    if (!result.name.empty()) result.name += '/';
    result.name += *part;
    if (end == std::string_view::npos) break;
    rest.remove_prefix(end + 1);
    if (rest.empty()) return std::nullopt;  // folders are not listed
  }
  return result;
}

bool SameSecret(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  volatile unsigned char difference = 0;
  for (size_t i = 0; i < a.size(); ++i) {
    difference = static_cast<unsigned char>(difference | (a[i] ^ b[i]));
  }
  return difference == 0;
}

RangeKind ParseRange(std::string_view header, uint64_t file_size, ByteRange& range) {
  range = {0, file_size};
  constexpr std::string_view kUnit = "bytes=";
  if (!header.starts_with(kUnit)) return RangeKind::kWhole;
  header.remove_prefix(kUnit.size());
  const size_t dash = header.find('-');
  if (dash == std::string_view::npos) return RangeKind::kWhole;
  const std::string_view first_text = header.substr(0, dash), last_text = header.substr(dash + 1);

  if (first_text.empty()) {  // the last so many bytes
    const auto count = ParseNumber(last_text);
    if (!count) return RangeKind::kWhole;
    if (*count == 0 || file_size == 0) return RangeKind::kUnsatisfiable;
    range.size = std::min(*count, file_size);
    range.begin = file_size - range.size;
    return RangeKind::kPart;
  }
  const auto first = ParseNumber(first_text);
  const auto last =
      last_text.empty() ? std::optional<uint64_t>(UINT64_MAX) : ParseNumber(last_text);
  if (!first || !last || *last < *first) return RangeKind::kWhole;
  if (*first >= file_size) return RangeKind::kUnsatisfiable;
  range.begin = *first;
  range.size = std::min(*last, file_size - 1) - *first + 1;
  return RangeKind::kPart;
}

bool AcceptsCoding(std::string_view header, std::string_view coding) {
  bool any = false;
  while (!header.empty()) {
    const size_t end = std::min(header.find(','), header.size());
    const std::string_view one = header.substr(0, end);
    header.remove_prefix(std::min(end + 1, header.size()));
    const size_t semicolon = std::min(one.find(';'), one.size());
    const std::string_view name = Trimmed(one.substr(0, semicolon));
    const bool wanted = IsWanted(Trimmed(one.substr(std::min(semicolon + 1, one.size()))));
    if (SameWord(name, coding)) return wanted;
    if (name == "*") any = wanted;
  }
  return any;
}

}  // namespace ajar::serve
