#include "room/internal/places.h"

#include "room/internal/known.h"

namespace ajar::room {

Document WithPlaces(Document document, const Reconstruction& reconstruction,
                    const SplatCloud& cloud, const Placement& placement,
                    std::vector<std::string>* notes) {
  for (size_t i = 0; i < document.things.size(); ++i) {
    Thing& thing = document.things[i];
    if (thing.position || !thing.seen_in) continue;
    std::string why;
    if (const auto point = FindPixel(reconstruction, cloud, {}, thing.seen_in->photo,
                                     thing.seen_in->at_px, &why)) {
      thing.position = placement.room_from_reconstruction * point->x_in_world;
    } else {
      notes->push_back("room.json: things[" + std::to_string(i) + "].seen_in: the place of \"" +
                       thing.name + "\" was not found: " + why +
                       ". The page lists it without a place.");
    }
  }
  return document;
}

}  // namespace ajar::room
