// What the document names must be there: sounds, captions, photographs.
#include <algorithm>

#include "room/document.h"

namespace ajar::room {
namespace {

namespace fs = std::filesystem;

// Whether `path` below `folder` is a file that really lies there (a link may lead elsewhere).
bool IsFileBelow(const Path& folder, const std::string& path) {
  std::error_code error;
  const Path root = fs::weakly_canonical(folder, error);
  const Path file = fs::weakly_canonical(folder / path, error);
  if (error || !fs::is_regular_file(file, error)) return false;
  const auto [end, unused] = std::ranges::mismatch(root, file);
  return end == root.end();
}

bool IsWebVtt(const Path& file) {
  std::string text = ReadTextFile(file, 16 << 20);
  if (text.starts_with("\xef\xbb\xbf")) text.erase(0, 3);
  // The word, alone or followed by a space, a tab or the end of its line.
  return text.starts_with("WEBVTT") && (text.size() == 6 || text.find_first_of(" \t\r\n", 6) == 6);
}

}  // namespace

std::vector<std::string> MediaViolations(const Document& document, const Path& room_folder) {
  std::vector<std::string> found;
  const Path stories = room_folder / "stories";
  for (size_t i = 0; i < document.stories.size(); ++i) {
    const Story& story = document.stories[i];
    const std::string place = "stories[" + std::to_string(i) + "]";
    if (story.sound && !IsFileBelow(stories, *story.sound)) {
      found.push_back(place + ".sound: there is no file stories/" + *story.sound + ".");
    }
    for (size_t c = 0; c < story.captions.size(); ++c) {
      const std::string& path = story.captions[c].path;
      const std::string where = place + ".captions[" + std::to_string(c) + "].path: ";
      if (!IsFileBelow(stories, path)) {
        found.push_back(where + "there is no file stories/" + path + ".");
      } else if (!IsWebVtt(stories / path)) {
        found.push_back(where + "stories/" + path +
                        " is not WebVTT; its first line must begin with WEBVTT.");
      }
    }
  }
  for (size_t i = 0; i < document.originals_in_site.size(); ++i) {
    if (!IsFileBelow(room_folder / "photos", document.originals_in_site[i])) {
      found.push_back("originals_in_site[" + std::to_string(i) + "]: there is no photograph " +
                      document.originals_in_site[i] + " in photos/.");
    }
  }
  return found;
}

}  // namespace ajar::room
