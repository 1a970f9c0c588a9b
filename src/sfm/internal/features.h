// Features of a photograph: blobs of the difference-of-Gaussians scale space and a description of
// what surrounds them (D. Lowe, "Distinctive Image Features from Scale-Invariant Keypoints", 2004),
// compared as R. Arandjelovic and A. Zisserman propose (RootSIFT, 2012).
#pragma once

#include <cstdint>
#include <vector>

#include "scene/raster.h"

namespace ajar::sfm::internal {

struct Feature {
  float x_px = 0, y_px = 0;  // the centre of the picture's first pixel is (0.5, 0.5)
  float scale_px = 0;        // standard deviation of the blob
  float angle_rad = 0;       // of the gradient that prevails around it, from x towards y
};

struct Features {
  std::vector<Feature> features;
  std::vector<uint8_t> descriptors;  // 128 for each; square roots, so that each has length 512
                                     // but for rounding
};

struct FeatureOptions {
  int most = 4700;  // features in a picture, the clearest of every region first; and one in
                    // a hundred pixels
  bool double_size = false;       // also look for details of less than two pixels
  double least_contrast = 0.001;  // of a blob against its surroundings, of the range of luma
};

// `picture` has 3 channels (sRGB). The same bits for any number of threads.
Features FindFeatures(const Image8& picture, const FeatureOptions& options);

}  // namespace ajar::sfm::internal
