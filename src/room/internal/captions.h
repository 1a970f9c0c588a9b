// Captions: what is said in a recording, and when.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace ajar::room {

// Seconds from the beginning of the recording. Text is plain: no tags, no entities, lines parted by
// '\n', none of them empty.
struct Cue {
  double from_s = 0, to_s = 0;
  std::string text;
  bool operator==(const Cue&) const = default;
};

using Span = std::pair<double, double>;  // seconds, from and to

inline constexpr size_t kMostCaptionBytes = size_t{2} << 20;
inline constexpr size_t kMostCues = 20'000;
inline constexpr double kLongestRecording_s = 86400;

// Reads WebVTT (W3C, 2019) or SubRip, told apart by the first line; in order of time. Of WebVTT,
// styles, regions, notes, settings and tags are left out. `notes`, which may be null, gets a
// sentence for what was left out and matters (cues without words). Errors: kInput, naming the line,
// for anything that is neither; for bytes that are not UTF-8, over kMostCaptionBytes, kMostCues, or
// a day.
std::vector<Cue> ReadCaptions(std::string text, const std::string& where,
                              std::vector<std::string>* notes = nullptr);

// WebVTT without anything but times and words. ReadCaptions gives the same cues again, to the
// millisecond.
std::string FormatCaptions(const std::vector<Cue>& cues);

// As a part of a recording is heard: moved by `from_s`, and without what lies outside of it.
std::vector<Cue> Trimmed(const std::vector<Cue>& cues, double from_s, double to_s);

// Plain text laid over a recording of `seconds`: a cue a sentence, or a part of a long one, each as
// long as its share of the letters, its ends moved to the pauses nearby. Without text no cues.
std::vector<Cue> SpreadOverPauses(const std::string& text, const std::vector<Span>& silences,
                                  double seconds);

// Cues that are spoken without a halt become one paragraph.
std::vector<std::string> Paragraphs(const std::vector<Cue>& cues);

}  // namespace ajar::room
