#include "serve/internal/site_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cerrno>
#include <utility>

namespace ajar::serve {

std::shared_ptr<SiteFile> SiteFile::Open(const Path& folder, std::string_view name) {
  if (name.empty()) return nullptr;
  int fd = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  while (fd >= 0) {
    const size_t slash = name.find('/');
    const bool last = slash == std::string_view::npos;
    const std::string part(name.substr(0, slash));
    // O_NONBLOCK: a named pipe must not hold us up.
    const int flags = O_RDONLY | O_CLOEXEC | O_NOFOLLOW | (last ? O_NONBLOCK : O_DIRECTORY);
    const int next = ::openat(fd, part.c_str(), flags);
    ::close(fd);
    fd = next;
    if (last) break;
    name.remove_prefix(slash + 1);
  }
  if (fd < 0) return nullptr;
  struct stat info {};
  if (::fstat(fd, &info) != 0 || !S_ISREG(info.st_mode)) {
    ::close(fd);
    return nullptr;
  }
  const int64_t changed_ns = int64_t{info.st_mtim.tv_sec} * 1'000'000'000 + info.st_mtim.tv_nsec;
  return std::shared_ptr<SiteFile>(
      new SiteFile(fd, static_cast<uint64_t>(info.st_size), changed_ns));
}

SiteFile::~SiteFile() { ::close(fd_); }

size_t SiteFile::Read(uint64_t offset, char* bytes, size_t count) const {
  for (;;) {
    const ssize_t n = ::pread(fd_, bytes, count, static_cast<off_t>(offset));
    if (n < 0 && errno == EINTR) continue;
    return n < 0 ? 0 : static_cast<size_t>(n);
  }
}

std::string ContentType(std::string_view name) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 24> kTypes = {{
      {"html", "text/html; charset=utf-8"},
      {"js", "text/javascript; charset=utf-8"},
      {"mjs", "text/javascript; charset=utf-8"},
      {"css", "text/css; charset=utf-8"},
      {"json", "application/json; charset=utf-8"},
      {"vtt", "text/vtt; charset=utf-8"},
      {"txt", "text/plain; charset=utf-8"},
      {"webp", "image/webp"},
      {"png", "image/png"},
      {"jpg", "image/jpeg"},
      {"jpeg", "image/jpeg"},
      {"svg", "image/svg+xml"},
      {"ico", "image/x-icon"},
      {"woff2", "font/woff2"},
      {"wasm", "application/wasm"},
      {"opus", "audio/ogg"},
      {"ogg", "audio/ogg"},
      {"oga", "audio/ogg"},
      {"m4a", "audio/mp4"},
      {"mp3", "audio/mpeg"},
      {"wav", "audio/wav"},
      {"flac", "audio/flac"},
      {"mp4", "video/mp4"},
      {"webm", "video/webm"},
  }};
  const size_t dot = name.rfind('.');
  std::string ending(dot == std::string_view::npos ? "" : name.substr(dot + 1));
  std::transform(ending.begin(), ending.end(), ending.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  for (const auto& [known, type] : kTypes) {
    if (ending == known) return std::string(type);
  }
  return "application/octet-stream";  // .ply, .sog and whatever else is there to be downloaded
}

}  // namespace ajar::serve
