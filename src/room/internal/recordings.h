// Recordings: what is in one, and what visitors get of it. FFmpeg does the work, as a program
// within limits, and reads nothing but the file itself. The file stays as it came.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/progress.h"
#include "room/document.h"
#include "room/internal/captions.h"
#include "room/internal/folder.h"

namespace ajar::room {

// EBU R 128: programme loudness, and the true peak that is not gone beyond.
inline constexpr double kLoudness_lufs = -23, kPeak_dbtp = -1.5;

struct Recording {
  bool video = false;
  double seconds = 0;
  std::optional<double> loudness_lufs;  // integrated; nothing where it is silent throughout
  double peak_dbtp = 0;
  std::vector<Span> silences;  // half a second and longer
  Span speech;                 // without the silence at the two ends
};

// At once, by what the file says of itself; `name` is for messages. Errors: kInput for what is
// neither sound nor video that FFmpeg reads.
bool IsVideo(const Path& file, const std::string& name);

// Errors: kInput for what is neither sound nor video that FFmpeg reads, or is longer than a day;
// kTool without FFmpeg.
Recording Examine(const Path& file, const Progress& progress);

struct Source {
  std::string name, type;  // of a file, and what it is ("audio/ogg; codecs=opus")
};
// What visitors get.
struct Heard {
  Path folder;
  std::vector<Source> sources;          // the one that browsers should take first comes first
  std::string poster;                   // WebP, of a video
  double seconds = 0;                   // of the part that is heard
  std::optional<double> loudness_lufs;  // as made
  Recording recording;                  // as it came
};

// Sound as Opus and AAC, levelled; a video as H.264 of at most 1280 pixels with such sound. Kept in
// .work/heard/ under the recording's bytes and the part, and found again there. Errors as Examine.
Heard MakeHeard(const Folder& folder, const std::string& path, const std::optional<Trim>& trim,
                const Progress& progress);
// Nothing where it was not made yet. Errors: kInput when the file is not there.
std::optional<Heard> FindHeard(const Folder& folder, const std::string& path,
                               const std::optional<Trim>& trim);

}  // namespace ajar::room
