// room.json: the keeper's own document of a room. Written by people, read strictly, and never
// lost: what this version does not know is kept as it stands. docs/room-format.md describes it
// for people, docs/room.schema.json for programs.
#pragma once

#include <Eigen/Core>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/files.h"
#include "scene/rigid3.h"

namespace ajar::room {

inline constexpr int kDocumentVersion = 1;

// Where a visitor stands first: eyes at `position`, looking towards `look_at`. Room frame, metres.
// In a document it may name a photograph instead: where it was taken, looking the way it looks.
struct Doorway {
  Eigen::Vector3d position = Eigen::Vector3d::Zero();
  Eigen::Vector3d look_at = Eigen::Vector3d::Zero();
  std::string photo;  // its name; empty where position and look_at are given
  std::string other;  // JSON object of the keys that we do not know, or empty; so everywhere
};

// How the room lies in the reconstruction's frame, where the keeper knows better than our
// estimate.
struct Alignment {
  Sim3 room_from_reconstruction;
  bool scale_estimated = false, up_estimated = false;
  std::string other;
};

// The same texts in another language; absent ones are shown as they are in the first.
struct Translation {
  std::optional<std::string> name;  // of a thing; the title of a room or a story
  std::optional<std::string> alt;   // of a thing or a photograph
  std::optional<std::vector<std::string>> words, last_words, support, offer;
  std::optional<std::string> content_note;
  std::string other;
};
using Translations = std::map<std::string, Translation>;  // by BCP 47 tag

// A place pointed out in a photograph: on whatever surface is seen there.
struct SeenIn {
  std::string photo;                                // its name
  Eigen::Vector2d at_px = Eigen::Vector2d::Zero();  // upright, at full size, from its top left
  std::string other;
};

// What the keeper measured; scale and up follow from it and are no estimates then.
struct UpGiven {
  Eigen::Vector3d direction = Eigen::Vector3d::Zero();  // reconstruction's frame; or:
  std::string photo;  // two places of a photograph, the second right above the first
  Eigen::Vector2d low_px = Eigen::Vector2d::Zero(), high_px = Eigen::Vector2d::Zero();
  std::string other;
};
struct LengthGiven {
  std::string photo;  // two places in it, and how far they are apart
  Eigen::Vector2d from_px = Eigen::Vector2d::Zero(), to_px = Eigen::Vector2d::Zero();
  double metres = 0;
  std::string other;
};
struct Measured {
  std::optional<UpGiven> up;
  std::vector<LengthGiven> lengths;
  double marker_m = 0;           // side of the printed markers in the photographs; 0: none
  bool poses_in_metres = false;  // the poses were made elsewhere, with a known scale
  std::string other;
};

// One of the keeper's photographs, to be shown to visitors.
struct Photograph {
  std::string photo;               // its name
  std::optional<std::string> alt;  // what it shows, for those who do not see it
  Translations translations;
  std::string other;
};

struct Thing {
  std::string id, name;
  std::vector<std::string> words;  // paragraphs
  // One of the two is there; where both are, the position counts.
  std::optional<Eigen::Vector3d> position;  // room frame, metres
  std::optional<SeenIn> seen_in;
  std::optional<std::string> alt;  // how it stands there, for those who do not see it
  std::vector<Photograph> photos;  // those that show it best
  Translations translations;
  std::string other;
};

struct Captions {
  std::string path;  // WebVTT or SRT, below stories/
  std::string language, label;
  std::string other;
};

// Seconds from the beginning of a recording as it came; so everywhere.
struct Trim {
  double from_s = 0;
  std::optional<double> to_s;  // its end where not given
  std::string other;
};

struct Passage {
  double from_s = 0, to_s = 0;
  std::vector<std::string> things;  // ids
  std::string other;
};

struct Story {
  std::string id, title;
  std::optional<std::string> speaker, language, content_note;
  std::vector<std::string> things;  // ids
  std::vector<std::string> words;
  std::optional<std::string> sound, video;  // below stories/; one of them or neither
  std::optional<Trim> trim;                 // what visitors get of it
  std::vector<Captions> captions;
  std::vector<Passage> passages;
  Translations translations;
  std::string other;
};

// Where one stands. Room frame, metres.
struct TourPlace {
  Eigen::Vector3d position = Eigen::Vector3d::Zero();  // of the eyes
  Eigen::Vector3d look_at = Eigen::Vector3d::Zero();
  std::string other;
};

// A step of the guided visit. At least one of thing, story, place and words is there.
struct TourStep {
  std::optional<std::string> thing, story;  // ids
  std::optional<TourPlace> place;
  std::vector<std::string> words;
  std::optional<double> pause_s;  // kTourPause_s where not given
  Translations translations;
  std::string other;
};
inline constexpr double kTourPause_s = 4;

// Words that lead on from the room, and where to: an address that a visitor may open, never the
// page.
struct Further {
  std::vector<std::string> words;
  std::optional<std::string> link;  // http:, https:, mailto: or tel:
  std::string other;
};

struct Document {
  std::string title;
  std::string language = "en";  // BCP 47
  std::vector<std::string> words, last_words;
  std::optional<std::string> content_note, place, captured, credit, rights;
  bool searchable = false;         // search engines may list it
  std::optional<Further> support;  // where to find it, for whom the room is heavy
  std::optional<Further> offer;    // what the keeper asks or offers at the end
  std::optional<Doorway> doorway;
  std::optional<Alignment> alignment;
  Measured measured;
  std::vector<Thing> things;
  std::vector<Story> stories;
  std::vector<TourStep> tour;
  std::vector<Photograph> originals_in_site;  // that may enter the site
  Translations translations;
  std::string other;
  // JSON paths of the keys that we do not know: kept, and told to the keeper, since one of them
  // may be a slip of the pen.
  std::vector<std::string> unknown_keys;
};

// Documents of earlier versions are understood: one without "version" (version 0) may give
// "words" and "last_words" as one text, its paragraphs parted by blank lines.
// Errors: kInput with all violations at once, a line each, naming the JSON path
// ("stories[2].captions[0].path: ..."), or for a text above 4 MiB. `where` is the file's name for
// messages.
Document ParseDocument(const std::string& text, const std::string& where);

// Up where it is there, lengths instead of the earlier ones where there are any, poses in metres
// where true. Whether that changed anything.
bool AddMeasured(const Measured& measured, Document* document);

// ParseDocument(FormatDocument(d)) equals d; unknown keys come after the known ones.
std::string FormatDocument(const Document& document);

// The document that a new room starts with: a title and empty places to fill in.
Document NewDocument(const Path& room_folder);

// What the document names but the room folder does not hold, or holds in a form that a page
// cannot play or show; each with its JSON path. Empty when all is well.
std::vector<std::string> MediaViolations(const Document& document, const Path& room_folder);

// All photographs that the document lets into the site, each once, in its order: originals first,
// then those of things. Of one that is named twice the first alternative text counts.
std::vector<Photograph> PhotographsInSite(const Document& document);

// The recording of a story, sound or video; null where it is text alone.
const std::string* RecordingOf(const Story& story);

// Whether a file is surely no recording, by its ending: captions, pictures, playlists.
bool CannotBeARecording(const std::string& path);

// A path that stays below the folder it is relative to, on every system: parts of sensible
// characters, no "..", not absolute. Gives what is wrong with it, or nothing.
std::optional<std::string> PathViolation(const std::string& path);

}  // namespace ajar::room
