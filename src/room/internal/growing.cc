#include "room/internal/growing.h"

#include <exception>

#include "base/error.h"
#include "base/log.h"
#include "bundle/sog.h"
#include "room/internal/json.h"
#include "room/internal/page_files.h"
#include "room/internal/site.h"
#include "room/internal/viewer_folder.h"

namespace ajar::room {
namespace {

namespace fs = std::filesystem;

using Clock = std::chrono::steady_clock;

constexpr double kMostOfTheTime = 0.2;
constexpr double kWatchedFor_s = 20;
constexpr int kKept = 2;  // pictures: one may still be on its way to the page

Path WatchedFile(const Folder& folder) { return folder.work() / "watched"; }

bool Watched(const Folder& folder) {
  std::error_code error;
  const auto touched = fs::last_write_time(WatchedFile(folder), error);
  if (error) return false;
  const std::chrono::duration<double> since = fs::file_time_type::clock::now() - touched;
  return since.count() < kWatchedFor_s;
}

// Colours that do not change with the direction: a third of the bytes, and soon packed.
SplatCloud Plain(const SplatCloud& cloud, const Placement& placement) {
  SplatCloud plain = cloud;
  plain.sh_degree = 0;
  const size_t stride = cloud.sh_stride();
  plain.sh.clear();
  for (size_t i = 0; i < cloud.size(); ++i) {
    const auto first = cloud.sh.begin() + static_cast<std::ptrdiff_t>(i * stride);
    plain.sh.insert(plain.sh.end(), first, first + 3);
  }
  return Transformed(plain, placement.room_from_reconstruction);
}

// The room and its words; what stands in it and is told of it comes when it is done.
Document Bare(Document document) {
  document.things.clear();
  document.stories.clear();
  document.tour.clear();
  document.originals_in_site.clear();
  return document;
}

}  // namespace

Path GrowingSite(const Folder& folder) { return folder.work() / "growing"; }

void SayWatched(const Folder& folder) {
  if (fs::is_directory(folder.work())) WriteFileAtomic(WatchedFile(folder), std::string());
}

Growing::Growing(const Folder& folder, const Document& document, const Placement& placement)
    : folder_(folder),
      document_(Bare(document)),
      placement_(placement),
      not_before_(Clock::now()) {}

Growing::~Growing() {
  std::error_code ignored;
  fs::remove_all(GrowingSite(folder_), ignored);
  fs::remove(WatchedFile(folder_), ignored);
}

void Growing::Show(const SplatCloud& cloud) {
  if (given_up_ || cloud.size() == 0 || Clock::now() < not_before_) return;
  if (number_ > 0 && !Watched(folder_)) return;
  const Clock::time_point start = Clock::now();
  try {
    Write(cloud);
  } catch (const Error& error) {
    Log(LogLevel::kInfo, std::string("The room cannot be shown while it is made: ") + error.what());
    given_up_ = true;
  }
  not_before_ = Clock::now() + std::chrono::duration_cast<Clock::duration>(
                                   (Clock::now() - start) * (1 / kMostOfTheTime - 1));
}

void Growing::Write(const SplatCloud& cloud) {
  const Path site = GrowingSite(folder_);
  if (number_ == 0) {
    fs::remove_all(site);
    const Path viewer = ViewerFolder();
    for (const Path& file : VisitorsPage(viewer)) CopyFile(viewer / file, site / file);
  }
  ++number_;
  const std::string splats = "splats/" + std::to_string(number_);
  MakeFolder(site / splats);
  const SplatCloud plain = Plain(cloud, placement_);
  for (const auto& [name, bytes] : bundle::EncodeSog(plain, {})) {
    WriteFileAtomic(site / splats / name, bytes);
  }
  Json visit = VisitJson(document_, placement_, plain, {}, {{"outline", Json::array()}}, false);
  visit["splats"]["url"] = splats + "/meta.json";
  visit["reading"] = Json::object();
  visit["growing"] = true;
  WriteFileAtomic(site / "visit.json", Dump(visit));
  std::error_code ignored;
  if (number_ > kKept) {
    fs::remove_all(site / "splats" / std::to_string(number_ - kKept), ignored);
  }
}

}  // namespace ajar::room
