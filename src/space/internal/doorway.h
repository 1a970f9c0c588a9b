// Where a visitor stands first and looks in.
#pragma once

#include <cstdint>
#include <vector>

#include "space/internal/contour.h"
#include "space/internal/depth_view.h"
#include "space/internal/floor_map.h"
#include "space/plan.h"

namespace ajar::space {

struct DoorwayScene {
  const Reconstruction* reconstruction = nullptr;
  const std::vector<DepthView>* views = nullptr;
  Sim3 level_from_reconstruction;
  std::vector<Eigen::Vector3d> surface;  // points of the room's surface spread evenly, level frame
  Polygon outline;                       // may be empty
  std::vector<Opening> openings;
  const Map<Ground>* ground = nullptr;   // may be null
  bool has_depths = true;                // of the views; else nothing hides anything
};

// Id of the photograph: one taken level, where a person stands, that sees most of the room; from
// beside a door that is seen to be one, else from the half of the places nearest to the room's edge.
uint32_t ChooseDoorway(const DoorwayScene& scene);

// Where the photograph looks, levelled; unit length, level frame.
Eigen::Vector3d LevelAhead(const PosedImage& image, const Sim3& level_from_reconstruction);

// Median depth that a photograph sees, metres; 2 where nothing is drawn of it.
double DistanceSeen(const DoorwayScene& scene, uint32_t image_id);

}  // namespace ajar::space
