#include "room/internal/check_page.h"

#include <cstdint>
#include <span>
#include <vector>

#include "bundle/picture.h"
#include "photo/photo.h"
#include "room/internal/check_plan.h"
#include "room/internal/check_words.h"
#include "room/internal/html.h"

namespace ajar::room {
namespace {

constexpr int kSmall_px = 160;
constexpr int kQuality = 72;

constexpr const char* kStyle = R"(
:root { color-scheme: light; }
body { margin: 0 auto; padding: 1.5rem 1rem 4rem; max-width: 62rem; background: #fbfaf7;
  color: #22262b; font: 1.0625rem/1.55 system-ui, sans-serif; }
h1 { font-size: 1.15rem; font-weight: 600; margin: 0; color: #4a5058; }
h2 { font-size: 1.25rem; margin: 2.5rem 0 .75rem; }
.verdict { font-size: 2rem; line-height: 1.2; font-weight: 650; margin: .25rem 0 .5rem; }
.reasons { padding: .25rem 0 .25rem 1rem; border-left: 4px solid #8a4b14; max-width: 46rem; }
.enough { border-left-color: #2b6046; }
.reasons p { margin: .4rem 0; }
ol.next { list-style: none; margin: 0; padding: 0; }
ol.next li { display: flex; flex-wrap: wrap; gap: 1rem; padding: 1rem 0;
  border-top: 1px solid #d8d4ca; break-inside: avoid; }
ol.next .what { flex: 1 1 18rem; }
.mark { display: inline-block; min-width: 1.7em; height: 1.7em; line-height: 1.7em;
  border-radius: 1em; background: #8a4b14; color: #fff; text-align: center; font-weight: 650;
  margin-right: .5em; }
figure { margin: 0; width: 14rem; }
figure img { display: block; width: 100%; height: 10.5rem; object-fit: contain;
  background: #ece8df; }
figcaption { font-size: .875rem; color: #4a5058; overflow-wrap: anywhere; }
.room { display: flex; flex-wrap: wrap; gap: 1.5rem; align-items: flex-start;
  break-inside: avoid; }
svg.plan { flex: 1 1 24rem; max-width: 38rem; max-height: 46rem; background: #fff;
  border: 1px solid #d8d4ca; }
.beside { flex: 1 1 15rem; max-width: 20rem; font-size: .9375rem; }
.beside ul { list-style: none; padding: 0; margin: 0 0 1rem; }
.beside li { margin: .35rem 0; }
.beside svg { width: 2.6rem; height: 1.3rem; vertical-align: middle; margin-right: .5rem; }
.square { fill: #fff; stroke: #eeebe3; stroke-width: 1; }
.covered { fill: #e6efe9; }
.dot { fill: #6d9480; }
.point { fill: #a7a294; }
.wall { stroke: #2b6046; stroke-width: 9; stroke-linecap: butt; }
.wall.lacking { stroke: #8a4b14; stroke-dasharray: 14 12; }
.letter { font: 650 30px system-ui, sans-serif; text-anchor: middle; dominant-baseline: central;
  fill: #2b6046; }
.letter.lacking { fill: #8a4b14; }
.photo { fill: #39536b; stroke: #fff; stroke-width: 1; }
.photo.spoilt { fill: #fff; stroke: #39536b; stroke-width: 2; }
.number { font: 12px system-ui, sans-serif; text-anchor: middle; dominant-baseline: central;
  fill: #22262b; paint-order: stroke; stroke: #fff; stroke-width: 3; }
path.next, circle.next { fill: #8a4b14; stroke: #fff; stroke-width: 2; }
.next-number { font: 650 17px system-ui, sans-serif; text-anchor: middle;
  dominant-baseline: central; fill: #fff; }
ul.remarks { padding-left: 1.2rem; }
ul.photos { list-style: none; margin: 0; padding: 0; display: grid; gap: .9rem .75rem;
  grid-template-columns: repeat(auto-fill, minmax(8.5rem, 1fr)); }
ul.photos li { font-size: .8125rem; line-height: 1.35; overflow-wrap: anywhere;
  break-inside: avoid; }
ul.photos img { display: block; width: 100%; height: 6.6rem; object-fit: contain;
  background: #ece8df; margin-bottom: .2rem; }
ul.photos .remark { display: block; font-weight: 650; color: #7a3f0d; }
@media print {
  body { background: #fff; max-width: none; padding: 0; font-size: 10.5pt;
    print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  figure { width: 10rem; } figure img { height: 7.5rem; }
  svg.plan { max-height: 15cm; }
  ul.photos { grid-template-columns: repeat(6, 1fr); }
  h2 { break-after: avoid; }
}
)";

std::string Base64(std::span<const uint8_t> bytes) {
  constexpr const char* kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  for (size_t i = 0; i < bytes.size(); i += 3) {
    uint32_t three = static_cast<uint32_t>(bytes[i]) << 16;
    if (i + 1 < bytes.size()) three |= static_cast<uint32_t>(bytes[i + 1]) << 8;
    if (i + 2 < bytes.size()) three |= bytes[i + 2];
    text += kDigits[three >> 18];
    text += kDigits[three >> 12 & 63];
    text += i + 1 < bytes.size() ? kDigits[three >> 6 & 63] : '=';
    text += i + 2 < bytes.size() ? kDigits[three & 63] : '=';
  }
  return text;
}

std::string Img(const Image8& picture, const std::string& alt) {
  return "<img alt=\"" + Escaped(alt) + "\" width=\"" + std::to_string(picture.width) +
         "\" height=\"" + std::to_string(picture.height) + "\" src=\"data:image/webp;base64," +
         Base64(bundle::EncodeWebp(picture, kQuality)) + "\">";
}

std::string P(const std::string& text) { return "<p>" + Escaped(text) + "</p>\n"; }
std::string H2(const std::string& text) { return "<h2>" + Escaped(text) + "</h2>\n"; }

class Page {
 public:
  Page(const check::Findings& findings, const ThumbnailOf& thumbnail_of,
       const std::string& language)
      : findings_(findings),
        thumbnail_of_(thumbnail_of),
        words_(findings, language),
        texts_(words_.texts()) {}

  std::string Whole() {
    Head();
    Verdict();
    Next();
    if (!findings_.plan.walls.empty()) Plan();
    Photographs();
    html_ += "</main>\n</body>\n</html>\n";
    return std::move(html_);
  }

 private:
  void Head() {
    html_ += "<!doctype html>\n<html lang=\"" + std::string(texts_.language) +
             "\">\n<head>\n<meta charset=\"utf-8\">\n"
             "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
             "style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'\">\n"
             "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
             "<link rel=\"icon\" href=\"data:,\">\n<title>" +
             Escaped(texts_.page_title) + "</title>\n<style>" + kStyle +
             "</style>\n</head>\n<body>\n<main>\n";
  }

  void Verdict() {
    html_ += "<h1>" + Escaped(texts_.page_title) + "</h1>\n<p class=\"verdict\">" +
             Escaped(words_.Verdict()) + "</p>\n";
    const bool enough = findings_.verdict == check::Verdict::kEnough;
    html_ += std::string("<div class=\"reasons") + (enough ? " enough" : "") + "\">\n";
    html_ += P(Filled(texts_.placed, {std::to_string(findings_.placed),
                                      std::to_string(findings_.photographs.size())}));
    for (const std::string& reason : words_.Reasons()) html_ += P(reason);
    html_ += "</div>\n";
  }

  void Figure(size_t photograph, const std::string& caption) {
    // The caption says what it is.
    html_ += "<figure>" + Img(thumbnail_of_(photograph), "") + "<figcaption>" +
             Escaped(Capital(caption)) + "</figcaption></figure>\n";
  }

  void Next() {
    if (findings_.next.empty()) {
      if (findings_.verdict == check::Verdict::kEnough) html_ += P(texts_.nothing_next);
      return;
    }
    html_ += H2(words_.NextHeading()) + "<ol class=\"next\">\n";
    for (size_t k = 0; k < findings_.next.size(); ++k) {
      const check::Next& next = findings_.next[k];
      html_ += "<li><div class=\"what\"><span class=\"mark\">" + std::to_string(k + 1) + "</span>" +
               Escaped(words_.Of(next));
      const std::string why = words_.Why(next);
      if (!why.empty()) html_ += " " + Escaped(why);
      html_ += "</div>\n";
      Figure(next.from, Filled(texts_.as_it_is, {words_.PhotoWithName(next.from)}));
      if (next.towards) Figure(*next.towards, words_.PhotoWithName(*next.towards));
      if (next.view)
        Figure(*next.view, Filled(texts_.like_this, {words_.PhotoWithName(*next.view)}));
      html_ += "</li>\n";
    }
    html_ += "</ol>\n";
  }

  void Legend(const char* shape, const char* what) {
    html_ += "<li><svg viewBox=\"0 0 60 30\" aria-hidden=\"true\">" + std::string(shape) +
             "</svg>" + Escaped(what) + "</li>\n";
  }

  void Plan() {
    html_ += H2(texts_.plan) + "<div class=\"room\">\n" + CheckPlanSvg(findings_, words_) +
             "\n<div class=\"beside\">\n<ul>\n";
    for (const check::Wall& wall : findings_.plan.walls) {
      html_ += "<li>" + Escaped(words_.Of(wall)) + "</li>\n";
    }
    size_t covered = 0;
    for (const check::Square& square : findings_.plan.squares) covered += square.covered;
    if (!findings_.plan.squares.empty()) {
      const double share =
          static_cast<double>(covered) / static_cast<double>(findings_.plan.squares.size());
      html_ +=
          "<li>" +
          Escaped(Filled(texts_.floor, {std::to_string(static_cast<int>(100 * share + 0.5))})) +
          "</li>\n";
    }
    html_ += "</ul>\n<ul>\n";
    Legend("<line class=\"wall\" x1=\"8\" y1=\"15\" x2=\"52\" y2=\"15\"/>", texts_.legend_enough);
    Legend("<line class=\"wall lacking\" x1=\"4\" y1=\"15\" x2=\"56\" y2=\"15\"/>",
           texts_.legend_lacks);
    Legend("<path class=\"photo\" d=\"M44 15L20 24L20 6Z\"/>", texts_.legend_photo);
    Legend(
        "<path class=\"next\" d=\"M56 15L24 26L24 4Z\"/><circle class=\"next\" cx=\"26\" "
        "cy=\"15\" r=\"12\"/><text class=\"next-number\" x=\"26\" y=\"15\">1</text>",
        texts_.legend_next);
    Legend(
        "<rect class=\"square covered\" x=\"17\" y=\"2\" width=\"26\" height=\"26\"/><circle "
        "class=\"dot\" cx=\"30\" cy=\"15\" r=\"3\"/>",
        texts_.legend_square);
    html_ += "</ul>\n" + P(texts_.how_to) + "</div>\n</div>\n";
  }

  void Photographs() {
    html_ += H2(texts_.of_photographs);
    const std::vector<std::string> remarks = words_.Remarks();
    if (!remarks.empty()) {
      html_ += "<ul class=\"remarks\">\n";
      for (const std::string& remark : remarks) html_ += "<li>" + Escaped(remark) + "</li>\n";
      html_ += "</ul>\n";
    }
    html_ += "<ul class=\"photos\">\n";
    for (size_t i = 0; i < findings_.photographs.size(); ++i) {
      const Image8& thumbnail = thumbnail_of_(i);
      const photo::Size small = photo::FitLongSide(thumbnail.width, thumbnail.height, kSmall_px);
      html_ += "<li>" + Img(photo::Resized(thumbnail, small.width, small.height), "") +
               std::to_string(i + 1) + " · " + Escaped(findings_.photographs[i].name);
      const std::string remark = words_.Remark(i);
      if (!remark.empty()) html_ += "<span class=\"remark\">" + Escaped(remark) + "</span>";
      html_ += "</li>\n";
    }
    html_ += "</ul>\n";
  }

  const check::Findings& findings_;
  const ThumbnailOf& thumbnail_of_;
  CheckWords words_;
  const CheckWords::Texts& texts_;
  std::string html_;
};

}  // namespace

std::string CheckPage(const check::Findings& findings, const ThumbnailOf& thumbnail_of,
                      const std::string& language) {
  return Page(findings, thumbnail_of, language).Whole();
}

}  // namespace ajar::room
