// The page on which several rooms begin: each with a picture and a sentence, none before another
// but by its folder's name.
#pragma once

#include <string>
#include <vector>

namespace ajar::room {

struct FrontRoom {
  std::string address;  // of its page, relative
  std::string picture;  // address; empty where there is none
  std::string title, sentence, language;
};

// The beginning of a text up to its first full stop, question or exclamation mark.
std::string FirstSentence(const std::string& text);

// HTML in the first room's language, where we have it. `rooms` holds at least one.
std::string FrontPage(const std::vector<FrontRoom>& rooms);

}  // namespace ajar::room
