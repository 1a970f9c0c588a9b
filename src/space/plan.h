// The plan of a room: what is where, seen from above, in metres of the room frame (x to the right,
// z towards the visitor, y up from the floor).
#pragma once

#include <Eigen/Core>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace ajar::space {

struct Opening {
  enum class Kind { kDoor, kWindow } kind = Kind::kWindow;  // window: or a mirror, or a hatch
  Eigen::Vector2d from = Eigen::Vector2d::Zero(), to = Eigen::Vector2d::Zero();  // x, z
  double low_m = 0, high_m = 0;                                                  // above the floor
};

struct Furniture {
  std::vector<Eigen::Vector2d> outline;  // x, z
  double height_m = 0;                   // of its highest flat part
  bool is_seat = false;                  // flat and of a height that people sit at
  // Of a stair: the front edge of each step, from the lowest upwards; none: it is no stair.
  std::vector<std::pair<Eigen::Vector2d, Eigen::Vector2d>> treads = {};
};

struct PhotoPlace {
  Eigen::Vector2d position = Eigen::Vector2d::Zero();  // x, z
  Eigen::Vector2d ahead = Eigen::Vector2d::Zero();     // unit length, or nothing for a steep look
};

struct Plan {
  std::vector<Eigen::Vector2d> outline;  // corners in order; empty when walls were not found
  double area_m2 = 0;                    // within the outline
  double free_m2 = 0;                    // of floor that a person may stand on
  double reached_m2 = 0;                 // of it, what a person comes to from the doorway
  std::optional<double> height_m;        // of the ceiling; nothing: not seen
  std::vector<Furniture> furniture;
  std::vector<Opening> openings;
  std::vector<PhotoPlace> photos;  // in the order of the reconstruction's images
};

struct PlanWords {
  std::string title;             // of the room
  bool scale_estimated = false;  // the plan then says so
};

// The plan as an SVG picture, turned until its longest wall lies along an edge: a metre is 100
// units, and in print 1:50 where the paper allows. Title and description say in words what is
// drawn.
std::string PlanSvg(const Plan& plan, const PlanWords& words);

}  // namespace ajar::space
