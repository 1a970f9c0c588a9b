#include <algorithm>
#include <deque>
#include <fstream>
#include <functional>
#include <map>
#include <set>
#include <system_error>

#include "base/error.h"
#include "base/hash.h"
#include "base/parallel.h"
#include "photo/internal/sandbox.h"
#include "photo/internal/sniff.h"
#include "photo/internal/video.h"
#include "photo/photo.h"

namespace ajar::photo {
namespace fs = std::filesystem;
namespace {

constexpr uint64_t kMostFileBytes = 2ull << 30;  // of a picture

struct Found {
  std::string name;
  Path path;
  std::optional<std::string> video;  // the name of the video it is a frame of
  Path video_path;
  std::string camera_key;            // set for frames of a video
};

// Walks through the inputs and gives each file its name.
class Finder {
 public:
  // `skip`: a folder not to look into.
  Finder(std::vector<LeftOut>& left_out, const Path& skip) : left_out_(left_out) { IsNew(skip); }

  void Add(const Path& input, bool only_one) {
    std::error_code error;
    const fs::file_status status = fs::status(input, error);
    if (!fs::exists(status)) {
      Fail(ErrorCode::kInput, "There is no such file or folder.", input.string());
    }
    const Path named = input.has_filename() ? input : input.parent_path();
    const std::string name = named.filename().string();
    const bool nameless = name.empty() || name == "." || name == "..";
    if (fs::is_directory(status)) {
      Walk(input, only_one || nameless ? "" : name + "/");
    } else if (fs::is_regular_file(status)) {
      AddFile(input, name);
    } else {
      Fail(ErrorCode::kInput, "This is neither a file nor a folder.", input.string());
    }
  }

  std::vector<Found> Sorted() && {
    std::sort(found_.begin(), found_.end(),
              [](const Found& a, const Found& b) { return a.name < b.name; });
    return std::move(found_);
  }

 private:
  // However many links and inputs lead to a file or folder, it is taken once.
  bool IsNew(const Path& path) {
    std::error_code error;
    const Path canonical = fs::canonical(path, error);
    return error || seen_.insert(canonical.string()).second;
  }

  void Walk(const Path& folder, const std::string& prefix) {
    if (!IsNew(folder)) return;
    std::error_code error;
    std::vector<fs::directory_entry> entries;
    for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
      entries.push_back(*it);
    }
    if (error) left_out_.push_back({prefix, "This folder could not be opened."});
    // The order of a folder is the file system's; names and winners among equals must not be.
    std::sort(entries.begin(), entries.end());
    for (const fs::directory_entry& entry : entries) {
      const std::string file_name = entry.path().filename().string();
      if (file_name.starts_with('.')) continue;
      const fs::file_status status = entry.status(error);
      if (fs::is_directory(status)) {
        Walk(entry.path(), prefix + file_name + "/");
      } else if (fs::is_regular_file(status)) {
        AddFile(entry.path(), prefix + file_name);
      } else {
        left_out_.push_back({prefix + file_name, "This is not a file, or a link to nowhere."});
      }
    }
  }

  void AddFile(const Path& path, const std::string& name) {
    if (!IsNew(path)) return;
    std::string unique = name;
    for (int number = 2; !names_.insert(unique).second; ++number) {
      const size_t dot = name.find_last_of('.');
      const size_t at =
          dot == std::string::npos || dot < name.find_last_of('/') + 1 ? name.size() : dot;
      unique = name.substr(0, at) + "-" + std::to_string(number) + name.substr(at);
    }
    found_.push_back({unique, path, {}, {}, {}});
  }

  std::vector<LeftOut>& left_out_;
  std::vector<Found> found_;
  std::set<std::string> seen_, names_;
};

Kind KindOf(const Path& path) {
  std::vector<uint8_t> head(kSniffBytes);
  std::ifstream file(path, std::ios::binary);
  file.read(reinterpret_cast<char*>(head.data()), static_cast<std::streamsize>(head.size()));
  if (!file.is_open()) Fail(ErrorCode::kInput, "This file could not be opened.", path.string());
  head.resize(static_cast<size_t>(file.gcount()));
  if (head.empty()) Fail(ErrorCode::kInput, "The file is empty.", path.string());
  return Sniff(head);
}

// A file that a failing disk cannot give back is one file less, not the end.
template <class F>
auto Reading(const F& read) {
  try {
    return read();
  } catch (const Error& error) {
    Fail(ErrorCode::kInput, error.message(), error.where());
  }
}

class Opener {
 public:
  Opener(const Path& frames_folder, const OpenOptions& options, const Progress& progress)
      : frames_folder_(frames_folder), options_(options), progress_(progress) {}

  std::vector<LeftOut>& left_out() { return set_.left_out; }

  void Open(const std::vector<Found>& files) {
    std::vector<Found> frames;
    Examine(files, "looking at the photographs", &frames);
    if (!frames.empty()) Examine(frames, "looking at the frames of videos", nullptr);
  }

  PhotoSet Result() && {
    const auto by_name = [](const auto& a, const auto& b) { return a.name < b.name; };
    std::sort(set_.photos.begin(), set_.photos.end(), by_name);
    std::sort(set_.left_out.begin(), set_.left_out.end(), by_name);
    return std::move(set_);
  }

 private:
  struct Pending {
    Found file;
    std::string sha256;
    std::function<Decoded()> decoded;
  };

