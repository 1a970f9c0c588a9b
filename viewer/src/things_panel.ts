// The list of the room's things, beside the room.
import { button, el, paragraphs } from "./dom";
import { panel, type Panel } from "./panel";
import { nearestPhotograph } from "./photographed";
import { storySection } from "./story";
import type { Texts } from "./texts";
import { storiesOf, storiesOfTheRoom, type Photograph, type Thing, type Vec3, type Visit } from "./visit";

export function thingsPanel(
  texts: Texts,
  visit: Visit,
  onOpen: () => void,
  goTo: (thing: Thing, position: Vec3) => void,
  stepInto: (photograph: Photograph, name: string, from: HTMLElement) => void,
): Panel {
  const own = { lang: texts.language };
  const closeUp = (thing: Thing) => {
    const i = thing.position && nearestPhotograph(visit.photographs, thing.position);
    if (i === null) return null;
    const opener = button(texts.photograph_near,
      () => stepInto(visit.photographs[i]!, texts.photograph(i + 1), opener));
    opener.setAttribute("aria-label", texts.photograph_near_to(thing.name));
    opener.setAttribute("lang", texts.language);
    return opener;
  };
  const things = visit.things.map((thing) => {
    const { position } = thing;
    const go = position === null ? null : button(texts.go_there, () => goTo(thing, position));
    go?.setAttribute("aria-label", texts.go_there_to(thing.name));
    go?.setAttribute("lang", texts.language);
    return el("li", {}, el("details", { class: "thing" },
      el("summary", {}, el("h3", {}, thing.name)),
      ...paragraphs(thing.words), position && el("div", { class: "choices" }, go, closeUp(thing)),
      ...storiesOf(visit, thing.id).map((story) => storySection(texts, story, "h4"))));
  });
  const stories = storiesOfTheRoom(visit).map((story) => storySection(texts, story, "h3"));
  return panel(texts, "things", texts.things, texts.open_things, onOpen,
    things.length > 0 ? el("ul", { lang: visit.language }, ...things)
      : el("p", own, texts.no_things),
    ...(stories.length > 0 ? [el("h2", own, texts.stories), ...stories] : []));
}
