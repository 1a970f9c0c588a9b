// transforms.json, as instant-ngp and nerfstudio write it: camera-to-world matrices with OpenGL
// axes (x right, y up, looking along -z), intrinsics for all frames or per frame (fl_x, fl_y,
// cx, cy, w, h, k1, k2, k3, k4, p1, p2, camera_model, camera_angle_x).
#pragma once

#include <string>
#include <vector>

#include "base/files.h"
#include "scene/reconstruction.h"

namespace ajar::bundle {

// `path` is the file or a folder that holds it. Images are named by file_path without leading
// "./". When "ply_file_path" names a point cloud beside it, its points are read. World axes stay
// as in the file. Errors: kInput with the JSON path of what is wrong.
Reconstruction ReadTransforms(const Path& path);

// Text of a transforms.json whose matrices are in the reconstruction's world.
std::string FormatTransforms(const Reconstruction& reconstruction);

}  // namespace ajar::bundle
