// Where the keeper begins: what there is to do, and how far it is.
import { el, heading } from "../dom";
import { nameOf, type Desk, type Page } from "./desk";
import { languagesIn, storiesIn, thingsIn, tourIn } from "./room_document";

export function homePage(desk: Desk): Page {
  const { texts, keeping: { room, state } } = desk;
  const known = state.doorway?.estimated === false && state.scale?.estimated === false;
  const languages = languagesIn(room).map((language) => nameOf(desk, language));
  const tasks: (readonly [string, string, string])[] = [
    ["first", texts.task_first, texts.task_first_has((room.words ?? []).length)],
    ["place", texts.task_place, known ? texts.task_place_known : texts.task_place_guess],
    ["things", texts.task_things, texts.task_things_has(thingsIn(room).length)],
    ["stories", texts.task_stories, texts.task_stories_has(storiesIn(room).length)],
    ["tour", texts.task_tour, texts.task_tour_has(tourIn(room).length, state.tour_minutes)],
    ["last", texts.task_last, texts.task_last_has((room.last_words ?? []).length)],
    ["languages", texts.task_languages,
      texts.task_languages_has(new Intl.ListFormat(texts.language).format(languages))],
    ["preview", texts.task_preview, state.site.fresh ? texts.task_preview_fresh : texts.task_preview_stale],
    ["history", texts.task_history, texts.task_history_has],
  ];
  const problems = state.problems.length === 0 ? null
    : el("section", { class: "note" }, el("h2", {}, texts.problems),
      ...state.problems.map((problem) => el("p", { lang: "en" }, problem)));
  return {
    title: room.title, withRoom: false,
    element: el("div", { class: "sheet home" },
      heading("h1", room.title, { lang: room.language ?? "en" }),
      el("p", {}, texts.home_words), problems,
      el("ul", { class: "tasks" }, ...tasks.map(([route, name, has]) =>
        el("li", {}, el("a", { href: `#${route}` }, el("h2", {}, name), el("p", { class: "small" }, has)))))),
  };
}
