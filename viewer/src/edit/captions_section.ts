// Which captions a story has, and in which languages it could have some.
import { button, el } from "../dom";
import { change, nameOf, routeTo, type Desk } from "./desk";
import { languagesIn, ownLanguage, withItem, type Story } from "./room_document";

export function captionsSection(desk: Desk, story: Story): HTMLElement {
  const { texts, keeping: { room } } = desk;
  const captions = story.captions ?? [];
  const own = story.language ?? ownLanguage(room);
  const missing = [...new Set([own, ...languagesIn(room)])]
    .filter((language) => !captions.some((each) => each.language === language));
  const to = (language: string) => `#${routeTo("captions", story.id, language)}`;
  return el("section", { class: "group" }, el("h2", {}, texts.captions),
    el("p", { class: "small" }, texts.captions_help),
    captions.length === 0 ? null : el("ul", { class: "list" }, ...captions.map(({ language, path }) =>
      el("li", { class: "row" },
        el("a", { href: to(language) }, texts.captions_edit(nameOf(desk, language))),
        button(texts.captions_remove(nameOf(desk, language)), () => {
          change(desk, texts.did.captions(story.title), (now) => withItem(now, "stories", story.id, (one) =>
            ({ ...one, captions: (one.captions ?? []).filter((each) => each.path !== path) })));
          desk.again("captions");
        }, "quietly")))),
    el("div", { class: "choices", id: "captions", tabindex: "-1" }, ...missing.map((language) =>
      el("a", { class: "button", href: to(language) }, texts.captions_add(nameOf(desk, language))))));
}
