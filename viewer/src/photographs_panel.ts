// The photographs that the keeper has chosen: each leads to where it was taken, and is then seen whole.
import { button, el } from "./dom";
import { panel, type Panel } from "./panel";
import type { Texts } from "./texts";
import type { Photograph, Visit } from "./visit";

export function photographsPanel(
  texts: Texts,
  visit: Visit,
  onOpen: () => void,
  stepInto: (photograph: Photograph, name: string, from: HTMLElement) => void,
): Panel | null {
  if (visit.photographs.length === 0) return null;
  const items = visit.photographs.map((photograph, i) => {
    const name = texts.photograph(i + 1);
    const opener = button(name, () => stepInto(photograph, name, opener));
    return el("li", {}, opener);
  });
  return panel(texts, "photographs", texts.photographs, texts.photographs, onOpen,
    el("p", { lang: texts.language }, texts.photographs_say),
    el("ul", { class: "spots", lang: texts.language }, ...items));
}
