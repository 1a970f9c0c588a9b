#include <chrono>
#include <thread>

#include "base/error.h"
#include "base/log.h"
#include "base/subprocess.h"
#include "room/internal/folder.h"
#include "room/verbs.h"
#include "serve/server.h"

namespace ajar::room {
namespace {

void OpenInBrowser(const std::string& url) {
  if (!FindProgram("xdg-open")) return;  // the link is on the screen
  SubprocessOptions opener;
  // A session of its own: should this start the browser, it must outlive us, other pages and all.
  opener.argv = {"sh", "-c", "setsid --fork xdg-open \"$1\" >/dev/null 2>&1", "sh", url};
  if (!RunSubprocess(opener).ok()) Log(LogLevel::kInfo, "No browser could be opened.");
}

}  // namespace

void View(const ViewOptions& options, const Progress& progress,
          const std::function<void(const std::string& url)>& on_ready) {
  const Folder folder = Folder::OpenForReading(options.room);
  if (!std::filesystem::is_regular_file(folder.site() / "index.html")) {
    Fail(ErrorCode::kInput, "This room has no page yet.", options.room.string(),
         "Build it with: ajar build -o " + options.room.string());
  }
  serve::Server server({folder.site(), options.port, {}});
  on_ready(server.url());
  if (options.open) OpenInBrowser(server.url());
  // The server occupies this thread; another one watches for the person's wish to stop.
  std::jthread watcher([&](const std::stop_token& done) {
    while (!done.stop_requested() && !progress.cancelled()) {
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
    server.Stop();
  });
  server.Run();
}

}  // namespace ajar::room
