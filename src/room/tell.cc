// Things, stories and the tour from the command line, as JSON in and out. What is changed goes
// through the room's history like any other change.
#include <algorithm>

#include "base/error.h"
#include "base/hash.h"
#include "room/internal/history.h"
#include "room/internal/json.h"
#include "room/internal/media_files.h"
#include "room/internal/recordings.h"
#include "room/internal/uploads.h"
#include "room/verbs.h"

namespace ajar::room {
namespace {

namespace fs = std::filesystem;

const char* KeyOf(Told what) {
  switch (what) {
    case Told::kThing:
      return "things";
    case Told::kStory:
      return "stories";
    case Told::kTour:
      return "tour";
  }
  return "";
}

Json DocumentJson(const History::State& state) {
  return Json::parse(FormatDocument(ParseDocument(state.text, "room.json")));
}

// Letters and digits of a name, small; what is left is an id where anything is.
std::string IdFrom(const std::string& name, const Json& taken) {
  std::string id;
  for (const char c : name) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80 && std::isalnum(byte)) {
      id += static_cast<char>(std::tolower(byte));
    } else if (!id.empty() && id.back() != '-') {
      id += '-';
    }
    if (id.size() == 40) break;
  }
  while (!id.empty() && id.back() == '-') id.pop_back();
  if (id.empty()) id = "one";
  const auto is_taken = [&](const std::string& tried) {
    return std::ranges::any_of(taken,
                               [&](const Json& one) { return one.value("id", "") == tried; });
  };
  std::string tried = id;
  for (int number = 2; is_taken(tried); ++number) tried = id + "-" + std::to_string(number);
  return tried;
}

Json* WithId(Json* list, const std::string& id) {
  for (Json& one : *list) {
    if (one.value("id", "") == id) return &one;
  }
  return nullptr;
}

Json& Needed(Json* list, const std::string& id, const char* key) {
  Json* found = WithId(list, id);
  if (!found) {
    Fail(ErrorCode::kUsage, "There is nothing with the id \"" + id + "\" among the " + key + ".");
  }
  return *found;
}

// As people call it, for the history; its id where there is none of it.
std::string Called(History* history, const char* key, const std::string& id) {
  Json document = DocumentJson(history->Now());
  const Json* one = WithId(&document[key], id);
  return one ? one->value("name", one->value("title", id)) : id;
}

// A file of the keeper's, copied into stories/ under a name that nobody has there; what lies there
// is named.
std::string BroughtIn(const Folder& folder, const std::string& given) {
  std::error_code error;
  if (IsFileBelow(folder.stories(), given)) {
    const Path there = folder.stories() / given;
    if (fs::is_regular_file(given, error) && !fs::equivalent(given, there, error) &&
        Sha256HexOfFile(given) != Sha256HexOfFile(there)) {
      Fail(ErrorCode::kUsage, "There is another file of this name in the room's stories already.",
           given, "Rename yours, so that it is clear which one is meant.");
    }
    return given;
  }
  if (!fs::is_regular_file(given, error)) {
    Fail(ErrorCode::kInput, "There is no such file.", given);
  }
  MakeFolder(folder.uploads());
  // A name of its own: one that was left by a kill may be a recording's second name.
  const Path staged = folder.uploads() / (RandomHex(8) + ".bringing");
  fs::copy_file(given, staged);
  SyncTree(folder.uploads());
  const std::string name = LinkUnderNewName(staged, folder.stories(), SafeName(given));
  fs::remove(staged, error);
  return name;
}

// Files that a story names outside of the room come into it.
void BringFiles(const Folder& folder, Json* story) {
  for (const char* key : {"sound", "video"}) {
    const auto found = story->find(key);
    if (found == story->end() || !found->is_string()) continue;
    const std::string given = found->get<std::string>();
    if (!IsFileBelow(folder.stories(), given)) IsVideo(given, given);
    *found = BroughtIn(folder, given);
  }
  const auto captions = story->find("captions");
  if (captions == story->end() || !captions->is_array()) return;
  for (Json& one : *captions) {
    if (!one.is_object() || !one.value("path", Json()).is_string()) continue;
    const std::string given = one["path"].get<std::string>();
    if (!IsFileBelow(folder.stories(), given)) {
      ReadCaptions(ReadTextFile(given, kMostCaptionBytes), given);
    }
    one["path"] = BroughtIn(folder, given);
  }
}

// What nothing names once a story is gone.
std::vector<std::string> FilesOf(const Json& story) {
  std::vector<std::string> files;
  for (const char* key : {"sound", "video"}) {
    if (story.contains(key) && story[key].is_string()) files.push_back(story[key]);
  }
  for (const Json& one : story.value("captions", Json::array())) {
    files.push_back(one.value("path", ""));
  }
  return files;
}

