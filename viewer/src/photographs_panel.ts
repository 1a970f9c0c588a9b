// The photographs that the keeper has chosen: each leads to where it was taken, and is then seen whole.
import { button, el } from "./dom";
import { panel, type Panel } from "./panel";
import type { Texts } from "./texts";
import type { Photograph, Visit } from "./visit";

// In the keeper's words, where there are any.
export function photographName(texts: Texts, visit: Visit, index: number): string {
  return visit.photographs[index]!.alt ?? texts.photograph(index + 1);
}

export function photographsPanel(
  texts: Texts,
  visit: Visit,
  onOpen: () => void,
  stepInto: (photograph: Photograph, name: string, from: HTMLElement) => void,
  hang: (hangs: boolean) => void,
): Panel | null {
  if (visit.photographs.length === 0) return null;
  const items = visit.photographs.map((photograph, i) => {
    const name = photographName(texts, visit, i);
    const opener = button(name, () => stepInto(photograph, name, opener));
    if (photograph.alt !== null) opener.lang = visit.language;
    return el("li", {}, opener);
  });
  const taken = visit.photographs.some(({ position }) => position !== null);
  const hanging = el("input", { type: "checkbox", onchange: () => hang(hanging.checked) });
  hanging.checked = true;
  return panel(texts, "photographs", texts.photographs, texts.photographs, onOpen,
    el("p", { lang: texts.language }, texts.photographs_say),
    el("ul", { class: "spots", lang: texts.language }, ...items),
    taken ? el("fieldset", { lang: texts.language }, el("label", {}, hanging, texts.photographs_hang)) : null);
}
