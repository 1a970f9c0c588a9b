#include "cli/pointing.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace ajar::cli {
namespace {

constexpr double kLeast_m = 0.01, kMost_m = 1000;
constexpr double kMostPixels = 1e5;

std::string_view Trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

// Numbers parted by commas, all of the text; nothing for anything else.
std::optional<std::vector<double>> Numbers(std::string_view text) {
  std::vector<double> numbers;
  while (true) {
    const size_t comma = text.find(',');
    const std::string_view part = Trimmed(text.substr(0, comma));
    double value = 0;
    const auto [end, error] = std::from_chars(part.data(), part.data() + part.size(), value);
    if (error != std::errc() || end != part.data() + part.size() || !std::isfinite(value)) {
      return std::nullopt;
    }
    numbers.push_back(value);
    if (comma == std::string_view::npos) return numbers;
    text.remove_prefix(comma + 1);
  }
}

std::optional<Eigen::Vector2d> Pixel(std::string_view text) {
  const auto numbers = Numbers(text);
  if (!numbers || numbers->size() != 2) return std::nullopt;
  for (const double x : *numbers) {
    if (!(x >= 0 && x <= kMostPixels)) return std::nullopt;
  }
  return Eigen::Vector2d((*numbers)[0], (*numbers)[1]);
}

std::optional<Eigen::Vector3d> Point(std::string_view text) {
  const auto numbers = Numbers(text);
  if (!numbers || numbers->size() != 3) return std::nullopt;
  return Eigen::Vector3d((*numbers)[0], (*numbers)[1], (*numbers)[2]);
}

// "PHOTO:x1,y1:x2,y2"; photographs may have colons in their names.
struct Span {
  std::string photo;
  Eigen::Vector2d a, b;
};
std::optional<Span> ParseSpan(std::string_view text) {
  const size_t last = text.rfind(':');
  if (last == std::string_view::npos || last == 0) return std::nullopt;
  const size_t first = text.rfind(':', last - 1);
  if (first == std::string_view::npos || first == 0) return std::nullopt;
  const auto a = Pixel(text.substr(first + 1, last - first - 1)), b = Pixel(text.substr(last + 1));
  if (!a || !b) return std::nullopt;
  return Span{std::string(text.substr(0, first)), *a, *b};
}

[[noreturn]] void FailAt(const std::string& text, const std::string& flag, const std::string& what,
                         const std::string& hint) {
  Fail(ErrorCode::kUsage, "\"" + text + "\" is not " + what + ".", flag, hint);
}

}  // namespace

std::optional<double> ParseMetres(const std::string& text) {
  const std::string_view whole = Trimmed(text);
  double value = 0;
  const auto [end, error] =
      std::from_chars(whole.data(), whole.data() + whole.size(), value, std::chars_format::fixed);
  if (error != std::errc() || !std::isfinite(value)) return std::nullopt;
  const std::string_view unit =
      Trimmed(whole.substr(static_cast<size_t>(end - whole.data())));
  struct Unit {
    std::string_view name;
    double metres;
  };
  constexpr std::array<Unit, 6> kUnits = {
      {{"", 1}, {"m", 1}, {"cm", 0.01}, {"mm", 0.001}, {"ft", 0.3048}, {"in", 0.0254}}};
  for (const Unit& known : kUnits) {
    if (unit != known.name) continue;
    value *= known.metres;
    if (value >= kLeast_m && value <= kMost_m) return value;
  }
  return std::nullopt;
}

room::PhotoPixel ParsePixel(const std::string& text, const std::string& flag) {
  const size_t colon = text.rfind(':');
  const auto at = colon == std::string::npos || colon == 0
                      ? std::nullopt
                      : Pixel(std::string_view(text).substr(colon + 1));
  if (!at) {
    FailAt(text, flag, "a place in a photograph",
           "Write it as IMG_0007.jpg:812,440: the photograph, then pixels from its left and top.");
  }
  return {text.substr(0, colon), *at};
}

room::LengthGiven ParseLength(const std::string& text, const std::string& flag) {
  const size_t equals = text.rfind('=');
  const auto span = equals == std::string::npos
                        ? std::nullopt
                        : ParseSpan(std::string_view(text).substr(0, equals));
  const auto metres =
      equals == std::string::npos ? std::nullopt : ParseMetres(text.substr(equals + 1));
  if (!span || !metres) {
    FailAt(text, flag, "a length between two places of a photograph",
           "Write it as IMG_0007.jpg:812,440:835,1210=2.03m: the photograph, pixels from its left "
           "and top for either end, and how long that is.");
  }
  return {span->photo, span->a, span->b, *metres, {}};
}

room::UpGiven ParseUp(const std::string& text, const std::string& flag) {
  room::UpGiven up;
  if (const auto direction = Point(text); direction && direction->norm() > 1e-9) {
    up.direction = *direction;
    return up;
  }
  const auto span = ParseSpan(text);
  if (!span) {
    FailAt(text, flag, "a direction",
           "Write it as IMG_0007.jpg:812,1210:815,440 (a place, then one right above it), or as "
           "X,Y,Z in the frame of the poses.");
  }
  up.photo = span->photo;
  up.low_px = span->a;
  up.high_px = span->b;
  return up;
}

room::Doorway ParseDoorway(const std::string& text, const std::string& flag) {
  room::Doorway doorway;
  const size_t colon = text.find(':');
  if (colon != std::string::npos) {
    const auto eyes = Point(std::string_view(text).substr(0, colon));
    const auto look_at = Point(std::string_view(text).substr(colon + 1));
    const bool near = eyes && look_at && eyes->cwiseAbs().maxCoeff() <= 1e4 &&
                      look_at->cwiseAbs().maxCoeff() <= 1e4;
    if (near && (*eyes - *look_at).norm() >= 0.01) {
      doorway.position = *eyes;
      doorway.look_at = *look_at;
      return doorway;
    }
    if (eyes || look_at) {
      FailAt(text, flag, "a doorway",
             "Write it as X,Y,Z:X,Y,Z in metres (the eyes, and a point to look at), or as the name "
             "of a photograph.");
    }
  }
  if (Trimmed(text).empty()) {
    FailAt(text, flag, "a doorway", "Name a photograph to step in from.");
  }
  doorway.photo = text;
  return doorway;
}

std::string LengthInWords(double metres, double deviation_m) {
  char text[80];
  if (deviation_m >= 0.095) {
    std::snprintf(text, sizeof(text), "%.1f m, give or take %.1f m", metres, deviation_m);
  } else if (metres < 1) {
    std::snprintf(text, sizeof(text), "%.1f cm, give or take %.1f cm", 100 * metres,
                  std::max(0.1, 100 * deviation_m));
  } else {
    std::snprintf(text, sizeof(text), "%.2f m, give or take %.0f cm", metres,
                  std::max(1.0, 100 * deviation_m));
  }
  return text;
}

}  // namespace ajar::cli
