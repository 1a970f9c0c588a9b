// From a model of the pictures that were looked at to a reconstruction of the photographs.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "photo/photo.h"
#include "scene/reconstruction.h"
#include "sfm/internal/model.h"

namespace ajar::sfm::internal {

using Colour = std::array<uint8_t, 3>;

// Cameras, observations and errors in pixels of the photographs at full size. Image k + 1 is
// photograph k, camera l + 1 is lens l; `colours` are of each photograph's features. Points get
// their features' mean colour.
Reconstruction ForPhotos(const Model& model, const Graph& graph,
                         const std::vector<uint32_t>& lens_of_image,
                         const std::vector<std::vector<Colour>>& colours,
                         const photo::PhotoSet& photos);

}  // namespace ajar::sfm::internal
