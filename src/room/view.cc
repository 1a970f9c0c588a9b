#include <algorithm>
#include <chrono>
#include <functional>
#include <map>
#include <thread>
#include <vector>

#include "base/error.h"
#include "base/hash.h"
#include "base/log.h"
#include "room/internal/browser.h"
#include "room/internal/folder.h"
#include "room/internal/front_page.h"
#include "room/internal/growing.h"
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

// One whose room.json was mistyped is shown by its folder's name and keeps nobody from the others.
FrontRoom Shown(const Folder& room, const std::string& name) {
  const bool pictured = std::filesystem::is_regular_file(room.site() / "pictures" / "room.webp");
  FrontRoom shown = {name + "/index.html", pictured ? name + "/pictures/room.webp" : "",
                     room.path().filename().string(), "", "en"};
  try {
    const Document document = room.ReadDocument();
    shown.title = document.title;
    if (!document.words.empty()) shown.sentence = FirstSentence(document.words.front());
    shown.language = document.language;
  } catch (const Error& error) {
    Log(LogLevel::kWarning, std::string(error.what()));
  }
  return shown;
}

// Writes the front page into `front`; gives what is to be served below it.
std::map<std::string, Path> WriteFrontPage(const std::vector<Folder>& rooms, const Path& front) {
  std::map<std::string, Path> within;
  std::vector<FrontRoom> shown;
  for (const Folder& room : rooms) {
    const std::string name = std::to_string(within.size() + 1);
    shown.push_back(Shown(room, name));
    within[name] = std::filesystem::canonical(room.site());
  }
  WriteFileAtomic(front / "index.html", FrontPage(shown));
  const Path style = rooms.front().site() / "read.css";
  if (std::filesystem::is_regular_file(style))
    WriteFileAtomic(front / "read.css", ReadTextFile(style));
  return within;
}

constexpr auto kLooksEvery = std::chrono::milliseconds(250);

// Serves until a look every quarter of a second says that it is enough.
void ServeUntil(serve::Server* server, const std::function<bool()>& enough) {
  // The server occupies this thread; another one looks.
  std::jthread watcher([&](const std::stop_token& done) {
    while (!done.stop_requested() && !enough()) std::this_thread::sleep_for(kLooksEvery);
    server->Stop();
  });
  server->Run();
}

// Shows a room that another program is making until it is made, or will not be. `served` then has
// what the link needs to stay the same.
void ShowGrowing(const Folder& room, const Progress& progress, serve::ServerOptions* served,
                 const std::function<void(const serve::Server&)>& on_ready) {
  const Path site = GrowingSite(room);
  const auto ended = [&] { return progress.cancelled() || HasPage(room.site()) || !room.IsBusy(); };
  while (!ended() && !std::filesystem::exists(site / "visit.json")) {
    progress.Report({"waiting for the first picture of the room", 0, std::nullopt, {}});
    SayWatched(room);
    std::this_thread::sleep_for(kLooksEvery);
  }
  if (ended()) return;
  served->folder = site;
  serve::Server server(*served);
  served->port = server.port();
  on_ready(server);
  ServeUntil(&server, [&] {
    if (ended()) return true;
    SayWatched(room);
    return false;
  });
}

}  // namespace

void View(const ViewOptions& options, const Progress& progress,
          const std::function<void(const std::string& url)>& on_ready) {
  const std::vector<Folder> rooms =
      Folder::HoldsRoom(options.room) ? std::vector<Folder>() : RoomsWithin(options.room);
  const TempFolder front;
  serve::ServerOptions served;
  served.port = options.port;
  served.secret = RandomHex(16);
  bool is_open = false;
  const auto open = [&](const serve::Server& server) {
    on_ready(server.url());
    if (options.open) OpenInBrowser(server.url());
    is_open = true;
  };
  if (!rooms.empty()) {
    served.folder = front.path();
    served.within = WriteFrontPage(rooms, front.path());
  } else {
    const Folder room = Folder::OpenForReading(options.room);
    if (!HasPage(room.site()) && room.IsBusy()) ShowGrowing(room, progress, &served, open);
    if (progress.cancelled()) return;
    served.folder = room.site();
  }
  if (!HasPage(served.folder)) {
    Fail(ErrorCode::kInput, "This room has no page yet.", options.room.string(),
         "Build it with: ajar build -o " + options.room.string());
  }
  serve::Server server(served);
  if (!is_open) open(server);
  ServeUntil(&server, [&] { return progress.cancelled(); });
}

}  // namespace ajar::room
