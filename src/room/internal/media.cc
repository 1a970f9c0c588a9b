// Files that the document names: how they may be called, and that they are there.
#include <algorithm>
#include <array>
#include <cctype>

#include "base/error.h"
#include "room/document.h"
#include "room/internal/captions.h"
#include "room/internal/media_files.h"

namespace ajar::room {
namespace {

namespace fs = std::filesystem;

// What is wrong with a file of captions, or nothing.
std::optional<std::string> CaptionsViolation(const Path& file) {
  try {
    ReadCaptions(ReadTextFile(file, kMostCaptionBytes), "");
  } catch (const Error& error) {
    return error.message();
  }
  return std::nullopt;
}

}  // namespace

std::string EndingOf(const Path& path) {
  std::string ending = path.extension().string();
  std::ranges::transform(ending, ending.begin(), [](char c) {
    return static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  });
  return ending;
}

bool IsFileBelow(const Path& folder, const std::string& path) {
  std::error_code error;
  const Path root = fs::weakly_canonical(folder, error);
  const Path file = fs::weakly_canonical(folder / path, error);
  if (error || !fs::is_regular_file(file, error)) return false;
  const auto [end, unused] = std::ranges::mismatch(root, file);
  return end == root.end();
}

std::vector<std::string> MediaViolations(const Document& document, const Path& room_folder) {
  std::vector<std::string> found;
  const Path stories = room_folder / "stories";
  for (size_t i = 0; i < document.stories.size(); ++i) {
    const Story& story = document.stories[i];
    const std::string place = "stories[" + std::to_string(i) + "]";
    const std::string* recording = RecordingOf(story);
    if (recording && !IsFileBelow(stories, *recording)) {
      found.push_back(place + (story.video ? ".video" : ".sound") + ": there is no file stories/" +
                      *recording + ".");
    }
    for (size_t c = 0; c < story.captions.size(); ++c) {
      const std::string& path = story.captions[c].path;
      const std::string where = place + ".captions[" + std::to_string(c) + "].path: ";
      if (!IsFileBelow(stories, path)) {
        found.push_back(where + "there is no file stories/" + path + ".");
      } else if (const auto violation = CaptionsViolation(stories / path)) {
        found.push_back(where + "stories/" + path + ": " + *violation);
      }
    }
  }
  const auto check = [&](const std::vector<Photograph>& photographs, const std::string& place) {
    for (size_t i = 0; i < photographs.size(); ++i) {
      if (IsFileBelow(room_folder / "photos", photographs[i].photo)) continue;
      found.push_back(place + "[" + std::to_string(i) + "]: there is no photograph " +
                      photographs[i].photo + " in photos/.");
    }
  };
  for (size_t i = 0; i < document.things.size(); ++i) {
    check(document.things[i].photos, "things[" + std::to_string(i) + "].photos");
  }
  check(document.originals_in_site, "originals_in_site");
  return found;
}

std::optional<std::string> PathViolation(const std::string& path) {
  if (path.empty()) return "must not be empty.";
  if (path.size() > 1000) return "is longer than 1000 bytes.";
  if (path[0] == '/' || (path.size() > 1 && path[1] == ':')) {
    return "must not be an absolute path.";
  }
  for (const char c : path) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7f || c == '\\') {
      return "holds a character that paths here do not have.";
    }
  }
  for (size_t start = 0; start <= path.size();) {
    const size_t end = std::min(path.find('/', start), path.size());
    const std::string part = path.substr(start, end - start);
    if (part == "..") return "must not lead out of its folder with \"..\".";
    if (part.empty() || part == ".") return "has an empty part.";
    start = end + 1;
  }
  return std::nullopt;
}

const std::string* RecordingOf(const Story& story) {
  if (story.video) return &*story.video;
  return story.sound ? &*story.sound : nullptr;
}

std::vector<Photograph> PhotographsInSite(const Document& document) {
  std::vector<Photograph> all;
  const auto add = [&](const std::vector<Photograph>& photographs) {
    for (const Photograph& photograph : photographs) {
      const auto known = std::ranges::find(all, photograph.photo, &Photograph::photo);
      if (known == all.end()) {
        all.push_back(photograph);
      } else if (!known->alt) {
        *known = photograph;
      }
    }
  };
  add(document.originals_in_site);
  for (const Thing& thing : document.things) add(thing.photos);
  return all;
}

bool CannotBeARecording(const std::string& path) {
  static constexpr std::array<const char*, 11> kOthers = {
      ".vtt", ".srt", ".txt", ".jpg", ".jpeg", ".png", ".webp", ".gif", ".json", ".m3u", ".m3u8"};
  const std::string ending = EndingOf(path);
  return std::ranges::find(kOthers, ending) != kOthers.end();
}

}  // namespace ajar::room
