// Photographs in folders that grow while somebody takes them.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/progress.h"
#include "photo/photo.h"

namespace ajar::room {

// What was opened once is not opened again unless its file changes.
class GrowingSet {
 public:
  // `frames`: a folder of one's own for the frames of videos.
  GrowingSet(std::vector<Path> inputs, Path frames, photo::OpenOptions options);

  // Whether files came, went or changed since the last Read, and none did since the last call: one
  // that is still being copied is waited for. Errors: kInput when an input is gone.
  bool HasChanged();

  // As photo::Open, but that without any usable photograph the set is empty.
  photo::PhotoSet Read(const Progress& progress);

 private:
  struct State {
    uint64_t bytes = 0;
    int64_t changed = 0;
    friend bool operator==(const State&, const State&) = default;
  };
  using Files = std::map<Path, State>;
  struct Opened {
    State state;
    photo::PhotoSet set;  // of this file alone: frames, if it is a video
  };

  Files Find() const;

  std::vector<Path> inputs_;
  Path frames_;
  photo::OpenOptions options_;
  Files read_, found_;
  std::map<Path, Opened> opened_;
};

}  // namespace ajar::room
