#include "room/internal/uploads.h"

#include <fcntl.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>

#include "base/error.h"
#include "base/hash.h"
#include "room/document.h"
#include "room/internal/captions.h"
#include "room/internal/media_files.h"
#include "room/internal/recordings.h"

namespace ajar::room {
namespace {

namespace fs = std::filesystem;

// What is made of a recording needs room, too, and so does everything else.
constexpr uint64_t kKeptFree_bytes = uint64_t{512} << 20;
constexpr auto kForgotten = std::chrono::hours(24 * 30);

bool IsId(const std::string& id) {
  return id.size() == 16 && id.find_first_not_of("0123456789abcdef") == std::string::npos;
}

void Sync(const Path& file_or_folder) {
  const int fd = ::open(file_or_folder.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return;
  ::fsync(fd);
  ::close(fd);
}

// The name of this very file in a folder, if it has one there, too.
std::optional<std::string> NameWithin(const Path& folder, const Path& file) {
  std::error_code error;
  if (fs::hard_link_count(file, error) < 2 || error) return std::nullopt;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder, error)) {
    if (fs::equivalent(entry.path(), file, error)) return entry.path().filename().string();
  }
  return std::nullopt;
}

bool IsCaptions(const std::string& name) {
  const std::string ending = EndingOf(name);
  return ending == ".vtt" || ending == ".srt";
}

}  // namespace

std::string SafeName(const std::string& name) {
  std::string safe;
  for (const char c : name.substr(std::min(name.find_last_of("/\\") + 1, name.size()))) {
    const bool known =
        std::isalnum(static_cast<unsigned char>(c)) || c == '-' || c == '_' || c == '.' || c == ' ';
    if (known && !(safe.empty() && (c == '.' || c == ' ' || c == '-'))) safe += c;
  }
  while (!safe.empty() && (safe.back() == '.' || safe.back() == ' ')) safe.pop_back();
  const std::string given = EndingOf(name), kept = EndingOf(safe);
  if (safe.empty() || Path(safe).stem().empty()) safe = "recording";
  if (kept.empty() && given.size() > 1 && given.size() <= 8 &&
      std::ranges::all_of(given.substr(1), [](unsigned char c) { return std::isalnum(c) != 0; })) {
    safe = safe == given.substr(1) ? "recording" + given : safe + given;
  }
  constexpr size_t kLongest = 100;
  if (safe.size() > kLongest) {
    const std::string ending = Path(safe).extension().string();
    safe = safe.substr(0, kLongest - std::min(ending.size(), size_t{16})) + ending;
  }
  return safe;
}

namespace {

// Where a disk has no second names (memory cards, many external disks): the name is taken first,
// and what lies there afterwards is either empty or whole. False, with errno, where it cannot be.
bool CopyUnderName(const Path& from, const Path& to) {
  constexpr std::array kNoLinks = {EPERM, ENOTSUP, ENOSYS, EMLINK, EXDEV};
  if (std::ranges::find(kNoLinks, errno) == kNoLinks.end()) return false;
  const int fd = ::open(to.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  if (fd < 0) return false;
  ::close(fd);
  const Path part = to.string() + ".part";
  std::error_code error;
  if (fs::copy_file(from, part, fs::copy_options::overwrite_existing, error)) {
    Sync(part);
    fs::rename(part, to, error);
  }
  if (!error) return true;
  std::error_code ignored;
  fs::remove(part, ignored);
  fs::remove(to, ignored);
  errno = error.value();
  return false;
}

}  // namespace

std::string LinkUnderNewName(const Path& from, const Path& folder, const std::string& name) {
  MakeFolder(folder);
  const std::string stem = Path(name).stem().string(), ending = Path(name).extension().string();
  for (int number = 1; number < 10'000; ++number) {
    const std::string tried = number == 1 ? name : stem + "-" + std::to_string(number) + ending;
    // Unlike a renaming it never takes the place of another.
    const Path to = folder / tried;
    if (::link(from.c_str(), to.c_str()) == 0 || (errno != EEXIST && CopyUnderName(from, to))) {
      Sync(folder);
      return tried;
    }
    if (errno != EEXIST) FailErrno(errno, "write", to.string());
  }
  Fail(ErrorCode::kInput, "There are too many files of this name.", (folder / name).string());
}

Uploads::Uploads(const Folder& folder) : folder_(folder) {
  MakeFolder(folder_.uploads());
  std::vector<Path> old;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder_.uploads())) {
    if (fs::file_time_type::clock::now() - entry.last_write_time() > kForgotten) {
      old.push_back(entry.path());
    }
  }
  std::error_code ignored;
  for (const Path& path : old) fs::remove(path, ignored);
}

