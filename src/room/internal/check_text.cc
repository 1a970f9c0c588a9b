#include "room/internal/check_text.h"

#include "room/internal/check_words.h"

namespace ajar::room {

std::string CheckText(const check::Findings& findings, const std::string& language,
                      const std::optional<Path>& page) {
  const CheckWords words(findings, language);
  const CheckWords::Texts& texts = words.texts();
  std::string text = words.Verdict() + " " +
                     Filled(texts.placed, {std::to_string(findings.placed),
                                           std::to_string(findings.photographs.size())});
  for (const std::string& reason : words.Reasons()) text += "\n" + reason;
  if (!findings.next.empty()) {
    text += "\n\n" + words.NextHeading() + ":";
    for (size_t k = 0; k < findings.next.size(); ++k) {
      text += "\n  " + std::to_string(k + 1) + ". " + words.Of(findings.next[k]);
      const std::string why = words.Why(findings.next[k]);
      if (!why.empty()) text += " " + why;
    }
  }
  if (!findings.plan.walls.empty()) {
    text += "\n\n" + std::string(texts.walls) + ":";
    for (const check::Wall& wall : findings.plan.walls) text += "\n  " + words.Of(wall);
  }
  const std::vector<std::string> remarks = words.Remarks();
  if (!remarks.empty()) {
    text += "\n\n" + std::string(texts.of_photographs) + ":";
    for (const std::string& remark : remarks) text += "\n  " + remark;
  }
  if (page) text += "\n\n" + Filled(texts.page_at, {page->string()});
  return text;
}

}  // namespace ajar::room
