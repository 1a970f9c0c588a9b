// Every version of room.json: kept, named, and led back to. docs/room-format.md describes the
// files.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "room/document.h"
#include "room/internal/folder.h"

namespace ajar::room {

struct Revision {
  int64_t revision = 0;  // 1, 2, ...
  std::string at;        // UTC, as 2026-11-26T16:20:00Z
  std::string kind;      // edit, undo, redo, outside
  std::string what;  // of the edit that led to this document; for people, in the keeper's language
  std::string document;           // first 16 digits of its SHA-256
  int64_t back = 0, forward = 0;  // where undoing and redoing lead from here; 0: nowhere
};

// A room.json and its history; several programs may have one open at a time. Each call looks at
// what lies on the disk: what was changed by other means is recorded as a revision of kind
// "outside" first. Thread-safe. Errors: as ParseDocument for a room.json that is none; kDisk.
class History {
 public:
  explicit History(const Folder& folder);
  ~History();
  History(const History&) = delete;
  History& operator=(const History&) = delete;

  // The newest, with the document's text.
  struct State {
    Revision now;
    std::string text;
  };
  State Now();
  std::vector<Revision> All();
  // Errors, here and below: kUsage when there is none of that number.
  Revision Get(int64_t revision);
  std::string TextOf(int64_t revision);

  // What a change is to be made from is not the newest any more.
  struct Conflict {
    State theirs;
    std::string base;  // the text at the revision that the change was made from
  };
  // On the disk when it returns. `from` must be the newest revision; 0: whatever is. A text that is
  // the newest already makes no revision. The text is written as given. Errors: as ParseDocument.
  struct Result {
    State state;
    std::optional<Conflict> conflict;  // then nothing was done
  };
  Result Commit(int64_t from, const std::string& text, const std::string& what);
  // Errors: kUsage when there is nothing to undo or redo.
  Result Undo(int64_t from);
  Result Redo(int64_t from);

  // Reads, changes and commits as one, whatever other programs do. What `change` raises is passed
  // on.
  State Change(const std::string& what, const std::function<void(Document*)>& change);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace ajar::room
