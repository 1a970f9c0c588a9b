#include "room/internal/html.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace ajar::room {

std::string PrimaryLanguage(const std::string& language) {
  std::string tag = language.substr(0, language.find('-'));
  std::ranges::transform(tag, tag.begin(), [](unsigned char c) { return std::tolower(c); });
  return tag;
}

const char* DirectionOf(const std::string& language) {
  static constexpr std::array<const char*, 9> kRightToLeft = {"ar", "he", "fa", "ur", "ps",
                                                              "sd", "yi", "dv", "ug"};
  return std::ranges::find(kRightToLeft, PrimaryLanguage(language)) != kRightToLeft.end() ? "rtl"
                                                                                          : "ltr";
}

std::string Escaped(const std::string& text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

}  // namespace ajar::room
