// The room while it is being learned: a small site in .work/growing that `ajar view` serves and
// that gets sharper every few seconds. What it shows is in no file of the room.
#pragma once

#include <chrono>
#include <optional>

#include "room/document.h"
#include "room/internal/folder.h"
#include "room/internal/placement.h"
#include "scene/splat_cloud.h"

namespace ajar::room {

// The site's visit.json says `growing` and comes last; it names other splats whenever it is
// sharper.
Path GrowingSite(const Folder& folder);

// For the program that shows the room: call it every few seconds.
void SayWatched(const Folder& folder);

// For the program that builds the room. The first picture is always written, further ones only
// while somebody watches, and so that they take a fifth of the time at most. A full disk or a
// missing page ends the showing and not the building.
class Growing {
 public:
  Growing(const Folder& folder, const Document& document, const Placement& placement);
  ~Growing();  // takes the site away
  Growing(const Growing&) = delete;
  Growing& operator=(const Growing&) = delete;

  // In the reconstruction's frame.
  void Show(const SplatCloud& cloud);

 private:
  void Write(const SplatCloud& cloud);

  Folder folder_;
  Document document_;
  Placement placement_;
  int number_ = 0;
  bool given_up_ = false;
  std::chrono::steady_clock::time_point not_before_;
};

}  // namespace ajar::room
