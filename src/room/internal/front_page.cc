#include "room/internal/front_page.h"

#include "base/check.h"
#include "room/internal/html.h"

namespace ajar::room {

std::string FirstSentence(const std::string& text) {
  for (size_t i = 0; i + 1 < text.size(); ++i) {
    const bool ends = text[i] == '.' || text[i] == '!' || text[i] == '?';
    if (ends && (text[i + 1] == ' ' || text[i + 1] == '\n')) return text.substr(0, i + 1);
  }
  return text;
}

std::string FrontPage(const std::vector<FrontRoom>& rooms) {
  AJAR_CHECK(!rooms.empty());
  const bool spanish = PrimaryLanguage(rooms.front().language) == "es";
  const std::string language = spanish ? "es" : "en";
  const std::string heading = spanish ? "Habitaciones" : "Rooms";
  std::string html =
      "<!doctype html>\n<html lang=\"" + language +
      "\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
      "style-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<meta name=\"referrer\" content=\"no-referrer\">\n"
      "<link rel=\"icon\" href=\"data:,\">\n<link rel=\"stylesheet\" href=\"read.css\">\n<title>" +
      heading + "</title>\n</head>\n<body>\n<main>\n<h1>" + heading + "</h1>\n";
  for (const FrontRoom& room : rooms) {
    html += "<section lang=\"" + Escaped(room.language) + "\" dir=\"" + DirectionOf(room.language) +
            "\">\n<h2><a href=\"" + Escaped(room.address) + "\">" + Escaped(room.title) +
            "</a></h2>\n";
    // The title beside it says what it is.
    if (!room.picture.empty()) {
      html += "<img src=\"" + Escaped(room.picture) + "\" alt=\"\" width=\"960\" height=\"640\">\n";
    }
    if (!room.sentence.empty()) html += "<p>" + Escaped(room.sentence) + "</p>\n";
    html += "</section>\n";
  }
  return html + "</main>\n</body>\n</html>\n";
}

}  // namespace ajar::room
