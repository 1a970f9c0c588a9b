// How a room that one stands in gets clearer: what makes a large one sharp comes after its first part, and
// one that is still being made grows by itself.
import type { Aside } from "./aside";
import { button, el } from "./dom";
import { batchesFor, mostSplats, thisDevice } from "./enough";
import { growth } from "./growth";
import type { Part, RoomView } from "./room_view";
import { fetchSog, RoomFileError } from "./sog";
import type { Texts } from "./texts";
import type { Visit } from "./visit";

export interface Standing {
  readonly texts: Texts;
  readonly visit: Visit;
  readonly aside: Aside;
  readonly signal: AbortSignal; // the visitor has left
  view(): RoomView | null;
  shown(): number; // splats of the first part
  readonly element: HTMLElement; // what is to be told is put at its end
}

function told({ texts }: Standing, kind: string, words: string): HTMLElement {
  return el("p", { class: `fetching${kind}`, role: "status", lang: texts.language }, words);
}

// What of it can be fetched is shown; the first that cannot ends it.
async function showAtOnce(batch: readonly string[], { aside, signal, view }: Standing): Promise<void> {
  const parts: Part[] = [];
  try {
    for (const url of batch) {
      const sog = await fetchSog(url, signal, () => {});
      parts.push({ sog, centres: aside.centres(sog) });
    }
  } finally {
    if (parts.length > 0) await view()?.show(...parts); // or left meanwhile
  }
}

// What cannot be fetched is said, and the room stays as it is.
export async function sharpen(standing: Standing): Promise<void> {
  const { texts, visit, signal, element } = standing;
  for (const batch of batchesFor(visit.splats, standing.shown(), mostSplats(thisDevice()))) {
    try {
      await showAtOnce(batch, standing);
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof RoomFileError)) throw error;
      console.warn(error.message);
      element.append(told(standing, "", texts.room_partly));
      return;
    }
  }
}

export async function grow(standing: Standing): Promise<void> {
  const { texts, visit, aside, signal, element } = standing;
  if (!visit.growing) return;
  const word = told(standing, " growing", texts.room_grows);
  element.append(word);
  for await (const { splats } of growth(visit, signal)) {
    try {
      const sog = await fetchSog(splats.url, signal, () => {});
      await standing.view()?.replace({ sog, centres: aside.centres(sog) });
    } catch (error) {
      if (signal.aborted || !(error instanceof RoomFileError)) throw error;
      console.warn(error.message); // the next one comes soon
    }
  }
  word.replaceChildren(texts.room_made, " ", button(texts.show_it, () => location.reload()));
}
