#include "room/internal/check_words.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "room/internal/html.h"

namespace ajar::room {
namespace {

constexpr CheckWords::Texts kEnglish = {
    .language = "en",
    .page_title = "Enough photographs of the room?",
    .photo = "photo {0}",
    .enough = "Enough.",
    .not_yet = "Not yet enough.",
    .too_few = "Too few to build a room from.",
    .placed = "{0} of {1} photographs join.",
    .few_photographs =
        "Three photographs are the least that anything can be made of, and a whole "
        "room needs 30 or more.",
    .only_so_many = "There are only {0} photographs; a whole room needs 30 or more.",
    .no_wall = "None of the walls is seen by enough photographs yet.",
    .elsewhere = "joins others, but not the room",
    .nothing_placed =
        "The photographs have too little in common to tell where they were taken. "
        "Walk round the room and take one every small step, each sharing two thirds "
        "with the last.",
    .one_spot =
        "The photographs seem to be taken from one spot, turning. Depth shows only from "
        "different places: take a step to the side for each photograph.",
    .few_placed =
        "Fewer than half of the photographs join: {0}. Take photographs between those "
        "that join and those that do not.",
    .many_not_placed = "Many photographs do not join the others: {0}.",
    .pieces =
        "The photographs are of places that do not join: {0} belong together, but not to the "
        "rest. If it is one room, take photographs on the way from one to the other; if it "
        "is another, keep it in a folder of its own.",
    .one_side =
        "The photographs show one side of the room only. That is enough for a view of it, "
        "but not for a room to stand in: {0} are missing.",
    .wall = "Too few photographs see {0}: {1}.",
    .middle =
        "What stands in the middle of the room is not seen from enough sides (the squares "
        "without a dot on the plan).",
    .sides = {"the wall ahead of {0}", "the wall to the right of {0}", "the wall behind {0}",
              "the wall to the left of {0}"},
    .parts = {"most of it is missing", "mostly its left part is missing",
              "mostly its middle is missing", "mostly its right part is missing",
              "mostly its lower part is missing", "mostly its upper part is missing",
              "parts of it are missing"},
    .plain_wall = "a wall",
    .on_plan = " ({0} on the plan)",
    .wall_is_enough = "{0}: {1} % well seen.",
    .wall_is_not = "{0}: {1} % well seen; {2}.",
    .moves = {"one step forward from {0}", "one step to the right of {0}", "one step back from {0}",
              "one step to the left of {0}"},
    .far_moves = {"two steps forward from {0}", "two steps to the right of {0}",
                  "two steps back from {0}", "two steps to the left of {0}"},
    .from_where = "from where {0} was taken",
    .turns = {"looking the same way", "turned half a quarter to the right",
              "turned a quarter to the right", "turned a quarter and a half to the right",
              "turned round to look back", "turned a quarter and a half to the left",
              "turned a quarter to the left", "turned half a quarter to the left"},
    .join = "One or two between {0} and {1}.",
    .why_wall = "For {0}.",
    .why_join = "They would join {0} to the rest.",
    .blurred = "blurred",
    .too_dark = "too dark",
    .blown_out = "blown out",
    .repeats = "the same view as {0}",
    .bare = "shows hardly any details",
    .joins_nothing = "joins nothing",
    .nearly = "nearly joins {0}",
    .all_blurred = "Blurred: {0}. Take these again, holding the phone still.",
    .all_dark = "Too dark: {0}. More light, or lean on something.",
    .all_burnt =
        "Blown out, so that white hides what is there: {0}. Take these with the window at "
        "your back or beside you.",
    .next = "Take these next",
    .if_there_is_time = "If there is time, take these",
    .nothing_next = "No photograph would add much.",
    .plan = "The room from above",
    .plan_words = "Plan of the room seen from above, with where each photograph was taken.",
    .of_photographs = "The photographs",
    .as_it_is = "{0}, to start from",
    .like_this = "{0}, which sees nearly the same",
    .left_out = "Left out {0}: {1}",
    .floor = "{0} % of the floor's squares are seen from enough sides.",
    .and_word = " and ",
    .and_more = " and {0} more",
    .page_at = "With pictures and the plan: {0}",
    .legend_enough = "what enough photographs see of a wall",
    .legend_lacks = "what too few see",
    .legend_photo = "where a photograph was taken, and which way it looks",
    .legend_next = "a photograph to take",
    .legend_square = "seen by three photographs or more, from apart",
    .how_to = "Walls are those of the rectangle that the room is taken for. A step is about 70 cm.",
    .walls = "The walls"};

constexpr CheckWords::Texts kSpanish = {
    .language = "es",
    .page_title = "¿Bastan las fotografías de la habitación?",
    .photo = "la foto {0}",
    .enough = "Bastan.",
    .not_yet = "Todavía no bastan.",
    .too_few = "Son muy pocas para construir una habitación.",
    .placed = "{0} de {1} fotografías encajan.",
    .few_photographs =
        "Tres fotografías son lo mínimo con lo que se puede hacer algo; una "
        "habitación entera necesita 30 o más.",
    .only_so_many = "Solo hay {0} fotografías; una habitación entera necesita 30 o más.",
    .no_wall = "Todavía ninguna de las paredes se ve en suficientes fotografías.",
    .elsewhere = "encaja con otras, pero no con la habitación",
    .nothing_placed =
        "Las fotografías tienen muy poco en común para saber desde dónde se tomaron. "
        "Recorra la habitación y tome una a cada paso corto, que comparta dos "
        "tercios con la anterior.",
    .one_spot =
        "Las fotografías parecen tomadas desde un solo punto, girando. La profundidad solo "
        "se ve desde lugares distintos: dé un paso a un lado para cada fotografía.",
    .few_placed =
        "Encajan menos de la mitad de las fotografías: {0}. Tome fotografías entre las "
        "que encajan y las que no.",
    .many_not_placed = "Muchas fotografías no encajan con las demás: {0}.",
    .pieces =
        "Las fotografías son de lugares que no encajan: {0} van juntas, pero no con el resto. "
        "Si es una sola habitación, tome fotografías en el camino de una a otra; si es otra, "
        "guárdela en su propia carpeta.",
    .one_side =
        "Las fotografías muestran un solo lado de la habitación. Basta para una vista, pero "
        "no para estar dentro: faltan {0}.",
    .wall = "Muy pocas fotografías ven {0}: {1}.",
    .middle =
        "Lo que hay en medio de la habitación no se ve desde suficientes lados (los cuadros "
        "sin punto en el plano).",
    .sides = {"la pared delante de {0}", "la pared a la derecha de {0}", "la pared detrás de {0}",
              "la pared a la izquierda de {0}"},
    .parts = {"falta casi toda", "falta sobre todo su parte izquierda",
              "falta sobre todo su parte central", "falta sobre todo su parte derecha",
              "falta sobre todo su parte baja", "falta sobre todo su parte alta",
              "faltan partes de ella"},
    .plain_wall = "una pared",
    .on_plan = " ({0} en el plano)",
    .wall_is_enough = "{0}: se ve bien el {1} %.",
    .wall_is_not = "{0}: se ve bien el {1} %; {2}.",
    .moves = {"un paso hacia delante desde {0}", "un paso a la derecha de {0}",
              "un paso hacia atrás desde {0}", "un paso a la izquierda de {0}"},
    .far_moves = {"dos pasos hacia delante desde {0}", "dos pasos a la derecha de {0}",
                  "dos pasos hacia atrás desde {0}", "dos pasos a la izquierda de {0}"},
    .from_where = "desde donde se tomó {0}",
    .turns = {"mirando hacia el mismo lado", "con un octavo de vuelta a la derecha",
              "con un cuarto de vuelta a la derecha", "con tres octavos de vuelta a la derecha",
              "mirando hacia atrás", "con tres octavos de vuelta a la izquierda",
              "con un cuarto de vuelta a la izquierda", "con un octavo de vuelta a la izquierda"},
    .join = "Una o dos entre {0} y {1}.",
    .why_wall = "Para {0}.",
    .why_join = "Unirían {0} con el resto.",
    .blurred = "borrosa",
    .too_dark = "demasiado oscura",
    .blown_out = "quemada",
    .repeats = "la misma vista que {0}",
    .bare = "apenas muestra detalles",
    .joins_nothing = "no encaja con nada",
    .nearly = "casi encaja con {0}",
    .all_blurred = "Borrosas: {0}. Repítalas con el teléfono quieto.",
    .all_dark = "Demasiado oscuras: {0}. Más luz, o apóyese en algo.",
    .all_burnt =
        "Quemadas, de modo que el blanco tapa lo que hay: {0}. Repítalas con la ventana a "
        "la espalda o a un lado.",
    .next = "Tome estas a continuación",
    .if_there_is_time = "Si hay tiempo, tome estas",
    .nothing_next = "Ninguna fotografía añadiría mucho.",
    .plan = "La habitación desde arriba",
    .plan_words = "Plano de la habitación vista desde arriba, con el lugar de cada fotografía.",
    .of_photographs = "Las fotografías",
    .as_it_is = "{0}, de donde se parte",
    .like_this = "{0}, que ve casi lo mismo",
    .left_out = "No se usa {0}: {1}",
    .floor = "El {0} % de los cuadros del suelo se ve desde suficientes lados.",
    .and_word = " y ",
    .and_more = " y {0} más",
    .page_at = "Con imágenes y el plano: {0}",
    .legend_enough = "lo que ven suficientes fotografías de una pared",
    .legend_lacks = "lo que ven muy pocas",
    .legend_photo = "dónde se tomó una fotografía y hacia dónde mira",
    .legend_next = "una fotografía por tomar",
    .legend_square = "lo ven tres fotografías o más, desde sitios distintos",
    .how_to =
        "Las paredes son las del rectángulo por el que se toma la habitación. Un paso son unos "
        "70 cm.",
    .walls = "Las paredes"};

constexpr size_t kMostNamed = 8;

std::string Percent(double share) {
  return std::to_string(static_cast<int>(std::lround(100 * share)));
}

}  // namespace

std::string Capital(std::string text) {
  if (!text.empty() && text[0] >= 'a' && text[0] <= 'z') {
    text[0] = static_cast<char>(text[0] - 'a' + 'A');
  }
  return text;
}

std::string Filled(const std::string& pattern, const std::vector<std::string>& with) {
  std::string filled;
  for (size_t i = 0; i < pattern.size(); ++i) {
    const size_t number = i + 2 < pattern.size() && pattern[i] == '{' && pattern[i + 2] == '}'
                              ? static_cast<size_t>(pattern[i + 1] - '0')
                              : with.size();
    if (number < with.size()) {
      filled += with[number];
      i += 2;
    } else {
      filled += pattern[i];
    }
  }
  return filled;
}

CheckWords::CheckWords(const check::Findings& findings, const std::string& language)
    : findings_(findings), texts_(PrimaryLanguage(language) == "es" ? kSpanish : kEnglish) {}

std::string CheckWords::Photo(size_t index) const {
  return Filled(texts_.photo, {std::to_string(index + 1)});
}

std::string CheckWords::PhotoWithName(size_t index) const {
  return Photo(index) + " (" + findings_.photographs[index].name + ")";
}

std::string CheckWords::List(const std::vector<size_t>& photographs) const {
  std::string list;
  const size_t named = photographs.size() > kMostNamed + 1 ? kMostNamed : photographs.size();
  for (size_t k = 0; k < named; ++k) {
    if (k > 0) list += k + 1 == photographs.size() ? texts_.and_word : ", ";
    list += findings_.photographs[photographs[k]].name;
  }
  if (named < photographs.size()) {
    list += Filled(texts_.and_more, {std::to_string(photographs.size() - named)});
  }
  return list;
}

std::vector<size_t> CheckWords::Those(bool (*is)(const check::Photograph&)) const {
  std::vector<size_t> those;
  for (size_t i = 0; i < findings_.photographs.size(); ++i) {
    if (is(findings_.photographs[i])) those.push_back(i);
  }
  return those;
}

std::string CheckWords::Verdict() const {
  switch (findings_.verdict) {
    case check::Verdict::kEnough:
      return texts_.enough;
    case check::Verdict::kNotYet:
      return texts_.not_yet;
    case check::Verdict::kTooFew:
      break;
  }
  return texts_.too_few;
}

std::string CheckWords::Wall(const check::Wall& wall) const {
  const std::string name = wall.beside
                               ? Filled(texts_.sides[static_cast<size_t>(wall.beside->side)],
                                        {Photo(wall.beside->photograph)})
                               : std::string(texts_.plain_wall);
  return name + Filled(texts_.on_plan, {std::string(1, wall.letter)});
}

std::string CheckWords::Of(const check::Wall& wall) const {
  const std::string percent = Percent(wall.covered);
  const std::string name = Capital(Wall(wall));
  if (wall.enough) return Filled(texts_.wall_is_enough, {name, percent});
  return Filled(texts_.wall_is_not, {name, percent, texts_.parts[static_cast<size_t>(wall.lacks)]});
}

std::vector<std::string> CheckWords::Reasons() const {
  std::vector<std::string> sentences;
  const auto not_placed =
      Those([](const check::Photograph& p) { return !p.placed && !p.elsewhere; });
  const auto lacking = [&] {
    std::vector<const check::Wall*> walls;
    for (const check::Wall& wall : findings_.plan.walls) {
      if (!wall.enough) walls.push_back(&wall);
    }
    return walls;
  }();
  for (const check::Reason reason : findings_.reasons) {
    switch (reason) {
      case check::Reason::kTooFewPhotographs:
        sentences.push_back(texts_.few_photographs);
        break;
      case check::Reason::kNothingPlaced:
        sentences.push_back(texts_.nothing_placed);
        break;
      case check::Reason::kOneSpot:
        sentences.push_back(texts_.one_spot);
        break;
      case check::Reason::kFewPlaced:
        sentences.push_back(
            Filled(texts_.few_placed,
                   {Filled(texts_.placed, {std::to_string(findings_.placed),
                                           std::to_string(findings_.photographs.size())})}));
        break;
      case check::Reason::kManyNotPlaced:
        sentences.push_back(Filled(texts_.many_not_placed, {List(not_placed)}));
        break;
      case check::Reason::kPieces:
        for (const auto& piece : findings_.pieces) {
          sentences.push_back(Filled(texts_.pieces, {List(piece)}));
        }
        break;
      case check::Reason::kFewPhotographs:
        sentences.push_back(
            Filled(texts_.only_so_many, {std::to_string(findings_.photographs.size())}));
        break;
      case check::Reason::kNoWall:
        sentences.push_back(texts_.no_wall);
        break;
      case check::Reason::kOneSide: {
        std::string names;
        std::vector<const check::Wall*> missing = lacking;
        std::erase_if(missing, [](const check::Wall* wall) { return !wall->missing; });
        for (size_t k = 0; k < missing.size(); ++k) {
          if (k > 0) names += k + 1 == missing.size() ? texts_.and_word : ", ";
          names += Wall(*missing[k]);
        }
        sentences.push_back(Filled(texts_.one_side, {names}));
        break;
      }
      case check::Reason::kWalls:
        for (const check::Wall* wall : lacking) {
          sentences.push_back(
              Filled(texts_.wall, {Wall(*wall), texts_.parts[static_cast<size_t>(wall->lacks)]}));
        }
        break;
      case check::Reason::kMiddle:
        sentences.push_back(texts_.middle);
        break;
    }
  }
  return sentences;
}

std::string CheckWords::NextHeading() const {
  return findings_.verdict == check::Verdict::kEnough ? texts_.if_there_is_time : texts_.next;
}

std::string CheckWords::Of(const check::Next& next) const {
  if (next.towards) {
    return Filled(texts_.join, {PhotoWithName(next.from), PhotoWithName(*next.towards)});
  }
  const double most = std::max(std::abs(next.right_m), std::abs(next.ahead_m));
  std::string where = texts_.from_where;
  if (most > 0) {
    const auto& moves = most > 1 ? texts_.far_moves : texts_.moves;
    const bool sideways = std::abs(next.right_m) > std::abs(next.ahead_m);
    where = sideways ? moves[next.right_m > 0 ? 1 : 3] : moves[next.ahead_m > 0 ? 0 : 2];
  }
  const int eighths = (static_cast<int>(std::lround(next.turn_deg / 45)) % 8 + 8) % 8;
  return Capital(Filled(where, {PhotoWithName(next.from)})) + ", " + texts_.turns[eighths] + ".";
}

std::string CheckWords::Why(const check::Next& next) const {
  if (next.towards) return Filled(texts_.why_join, {Photo(*next.towards)});
  if (!next.wall) return {};
  for (const check::Wall& wall : findings_.plan.walls) {
    if (wall.letter == *next.wall) return Filled(texts_.why_wall, {Wall(wall)});
  }
  return {};
}

std::string CheckWords::Remark(size_t index) const {
  const check::Photograph& p = findings_.photographs[index];
  std::vector<std::string> remarks;
  if (p.flaws.blurred) remarks.push_back(texts_.blurred);
  if (p.flaws.too_dark) remarks.push_back(texts_.too_dark);
  if (p.flaws.blown_out) remarks.push_back(texts_.blown_out);
  if (p.repeats) remarks.push_back(Filled(texts_.repeats, {Photo(*p.repeats)}));
  if (p.elsewhere) {
    remarks.push_back(texts_.elsewhere);
  } else if (!p.placed) {
    remarks.push_back(texts_.joins_nothing);
    if (p.bare) remarks.push_back(texts_.bare);
    if (!p.nearly.empty()) {
      remarks.push_back(Filled(texts_.nearly, {Photo(p.nearly.front().photograph)}));
    }
  }
  std::string all;
  for (const std::string& remark : remarks) all += (all.empty() ? "" : ", ") + remark;
  return all;
}

std::vector<std::string> CheckWords::Remarks() const {
  std::vector<std::string> remarks;
  const auto add = [&](const char* pattern, const std::vector<size_t>& those) {
    if (!those.empty()) remarks.push_back(Filled(pattern, {List(those)}));
  };
  add(texts_.all_blurred, Those([](const check::Photograph& p) { return p.flaws.blurred; }));
  add(texts_.all_dark, Those([](const check::Photograph& p) { return p.flaws.too_dark; }));
  add(texts_.all_burnt, Those([](const check::Photograph& p) { return p.flaws.blown_out; }));
  for (size_t i = 0; i < findings_.photographs.size(); ++i) {
    const check::Photograph& p = findings_.photographs[i];
    if (p.repeats || (!p.placed && !p.elsewhere && findings_.placed > 0)) {
      remarks.push_back(Capital(PhotoWithName(i)) + ": " + Remark(i) + ".");
    }
  }
  for (const photo::LeftOut& out : findings_.left_out) {
    remarks.push_back(Filled(texts_.left_out, {out.name, out.reason}));
  }
  return remarks;
}

}  // namespace ajar::room
