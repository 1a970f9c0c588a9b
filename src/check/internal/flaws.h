// What is wrong with a photograph by itself.
#pragma once

#include "check/check.h"
#include "scene/raster.h"

namespace ajar::check::internal {

// How steep the clearest edges of a picture are: the largest step between neighbouring pixels over
// the whole step, in the less steep of the two directions, since a hand moves along one. 1 for a
// perfect edge, about 0.25 for one that is smeared over 4 pixels, and no less for a bare wall: 1
// where there are no edges to tell it by.
double EdgeSteepness(const Image8& picture);

// `picture`: sRGB, longer side about 1000 px. Blurred is not told yet.
Flaws FindFlaws(const Image8& picture);

// Which are blurred: edges are hardly steep, or clearly less so than in most of the set, since what
// a camera calls sharp differs.
void FindBlurred(const std::vector<Flaws*>& set);

// What two pictures of the same view share, whatever the light: grey, 24 x 24, mean 0, length 1.
std::vector<float> Gist(const Image8& picture);
// 1 for equal ones.
double LikenessOf(const std::vector<float>& a, const std::vector<float>& b);

}  // namespace ajar::check::internal