uint64_t Uploads::Room() const {
  struct statvfs disk {};
  if (::statvfs(folder_.path().c_str(), &disk) != 0) return 0;
  const uint64_t free_bytes = uint64_t{disk.f_bavail} * disk.f_frsize;
  return std::min(kMostUploadBytes, free_bytes - std::min(free_bytes, kKeptFree_bytes));
}

std::optional<Upload> Uploads::Read(const std::string& id) const {
  std::error_code error;
  if (!IsId(id) || !fs::is_regular_file(NoteOf(id), error)) return std::nullopt;
  const Json json = Json::parse(ReadTextFile(NoteOf(id)), nullptr, false);
  std::vector<std::string> violations;
  ObjectReader in(json, "", &violations);
  Upload upload;
  upload.id = id;
  upload.name = in.Text("name").value_or("");
  upload.bytes = static_cast<uint64_t>(in.Number("bytes").value_or(0));
  upload.offset = static_cast<uint64_t>(in.Number("offset").value_or(0));
  upload.path = in.Text("path").value_or("");
  if (const Json* pieces = in.Array("pieces")) {
    for (const Json& piece : *pieces) {
      ObjectReader of_piece(piece, "pieces", &violations);
      upload.pieces.push_back({static_cast<uint64_t>(of_piece.Number("bytes").value_or(0)),
                               of_piece.RequiredText("sha256")});
    }
  }
  if (!violations.empty()) return std::nullopt;
  return upload;
}

Json PiecesJson(const Upload& upload) {
  Json pieces = Json::array();
  for (const Upload::Piece& piece : upload.pieces) {
    pieces.push_back({{"bytes", piece.bytes}, {"sha256", piece.sha256}});
  }
  return pieces;
}

void Uploads::Write(const Upload& upload) const {
  WriteFileAtomic(NoteOf(upload.id), Dump({{"name", upload.name},
                                           {"bytes", upload.bytes},
                                           {"offset", upload.offset},
                                           {"path", upload.path},
                                           {"pieces", PiecesJson(upload)}}));
}

std::vector<Upload> Uploads::All() const {
  std::vector<std::string> ids;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder_.uploads())) {
    if (entry.path().extension() == ".json") ids.push_back(entry.path().stem().string());
  }
  std::ranges::sort(ids);
  std::vector<Upload> uploads;
  for (const std::string& id : ids) {
    if (const auto upload = Read(id)) uploads.push_back(*upload);
  }
  return uploads;
}

