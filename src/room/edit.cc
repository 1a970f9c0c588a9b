// The keeper's page, on this computer alone.
#include <chrono>
#include <cstdlib>
#include <thread>

#include "base/error.h"
#include "room/internal/browser.h"
#include "room/internal/editor.h"
#include "room/internal/viewer_folder.h"
#include "room/verbs.h"
#include "serve/server.h"

namespace ajar::room {
namespace {

constexpr size_t kMostBodyBytes = size_t{8} << 20;

}  // namespace

void Edit(const ViewOptions& options, const Progress& progress,
          const std::function<void(const std::string& url)>& on_ready) {
  const Folder folder = Folder::OpenForReading(std::filesystem::absolute(options.room));
  serve::ServerOptions served;
  served.folder = ViewerFolder("edit.html");
  served.index = "edit.html";
  served.within = {{"site", folder.site()}, {"stories", folder.stories()}};
  served.port = options.port;
  served.microphone = true;
  served.max_body_bytes = kMostBodyBytes;
  Editor editor(folder);
  served.answer = [&](const serve::Question& question) { return editor.Answer(question); };
  serve::Server server(served);
  on_ready(server.url());
  if (options.open) OpenInBrowser(server.url());
  // As in View: one thread serves, another watches.
  std::jthread watcher([&](const std::stop_token& done) {
    while (!done.stop_requested() && !progress.cancelled()) {
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
    server.Stop();
  });
  server.Run();
}

}  // namespace ajar::room
