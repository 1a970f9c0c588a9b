// Whether photographs suffice for their room before one leaves it: which are spoilt, which join
// nothing, what of the room too few have seen, and which to take next.
#pragma once

#include <Eigen/Core>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/progress.h"
#include "photo/photo.h"
#include "scene/raster.h"

namespace ajar::check {

enum class Verdict {
  kEnough,
  kNotYet,  // a room can be built, but parts of it were not seen by enough photographs
  kTooFew   // no room can be built
};

enum class Reason {
  kTooFewPhotographs,  // fewer than three
  kNothingPlaced,      // they have too little in common
  kOneSpot,            // the camera turned and did not move
  kFewPlaced,          // fewer than half join
  kManyNotPlaced,      // a fifth or more do not join
  kPieces,             // they fall into pieces; Findings::pieces
  kFewPhotographs,     // so few that they cannot be of a whole room
  kOneSide,            // three walls are missing
  kNoWall,             // not half of any wall is seen by enough
  kWalls,              // walls of the plan that too few see
  kMiddle              // so of what stands in the room
};

struct Flaws {
  bool blurred = false, too_dark = false, blown_out = false;
  double edge = 1;    // how steep edges are, 0 to 1; 1 where there are none
  double bright = 0;  // luma that a twentieth of the picture exceeds, 0 to 1
  double burnt = 0;   // share of the picture that is white
  bool any() const { return blurred || too_dark || blown_out; }
};

struct Near {
  size_t photograph = 0;  // index
  uint32_t matches = 0, agreeing = 0;
};

struct Photograph {
  std::string name;
  Flaws flaws;
  std::optional<size_t> repeats;  // an earlier one from the same place with the same view
  bool placed = false;
  bool elsewhere = false;    // in one of Findings::pieces
  bool bare = false;         // hardly any details to hold on to
  std::vector<Near> nearly;  // where it is not placed: what it has most in common with, best first,
                             // and one that is placed among them, if there is any
  // Where it is placed: on the plan, and which way it looks; unit length, or nothing for a steep
  // look.
  Eigen::Vector2d position = Eigen::Vector2d::Zero(), ahead = Eigen::Vector2d::Zero();
};

enum class Side { kAhead, kRight, kBehind, kLeft };

// A wall of the plan as a photograph tells it: "to the right of photo 14".
struct Beside {
  size_t photograph = 0;
  Side side = Side::kAhead;
};

enum class Part { kWhole, kLeft, kMiddle, kRight, kLow, kHigh, kHereAndThere };

inline constexpr int kPlacesAbove = 3;

// A side of the rectangle that the room is taken for.
struct Wall {
  char letter = 'A';
  Eigen::Vector2d from, to;  // seen from inside, from left to right
  double covered = 0;        // share of it that three or more see, from apart
  double seen = 0;           // share that any sees
  bool enough = false;
  bool missing = false;           // hardly any photograph sees it
  std::vector<int> columns = {};  // from left to right: of kPlacesAbove places above each other,
                                  // how many are covered
  Part lacks = Part::kWhole;      // where it is not enough: seen from inside
  std::optional<Beside> beside;
};

// A square of the floor: what stands there.
struct Square {
  Eigen::Vector2d middle = Eigen::Vector2d::Zero();
  int photographs = 0;
  bool covered = false;
};

// A photograph to take.
struct Next {
  size_t from = 0;     // the photograph by which it is told
  double right_m = 0;  // a move from there, as that one looks
  double ahead_m = 0;
  double turn_deg = 0;            // then a turn, to the right
  std::optional<size_t> towards;  // it is to join this one, which is not placed, to `from`
  std::optional<size_t> view;     // the photograph that sees most of what this one will
  std::optional<char> wall;       // the wall that it is of most use to
  Eigen::Vector2d position = Eigen::Vector2d::Zero(), ahead = Eigen::Vector2d::Zero();
};

// Metres as far as people hold cameras 1.5 m above the floor; x to the right, y downwards as the
// plan is drawn, seen from above.
struct Plan {
  Eigen::Vector2d low = Eigen::Vector2d::Zero(), high = Eigen::Vector2d::Zero();  // corners
  std::vector<Wall> walls;  // four, clockwise from the upper one; none without a plan
  std::vector<Square> squares;
  double square_m = 0;                  // their side
  std::vector<Eigen::Vector2d> points;  // of what photographs have in common, thinned
};

struct Findings {
  Verdict verdict = Verdict::kTooFew;
  std::vector<Reason> reasons;          // why it is not enough
  std::vector<Photograph> photographs;  // in the set's order
  std::vector<photo::LeftOut> left_out;
  size_t placed = 0;
  std::vector<std::vector<size_t>> pieces;  // others than the room, largest first
  Plan plan;
  std::vector<Next> next;  // most useful first, at most five
};

// As large as a thumbnail is.
inline constexpr int kThumbnail_px = 320;

class Checker {
 public:
  Checker();
  ~Checker();
  Checker(const Checker&) = delete;
  Checker& operator=(const Checker&) = delete;

  // Under a minute for 60 photographs on two cores; for a set that grew out of the last one, a few
  // seconds. Errors: kInput when a photograph cannot be read any more, kCancelled.
  Findings Look(const photo::PhotoSet& photos, const Progress& progress);

  // Of a photograph that was looked at, by the SHA-256 of its bytes; longer side kThumbnail_px.
  const Image8& Thumbnail(const std::string& sha256) const;

 private:
  struct Kept;
  std::unique_ptr<Kept> kept_;
};

}  // namespace ajar::check
