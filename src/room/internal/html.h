// What every page written by the program needs.
#pragma once

#include <string>

namespace ajar::room {

// "es" of "es-MX", in small letters.
std::string PrimaryLanguage(const std::string& language);

// "rtl" or "ltr": how a language is written.
const char* DirectionOf(const std::string& language);

// As text or as an attribute's value between quotes.
std::string Escaped(const std::string& text);

}  // namespace ajar::room
