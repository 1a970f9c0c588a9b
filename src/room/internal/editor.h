// What the keeper's page asks for, answered: docs/edit-protocol.md.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "room/internal/edit_places.h"
#include "room/internal/history.h"
#include "room/internal/jobs.h"
#include "room/internal/recording_desk.h"
#include "room/internal/uploads.h"
#include "serve/server.h"

namespace ajar::room {

class Editor {
 public:
  // One for a room at a time. Errors: kBusy where another program has one.
  explicit Editor(const Folder& folder);
  // Thread-safe. Nothing for what is a file of the page or the site.
  std::optional<serve::Answer> Answer(const serve::Question& question);

 private:
  serve::Answer AnswerApi(const serve::Question& question, const std::string& name);
  serve::Answer RoomAt(const serve::Question& question, const std::string& name);
  serve::Answer Uploading(const serve::Question& question, const std::string& id);
  serve::Answer RecordingsAt(const serve::Question& question, const std::string& path);
  serve::Answer CaptionsAt(const serve::Question& question, const std::string& what);
  serve::Answer Placing(const serve::Question& question, const std::string& what);
  serve::Answer StateAnswer(const History::State& state, int status = 200);
  serve::Answer Committed(const History::Result& result, const Json& yours);
  Json StateJson(const History::State& state);
  Json RecordingJson(const DeskEntry& entry, bool whole);
  std::optional<serve::Answer> Picture(const std::string& name, int long_side_px);
  // Does what a verb of this very program does, and gives the new state.
  Json RunVerb(const std::vector<std::string>& words, const Progress& progress);

  Folder folder_;
  FileLock lock_;
  History history_;
  EditPlaces places_;
  Uploads uploads_;
  RecordingDesk desk_;
  Jobs jobs_;  // last: it ends first
};

}  // namespace ajar::room
