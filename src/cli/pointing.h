// Places, lengths and directions as people point them out on the command line.
#pragma once

#include <optional>
#include <string>

#include "room/document.h"
#include "room/verbs.h"

namespace ajar::cli {

// "2.03m", "203 cm", "2030mm", "6.5ft", "80in"; a bare number counts metres. Nothing for anything
// else and for what is not between a centimetre and a kilometre.
std::optional<double> ParseMetres(const std::string& text);

// "PHOTO:x,y". Errors (here and below): kUsage, naming `flag`.
room::PhotoPixel ParsePixel(const std::string& text, const std::string& flag);

// "PHOTO:x1,y1:x2,y2=2.03m".
room::LengthGiven ParseLength(const std::string& text, const std::string& flag);

// "PHOTO:x1,y1:x2,y2", the second place right above the first, or "X,Y,Z", a direction in the
// reconstruction's frame.
room::UpGiven ParseUp(const std::string& text, const std::string& flag);

// "X,Y,Z:X,Y,Z": eyes, and a point to look at, in the room frame; or a photograph's name.
room::Doorway ParseDoorway(const std::string& text, const std::string& flag);

// "2.03 m", "84 cm", as exact as its deviation lets one say.
std::string LengthInWords(double metres, double deviation_m);

}  // namespace ajar::cli
