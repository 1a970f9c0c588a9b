// Gaussian blur of a picture of floats, for the scale space.
#pragma once

#include <vector>

namespace ajar::sfm::internal {

// Rows of `width` floats, height of them. `out` may not be `in`. The border is mirrored about the
// outermost pixels' centres; the kernel is cut at 4 sigma_px and adds up to one. `scratch` is kept
// from call to call.
void Blur(const float* in, int width, int height, double sigma_px, std::vector<float>* scratch,
          float* out);

}  // namespace ajar::sfm::internal
