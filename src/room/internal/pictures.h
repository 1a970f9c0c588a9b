// The room's photographs as far as measuring needs them.
#pragma once

#include "base/files.h"
#include "scene/reconstruction.h"
#include "space/space.h"

namespace ajar::room {

// Loads a photograph when it is asked for and keeps the last ones. `photos`: the folder they lie
// in. Those that are not there or have another shape than their camera are null. `reconstruction`
// is referred to. For one thread.
space::PictureOf PicturesIn(const Reconstruction& reconstruction, const Path& photos);

}  // namespace ajar::room
