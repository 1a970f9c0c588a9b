// Places of a room while its keeper is at work, in the frame that its page is drawn in.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "room/document.h"
#include "room/internal/folder.h"
#include "room/internal/json.h"
#include "room/internal/placement.h"
#include "scene/reconstruction.h"
#include "scene/splat_cloud.h"

namespace ajar::room {

// A view as window.ajar.setView has it: the camera looks along its -z, y up.
struct PickView {
  Eigen::Vector3d position = Eigen::Vector3d::Zero();
  Eigen::Quaterniond room_from_view = Eigen::Quaterniond::Identity();
  double fov_deg = 60;  // from top to bottom
  int width = 0, height = 0;
};

// Thread-safe. Reads splats and poses when they are first needed, and again when they have changed.
class EditPlaces {
 public:
  explicit EditPlaces(const Folder& folder) : folder_(folder) {}

  // As the page was last made; nothing before.
  std::optional<Placement> Placed();
  // Each thing's position by its id, or null; empty before the room is trained.
  Json PositionsOf(const Document& document);
  // The surface at a pixel of a view, as {"position", "deviation"}.
  Json Pick(const PickView& view, const Eigen::Vector2d& at_px);

  struct Seen {
    std::string photo;
    Eigen::Vector2d at_px = Eigen::Vector2d::Zero();
  };
  // Photographs that show a place, and do not show something before it; the best first.
  std::vector<Seen> SeenFrom(const Eigen::Vector3d& position, size_t at_most);
  // One that shows both, to point them out in. Nothing where none does.
  std::optional<std::pair<Seen, Seen>> SeenTogether(const Eigen::Vector3d& a,
                                                    const Eigen::Vector3d& b);
  // A direction of the room's frame in that of the poses.
  Eigen::Vector3d InReconstruction(const Eigen::Vector3d& direction);
  // All photographs, as the protocol has them.
  Json Photographs();

 private:
  struct Loaded {
    Reconstruction reconstruction;
    SplatCloud cloud;
    std::string of;                                               // what the files looked like
    std::map<std::string, std::optional<Eigen::Vector3d>> found;  // in the frame of the poses
  };
  static std::optional<Eigen::Vector3d> PointedOut(Loaded* loaded, const SeenIn& seen);
  std::map<std::string, Json> PositionsInSite(const Document& document) const;
  std::shared_ptr<Loaded> Load();  // null before the room is trained

  Folder folder_;
  std::mutex mutex_;
  std::shared_ptr<Loaded> loaded_;
};

}  // namespace ajar::room
