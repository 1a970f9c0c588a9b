// ledger.json: which stage was done from what, so that a build knows what is stale, and what
// each stage had to report, so that a later build can still tell.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "room/internal/folder.h"
#include "room/internal/json.h"

namespace ajar::room {

struct StageRecord {
  std::string key;  // SHA-256 of the stage's version, options and inputs
  double seconds = 0;
  uint64_t peak_memory_bytes = 0;
  Json report = Json::object();
};

class Ledger {
 public:
  // A ledger that cannot be read counts as empty: everything is then done again.
  explicit Ledger(const Folder& folder);

  // Null when the stage was never done.
  const StageRecord* Find(const std::string& stage) const;
  bool IsFresh(const std::string& stage, const std::string& key) const;
  void Record(const std::string& stage, StageRecord record);
  // Must be called before a stage's result is replaced: should the program end between the
  // replacement and Record, the stage is done again rather than trusted.
  void Forget(const std::string& stage);

 private:
  void Write() const;

  Path path_;
  std::map<std::string, StageRecord> stages_;
};

// A key from lines of text; order matters.
std::string StageKey(const std::string& stage, int version, const std::vector<std::string>& inputs);

// Does the stage unless `target` is there and the ledger says that it was made for this very
// key: `work` fills the staging folder and gives its report, then the folder becomes `target`
// in one step.
const StageRecord& DoStage(const Folder& folder, Ledger* ledger, const std::string& stage,
                           const std::string& key, const Path& target,
                           const std::function<Json(const Path& staging)>& work);

// Wall time and peak memory of a piece of work.
class Meter {
 public:
  Meter();
  double seconds() const;
  uint64_t peak_memory_bytes() const;  // of this process since the meter was made

 private:
  double start_s_;
};

}  // namespace ajar::room
