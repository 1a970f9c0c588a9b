// The list of the room's things, beside the room.
import { button, el, paragraphs } from "./dom";
import { panel, type Panel } from "./panel";
import { storySection } from "./story";
import type { Texts } from "./texts";
import { storiesOf, storiesOfTheRoom, type Thing, type Vec3, type Visit } from "./visit";

export function thingsPanel(
  texts: Texts,
  visit: Visit,
  onOpen: () => void,
  goTo: (thing: Thing, position: Vec3) => void,
): Panel {
  const own = { lang: texts.language };
  const things = visit.things.map((thing) => {
    const { position } = thing;
    const go = position === null ? null : button(texts.go_there, () => goTo(thing, position));
    go?.setAttribute("aria-label", texts.go_there_to(thing.name));
    go?.setAttribute("lang", texts.language);
    return el("li", {}, el("details", { class: "thing" },
      el("summary", {}, el("h3", {}, thing.name)),
      ...paragraphs(thing.words), go,
      ...storiesOf(visit, thing.id).map((story) => storySection(texts, story, "h4"))));
  });
  const stories = storiesOfTheRoom(visit).map((story) => storySection(texts, story, "h3"));
  return panel(texts, "things", texts.things, texts.open_things, onOpen,
    things.length > 0 ? el("ul", { lang: visit.language }, ...things)
      : el("p", own, texts.no_things),
    ...(stories.length > 0 ? [el("h2", own, texts.stories), ...stories] : []));
}
