// Which of the chosen photographs leads closest to a thing.
import type { Photograph, Vec3 } from "./visit";

const widest_rad = Math.PI / 9; // off the photograph's middle: well within any phone's picture
const farthest_m = 2.5;

// The index of the photograph taken nearest to `place` that has it in its middle; null where none has.
// What stands in between is not known.
export function nearestPhotograph(photographs: readonly Photograph[], place: Vec3): number | null {
  let nearest: number | null = null;
  let least_m = farthest_m;
  photographs.forEach(({ position, look_at }, i) => {
    if (position === null || look_at === null) return;
    const ahead = look_at.map((value, k) => value - position[k]!);
    const to = place.map((value, k) => value - position[k]!);
    const distance_m = Math.hypot(...to);
    const along = to.reduce((sum, value, k) => sum + value * ahead[k]!, 0);
    const within = along > Math.cos(widest_rad) * distance_m * Math.hypot(...ahead);
    if (within && distance_m < least_m) {
      nearest = i;
      least_m = distance_m;
    }
  });
  return nearest;
}
