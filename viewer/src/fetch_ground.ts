// The map of where one can walk, from the site.
import type { Aside } from "./aside";
import type { GroundMap } from "./ground_map";
import type { Visit } from "./visit";

// Whether a person walks into furniture depends on it, but nothing else does: without it the room is
// walked in by its bounds.
export async function fetchGround(visit: Visit, aside: Aside, signal: AbortSignal): Promise<GroundMap | null> {
  if (visit.collision === null) return null;
  const [x, , z] = visit.doorway.position;
  try {
    const answer = await fetch(visit.collision, { signal });
    return answer.ok ? await aside.ground(await answer.arrayBuffer(), [x, z]) : null;
  } catch (error) {
    if (!signal.aborted) console.warn(error instanceof Error ? error.message : error);
    return null;
  }
}
