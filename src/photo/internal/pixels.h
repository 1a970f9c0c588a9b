// Whole-picture operations on one thread, for the decoders; photo.h has the parallel ones.
#pragma once

#include "photo/photo.h"
#include "scene/raster.h"

namespace ajar::photo {

// Area average (exact box filter) of the upper left extent_x × extent_y pixels of `picture` to
// rows [row_begin, row_end) of `to`, which has the same channels. Only for reducing.
void ReduceRows(const Image8& picture, double extent_x, double extent_y, Image8& to, int row_begin,
                int row_end);

// `picture` as stored under Exif orientation 1..8, turned upright.
Image8 Upright(Image8 picture, int orientation);

// Variance of the four-neighbour Laplacian over the inner pixels of a single-channel raster.
double LaplacianVariance(const ImageF& luma);

}  // namespace ajar::photo
