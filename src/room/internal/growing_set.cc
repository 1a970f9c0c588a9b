#include "room/internal/growing_set.h"

#include <algorithm>

#include "base/error.h"
#include "base/parallel.h"

namespace ajar::room {
namespace {

namespace fs = std::filesystem;

photo::PhotoSet OpenOne(const Path& path, const Path& frames, const photo::OpenOptions& options) {
  try {
    return photo::Open({path}, frames, options, {});
  } catch (const Error& error) {
    if (error.code() != ErrorCode::kNotEnough && error.code() != ErrorCode::kInput) throw;
    // Of a set of one the sentence ends with the file's name and what is the matter with it.
    const std::string name = path.filename().string();
    const size_t at = error.message().find(name + ": ");
    const std::string reason =
        at == std::string::npos ? error.message() : error.message().substr(at + name.size() + 2);
    photo::PhotoSet none;
    none.left_out.push_back({name, reason});
    return none;
  }
}

bool IsHidden(const Path& path) { return path.filename().string().starts_with('.'); }

}  // namespace

GrowingSet::GrowingSet(std::vector<Path> inputs, Path frames, photo::OpenOptions options)
    : inputs_(std::move(inputs)), frames_(std::move(frames)), options_(options) {}

GrowingSet::Files GrowingSet::Find() const {
  Files files;
  // A file may go while it is looked at: it is then not there.
  const auto add = [&](const fs::directory_entry& entry) {
    std::error_code error;
    if (!entry.is_regular_file(error) || error) return;
    const State state{entry.file_size(error),
                      entry.last_write_time(error).time_since_epoch().count()};
    if (!error) files[entry.path()] = state;
  };
  for (const Path& input : inputs_) {
    std::error_code error;
    if (!fs::exists(input, error)) {
      Fail(ErrorCode::kInput, "There is no such file or folder.", input.string());
    }
    if (!fs::is_directory(input, error)) {
      add(fs::directory_entry(input));
      continue;
    }
    for (fs::recursive_directory_iterator it(input, error), end; !error && it != end;
         it.increment(error)) {
      if (IsHidden(it->path())) {
        it.disable_recursion_pending();
      } else {
        add(*it);
      }
    }
  }
  return files;
}

bool GrowingSet::HasChanged() {
  Files now = Find();
  const bool settled = now == found_;
  found_ = std::move(now);
  return settled && found_ != read_;
}

photo::PhotoSet GrowingSet::Read(const Progress& progress) {
  found_ = Find();
  std::vector<Path> fresh;
  for (const auto& [path, state] : found_) {
    const auto known = opened_.find(path);
    if (known == opened_.end() || !(known->second.state == state)) fresh.push_back(path);
  }
  std::erase_if(opened_, [&](const auto& entry) { return !found_.contains(entry.first); });
  std::vector<photo::PhotoSet> sets(fresh.size());
  const size_t batch = 4 * static_cast<size_t>(ThreadCount());
  for (size_t begin = 0; begin < fresh.size(); begin += batch) {
    const size_t end = std::min(begin + batch, fresh.size());
    progress.ThrowIfCancelled();
    progress.Report({"looking at the photographs",
                     static_cast<double>(begin) / static_cast<double>(fresh.size()),
                     {},
                     {}});
    ParallelFor(end - begin, 1,
                [&](size_t k) { sets[begin + k] = OpenOne(fresh[begin + k], frames_, options_); });
  }
  for (size_t k = 0; k < fresh.size(); ++k) {
    opened_[fresh[k]] = {found_.at(fresh[k]), std::move(sets[k])};
  }
  read_ = found_;

  photo::PhotoSet all;
  std::map<std::string, std::string> first_with;
  for (const auto& [path, opened] : opened_) {
    Path relative = path.filename();
    for (const Path& input : inputs_) {
      const Path within = path.lexically_relative(input);
      if (!within.empty() && within.native()[0] != '.') relative = within;
    }
    const std::string folder = relative.parent_path().generic_string();
    const std::string before = folder.empty() ? "" : folder + "/";
    for (photo::Photo photo : opened.set.photos) {
      photo.name = before + photo.name;
      const auto [same, is_new] = first_with.emplace(photo.sha256, photo.name);
      if (is_new) {
        all.photos.push_back(std::move(photo));
      } else {
        all.left_out.push_back({photo.name, "This is the same file as " + same->second + "."});
      }
    }
    for (const photo::LeftOut& out : opened.set.left_out) {
      all.left_out.push_back({before + out.name, out.reason});
    }
  }
  std::ranges::sort(all.photos, {}, &photo::Photo::name);
  return all;
}

}  // namespace ajar::room
