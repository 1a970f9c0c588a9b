// The list of the room's things, beside the room: each with its words, its photographs and its stories.
import { button, el, paragraphs } from "./dom";
import { panel, type Panel } from "./panel";
import { nearestPhotograph } from "./photographed";
import { photographName } from "./photographs_panel";
import type { Telling } from "./telling";
import type { Texts } from "./texts";
import { storiesOf, storiesOfTheRoom, type Photograph, type Thing, type Vec3, type Visit } from "./visit";

export interface ThingsPanel extends Panel {
  openAt(thing: Thing): void; // its words shown, and the focus there
}

export interface Ways {
  readonly goTo: (thing: Thing, position: Vec3) => void;
  // Into a photograph; `from` takes the focus again afterwards.
  readonly stepInto: (photograph: Photograph, name: string, from: HTMLElement) => void;
}

// Small, and leading to itself in full.
function thumbnails(texts: Texts, visit: Visit, thing: Thing, ways: Ways): HTMLElement | null {
  if (thing.photographs.length === 0) return null;
  const items = thing.photographs.map((index) => {
    const photograph = visit.photographs[index]!;
    const name = photographName(texts, visit, index);
    const picture = el("img", { src: photograph.url, alt: name, loading: "lazy", decoding: "async" });
    const opener = el("button", {
      type: "button", class: "thumbnail", onclick: () => ways.stepInto(photograph, name, opener),
    }, picture);
    return el("li", {}, opener);
  });
  return el("ul", { class: "thumbnails" }, ...items);
}

export function thingsPanel(
  texts: Texts,
  visit: Visit,
  telling: Telling,
  onOpen: () => void,
  ways: Ways,
): ThingsPanel {
  const own = { lang: texts.language };
  const closeUp = (thing: Thing) => {
    const i = thing.position && thing.photographs.length === 0
      ? nearestPhotograph(visit.photographs, thing.position) : null;
    if (i === null) return null;
    const opener = button(texts.photograph_near, () =>
      ways.stepInto(visit.photographs[i]!, photographName(texts, visit, i), opener));
    opener.setAttribute("aria-label", texts.photograph_near_to(thing.name));
    opener.setAttribute("lang", texts.language);
    return opener;
  };
  const items = new Map<string, HTMLDetailsElement>();
  const things = visit.things.map((thing) => {
    const { position } = thing;
    const go = position === null ? null : button(texts.go_there, () => ways.goTo(thing, position));
    go?.setAttribute("aria-label", texts.go_there_to(thing.name));
    go?.setAttribute("lang", texts.language);
    const details = el("details", { class: "thing" },
      el("summary", {}, el("h3", {}, thing.name)),
      thing.alt === null ? null : el("p", { class: "unseen" }, thing.alt),
      ...paragraphs(thing.words), thumbnails(texts, visit, thing, ways),
      position && el("div", { class: "choices" }, go, closeUp(thing)),
      ...storiesOf(visit, thing.id).map((story) => telling.section(story, "h4")));
    items.set(thing.id, details);
    return el("li", {}, details);
  });
  const stories = storiesOfTheRoom(visit).map((story) => telling.section(story, "h3"));
  const made = panel(texts, "things", texts.things, texts.open_things, onOpen,
    things.length > 0 ? el("ul", { lang: visit.language }, ...things)
      : el("p", own, texts.no_things),
    ...(stories.length > 0 ? [el("h2", own, texts.stories), ...stories] : []));
  return {
    ...made,
    openAt(thing) {
      made.open();
      const details = items.get(thing.id)!;
      details.open = true;
      const summary = details.querySelector("summary")!;
      summary.focus();
      summary.scrollIntoView({ block: "start" });
    },
  };
}
