#include <Eigen/Geometry>
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>

#include "space/plan.h"

namespace ajar::space {
namespace {

using Eigen::Vector2d;

constexpr double kUnits = 100;       // a metre
constexpr double kMargin = 45, kFoot = 75, kLeastWidth = 320;
constexpr double kPrint_mm = 20;     // a metre, in print: 1:50
constexpr double kPrintWidth_mm = 180;  // of what A4 and Letter both hold

std::string Number(double x, int digits = 1) {
  char text[40];
  std::snprintf(text, sizeof(text), "%.*f", digits, x + 0.0);
  return text;
}

std::string Escaped(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '&') out += "&amp;";
    else if (c == '<') out += "&lt;";
    else if (c == '>') out += "&gt;";
    else if (c == '"') out += "&quot;";
    else if (static_cast<unsigned char>(c) >= 0x20 || c == '\t' || c == '\n') out += c;
  }
  return out;
}

std::string Count(size_t n, const char* one, const char* many) {
  return std::to_string(n) + " " + (n == 1 ? one : many);
}

// The turn, at most an eighth, after which the longest wall lies along an edge of the paper.
double TurnToSquare(const std::vector<Vector2d>& outline) {
  Vector2d longest = Vector2d::Zero();
  for (size_t i = 0; i < outline.size(); ++i) {
    const Vector2d wall = outline[(i + 1) % outline.size()] - outline[i];
    if (wall.squaredNorm() > longest.squaredNorm()) longest = wall;
  }
  const double angle = std::atan2(longest.y(), longest.x());
  return std::round(angle / (M_PI / 2)) * (M_PI / 2) - angle;
}

Plan Turned(Plan plan, double angle) {
  const Eigen::Rotation2Dd turn(angle);
  const auto apply = [&](Vector2d& p) { p = turn * p; };
  std::ranges::for_each(plan.outline, apply);
  for (Furniture& f : plan.furniture) {
    std::ranges::for_each(f.outline, apply);
    for (auto& [from, to] : f.treads) apply(from), apply(to);
  }
  for (Opening& o : plan.openings) apply(o.from), apply(o.to);
  for (PhotoPlace& p : plan.photos) apply(p.position), apply(p.ahead);
  return plan;
}

class Drawing {
 public:
  Drawing(const Plan& plan, const PlanWords& words) : plan_(plan), words_(words) {
    low_ = Vector2d::Constant(std::numeric_limits<double>::infinity());
    high_ = -low_;
    const auto extend = [&](const Vector2d& p) { low_ = low_.cwiseMin(p), high_ = high_.cwiseMax(p); };
    std::ranges::for_each(plan.outline, extend);
    for (const PhotoPlace& p : plan.photos) extend(p.position);
    if (!low_.allFinite()) low_ = Vector2d::Zero(), high_ = Vector2d::Ones();
  }

  std::string Text() {
    Begin();
    if (!plan_.outline.empty()) {
      svg_ += "<polygon points=\"" + Points(plan_.outline) +
              "\" fill=\"#ffffff\" stroke=\"#1a1a1a\" stroke-width=\"6\" "
              "stroke-linejoin=\"round\"/>\n";
    }
    for (const Opening& o : plan_.openings) Draw(o);
    for (const Furniture& f : plan_.furniture) Draw(f);
    for (size_t i = 0; i < plan_.photos.size(); ++i) Draw(plan_.photos[i], i + 1);
    if (!plan_.outline.empty()) Measures();
    Foot();
    return svg_ + "</svg>\n";
  }

 private:
  std::string Size() const {
    const Vector2d size = high_ - low_;
    return Number(size.x(), 2) + " by " + Number(size.y(), 2) + " metres";
  }

  std::string Description() const {
    std::string text;
    if (plan_.outline.empty()) {
      text = "The walls of this room were not found; only the places where photographs were taken "
             "are drawn. ";
    } else {
      text = "The room is " + Size() + " across, " + Number(plan_.area_m2) +
             " square metres";
      text += plan_.height_m ? ", " + Number(*plan_.height_m, 2) + " metres high. " : ". ";
      size_t doors = 0, stairs = 0;
      for (const Furniture& f : plan_.furniture) stairs += f.treads.empty() ? 0 : 1;
      for (const Opening& o : plan_.openings) doors += o.kind == Opening::Kind::kDoor ? 1 : 0;
      const size_t others = plan_.openings.size() - doors;
      if (doors > 0) text += Count(doors, "open door is", "open doors are") + " to be seen. ";
      if (others > 0) {
        text += Count(others, "window or other opening is", "windows or other openings are") +
                " to be seen. ";
      }
      if (stairs > 0) text += "There " + std::string(stairs == 1 ? "is " : "are ") +
                              Count(stairs, "stair", "stairs") + ". ";
      text += Number(plan_.free_m2) + " square metres of floor are free. ";
      if (plan_.furniture.size() > stairs) text += "On the rest something stands, or it was not seen. ";
    }
    text += Count(plan_.photos.size(), "photograph was", "photographs were") + " taken. ";
    text += words_.scale_estimated ? "All measures are estimated." : "All measures are in metres.";
    return text;
  }

