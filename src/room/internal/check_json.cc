#include "room/internal/check_json.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace ajar::room {
namespace {

using check::Findings;

constexpr std::array kVerdicts = {"enough", "not yet", "too few"};
constexpr std::array kReasons = {
    "too few photographs", "nothing placed", "one spot", "few placed", "many not placed", "pieces",
    "few photographs",     "one side",       "no wall",  "walls",      "middle"};
constexpr std::array kSides = {"ahead", "right", "behind", "left"};
constexpr std::array kParts = {"whole", "left", "middle", "right", "low", "high", "parts"};

double Rounded(double value) { return std::round(value * 1000) / 1000; }
Json At(const Eigen::Vector2d& p) { return {Rounded(p.x()), Rounded(p.y())}; }

Json ToJson(const check::Photograph& p, const std::vector<check::Photograph>& all) {
  Json json = {{"name", p.name}, {"placed", p.placed}};
  Json flaws = Json::array();
  if (p.flaws.blurred) flaws.push_back("blurred");
  if (p.flaws.too_dark) flaws.push_back("too dark");
  if (p.flaws.blown_out) flaws.push_back("blown out");
  json["flaws"] = std::move(flaws);
  json["edge"] = Rounded(p.flaws.edge);
  json["bright"] = Rounded(p.flaws.bright);
  json["burnt"] = Rounded(p.flaws.burnt);
  json["bare"] = p.bare;
  json["repeats"] = p.repeats ? Json(all[*p.repeats].name) : Json();
  if (p.placed) {
    json["position"] = At(p.position);
    json["ahead"] = p.ahead.isZero() ? Json() : At(p.ahead);
  } else {
    Json nearly = Json::array();
    for (const check::Near& near : p.nearly) {
      nearly.push_back({{"name", all[near.photograph].name},
                        {"matches", near.matches},
                        {"agreeing", near.agreeing}});
    }
    json["nearly"] = std::move(nearly);
  }
  return json;
}

Json ToJson(const check::Wall& wall, const std::vector<check::Photograph>& all) {
  Json json = {{"letter", std::string(1, wall.letter)},
               {"from", At(wall.from)},
               {"to", At(wall.to)},
               {"covered", Rounded(wall.covered)},
               {"seen", Rounded(wall.seen)},
               {"enough", wall.enough}};
  json["columns"] = wall.columns;
  json["lacks"] = wall.enough ? Json() : Json(kParts[static_cast<size_t>(wall.lacks)]);
  json["beside"] = wall.beside ? Json({{"photograph", all[wall.beside->photograph].name},
                                       {"side", kSides[static_cast<size_t>(wall.beside->side)]}})
                               : Json();
  return json;
}

Json ToJson(const check::Next& next, const std::vector<check::Photograph>& all) {
  Json json = {{"from", all[next.from].name},    {"right", Rounded(next.right_m)},
               {"ahead", Rounded(next.ahead_m)}, {"turn", next.turn_deg},
               {"position", At(next.position)},  {"looks", At(next.ahead)}};
  json["towards"] = next.towards ? Json(all[*next.towards].name) : Json();
  json["view"] = next.view ? Json(all[*next.view].name) : Json();
  json["wall"] = next.wall ? Json(std::string(1, *next.wall)) : Json();
  return json;
}

}  // namespace

Json ToJson(const Findings& findings) {
  const std::vector<check::Photograph>& all = findings.photographs;
  Json json = {{"type", "check"}, {"verdict", kVerdicts[static_cast<size_t>(findings.verdict)]}};
  json["reasons"] = Json::array();
  for (const check::Reason reason : findings.reasons) {
    json["reasons"].push_back(kReasons[static_cast<size_t>(reason)]);
  }
  json["placed"] = findings.placed;
  json["photographs"] = Json::array();
  for (const check::Photograph& p : all) json["photographs"].push_back(ToJson(p, all));
  json["left_out"] = Json::array();
  for (const photo::LeftOut& out : findings.left_out) {
    json["left_out"].push_back({{"name", out.name}, {"reason", out.reason}});
  }
  json["pieces"] = Json::array();
  for (const std::vector<size_t>& piece : findings.pieces) {
    Json names = Json::array();
    for (const size_t i : piece) names.push_back(all[i].name);
    json["pieces"].push_back(std::move(names));
  }
  json["walls"] = Json::array();
  for (const check::Wall& wall : findings.plan.walls) {
    json["walls"].push_back(ToJson(wall, all));
  }
  const auto covered = std::ranges::count_if(
      findings.plan.squares, [](const check::Square& square) { return square.covered; });
  json["floor_covered"] = findings.plan.squares.empty()
                              ? Json()
                              : Json(Rounded(static_cast<double>(covered) /
                                             static_cast<double>(findings.plan.squares.size())));
  json["next"] = Json::array();
  for (const check::Next& next : findings.next) json["next"].push_back(ToJson(next, all));
  return json;
}

}  // namespace ajar::room