void RemoveUnnamed(const Folder& folder, const std::vector<std::string>& files,
                   const Json& document) {
  std::vector<std::string> named;
  for (const Json& story : document["stories"]) {
    for (std::string& file : FilesOf(story)) named.push_back(std::move(file));
  }
  std::error_code ignored;
  for (const std::string& file : files) {
    const bool still = std::ranges::find(named, file) != named.end();
    if (!still && IsFileBelow(folder.stories(), file)) fs::remove(folder.stories() / file, ignored);
  }
}

// What spoke of a thing or told a story no longer does.
void ForgetId(Json* document, Told what, const std::string& id) {
  const auto without = [&](Json* list) {
    Json kept = Json::array();
    for (const Json& one : *list) {
      if (one != Json(id)) kept.push_back(one);
    }
    *list = std::move(kept);
  };
  if (what == Told::kThing) {
    for (Json& story : (*document)["stories"]) {
      without(&story["things"]);
      if (!story.contains("passages")) continue;
      for (Json& passage : story["passages"]) without(&passage["things"]);
    }
  }
  if (!document->contains("tour")) return;
  const char* key = what == Told::kThing ? "thing" : "story";
  Json kept = Json::array();
  for (Json step : (*document)["tour"]) {
    if (step.value(key, "") == id) step.erase(key);
    const bool empty = !step.contains("thing") && !step.contains("story") &&
                       !step.contains("place") && !step.contains("words");
    if (!empty) kept.push_back(std::move(step));
  }
  (*document)["tour"] = std::move(kept);
}

Json ParseGiven(const std::string& text) {
  Json json = ParseJson(text, "what was given");
  return json;
}

// Commits against whatever is newest: between looking and committing somebody else may have come.
Json Commit(History* history, const std::string& what, const std::function<Json(Json*)>& change) {
  for (;;) {
    const History::State state = history->Now();
    Json document = DocumentJson(state);
    const Json answer = change(&document);
    const std::string text = FormatDocument(ParseDocument(document.dump(), "room.json"));
    if (!history->Commit(state.now.revision, text, what).conflict) return answer;
  }
}

}  // namespace

std::string List(const Path& room, Told what) {
  const Folder folder = Folder::OpenForReading(room);
  const Json document = Json::parse(FormatDocument(folder.ReadDocument()));
  return document.value(KeyOf(what), Json::array()).dump();
}

std::string Add(const Path& room, Told what, const std::string& json) {
  const Folder folder = Folder::OpenForReading(room);
  History history(folder);
  const std::string key = KeyOf(what);
  Json given = ParseGiven(json);
  if (what == Told::kTour) {
    return Commit(&history, "tour",
                  [&](Json* document) {
                    (*document)["tour"] = given;
                    return given;
                  })
        .dump();
  }
  if (!given.is_object()) Fail(ErrorCode::kUsage, "An object in curly brackets was expected.");
  if (what == Told::kStory) BringFiles(folder, &given);
  const char* name = what == Told::kThing ? "name" : "title";
  return Commit(&history, given.value(name, key),
                [&](Json* document) {
                  Json one = given;
                  if (!one.contains("id"))
                    one["id"] = IdFrom(one.value(name, ""), (*document)[key]);
                  (*document)[key].push_back(one);
                  return one;
                })
      .dump();
}

std::string Correct(const Path& room, Told what, const std::string& id, const std::string& json) {
  const Folder folder = Folder::OpenForReading(room);
  History history(folder);
  const std::string key = KeyOf(what);
  Json given = ParseGiven(json);
  if (!given.is_object()) Fail(ErrorCode::kUsage, "An object in curly brackets was expected.");
  if (what == Told::kStory) BringFiles(folder, &given);
  return Commit(&history, Called(&history, key.c_str(), id),
                [&](Json* document) {
                  Json& one = Needed(&(*document)[key], id, key.c_str());
                  one.merge_patch(given);
                  return one;
                })
      .dump();
}

void Remove(const Path& room, Told what, const std::string& id, bool recordings) {
  const Folder folder = Folder::OpenForReading(room);
  History history(folder);
  const std::string key = KeyOf(what);
  std::vector<std::string> files;
  Commit(&history, Called(&history, key.c_str(), id), [&](Json* document) {
    Json& list = (*document)[key];
    const Json one = Needed(&list, id, key.c_str());
    files = what == Told::kStory ? FilesOf(one) : std::vector<std::string>();
    Json kept = Json::array();
    for (const Json& other : list) {
      if (other.value("id", "") != id) kept.push_back(other);
    }
    list = std::move(kept);
    ForgetId(document, what, id);
    return one;
  });
  if (recordings) RemoveUnnamed(folder, files, DocumentJson(history.Now()));
}

}  // namespace ajar::room
