// What a person can do with a room besides building it, one function per verb.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/files.h"
#include "base/progress.h"
#include "room/build.h"
#include "room/document.h"

namespace ajar::room {

struct ViewOptions {
  Path room;
  int port = 0;      // 0: a random free one
  bool open = true;  // in the person's browser
};
// Serves the room's site on this computer until `progress` is cancelled; `on_ready` gets the link.
// Where the folder is no room but holds some, a page from which one goes into each. A room that
// another program is making for the first time is shown as it grows.
// Errors: kInput when there is no site yet.
void View(const ViewOptions& options, const Progress& progress,
          const std::function<void(const std::string& url)>& on_ready);

// Serves the keeper's page likewise: docs/edit-protocol.md. Errors: kBusy where this room is open for
// editing already; kTool without the page's files.
void Edit(const ViewOptions& options, const Progress& progress,
          const std::function<void(const std::string& url)>& on_ready);

// What is told of a room, as JSON of room.json's form. Each change is one revision of the room's history.
enum class Told { kThing, kStory, kTour };
// All of them, as a list.
std::string List(const Path& room, Told what);
// Adds a thing or a story, with an id from its name where it has none, and gives it as it was added; of the
// tour, puts these steps in place of all. Recordings and captions that a story names outside of stories/
// are copied there. Errors: kInput for what room.json may not hold.
std::string Add(const Path& room, Told what, const std::string& json);
// Puts these keys in place of those that a thing or story has; null takes one away. Errors: kUsage when
// there is none with this id.
std::string Correct(const Path& room, Told what, const std::string& id, const std::string& json);
// Takes it out, and wherever else it is named. `recordings`: a story's files are deleted from the disk, too,
// unless another story names them; earlier versions of the room then miss them.
void Remove(const Path& room, Told what, const std::string& id, bool recordings);

struct RenderOptions {
  Path room;
  std::vector<std::string> photos;  // names of photographs whose views are wanted
  std::optional<Path> cameras;      // a transforms.json, in the frame of the poses
  int64_t long_side_px = 0;         // of the photographs' views; 0: as in training
  bool as_shown = false;            // as the page shows what no photograph looked at
  bool depth = false;               // also NAME.depth.png: 16 bit, the distance along the view
                                    // axis of what is seen, in millimetres of the room; 0: nothing
  Path output;                      // folder for NAME.png
};
// Gives the files it wrote. Errors: kUsage for names that were not placed.
std::vector<Path> Render(const RenderOptions& options, const Progress& progress);

// What there is to know of a room, for people or as JSON.
std::string Info(const Path& room, bool as_json);

// Where the time of a room's last build went and what its training had to do, as a table.
std::string Profile(const Path& room);

// A pixel of a photograph: upright, at full size, from its top left.
struct PhotoPixel {
  std::string photo;
  Eigen::Vector2d at_px = Eigen::Vector2d::Zero();
};

struct MeasureOptions {
  Path room;
  PhotoPixel from, to;
};
struct Length {
  double metres = 0;
  double deviation_m = 0;  // standard deviation, the scale's own among it
  bool scale_estimated = false;
  std::string scale_from;  // in words, as in placement.json
};
// How far two places of the room are from one another. Errors: kUsage for a photograph that was not
// placed, a pixel outside of it or where the room has nothing.
Length Measure(const MeasureOptions& options);

// A page of markers to print, as SVG; their side from 2 to 15 cm.
void WriteMarkerPage(double side_m, const Path& output);

struct PlaceOptions {
  Path room;
  Measured measured;  // as BuildOptions has it
  bool forget_up = false, forget_lengths = false, forget_doorway = false;  // back to estimates
  std::optional<Doorway> doorway;
};
// Corrects what room.json says of up, scale and doorway and makes the site anew; trains nothing.
// Places that room.json gives in the room frame move along. Errors: kUsage for what cannot be
// followed (room.json is then left as it was).
BuildSummary Correct(const PlaceOptions& options, const Progress& progress);

enum class ExportFormat { kPly, kSog, kColmap };
struct ExportOptions {
  Path room;
  ExportFormat format = ExportFormat::kPly;
  bool reconstruction_frame = false;  // else the room frame: metres, y up
  Path output;                        // a file; a folder for kColmap
};
void Export(const ExportOptions& options, const Progress& progress);

struct CheckOptions {
  std::vector<Path> inputs;      // photographs, folders of them, videos
  std::string language = "en";   // or "es": of text and page
  std::optional<Path> page;      // an HTML file to write
  bool watch = false;            // again whenever files come, until `progress` is cancelled
  photo::OpenOptions photo;
};
// What `code` is for photographs that make a room, but not a whole one.
inline constexpr int kNotYet = 9;
struct Checked {
  int code = 0;      // to end with: 0 for enough, kNotYet, or kNotEnough
  std::string text;  // for people; its last line has no newline
  std::string json;  // an object on one line, docs/check.md
};
// Whether photographs suffice for their room, before one leaves it. Nothing but the page is written.
// Errors: kInput; kUsage for a page among the photographs; kNotEnough where there is no photograph
// at all, which `watch` waits for.
void Check(const CheckOptions& options, const Progress& progress,
           const std::function<void(const Checked&)>& on_checked);

// The example room that comes with Ajar.
struct Example {
  Path photos;
  Path words;  // a folder with room.json and stories/, as BuildOptions has it
};
// Errors: kTool when it is missing.
Example GetExample();

}  // namespace ajar::room
