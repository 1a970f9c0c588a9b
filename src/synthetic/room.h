// A small room made by code, with exact cameras and depth: for tests, for the demonstration
// until there is a better one, and for measuring. Nobody's room.
#pragma once

#include <cstdint>
#include <vector>

#include "scene/raster.h"
#include "scene/reconstruction.h"

namespace ajar::synthetic {

struct RoomOptions {
  int photos = 24;
  int width = 640, height = 480;
  double focal_px = 420;
  double radial_k = 0;            // SIMPLE_RADIAL distortion of the pictures
  double exposure_drift = 0;      // standard deviation of the log gain between photos
  double noise = 0;               // standard deviation of sensor noise, of 255
  uint64_t seed = 1;
  int supersampling = 2;          // rays a pixel along each axis
  double wall_contrast = 1;       // of the pattern of walls, floor and ceiling, against the usual
  bool twins = false;             // two equal posters, two equal windows, two equal stools
  bool mirror = false;            // most of the wall at the near end is a mirror
};

// A box of 3.6 × 2.5 × 4.2 m with patterned walls, floor and ceiling, and a few boxes and a ball
// in it (a bed, a desk, a shelf, something on the shelf), all with fine procedural texture that
// feature detectors find. World: metres, right-handed, y down as cameras see it, the origin in
// the middle of the floor.
struct Room {
  Reconstruction reconstruction;   // cameras, poses, and surface points seen by two photos or more
  std::vector<Image8> photos;      // in the order of reconstruction.images
};
Room MakeRoom(const RoomOptions& options);

// What a camera at `cam_from_world` sees: colour and depth (along the view axis, metres).
struct SyntheticView {
  Image8 colour;
  ImageF depth;
};
SyntheticView RenderRoom(const Camera& camera, const Rigid3& cam_from_world,
                         const RoomOptions& options);

}  // namespace ajar::synthetic
