// Which thing a visitor has come near to.
import type { Thing } from "./visit";
import { ahead } from "./sound_place";
import type { Pose } from "./walk";

const near_m = 1.7; // across the floor; going to a thing leads to 1.3
const stillNear_m = 2.1; // so that one small step does not make it come and go
const before_rad = (40 * Math.PI) / 180; // from where one looks

// The one most nearly looked at; `was` is kept a little longer.
export function thingNear(things: readonly Thing[], pose: Pose, was: Thing | null): Thing | null {
  const looking = ahead(pose);
  let found: Thing | null = null;
  let least = before_rad;
  for (const thing of things) {
    if (thing.position === null) continue;
    const to = thing.position.map((value, k) => value - pose.position[k]!);
    const across_m = Math.hypot(to[0]!, to[2]!);
    if (across_m > (thing.id === was?.id ? stillNear_m : near_m)) continue;
    const along = to.reduce((sum, value, k) => sum + value * looking[k]!, 0) / Math.hypot(...to);
    const angle = Math.acos(Math.min(1, along)) - (thing.id === was?.id ? 0.1 : 0);
    if (angle < least) {
      found = thing;
      least = angle;
    }
  }
  return found;
}
