// How long the guided visit takes.
#pragma once

#include <vector>

#include "room/document.h"

namespace ajar::room {

// As the page goes: on the way, reading at leisure, the stories' recordings (`recording_s`, one a
// story; 0 where it is text alone) and the pauses. viewer/src/tour.ts reads as fast.
double TourSeconds(const Document& document, const std::vector<double>& recording_s);

}  // namespace ajar::room
