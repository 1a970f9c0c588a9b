#include "check/check.h"

#include <chrono>
#include <thread>

#include "base/error.h"
#include "room/internal/check_json.h"
#include "room/internal/check_page.h"
#include "room/internal/check_text.h"
#include "room/internal/growing_set.h"
#include "room/verbs.h"

namespace ajar::room {
namespace {

constexpr auto kGlance = std::chrono::milliseconds(500);

class Looker {
 public:
  explicit Looker(const CheckOptions& options) : options_(options) {}

  Checked Look(const photo::PhotoSet& photos, const Progress& progress) {
    const check::Findings findings = checker_.Look(photos, progress);
    Checked checked;
    checked.text = CheckText(findings, options_.language, options_.page);
    checked.json = ToJson(findings).dump(-1, ' ', false, Json::error_handler_t::replace);
    if (findings.verdict == check::Verdict::kNotYet) checked.code = kNotYet;
    if (findings.verdict == check::Verdict::kTooFew) {
      checked.code = static_cast<int>(ErrorCode::kNotEnough);
    }
    if (options_.page) {
      const ThumbnailOf thumbnail_of = [&](size_t i) -> const Image8& {
        return checker_.Thumbnail(photos.photos[i].sha256);
      };
      WriteFileAtomic(*options_.page, CheckPage(findings, thumbnail_of, options_.language));
    }
    return checked;
  }

 private:
  const CheckOptions& options_;
  check::Checker checker_;
};

// A page among the photographs would be looked at as one of them, and is not ours to put there.
void CheckPagePath(const CheckOptions& options) {
  if (!options.page) return;
  namespace fs = std::filesystem;
  std::error_code error;
  if (fs::is_directory(*options.page, error)) {
    Fail(ErrorCode::kUsage, "This is a folder.", options.page->string(),
         "Name a file for the page, as -o check.html.");
  }
  const Path folder = fs::weakly_canonical(fs::absolute(*options.page)).parent_path();
  for (const Path& input : options.inputs) {
    const Path within = folder.lexically_relative(fs::weakly_canonical(fs::absolute(input)));
    if (!within.empty() && *within.begin() != "..") {
      Fail(ErrorCode::kUsage, "The page cannot lie among the photographs.", options.page->string(),
           "Give -o a file elsewhere.");
    }
  }
}

}  // namespace

void Check(const CheckOptions& options, const Progress& progress,
           const std::function<void(const Checked&)>& on_checked) {
  CheckPagePath(options);
  const TempFolder frames("ajar-check");
  Looker looker(options);
  if (!options.watch) {
    on_checked(
        looker.Look(photo::Open(options.inputs, frames.path(), options.photo, progress), progress));
    return;
  }
  GrowingSet set(options.inputs, frames.path(), options.photo);
  while (!progress.cancelled()) {
    if (set.HasChanged()) {
      const photo::PhotoSet photos = set.Read(progress);
      if (!photos.photos.empty()) on_checked(looker.Look(photos, progress));
    }
    std::this_thread::sleep_for(kGlance);
  }
}

}  // namespace ajar::room