Upload Uploads::Create(const std::string& name, uint64_t bytes) {
  const std::lock_guard lock(mutex_);
  if (name.size() > 1000) Fail(ErrorCode::kUsage, "The name of this file is too long.");
  if (bytes == 0) Fail(ErrorCode::kInput, "This file is empty.", name);
  if (bytes > kMostUploadBytes) {
    Fail(ErrorCode::kUsage, "This file is larger than 4 GiB.", name,
         "Make a smaller copy of it, or bring it in parts.");
  }
  const auto open = std::ranges::count_if(All(), [](const Upload& u) { return u.path.empty(); });
  if (static_cast<size_t>(open) >= kMostUploads) {
    Fail(ErrorCode::kUsage, "Too many files are on their way.", name,
         "Wait until one has arrived.");
  }
  if (bytes > Room()) {
    Fail(ErrorCode::kDisk, "There is not enough room on the disk for this file.", name,
         "Free some space and bring it again.");
  }
  Upload upload{RandomHex(8), name, bytes, 0, {}, {}};
  std::erase_if(upload.name,
                [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
  WriteFileAtomic(FileOf(upload.id), std::string_view());
  Write(upload);
  return upload;
}

std::vector<Upload> Uploads::Unfinished() const {
  const std::lock_guard lock(mutex_);
  std::vector<Upload> uploads = All();
  std::erase_if(uploads, [](const Upload& upload) { return !upload.path.empty(); });
  return uploads;
}

std::optional<Upload> Uploads::Find(const std::string& id) const {
  const std::lock_guard lock(mutex_);
  return Read(id);
}

std::optional<Upload> Uploads::Append(const std::string& id, uint64_t offset,
                                      const std::string& piece, const std::string& sha256) {
  const std::lock_guard lock(mutex_);
  std::optional<Upload> upload = Read(id);
  if (!upload) Fail(ErrorCode::kUsage, "There is no such upload.", id);
  if (offset != upload->offset || !upload->path.empty()) return std::nullopt;
  if (Sha256Hex(piece) != sha256) {
    Fail(ErrorCode::kInput, "A piece of the file arrived damaged.", upload->name,
         "It is sent again.");
  }
  if (piece.empty() || piece.size() > upload->bytes - upload->offset) {
    Fail(ErrorCode::kInput, "More arrived than the file should have.", upload->name);
  }
  const int fd = ::open(FileOf(id).c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
  if (fd < 0) FailErrno(errno, "write", FileOf(id).string());
  // What a kill left of a piece that did not count goes first.
  int failed = ::ftruncate(fd, static_cast<off_t>(offset)) == 0 ? 0 : errno;
  for (size_t done = 0; failed == 0 && done < piece.size();) {
    const ssize_t n =
        ::pwrite(fd, piece.data() + done, piece.size() - done, static_cast<off_t>(offset + done));
    if (n < 0 && errno != EINTR) failed = errno;
    if (n > 0) done += static_cast<size_t>(n);
  }
  if (failed == 0 && ::fsync(fd) != 0) failed = errno;
  ::close(fd);
  if (failed != 0) FailErrno(failed, "write", FileOf(id).string());
  upload->offset += piece.size();
  upload->pieces.push_back({piece.size(), sha256});
  Write(*upload);
  return upload;
}

Uploads::Arrived Uploads::Finish(const std::string& id, const std::optional<std::string>& sha256) {
  const std::lock_guard lock(mutex_);
  std::optional<Upload> upload = Read(id);
  if (!upload) Fail(ErrorCode::kUsage, "There is no such upload.", id);
  const auto kind_of = [](const Path& file, const std::string& name) -> std::string {
    if (IsCaptions(name)) {
      ReadCaptions(ReadTextFile(file, kMostCaptionBytes), name);
      return "captions";
    }
    if (CannotBeARecording(name)) {
      Fail(ErrorCode::kInput, "This is neither a recording nor captions.", name);
    }
    return IsVideo(file, name) ? "video" : "sound";
  };
  const Path file = FileOf(id);
  if (!upload->path.empty() && !fs::exists(file)) {
    return {upload->path, kind_of(folder_.stories() / upload->path, upload->path)};
  }
  if (upload->offset != upload->bytes) {
    Fail(ErrorCode::kInput, "Not all of this file has arrived.", upload->name);
  }
  if (sha256 && Sha256HexOfFile(file) != *sha256) {
    Fail(ErrorCode::kInput, "This file arrived damaged.", upload->name, "Bring it again.");
  }
  const std::string name = SafeName(upload->name);
  const std::string kind = kind_of(file, name);
  // A kill in between leaves both names of the one file, by which it is known again.
  const auto already = NameWithin(folder_.stories(), file);
  upload->path = already ? *already : LinkUnderNewName(file, folder_.stories(), name);
  Write(*upload);
  std::error_code ignored;
  fs::remove(file, ignored);
  return {upload->path, kind};
}

void Uploads::Remove(const std::string& id) {
  const std::lock_guard lock(mutex_);
  if (!IsId(id)) return;
  std::error_code ignored;
  fs::remove(FileOf(id), ignored);
  fs::remove(NoteOf(id), ignored);
}

}  // namespace ajar::room
