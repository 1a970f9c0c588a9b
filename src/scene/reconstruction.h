// What posing photographs gives: cameras, poses, sparse points; COLMAP's nouns and numbers.
#pragma once

#include <Eigen/Core>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "scene/camera.h"
#include "scene/rigid3.h"

namespace ajar {

inline constexpr uint64_t kNoPoint = ~uint64_t{0};

struct Observation {
  Eigen::Vector2d x_px = Eigen::Vector2d::Zero();  // in the distorted photograph
  uint64_t point_id = kNoPoint;
};

// One photograph that was placed.
struct PosedImage {
  std::string name;        // as in the photo set: a relative path with '/'
  uint32_t camera_id = 0;
  Rigid3 cam_from_world;   // world: the reconstruction's frame
  std::vector<Observation> observations;

  Eigen::Vector3d CentreInWorld() const { return Inverse(cam_from_world).translation; }
};

struct TrackElement {
  uint32_t image_id = 0;
  uint32_t observation = 0;  // index into PosedImage::observations
};

struct Point3 {
  Eigen::Vector3d x_in_world = Eigen::Vector3d::Zero();
  Eigen::Matrix<uint8_t, 3, 1> rgb = Eigen::Matrix<uint8_t, 3, 1>::Zero();
  double error_px = -1;  // mean reprojection error, -1: not known
  std::vector<TrackElement> track;
};

struct Reconstruction {
  std::map<uint32_t, Camera> cameras;
  std::map<uint32_t, PosedImage> images;
  std::map<uint64_t, Point3> points;
};

// Every broken reference, non-finite number and duplicate name; empty when sound. At most
// `max_violations` are listed.
std::vector<std::string> Violations(const Reconstruction& reconstruction, int max_violations = 20);

// Mean of the cameras' up directions (-y of each camera) in the world, unit length; +z-less
// fallback (0, -1, 0) when they cancel out.
Eigen::Vector3d MeanUpInWorld(const Reconstruction& reconstruction);

// Half the diagonal of the box that holds the camera centres, at least 1e-6: the length that
// steps and limits of training are relative to, as in the literature ("scene extent").
double CameraExtent(const Reconstruction& reconstruction);

// Mean over all points of error_px weighted by track length; -1 when no point knows its error.
double MeanReprojectionErrorPx(const Reconstruction& reconstruction);

}  // namespace ajar
