// Files that the document names: how they may be called, and that they are there.
#include <algorithm>
#include <array>
#include <cctype>

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

std::optional<std::string> SoundType(const std::string& path) {
  static constexpr std::array<std::pair<const char*, const char*>, 9> kTypes = {{
      {".mp3", "audio/mpeg"},
      {".m4a", "audio/mp4"},
      {".mp4", "audio/mp4"},
      {".ogg", "audio/ogg"},
      {".oga", "audio/ogg"},
      {".opus", "audio/ogg"},
      {".wav", "audio/wav"},
      {".flac", "audio/flac"},
      {".webm", "audio/webm"},
  }};
  std::string ending = Path(path).extension().string();
  std::ranges::transform(ending, ending.begin(), [](char c) {
    return static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  });
  for (const auto& [known, type] : kTypes) {
    if (ending == known) return type;
  }
  return std::nullopt;
}

}  // namespace ajar::room
