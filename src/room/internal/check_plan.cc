#include "room/internal/check_plan.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <vector>

#include "room/internal/html.h"

namespace ajar::room {
namespace {

using Eigen::Vector2d;

constexpr double kUnit = 100;                // a metre
constexpr double kMargin = 62;               // for letters beside the walls
constexpr double kLetter = 34;               // from the wall to its letter
constexpr double kArrow = 16, kNumber = 17;  // of a photograph
constexpr double kNextArrow = 30;

std::string F(double value) {
  char buffer[32];
  std::snprintf(buffer, sizeof(buffer), "%.1f", value);
  return buffer;
}

class Svg {
 public:
  void Raw(const std::string& text) { text_ += text; }
  void Line(const Vector2d& a, const Vector2d& b, const char* of_class) {
    text_ += "<line class=\"" + std::string(of_class) + "\" x1=\"" + F(a.x()) + "\" y1=\"" +
             F(a.y()) + "\" x2=\"" + F(b.x()) + "\" y2=\"" + F(b.y()) + "\"/>";
  }
  void Circle(const Vector2d& at, double radius, const char* of_class) {
    text_ += "<circle class=\"" + std::string(of_class) + "\" cx=\"" + F(at.x()) + "\" cy=\"" +
             F(at.y()) + "\" r=\"" + F(radius) + "\"/>";
  }
  void Square(const Vector2d& middle, double side, const char* of_class) {
    text_ += "<rect class=\"" + std::string(of_class) + "\" x=\"" + F(middle.x() - side / 2) +
             "\" y=\"" + F(middle.y() - side / 2) + "\" width=\"" + F(side) + "\" height=\"" +
             F(side) + "\"/>";
  }
  // A head that points along `ahead`.
  void Arrow(const Vector2d& at, const Vector2d& ahead, double length, const char* of_class) {
    const Vector2d right(-ahead.y(), ahead.x());
    const Vector2d tip = at + length * ahead, a = at + 0.4 * length * right - 0.3 * length * ahead,
                   b = at - 0.4 * length * right - 0.3 * length * ahead;
    text_ += "<path class=\"" + std::string(of_class) + "\" d=\"M" + F(tip.x()) + " " + F(tip.y()) +
             "L" + F(a.x()) + " " + F(a.y()) + "L" + F(b.x()) + " " + F(b.y()) + "Z\"/>";
  }
  void Text(const Vector2d& at, const std::string& text, const char* of_class) {
    text_ += "<text class=\"" + std::string(of_class) + "\" x=\"" + F(at.x()) + "\" y=\"" +
             F(at.y()) + "\">" + Escaped(text) + "</text>";
  }
  std::string Done() { return std::move(text_); }

 private:
  std::string text_;
};

// Where each photograph's number stands: beside its arrow, where most room is left by the arrows
// and by the numbers before it.
std::vector<Vector2d> NumberPlaces(const std::vector<Vector2d>& arrows,
                                   const std::vector<Vector2d>& ahead) {
  std::vector<Vector2d> numbers;
  for (size_t i = 0; i < arrows.size(); ++i) {
    const Vector2d a = ahead[i].isZero() ? Vector2d(0, -1) : ahead[i], right(-a.y(), a.x());
    Vector2d best = Vector2d::Zero();
    double most = -1;
    for (const Vector2d& side :
         {Vector2d(-a), Vector2d(1.5 * a), Vector2d(right), Vector2d(-right)}) {
      const Vector2d at = arrows[i] + kNumber * side;
      double room = 1.5 * kNumber;  // more is not needed
      for (const Vector2d& number : numbers) room = std::min(room, (number - at).norm());
      for (size_t k = 0; k < arrows.size(); ++k) {
        if (k != i) room = std::min(room, (arrows[k] - at).norm());
      }
      if (room > most + 0.5) {
        most = room;
        best = at;
      }
    }
    numbers.push_back(best);
  }
  return numbers;
}

}  // namespace

std::string CheckPlanSvg(const check::Findings& findings, const CheckWords& words) {
  const check::Plan& plan = findings.plan;
  const CheckWords::Texts& texts = words.texts();
  const auto at = [&](const Vector2d& x) -> Vector2d {
    return kUnit * (x - plan.low) + Vector2d(kMargin, kMargin);
  };
  const Vector2d size = kUnit * (plan.high - plan.low) + Vector2d(2 * kMargin, 2 * kMargin);
  std::string description = texts.how_to;
  for (const check::Wall& wall : plan.walls) description += " " + words.Of(wall);

  Svg svg;
  svg.Raw("<svg class=\"plan\" xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 " + F(size.x()) +
          " " + F(size.y()) +
          "\" role=\"img\" aria-labelledby=\"plan-title plan-text\"><title id=\"plan-title\">" +
          Escaped(texts.plan_words) + "</title><desc id=\"plan-text\">" + Escaped(description) +
          "</desc>");
  for (const check::Square& square : plan.squares) {
    svg.Square(at(square.middle), kUnit * plan.square_m,
               square.covered ? "square covered" : "square");
    if (square.covered) svg.Circle(at(square.middle), 2.2, "dot");
  }
  for (const Vector2d& point : plan.points) {
    const Vector2d p = at(point);
    if ((p.array() < 4).any() || ((size - p).array() < 4).any()) continue;
    svg.Circle(p, 1.1, "point");
  }
  for (const check::Wall& wall : plan.walls) {
    const Vector2d from = at(wall.from), to = at(wall.to);
    const Vector2d along = (to - from).normalized(), outward(along.y(), -along.x());
    for (size_t begin = 0, end = 0; begin < wall.columns.size(); begin = end) {
      const auto is_covered = [&](size_t k) { return 2 * wall.columns[k] > check::kPlacesAbove; };
      while (end < wall.columns.size() && is_covered(end) == is_covered(begin)) ++end;
      const double columns = static_cast<double>(wall.columns.size());
      svg.Line(from + (to - from) * (static_cast<double>(begin) / columns),
               from + (to - from) * (static_cast<double>(end) / columns),
               is_covered(begin) ? "wall" : "wall lacking");
    }
    svg.Text((from + to) / 2 + kLetter * outward, std::string(1, wall.letter),
             wall.enough ? "letter" : "letter lacking");
  }
  std::vector<Vector2d> arrows, ahead;
  std::vector<size_t> placed;
  for (size_t i = 0; i < findings.photographs.size(); ++i) {
    const check::Photograph& p = findings.photographs[i];
    if (!p.placed) continue;
    placed.push_back(i);
    arrows.push_back(at(p.position));
    ahead.push_back(p.ahead);
    const char* of_class = p.flaws.any() || p.repeats ? "photo spoilt" : "photo";
    if (p.ahead.isZero()) {
      svg.Circle(arrows.back(), kArrow / 2, of_class);
    } else {
      svg.Arrow(arrows.back(), p.ahead, kArrow, of_class);
    }
  }
  const std::vector<Vector2d> numbers = NumberPlaces(arrows, ahead);
  for (size_t k = 0; k < placed.size(); ++k) {
    svg.Text(numbers[k], std::to_string(placed[k] + 1), "number");
  }
  for (size_t k = 0; k < findings.next.size(); ++k) {
    const check::Next& next = findings.next[k];
    if (next.towards || next.ahead.isZero()) continue;
    const Vector2d x = at(next.position);
    svg.Arrow(x, next.ahead, kNextArrow, "next");
    svg.Circle(x, 13, "next");
    svg.Text(x, std::to_string(k + 1), "next-number");
  }
  svg.Raw("</svg>");
  return svg.Done();
}

}  // namespace ajar::room