  // Every picture is decoded once, small: only so is it known that it can be. Several children
  // decode while this thread reads on. The frames of videos are put into `frames`.
  void Examine(const std::vector<Found>& files, const std::string& stage,
               std::vector<Found>* frames) {
    const auto most_pending = static_cast<size_t>(ThreadCount());
    std::deque<Pending> pending;
    for (size_t i = 0; i < files.size(); ++i) {
      progress_.ThrowIfCancelled();
      progress_.Report({stage, static_cast<double>(i) / static_cast<double>(files.size()), {}, {}});
      const Found& file = files[i];
      LeaveOutOnError(file.name, [&] {
        const Kind kind = KindOf(file.path);
        if (kind == Kind::kUnknown) {
          Fail(ErrorCode::kInput, "This is neither a picture nor a video that can be read.");
        } else if (kind == Kind::kVideo && frames) {
          OpenVideo(file, *frames);
        } else {
          Start(file, pending);
        }
      });
      while (pending.size() >= most_pending) Finish(pending);
    }
    while (!pending.empty()) Finish(pending);
    progress_.Report({stage, 1, {}, {}});
  }

  template <class F>
  void LeaveOutOnError(const std::string& name, const F& body) {
    try {
      body();
    } catch (const Error& error) {
      if (error.code() != ErrorCode::kInput) throw;
      set_.left_out.push_back({name, error.message()});
    }
  }

  void FailIfRepeated(const std::string& sha256, const std::string& name) {
    const auto [place, is_new] = first_with_.emplace(sha256, name);
    if (!is_new) Fail(ErrorCode::kInput, "This is the same file as " + place->second + ".");
  }

  void OpenVideo(const Found& file, std::vector<Found>& frames) {
    const std::string sha256 = Reading([&] { return Sha256HexOfFile(file.path); });
    FailIfRepeated(sha256, file.name);
    for (const Path& frame : ExtractFrames(file.path, sha256, file.name, frames_folder_,
                                           options_.video_frames, progress_)) {
      frames.push_back({file.name + "/" + frame.filename().string(), frame, file.name,
                        file.path, "video " + sha256.substr(0, 16)});
    }
  }

  void Start(const Found& file, std::deque<Pending>& pending) {
    constexpr int kSmall = 64;
    const std::vector<uint8_t> bytes = Reading([&] { return ReadFile(file.path, kMostFileBytes); });
    const std::string sha256 = Sha256Hex(bytes);
    FailIfRepeated(sha256, file.name);
    DecodeRequest request;
    request.long_side_px = kSmall;
    request.max_megapixels = options_.max_megapixels;
    pending.push_back({file, sha256, StartDecoding(bytes, std::move(request))});
  }

  void Finish(std::deque<Pending>& pending) {
    const Pending next = std::move(pending.front());
    pending.pop_front();
    LeaveOutOnError(next.file.name, [&] {
      const Decoded decoded = next.decoded();
      if (std::min(decoded.width, decoded.height) < options_.min_side_px) {
        Fail(ErrorCode::kInput, "The picture is only " + std::to_string(decoded.width) + " × " +
                                    std::to_string(decoded.height) +
                                    " pixels; its shorter side "
                                    "needs at least " +
                                    std::to_string(options_.min_side_px) + ".");
      }
      Photo photo;
      photo.name = next.file.name;
      photo.path = next.file.path;
      photo.sha256 = next.sha256;
      photo.width = decoded.width;
      photo.height = decoded.height;
      photo.focal_px = decoded.focal_px;
      photo.camera_key = next.file.video ? next.file.camera_key : decoded.camera_key;
      photo.taken = decoded.taken;
      photo.video = next.file.video;
      photo.video_path = next.file.video_path;
      set_.photos.push_back(std::move(photo));
    });
  }

  const Path& frames_folder_;
  const OpenOptions& options_;
  const Progress& progress_;
  std::map<std::string, std::string> first_with_;  // name, by SHA-256
  PhotoSet set_;
};

Image8 LoadPixels(const Path& path, int long_side_px) {
  try {
    DecodeRequest request;
    request.long_side_px = long_side_px;
    return StartDecoding(ReadFile(path, kMostFileBytes), std::move(request))().pixels;
  } catch (const Error& error) {
    if (error.code() != ErrorCode::kInput || !error.where().empty()) throw;
    Fail(ErrorCode::kInput, error.message(), path.string());
  }
}

}  // namespace

std::vector<OptionField> Fields(OpenOptions& options) {
  return {
      {"video-frames", "Sharp, well-spaced frames picked from each video, at most",
       &options.video_frames, 1, 2000},
      {"min-side", "Pictures with a shorter side of fewer pixels are left out",
       &options.min_side_px, 16, 65536},
      {"max-megapixels", "Larger pictures are left out", &options.max_megapixels, 0.01,
       kMostMegapixels},
  };
}

PhotoSet Open(const std::vector<Path>& inputs, const Path& frames_folder,
              const OpenOptions& options, const Progress& progress) {
  OpenOptions checked = options;
  Validate(Fields(checked));
  Opener opener(frames_folder, checked, progress);
  Finder finder(opener.left_out(), frames_folder);
  for (const Path& input : inputs) finder.Add(input, inputs.size() == 1);
  opener.Open(std::move(finder).Sorted());

  PhotoSet set = std::move(opener).Result();
  if (set.photos.empty()) {
    std::string message = "No photograph that can be used was found";
    if (!set.left_out.empty()) {
      message += "; the first of " + std::to_string(set.left_out.size()) + " left out is " +
                 set.left_out[0].name + ": " + set.left_out[0].reason;
    } else {
      message += ".";
    }
    Fail(ErrorCode::kNotEnough, message, inputs.empty() ? "" : inputs[0].string(),
         "Give a folder of JPEG, PNG, TIFF, WebP or HEIC pictures, or a video.");
  }
  return set;
}

Image8 Load(const Photo& photo, int long_side_px) { return LoadPixels(photo.path, long_side_px); }
Image8 Load(const Path& path, int long_side_px) { return LoadPixels(path, long_side_px); }

}  // namespace ajar::photo
