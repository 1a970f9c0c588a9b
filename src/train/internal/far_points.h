// What is bright in photographs and where no surface was found is the sky in a window, mostly, and lies
// far away. Started from nothing there, training would make it of whatever is near.
#pragma once

#include "train/train.h"

namespace ajar::train::internal {

// Adds points on a large sphere around the cameras, in directions in which some photograph is bright and
// shows no surface point, coloured by those photographs. None without known surfaces
// (input->point_normals), since then nothing says what is far.
void AddFarPoints(TrainInput* input);

}  // namespace ajar::train::internal