  void Begin() {
    const Vector2d size = kUnits * (high_ - low_);
    const double width = std::max(kLeastWidth, size.x() + 2 * kMargin);
    const double height = size.y() + 2 * kMargin + kFoot;
    const double mm = std::min(kPrint_mm / kUnits, kPrintWidth_mm / width);
    svg_ = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"" + Number(-kMargin) + " " +
           Number(-kMargin) + " " + Number(width) + " " + Number(height) + "\" width=\"" +
           Number(width * mm) + "mm\" height=\"" + Number(height * mm) +
           "mm\" role=\"img\" aria-labelledby=\"plan-title plan-desc\" "
           "font-family=\"sans-serif\" font-size=\"13\" fill=\"#1a1a1a\">\n";
    svg_ += "<title id=\"plan-title\">Plan of " + Escaped(words_.title) + "</title>\n";
    svg_ += "<desc id=\"plan-desc\">" + Escaped(Description()) + "</desc>\n";
    svg_ += "<rect x=\"" + Number(-kMargin) + "\" y=\"" + Number(-kMargin) + "\" width=\"" +
            Number(width) + "\" height=\"" + Number(height) + "\" fill=\"#ffffff\"/>\n";
  }

  Vector2d At(const Vector2d& p) const { return kUnits * (p - low_); }
  std::string Points(const std::vector<Vector2d>& polygon) const {
    std::string text;
    for (const Vector2d& p : polygon) {
      text += (text.empty() ? "" : " ") + Number(At(p).x()) + "," + Number(At(p).y());
    }
    return text;
  }
  std::string Line(const Vector2d& a, const Vector2d& b, const std::string& style) const {
    return "<line x1=\"" + Number(At(a).x()) + "\" y1=\"" + Number(At(a).y()) + "\" x2=\"" +
           Number(At(b).x()) + "\" y2=\"" + Number(At(b).y()) + "\" " + style + "/>\n";
  }

  void Draw(const Opening& o) {
    const bool is_door = o.kind == Opening::Kind::kDoor;
    // What one looks through was seen; frames, panes that mirror and open leaves were not.
    const double at_least = std::floor(10 * (o.to - o.from).norm() + 0.1) / 10;
    const std::string what = (is_door ? "Open door, at least " : "Window or other opening, at least ") +
                             Number(at_least) + " metres wide";
    svg_ += "<g><title>" + what + "</title>" +
            Line(o.from, o.to, "stroke=\"#ffffff\" stroke-width=\"8\"");
    if (is_door) {
      svg_ += Line(o.from, o.to, "stroke=\"#1a1a1a\" stroke-width=\"1.5\" stroke-dasharray=\"5 4\"");
    } else {
      const Vector2d along = (o.to - o.from).normalized(), aside(-along.y(), along.x());
      for (const double d : {-0.025, 0.025}) {
        svg_ += Line(o.from + d * aside, o.to + d * aside, "stroke=\"#1a1a1a\" stroke-width=\"1.2\"");
      }
    }
    svg_ += "</g>\n";
  }

  // What stands there is not known, nor where one thing ends and the next begins.
  static std::string What(const Furniture& f) {
    if (!f.treads.empty()) return "Stair of " + std::to_string(f.treads.size()) + " steps, ";
    return f.is_seat ? "Something of a height to sit on, " : "Something ";
  }

  void Draw(const Furniture& f) {
    svg_ += "<polygon points=\"" + Points(f.outline) +
            "\" fill=\"#e8e2d8\" stroke=\"#5c554a\" stroke-width=\"1.5\"><title>" +
            What(f) + Number(f.height_m, 2) + " metres high</title></polygon>\n";
    for (const auto& [from, to] : f.treads) {
      svg_ += Line(from, to, "stroke=\"#5c554a\" stroke-width=\"1\"");
    }
  }

  // Numbers, not names: phones write places and times into the names of files.
  void Draw(const PhotoPlace& p, size_t number) {
    const Vector2d at = At(p.position);
    svg_ += "<g><title>Photograph " + std::to_string(number) + "</title>";
    if (p.ahead.norm() > 0) {
      svg_ += Line(p.position, p.position + 0.14 * p.ahead, "stroke=\"#0b5394\" stroke-width=\"1.2\"");
    }
    svg_ += "<circle cx=\"" + Number(at.x()) + "\" cy=\"" + Number(at.y()) +
            "\" r=\"2.6\" fill=\"#0b5394\"/></g>\n";
  }

  // The whole room's width and depth, outside of it.
  void Measures() {
    const Vector2d size = high_ - low_;
    const std::string about = words_.scale_estimated ? "about " : "";
    svg_ += "<text x=\"" + Number(50 * size.x()) + "\" y=\"-16\" text-anchor=\"middle\">" + about +
            Number(size.x(), 2) + " m</text>\n";
    svg_ += "<text transform=\"translate(-16 " + Number(50 * size.y()) +
            ") rotate(-90)\" text-anchor=\"middle\">" + about + Number(size.y(), 2) + " m</text>\n";
  }

  void Foot() {
    const double y = kUnits * (high_.y() - low_.y()) + 30;
    svg_ += "<path d=\"M0 " + Number(y) + "v6h100v-6\" fill=\"none\" stroke=\"#1a1a1a\"/>\n";
    svg_ += "<text x=\"108\" y=\"" + Number(y + 8) + "\">1 m" +
            (words_.scale_estimated ? " (estimated)" : "") + "</text>\n";
    std::string line;
    if (!plan_.outline.empty()) {
      line = Number(plan_.area_m2) + " m²" +
             (plan_.height_m ? ", " + Number(*plan_.height_m, 2) + " m high" : "");
      line += "; dots: where photographs were taken";
    } else {
      line = "Dots: where photographs were taken";
    }
    svg_ += "<text x=\"0\" y=\"" + Number(y + 32) + "\">" + line + "</text>\n";
  }

  const Plan& plan_;
  const PlanWords& words_;
  Vector2d low_, high_;
  std::string svg_;
};

}  // namespace

std::string PlanSvg(const Plan& plan, const PlanWords& words) {
  const Plan square = Turned(plan, TurnToSquare(plan.outline));
  return Drawing(square, words).Text();
}

}  // namespace ajar::space
