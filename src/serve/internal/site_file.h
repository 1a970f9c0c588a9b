// An open file below the served folder.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/files.h"

namespace ajar::serve {

class SiteFile {
 public:
  // Opens folder/name part by part and follows no symbolic link below `folder`, so that nothing
  // outside can be reached, even while somebody rearranges the folder. Null when it is not
  // there, not a regular file, or behind a link. `name` comes from ParseRequestPath.
  static std::shared_ptr<SiteFile> Open(const Path& folder, std::string_view name);
  ~SiteFile();
  SiteFile(const SiteFile&) = delete;
  SiteFile& operator=(const SiteFile&) = delete;

  uint64_t size() const { return size_; }
  int64_t changed_ns() const { return changed_ns_; }  // since 1970
  // Reads up to `count` bytes at `offset`; the number read, 0 at the end and on errors.
  size_t Read(uint64_t offset, char* bytes, size_t count) const;

 private:
  SiteFile(int fd, uint64_t size, int64_t changed_ns)
      : fd_(fd), size_(size), changed_ns_(changed_ns) {}
  int fd_;
  uint64_t size_;
  int64_t changed_ns_;
};

// By the name's ending; application/octet-stream when it is none that a site has.
std::string ContentType(std::string_view name);

}  // namespace ajar::serve
