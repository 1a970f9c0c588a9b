#include "room/internal/browser.h"

#include "base/log.h"
#include "base/subprocess.h"

namespace ajar::room {

void OpenInBrowser(const std::string& url) {
  if (!FindProgram("xdg-open")) return;  // the link is on the screen
  SubprocessOptions opener;
  // A session of its own: should this start the browser, it must outlive us, other pages and all.
  opener.argv = {"sh", "-c", "setsid --fork xdg-open \"$1\" >/dev/null 2>&1", "sh", url};
  if (!RunSubprocess(opener).ok()) Log(LogLevel::kInfo, "No browser could be opened.");
}

}  // namespace ajar::room
