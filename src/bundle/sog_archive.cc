#include <archive.h>
#include <archive_entry.h>

#include <algorithm>
#include <memory>
#include <string_view>

#include "base/check.h"
#include "base/error.h"
#include "bundle/sog.h"

namespace ajar::bundle {
namespace {

constexpr size_t kMostFiles = 64;
// Pictures do not shrink when packed. What unpacks to many times its size is there to fill memory.
constexpr size_t kMostBytes = size_t{1} << 30, kMostGrowth = 16, kAlwaysAllowed = size_t{1} << 20;

// Stored or deflated, as all tools write it: the headers of other methods can ask for gigabytes.
// libarchive tells the method of an entry in the name of the format only.
bool IsPlainlyPacked(archive* zip) {
  const char* format = archive_format_name(zip);
  const std::string_view method = format ? format : "";
  return method.ends_with("(uncompressed)") || method.ends_with("(deflation)");
}

ssize_t Append(archive*, void* to, const void* from, size_t count) {
  auto* bytes = static_cast<std::vector<uint8_t>*>(to);
  const auto* begin = static_cast<const uint8_t*>(from);
  bytes->insert(bytes->end(), begin, begin + count);
  return static_cast<ssize_t>(count);
}

}  // namespace

std::vector<uint8_t> PackSog(const std::map<std::string, std::vector<uint8_t>>& files) {
  std::vector<uint8_t> bytes;
  const std::unique_ptr<archive, decltype(&archive_write_free)> zip(archive_write_new(),
                                                                    &archive_write_free);
  bool ok = archive_write_set_format_zip(zip.get()) == ARCHIVE_OK &&
            archive_write_zip_set_compression_store(zip.get()) == ARCHIVE_OK &&
            archive_write_set_bytes_per_block(zip.get(), 0) == ARCHIVE_OK &&
            archive_write_open(zip.get(), &bytes, nullptr, &Append, nullptr) == ARCHIVE_OK;
  for (const auto& [name, content] : files) {
    const std::unique_ptr<archive_entry, decltype(&archive_entry_free)> entry(
        archive_entry_new(), &archive_entry_free);
    archive_entry_set_pathname(entry.get(), name.c_str());
    archive_entry_set_size(entry.get(), static_cast<int64_t>(content.size()));
    archive_entry_set_filetype(entry.get(), AE_IFREG);
    archive_entry_set_perm(entry.get(), 0644);
    archive_entry_set_mtime(entry.get(), 315532800, 0);  // 1980, ZIP's beginning: same bytes always
    ok = ok && archive_write_header(zip.get(), entry.get()) == ARCHIVE_OK &&
         archive_write_data(zip.get(), content.data(), content.size()) ==
             static_cast<ssize_t>(content.size());
  }
  ok = ok && archive_write_close(zip.get()) == ARCHIVE_OK;
  if (!ok) Fail(ErrorCode::kMemory, "The bundle could not be packed.");
  return bytes;
}

std::map<std::string, std::vector<uint8_t>> UnpackSog(std::span<const uint8_t> bytes,
                                                      const std::string& name) {
  const std::unique_ptr<archive, decltype(&archive_read_free)> zip(archive_read_new(),
                                                                   &archive_read_free);
  archive_read_support_format_zip(zip.get());
  const auto fail = [&](const std::string& what) { Fail(ErrorCode::kInput, what, name); };
  if (archive_read_open_memory(zip.get(), bytes.data(), bytes.size()) != ARCHIVE_OK) {
    fail("This is not a SOG bundle.");
  }
  std::map<std::string, std::vector<uint8_t>> files;
  const size_t most = std::min(kMostBytes, kAlwaysAllowed + kMostGrowth * bytes.size());
  size_t total = 0;
  archive_entry* entry = nullptr;
  int state = ARCHIVE_OK;
  while ((state = archive_read_next_header(zip.get(), &entry)) == ARCHIVE_OK) {
    const char* path = archive_entry_pathname(entry);
    if (path == nullptr || files.size() >= kMostFiles) fail("The bundle holds what it should not.");
    if (!IsPlainlyPacked(zip.get())) fail("The bundle is neither stored nor deflated.");
    std::vector<uint8_t>& content = files[path];
    content.clear();
    std::vector<uint8_t> piece(1 << 16);
    ssize_t n = 0;
    while ((n = archive_read_data(zip.get(), piece.data(), piece.size())) > 0) {
      total += static_cast<size_t>(n);
      if (total > most) fail("The bundle is larger than any we read.");
      content.insert(content.end(), piece.begin(), piece.begin() + n);
    }
    if (n < 0) fail("The bundle is damaged or cut off.");
  }
  if (state != ARCHIVE_EOF || files.empty()) fail("This is not a SOG bundle, or it is cut off.");
  return files;
}

}  // namespace ajar::bundle
