// A room that is still being made (docs/site-format.md, "growing"): its visit.json names other splats
// whenever it is sharper.
import { parseVisit, type Visit } from "./visit";

const every_ms = 3000;

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      window.clearTimeout(timer);
      reject(signal.reason as Error);
    };
    const timer = window.setTimeout(() => {
      signal.removeEventListener("abort", stop);
      resolve();
    }, ms);
    signal.addEventListener("abort", stop, { once: true });
  });
}

// What the room is now; nothing while it cannot be fetched, or is not one: another program may answer for
// a moment.
export async function latestVisit(signal: AbortSignal | null): Promise<Visit | null> {
  try {
    const answer = await fetch("visit.json", { signal });
    return answer.ok ? parseVisit(await answer.json()) : null;
  } catch (error) {
    if (signal?.aborted) throw error;
    return null;
  }
}

// Gives the room whenever there are other splats to it, and ends when it is made. The program that shows
// it may be away for a moment, when it changes over.
export async function* growth(visit: Visit, signal: AbortSignal): AsyncGenerator<Visit, void> {
  let shown = visit.splats.url;
  for (;;) {
    await pause(every_ms, signal);
    const now = await latestVisit(signal);
    if (now === null) continue;
    if (!now.growing) return;
    if (now.splats.url === shown) continue;
    shown = now.splats.url;
    yield now;
  }
}
