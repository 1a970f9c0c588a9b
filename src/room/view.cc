#include <algorithm>
#include <chrono>
#include <map>
#include <thread>
#include <vector>

#include "base/error.h"
#include "room/internal/browser.h"
#include "room/internal/folder.h"
#include "room/internal/front_page.h"
#include "room/verbs.h"
#include "serve/server.h"

namespace ajar::room {
namespace {

bool HasPage(const Path& site) { return std::filesystem::is_regular_file(site / "index.html"); }

// The rooms directly in a folder that have a page, by their folders' names.
std::vector<Folder> RoomsWithin(const Path& path) {
  std::vector<Path> paths;
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator(path, ignored)) {
    if (Folder::HoldsRoom(entry.path()) && HasPage(Folder::OpenForReading(entry.path()).site())) {
      paths.push_back(entry.path());
    }
  }
  std::ranges::sort(paths);
  std::vector<Folder> rooms;
  for (const Path& room : paths) rooms.push_back(Folder::OpenForReading(room));
  return rooms;
}

// Writes the front page into `front`; gives what is to be served below it.
std::map<std::string, Path> WriteFrontPage(const std::vector<Folder>& rooms, const Path& front) {
  std::map<std::string, Path> within;
  std::vector<FrontRoom> shown;
  for (const Folder& room : rooms) {
    const std::string name = std::to_string(within.size() + 1);
    const Document document = room.ReadDocument();
    const bool pictured = std::filesystem::is_regular_file(room.site() / "pictures" / "room.webp");
    shown.push_back(
        {name + "/index.html", pictured ? name + "/pictures/room.webp" : "", document.title,
         document.words.empty() ? "" : FirstSentence(document.words.front()), document.language});
    within[name] = std::filesystem::canonical(room.site());
  }
  WriteFileAtomic(front / "index.html", FrontPage(shown));
  const Path style = rooms.front().site() / "read.css";
  if (std::filesystem::is_regular_file(style))
    WriteFileAtomic(front / "read.css", ReadTextFile(style));
  return within;
}

}  // namespace

void View(const ViewOptions& options, const Progress& progress,
          const std::function<void(const std::string& url)>& on_ready) {
  const std::vector<Folder> rooms =
      Folder::HoldsRoom(options.room) ? std::vector<Folder>() : RoomsWithin(options.room);
  const TempFolder front;
  serve::ServerOptions served;
  served.port = options.port;
  if (!rooms.empty()) {
    served.folder = front.path();
    served.within = WriteFrontPage(rooms, front.path());
  } else {
    served.folder = Folder::OpenForReading(options.room).site();
  }
  if (!HasPage(served.folder)) {
    Fail(ErrorCode::kInput, "This room has no page yet.", options.room.string(),
         "Build it with: ajar build -o " + options.room.string());
  }
  serve::Server server(served);
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
