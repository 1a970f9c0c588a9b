#include "room/internal/history.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <ctime>
#include <mutex>

#include "base/error.h"
#include "base/hash.h"
#include "room/internal/json.h"
#include "room/internal/room_text.h"

namespace ajar::room {
namespace {

namespace fs = std::filesystem;

constexpr uint64_t kMostJournalBytes = 256 << 20;
constexpr size_t kMostWords = 200;  // bytes of `what`

std::string NameOf(const std::string& text) { return Sha256Hex(text).substr(0, 16); }

std::string NowInUtc() {
  const std::time_t now = std::time(nullptr);
  std::tm utc{};
  ::gmtime_r(&now, &utc);
  char text[32];
  std::strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &utc);
  return text;
}

// One line of plain text.
std::string Plain(std::string what) {
  std::ranges::replace_if(
      what, [](char c) { return static_cast<unsigned char>(c) < 0x20; }, ' ');
  if (what.size() > kMostWords) {
    size_t end = kMostWords;
    while (end > 0 && (static_cast<unsigned char>(what[end]) & 0xc0) == 0x80) --end;
    what.resize(end);
  }
  return what;
}

std::string LineOf(const Revision& r) {
  const Json json = {{"revision", r.revision},
                     {"at", r.at},
                     {"kind", r.kind},
                     {"what", r.what},
                     {"document", r.document},
                     {"back", r.back > 0 ? Json(r.back) : Json()},
                     {"forward", r.forward > 0 ? Json(r.forward) : Json()}};
  return json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::optional<Revision> RevisionOf(const std::string& line) {
  const Json json = Json::parse(line, nullptr, false);
  std::vector<std::string> violations;
  ObjectReader in(json, "", &violations);
  Revision r;
  r.revision = static_cast<int64_t>(in.Number("revision").value_or(0));
  r.at = in.RequiredText("at");
  r.kind = in.RequiredText("kind");
  r.what = in.Text("what").value_or("");
  r.document = in.RequiredText("document");
  r.back = static_cast<int64_t>(in.Number("back").value_or(0));
  r.forward = static_cast<int64_t>(in.Number("forward").value_or(0));
  const bool hex = r.document.size() == 16 &&
                   r.document.find_first_not_of("0123456789abcdef") == std::string::npos;
  if (!violations.empty() || !hex || r.revision < 1) return std::nullopt;
  return r;
}

// Held by one program and thread for one step; the others wait.
class StepLock {
 public:
  explicit StepLock(const Path& path)
      : fd_(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666)) {
    if (fd_ < 0) FailErrno(errno, "open", path.string());
    while (::flock(fd_, LOCK_EX) != 0) {
      if (errno != EINTR) FailErrno(errno, "lock", path.string());
    }
  }
  ~StepLock() { ::close(fd_); }
  StepLock(const StepLock&) = delete;
  StepLock& operator=(const StepLock&) = delete;

 private:
  int fd_;
};

// Appends and syncs. A power cut leaves a part of the line at most, which is cut off before the
// next.
void AppendLine(const Path& path, uint64_t at, const std::string& line) {
  const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
  if (fd < 0) FailErrno(errno, "write", path.string());
  size_t done = 0;
  int failed = ::ftruncate(fd, static_cast<off_t>(at)) == 0 ? 0 : errno;
  while (failed == 0 && done < line.size()) {
    const ssize_t n =
        ::pwrite(fd, line.data() + done, line.size() - done, static_cast<off_t>(at + done));
    if (n < 0 && errno != EINTR) failed = errno;
    if (n > 0) done += static_cast<size_t>(n);
  }
  if (failed == 0 && ::fsync(fd) != 0) failed = errno;
  ::close(fd);
  if (failed != 0) FailErrno(failed, "write", path.string());
}

}  // namespace

struct History::Impl {
  Folder folder;
  std::mutex mutex;
  std::vector<Revision> all;
  uint64_t journal_bytes = 0;  // of whole lines

  explicit Impl(const Folder& f) : folder(f) { MakeFolder(folder.history() / "versions"); }
  Path journal() const { return folder.history() / "journal.jsonl"; }
  Path next() const { return folder.history() / "next.json"; }
  Path version(const std::string& name) const {
    return folder.history() / "versions" / (name + ".json");
  }

  void ReadJournal();
  State Look();
  void Record(Revision revision);
  State Write(Revision revision, const std::string& text);
  const Revision& Get(int64_t revision) const;
  std::string Text(const Revision& revision) const;
  Result Step(int64_t from, bool back);
  std::optional<Conflict> ConflictWith(int64_t from, const State& state) const;
};

void History::Impl::ReadJournal() {
  std::error_code error;
  const uint64_t size = fs::file_size(journal(), error);
  if (error || size == 0) {
    all.clear();
    journal_bytes = 0;
    return;
  }
  if (size == journal_bytes && !all.empty()) return;
  const std::string text = ReadTextFile(journal(), kMostJournalBytes);
  all.clear();
  journal_bytes = 0;
  for (size_t begin = 0; begin < text.size();) {
    const size_t end = text.find('\n', begin);
    if (end == std::string::npos) break;
    const auto revision = RevisionOf(text.substr(begin, end - begin));
    if (!revision || revision->revision != static_cast<int64_t>(all.size()) + 1) {
      if (end + 1 == text.size()) break;  // a torn last line
      Fail(ErrorCode::kInput,
           "Line " + std::to_string(all.size() + 1) + " of the room's history cannot be read.",
           journal().string(),
           "Move the folder history/ elsewhere; it then begins anew with the room as it is.");
    }
    all.push_back(*revision);
    begin = end + 1;
    journal_bytes = begin;
  }
}

