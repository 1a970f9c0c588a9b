#include "room/internal/page_files.h"

#include <algorithm>

#include "base/error.h"

namespace ajar::room {

namespace fs = std::filesystem;

std::vector<Path> FilesBelow(const Path& folder) {
  std::vector<Path> files;
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file()) files.push_back(entry.path().lexically_relative(folder));
  }
  std::ranges::sort(files);
  return files;
}

std::vector<Path> VisitorsPage(const Path& viewer) {
  std::vector<Path> files = FilesBelow(viewer);
  std::erase_if(files, [](const Path& file) {
    const std::string name = file.generic_string();
    return name.starts_with("edit.html") || name.starts_with("assets/edit/");
  });
  return files;
}

void AllowSearch(const Path& site) {
  const Path index = site / "index.html";
  const std::string refusal = "<meta name=\"robots\" content=\"noindex\" />";
  std::string html = ReadTextFile(index);
  const size_t at = html.find(refusal);
  if (at == std::string::npos) {
    Fail(ErrorCode::kTool, "The page is not one that this program knows.", index.string());
  }
  WriteFileAtomic(index, html.erase(at, refusal.size()));
  for (const char* ending : {".br", ".gz"}) fs::remove(index.string() + ending);
}

void CopyFile(const Path& from, const Path& to) {
  MakeFolder(to.parent_path());
  WriteFileAtomic(to, ReadFile(from));
}

}  // namespace ajar::room
