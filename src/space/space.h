// The room as a place: which way is up, how large it is, its floor, walls and ceiling, where a
// person can stand and what is in the way, where to step in. From poses and splats alone, and
// from what the keeper knows; nothing is trained.
#pragma once

#include <Eigen/Core>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/progress.h"
#include "scene/raster.h"
#include "scene/reconstruction.h"
#include "scene/splat_cloud.h"
#include "space/mesh.h"
#include "space/plan.h"

namespace ajar::space {

// A photograph in grey, from 0 to 1: one channel, of the photograph's shape and of any size. Null
// where it is not there.
using PictureOf = std::function<std::shared_ptr<const ImageF>(uint32_t image_id)>;

// What need not be estimated. All in the reconstruction's frame.
struct Known {
  std::optional<Eigen::Vector3d> up;  // any length but 0
  std::optional<double> metres_per_unit;
  std::optional<Sim3> room_from_reconstruction;  // then up, scale, floor and axes follow it
  std::optional<uint32_t> doorway_image;         // id of the photograph to step in from
};

struct Options {
  int long_side_px = 240;        // of the depths that are drawn for each photograph
  int max_views = 160;           // photographs looked through, spread evenly over all
  double finest_voxel_m = 0.02;  // cubes that free space is found in, coarser in larger rooms:
  double max_voxels = 6e6;       // there are at most so many
  double margin_m = 0.4;         // beyond what is seen
};

enum class UpFrom {
  kKeeper,
  kSurfaces,  // floor, walls, ceiling
  kEdges,     // upright edges in the photographs
  kCameras    // people hold cameras level
};
enum class ScaleFrom {
  kKeeper,        // what was known
  kCameraHeight,  // people hold cameras 1.5 m above the floor
  kCameraSpread   // no floor in sight: half the diagonal of the cameras' box is taken for 1.5 m
};

struct Doorway {
  uint32_t image_id = 0;
  Eigen::Vector3d position = Eigen::Vector3d::Zero();  // of the eyes, room frame
  Eigen::Vector3d look_at = Eigen::Vector3d::Zero();   // level with them
};

struct Space {
  Sim3 room_from_reconstruction;  // metres, y up, the floor at 0 below the doorway, -z looking in
  UpFrom up_from = UpFrom::kCameras;
  ScaleFrom scale_from = ScaleFrom::kCameraSpread;
  bool floor_seen = false;  // else the floor lies 1.5 m below the doorway
  double voxel_m = 0;       // that free space was found with; 0: none was
  Doorway doorway;
  Plan plan;
  CollisionMesh collision;             // empty without a floor or walls
  std::vector<std::string> not_known;  // sentences for the keeper
};

inline constexpr double kAssumedEyeHeight_m = 1.5;

// At least one image; the cloud may be empty, and then only the cameras tell. The same bits for
// any number of threads. 350,000 splats and 70 photographs take some seconds on two cores.
// `picture_of` is asked for some photographs where floor and walls leave doubt about up; it may be
// null.
Space Find(const Reconstruction& reconstruction, const SplatCloud& cloud, const Known& known,
           const Options& options, const Progress& progress, const PictureOf& picture_of = {});

// Whether photographs looked there: of each splat, from 0 (none did) to 1. One photograph suffices
// in a room of few, two in one of many. What lies near a picture's border counts less, a needle as
// its ends do; what stands in between does not count, since it is not known to a splat's breadth.
std::vector<float> HowSeen(const Reconstruction& reconstruction, const SplatCloud& cloud);

// The same of places in the reconstruction's frame, by the standard of `cloud`.
std::vector<float> HowSeenAt(const Reconstruction& reconstruction, const SplatCloud& cloud,
                             const std::vector<Eigen::Vector3d>& places);

// Of splats and places in the room frame, how photographs looked there: see HowSeenAt.
using SeenAt = std::function<std::vector<float>(const std::vector<Eigen::Vector3d>& places)>;

// Hardly anybody photographs a ceiling above their head. Where one is known that is plain, these
// splats (room frame, degree 0) go on with it where no photograph looked: as opaque as it is
// unseen, in colours that lead smoothly from what is seen of it. Empty where no ceiling is known,
// or little of it is seen. `shown`: what photographs show, room frame, its edges faded.
SplatCloud UnseenCeiling(const SplatCloud& shown, const std::vector<Eigen::Vector2d>& outline,
                         std::optional<double> height_m, const SeenAt& seen_at);

// A depth along the view axis that was measured at a pixel of a photograph (distorted, at full
// size).
struct MeasuredDepth {
  uint32_t image_id = 0;
  Eigen::Vector2d x_px = Eigen::Vector2d::Zero();
  double depth_m = 0;
};
struct ScaleFound {
  double metres_per_unit = 1;
  double deviation = 0;    // standard deviation, as a share
  size_t photographs = 0;  // that told it
};
// By the median over photographs of the median over each one's depths, against those of the splats.
// Nothing where too few meet a splat or the photographs differ by more than a tenth.
std::optional<ScaleFound> ScaleFromDepths(const Reconstruction& reconstruction,
                                          const SplatCloud& cloud,
                                          const std::vector<MeasuredDepth>& measured,
                                          const Progress& progress);

// Where a pixel of a photograph (distorted, at full size, as observations are) meets the room's
// surface.
struct SurfacePoint {
  Eigen::Vector3d x_in_world = Eigen::Vector3d::Zero();  // reconstruction's frame
  double deviation_su = 0;  // standard deviation, scene units: of depth nearby, and of a hand that
                            // points within a pixel or two
};
// By the photographs themselves where there are any and they agree about what is there, else by the
// splats and the points nearby. About an edge or a corner the nearer surface is meant, up to 7
// pixels of 1600 beside it. Nothing where the photograph does not show the pixel or the room has
// nothing there.
std::optional<SurfacePoint> FindSurfacePoint(const Reconstruction& reconstruction,
                                             uint32_t image_id, const Eigen::Vector2d& x_px,
                                             const SplatCloud& cloud, const PictureOf& picture_of);

}  // namespace ajar::space