void History::Impl::Record(Revision revision) {
  const std::string line = LineOf(revision);
  const bool first = !fs::exists(journal());
  AppendLine(journal(), journal_bytes, line);
  if (first) SyncTree(folder.history());
  journal_bytes += line.size();
  all.push_back(std::move(revision));
}

// The newest, after what other programs and people did has been taken in.
History::State History::Impl::Look() {
  ReadJournal();
  std::string text = folder.DocumentText();
  const std::string name = NameOf(text);
  if (!all.empty() && all.back().document == name) return {all.back(), std::move(text)};
  // A change whose line is missing: the program ended in between.
  std::error_code error;
  if (fs::is_regular_file(next(), error)) {
    const auto revision = RevisionOf(ReadTextFile(next()));
    if (revision && revision->document == name &&
        revision->revision == static_cast<int64_t>(all.size()) + 1) {
      Record(*revision);
      return {all.back(), std::move(text)};
    }
  }
  ParseDocument(text, folder.document().string());
  if (!fs::exists(version(name))) WriteFileAtomic(version(name), text);
  Revision revision;
  revision.revision = static_cast<int64_t>(all.size()) + 1;
  revision.at = NowInUtc();
  revision.kind = "outside";
  revision.document = name;
  revision.back = all.empty() ? 0 : all.back().revision;
  Record(std::move(revision));
  return {all.back(), std::move(text)};
}

// In this order, so that whatever is cut off can be told from what others did: the version, what is
// about to happen, room.json, the line.
History::State History::Impl::Write(Revision revision, const std::string& text) {
  revision.revision = all.back().revision + 1;
  revision.at = NowInUtc();
  revision.document = NameOf(text);
  if (!fs::exists(version(revision.document))) WriteFileAtomic(version(revision.document), text);
  WriteFileAtomic(next(), LineOf(revision));
  WriteFileAtomic(folder.document(), text);
  Record(std::move(revision));
  WriteRoomText(folder, text);
  return {all.back(), text};
}

const Revision& History::Impl::Get(int64_t revision) const {
  if (revision < 1 || revision > static_cast<int64_t>(all.size())) {
    Fail(ErrorCode::kUsage, "The room's history has no revision " + std::to_string(revision) + ".");
  }
  return all[static_cast<size_t>(revision - 1)];
}

std::string History::Impl::Text(const Revision& revision) const {
  std::string text = ReadTextFile(version(revision.document));
  if (NameOf(text) != revision.document) {
    Fail(ErrorCode::kInput, "This version of the room was changed or damaged.",
         version(revision.document).string());
  }
  return text;
}

std::optional<History::Conflict> History::Impl::ConflictWith(int64_t from,
                                                             const State& state) const {
  if (from == 0 || from == state.now.revision) return std::nullopt;
  return Conflict{state, Text(Get(from))};
}

History::Result History::Impl::Step(int64_t from, bool back) {
  const std::lock_guard guard(mutex);
  const StepLock lock(folder.history() / ".lock");
  State state = Look();
  if (auto conflict = ConflictWith(from, state)) return {state, std::move(conflict)};
  const int64_t target = back ? state.now.back : state.now.forward;
  if (target == 0) {
    Fail(ErrorCode::kUsage, back ? "There is nothing to undo; this is how the room began."
                                 : "There is nothing to do again.");
  }
  const Revision to = Get(target);
  // Where undoing leads on from there is where it led then; redoing leads back to what is left now.
  Revision revision;
  revision.kind = back ? "undo" : "redo";
  revision.what = to.what;
  revision.back = to.back;
  revision.forward = back ? state.now.revision : to.forward;
  return {Write(std::move(revision), Text(to)), std::nullopt};
}

History::History(const Folder& folder) : impl_(std::make_unique<Impl>(folder)) {}
History::~History() = default;

History::State History::Now() {
  const std::lock_guard guard(impl_->mutex);
  const StepLock lock(impl_->folder.history() / ".lock");
  return impl_->Look();
}

std::vector<Revision> History::All() {
  Now();
  const std::lock_guard guard(impl_->mutex);
  return impl_->all;
}

Revision History::Get(int64_t revision) {
  const std::lock_guard guard(impl_->mutex);
  return impl_->Get(revision);
}

std::string History::TextOf(int64_t revision) {
  Now();
  const std::lock_guard guard(impl_->mutex);
  return impl_->Text(impl_->Get(revision));
}

History::Result History::Commit(int64_t from, const std::string& text, const std::string& what) {
  ParseDocument(text, impl_->folder.document().filename().string());
  const std::lock_guard guard(impl_->mutex);
  const StepLock lock(impl_->folder.history() / ".lock");
  State state = impl_->Look();
  if (auto conflict = impl_->ConflictWith(from, state)) return {state, std::move(conflict)};
  if (state.text == text) return {state, std::nullopt};
  Revision revision;
  revision.kind = "edit";
  revision.what = Plain(what);
  revision.back = state.now.revision;
  return {impl_->Write(std::move(revision), text), std::nullopt};
}

History::Result History::Undo(int64_t from) { return impl_->Step(from, true); }
History::Result History::Redo(int64_t from) { return impl_->Step(from, false); }

History::State History::Change(const std::string& what,
                               const std::function<void(Document*)>& change) {
  const std::lock_guard guard(impl_->mutex);
  const StepLock lock(impl_->folder.history() / ".lock");
  State state = impl_->Look();
  Document document = ParseDocument(state.text, impl_->folder.document().string());
  change(&document);
  const std::string text = FormatDocument(document);
  ParseDocument(text, impl_->folder.document().filename().string());
  if (text == state.text) return state;
  Revision revision;
  revision.kind = "edit";
  revision.what = Plain(what);
  revision.back = state.now.revision;
  return impl_->Write(std::move(revision), text);
}

}  // namespace ajar::room
