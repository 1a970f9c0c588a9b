// What a change is called: as this page called it, or in plain words where the program did.
import type { EditTexts } from "./texts";

export function whatWasDone({ did, history_outside }: EditTexts, what: string): string {
  switch (what) {
    case "": return history_outside;
    case "ajar place":
    case "ajar build": return did.lies;
    case "restore": return did.gone_back;
    case "tour": return did.tour;
    default: return what;
  }
}
