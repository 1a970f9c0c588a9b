#include "check/check.h"

#include "base/error.h"
#include "room/internal/check_json.h"
#include "room/internal/check_text.h"
#include "room/verbs.h"

namespace ajar::room {
namespace {

Checked Told(const check::Findings& findings, const std::string& language) {
  Checked checked;
  checked.text = CheckText(findings, language);
  checked.json = ToJson(findings).dump(-1, ' ', false, Json::error_handler_t::replace);
  if (findings.verdict == check::Verdict::kNotYet) checked.code = kNotYet;
  if (findings.verdict == check::Verdict::kTooFew) {
    checked.code = static_cast<int>(ErrorCode::kNotEnough);
  }
  return checked;
}

}  // namespace

Checked Check(const CheckOptions& options, const Progress& progress) {
  const TempFolder frames("ajar-check");
  const photo::PhotoSet photos =
      photo::Open(options.inputs, frames.path(), options.photo, progress);
  check::Checker checker;
  return Told(checker.Look(photos, progress), options.language);
}

}  // namespace ajar::room
