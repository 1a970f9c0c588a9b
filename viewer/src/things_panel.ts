// The list of the room's things, beside the room.
import { button, el, heading, paragraphs } from "./dom";
import { storySection } from "./story";
import type { Texts } from "./texts";
import { storiesOf, storiesOfTheRoom, type Thing, type Vec3, type Visit } from "./visit";

export interface ThingsPanel {
  readonly element: HTMLElement;
  readonly opener: HTMLButtonElement;
  close(): void;
}

export function thingsPanel(
  texts: Texts,
  visit: Visit,
  goTo: (thing: Thing, position: Vec3) => void,
): ThingsPanel {
  const own = { lang: texts.language };
  const title = heading("h2", texts.things, { id: "things-title", ...own });
  const opener = button(texts.things, () => (element.hidden ? open() : close()));
  opener.setAttribute("aria-expanded", "false");
  opener.setAttribute("aria-controls", "things");
  const element = el("section", {
    id: "things", class: "panel", hidden: true, "aria-labelledby": "things-title",
  });

  function open(): void {
    element.hidden = false;
    opener.setAttribute("aria-expanded", "true");
    title.focus();
  }
  function close(): void {
    if (element.hidden) return;
    const hadFocus = element.contains(document.activeElement);
    element.hidden = true;
    for (const audio of element.querySelectorAll("audio")) audio.pause();
    opener.setAttribute("aria-expanded", "false");
    if (hadFocus) opener.focus();
  }

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
  element.append(
    el("div", { class: "panel-head" }, title, button(texts.close, close)),
    things.length > 0 ? el("ul", { lang: visit.language }, ...things)
      : el("p", own, texts.no_things),
    ...(stories.length > 0 ? [el("h2", own, texts.stories), ...stories] : []),
  );
  element.addEventListener("keydown", (event) => {
    if (event.key === "Escape") close();
  });
  return { element, opener, close };
}
