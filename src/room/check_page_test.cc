#include "room/internal/check_page.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/files.h"
#include "bundle/picture.h"
#include "room/internal/check_json.h"
#include "room/internal/check_text.h"
#include "room/internal/growing_set.h"

namespace ajar::room {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

// Three photographs of which the last joins nothing, and a wall to the right of the second that is
// not enough.
check::Findings Some() {
  check::Findings findings;
  findings.verdict = check::Verdict::kNotYet;
  findings.reasons = {check::Reason::kWalls};
  for (const char* name : {"a.jpg", "b & <b>.jpg", "c.jpg"}) {
    findings.photographs.emplace_back().name = name;
  }
  for (size_t i = 0; i < 2; ++i) {
    check::Photograph& p = findings.photographs[i];
    p.placed = true;
    p.position = {0.5 + i, 1};
    p.ahead = {0, -1};
  }
  findings.photographs[0].flaws.blurred = true;
  findings.photographs[2].nearly = {{1, 18, 0}};
  findings.placed = 2;
  findings.plan.high = {3, 2};
  findings.plan.square_m = 0.3;
  findings.plan.squares = {{{1, 1}, 3, true}, {{1.3, 1}, 1, false}};
  check::Wall& whole = findings.plan.walls.emplace_back();
  whole.from = {0, 0};
  whole.to = {3, 0};
  whole.covered = whole.seen = 1;
  whole.enough = true;
  whole.columns = {3, 3, 3};
  check::Wall& lacking = findings.plan.walls.emplace_back();
  lacking.letter = 'B';
  lacking.from = {3, 0};
  lacking.to = {3, 2};
  lacking.covered = 0.25;
  lacking.seen = 0.5;
  lacking.columns = {0, 1, 3};
  lacking.lacks = check::Part::kLeft;
  lacking.beside = check::Beside{1, check::Side::kRight};
  check::Next next;
  next.from = 1;
  next.right_m = -0.7;
  next.turn_deg = 90;
  next.wall = 'B';
  next.view = 0;
  next.position = {0.8, 1};
  next.ahead = {1, 0};
  findings.next = {next};
  return findings;
}

std::string PageOf(const check::Findings& findings, const std::string& language) {
  const Image8 grey(32, 24, 3, uint8_t{120});
  return CheckPage(
      findings, [&](size_t) -> const Image8& { return grey; }, language);
}

TEST(CheckText, TellsByThePhotographsThemselves) {
  const std::string text = CheckText(Some(), "en");
  EXPECT_THAT(text, HasSubstr("Not yet enough. 2 of 3 photographs join."));
  EXPECT_THAT(text, HasSubstr("Too few photographs see the wall to the right of photo 2 (B on the "
                              "plan): mostly its left part is missing."));
  EXPECT_THAT(text, HasSubstr("1. One step to the left of photo 2 (b & <b>.jpg), turned a quarter "
                              "to the right."));
  EXPECT_THAT(text, HasSubstr("Blurred: a.jpg."));
  EXPECT_THAT(text, HasSubstr("Photo 3 (c.jpg): joins nothing, nearly joins photo 2."));
}

TEST(CheckText, SpeaksSpanish) {
  const std::string text = CheckText(Some(), "es-MX");
  EXPECT_THAT(text, HasSubstr("Todavía no bastan."));
  EXPECT_THAT(text, HasSubstr("la pared a la derecha de la foto 2 (B en el plano)"));
  EXPECT_THAT(text, HasSubstr("Un paso a la izquierda de la foto 2 (b & <b>.jpg), con un cuarto de "
                              "vuelta a la derecha."));
}

TEST(CheckText, EveryReasonHasItsSentence) {
  for (int reason = 0; reason <= static_cast<int>(check::Reason::kMiddle); ++reason) {
    check::Findings findings = Some();
    findings.reasons = {static_cast<check::Reason>(reason)};
    findings.pieces = {{0, 2}};
    findings.plan.walls[1].missing = true;
    const std::string text = CheckText(findings, "en"), head = text.substr(0, text.find("\n\n"));
    EXPECT_THAT(head, HasSubstr(".\n")) << reason;
    EXPECT_THAT(head, Not(HasSubstr("{"))) << reason;
  }
}

TEST(CheckPage, StandsAlone) {
  const std::string page = PageOf(Some(), "en");
  EXPECT_THAT(page, HasSubstr("<html lang=\"en\">"));
  EXPECT_THAT(page, HasSubstr("data:image/webp;base64,UklGR"));
  EXPECT_THAT(page, HasSubstr("b &amp; &lt;b&gt;.jpg"));
  EXPECT_THAT(page, HasSubstr("<title id=\"plan-title\">"));
  // Of the second wall, which leads down, the first two thirds.
  EXPECT_THAT(page, HasSubstr("class=\"wall lacking\" x1=\"362.0\" y1=\"62.0\" x2=\"362.0\" "
                              "y2=\"195.3\""));
  EXPECT_THAT(page, Not(HasSubstr("<script")));
  EXPECT_THAT(page, Not(HasSubstr("src=\"http")));
  EXPECT_THAT(page, Not(HasSubstr("<b>.jpg")));
  EXPECT_THAT(PageOf(Some(), "es"), HasSubstr("<html lang=\"es\">"));
}

TEST(CheckPage, WithoutAPlanThereIsNone) {
  check::Findings findings = Some();
  findings.verdict = check::Verdict::kTooFew;
  findings.reasons = {check::Reason::kOneSpot};
  findings.plan = {};
  findings.next.clear();
  const std::string page = PageOf(findings, "en");
  EXPECT_THAT(page, HasSubstr("taken from one spot"));
  EXPECT_THAT(page, Not(HasSubstr("<svg class=\"plan\"")));
}

TEST(CheckJson, HasWhatIsPromised) {
  const Json json = ToJson(Some());
  EXPECT_EQ(json["verdict"], "not yet");
  EXPECT_EQ(json["reasons"], Json({"walls"}));
  EXPECT_EQ(json["walls"][1]["beside"]["side"], "right");
  EXPECT_EQ(json["walls"][1]["lacks"], "left");
  EXPECT_EQ(json["photographs"][2]["nearly"][0]["name"], "b & <b>.jpg");
  EXPECT_EQ(json["next"][0]["turn"], 90);
}

TEST(GrowingSet, WaitsUntilFilesAreWholeAndNamesThemAsTheFolderDoes) {
  const TempFolder folder;
  const auto write = [&](const Path& name, uint8_t grey) {
    MakeFolder((folder.path() / "photos" / name).parent_path());
    WriteFileAtomic(folder.path() / "photos" / name, bundle::EncodePng(Image8(240, 210, 3, grey)));
  };
  write("b.png", 10);
  GrowingSet set({folder.path() / "photos"}, folder.path() / "frames", {});
  EXPECT_FALSE(set.HasChanged());  // it may still be growing
  EXPECT_TRUE(set.HasChanged());
  ASSERT_EQ(set.Read({}).photos.size(), 1u);
  EXPECT_FALSE(set.HasChanged());

  write("more/a.png", 20);
  write("copy.png", 10);
  WriteFileAtomic(folder.path() / "photos" / "notes.txt", "nothing to see");
  EXPECT_FALSE(set.HasChanged());
  EXPECT_TRUE(set.HasChanged());
  const photo::PhotoSet all = set.Read({});
  ASSERT_EQ(all.photos.size(), 2u);
  EXPECT_EQ(all.photos[0].name, "b.png");
  EXPECT_EQ(all.photos[1].name, "more/a.png");
  ASSERT_EQ(all.left_out.size(), 2u);
  EXPECT_EQ(all.left_out[0].reason, "This is the same file as b.png.");
  EXPECT_THAT(all.left_out[1].reason, HasSubstr("neither a picture nor a video"));

  std::filesystem::remove(folder.path() / "photos" / "b.png");
  EXPECT_FALSE(set.HasChanged());
  EXPECT_TRUE(set.HasChanged());
  EXPECT_EQ(set.Read({}).photos.size(), 2u);  // the copy takes its place
}

}  // namespace
}  // namespace ajar::room
