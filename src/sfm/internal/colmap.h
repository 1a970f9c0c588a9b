// COLMAP, the program, and the phases of its work, in one folder: pictures/ (prepared), and what
// it makes of them, database.db, models/ and colmap.log.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/files.h"
#include "base/progress.h"
#include "sfm/internal/prepare.h"

namespace ajar::sfm::internal {

class Colmap {
 public:
  using Tell = std::function<void(double fraction)>;

  // `progress` is asked whether to stop; COLMAP is then killed.
  Colmap(Path folder, int64_t seed, const Progress& progress)
      : folder_(std::move(folder)), seed_(std::to_string(seed)), progress_(progress) {}

  // "COLMAP 3.8". Errors here and below: kTool when it is missing or fails, kDisk when it says
  // that the disk is full, kCancelled.
  std::string Method() const;

  // From pictures/ to a new database.db: once for each group, which then shares one camera.
  void ExtractFeatures(const std::vector<CameraGroup>& groups, const Tell& tell) const;
  // Every photograph with every other; goes on in a database that was left half-way.
  void Match(size_t photographs, const Tell& tell) const;
  // models/0, models/1, ...: a folder for each piece, or none when nothing fits together.
  void Map(size_t photographs, const Tell& tell) const;

  // Removes the database with what SQLite keeps beside it.
  void RemoveDatabase() const;

 private:
  using OnLine = std::function<void(const std::string&)>;
  // That nothing fits together is an answer, not a failure.
  void Run(std::vector<std::string> arguments, const OnLine& on_line) const;
  Path database() const { return folder_ / "database.db"; }
  Path log() const { return folder_ / "colmap.log"; }

  Path folder_;
  std::string seed_;
  const Progress& progress_;
};

}  // namespace ajar::sfm::internal
