// The guided visit as a visitor sees it: a panel to begin it in, and a card with its words on the way.
import { button, el, heading, paragraphs } from "./dom";
import { markOwnTexts } from "./language_of_parts";
import { panel, type Panel } from "./panel";
import type { Texts } from "./texts";
import type { TourState } from "./tour";
import type { Tour, Visit } from "./visit";

export interface TourCard {
  readonly panel: Panel;
  readonly element: HTMLElement;
  // `more` stands below the words.
  show(state: TourState, title: string | null, words: readonly string[], more: HTMLElement | null): void;
}

export interface TourWishes {
  readonly begin: (withSound: boolean) => void;
  readonly next: () => void;
  readonly back: () => void;
  readonly leave: () => void;
  readonly takeUp: () => void;
  readonly byItself: (byItself: boolean) => void;
}

export function tourCard(
  texts: Texts, visit: Visit, tour: Tour, onOpen: () => void, wishes: TourWishes,
): TourCard {
  const begin = (withSound: boolean) => () => {
    made.close();
    wishes.begin(withSound);
    title.focus();
  };
  const sounds = tour.steps.some(({ story }) => {
    const told = visit.stories.find(({ id }) => id === story);
    return told !== undefined && (told.sound.length > 0 || told.video.length > 0);
  });
  const made = panel(texts, "tour", texts.tour, texts.tour, onOpen,
    el("div", { class: "plan-body", lang: texts.language },
      el("p", {}, texts.tour_say(tour.minutes)),
      sounds ? el("p", {}, texts.tour_heard) : null,
      el("div", { class: "choices" }, button(texts.tour_begin, begin(true), "main"),
        sounds ? button(texts.tour_begin_silent, begin(false)) : null)));

  const title = heading("h2", "");
  const words = el("div", { class: "words", role: "status", lang: visit.language });
  const further = el("div", { class: "further-words", lang: visit.language });
  const byItself = el("input", { type: "checkbox", onchange: () => wishes.byItself(byItself.checked) });
  byItself.checked = true;
  const back = button(texts.tour_back, wishes.back);
  const next = button(texts.tour_next, wishes.next);
  const going = el("div", { class: "choices" }, next, back, button(texts.tour_leave, wishes.leave),
    el("label", {}, byItself, texts.tour_by_itself));
  const away = el("div", { class: "choices" });
  const element = el("section", { class: "touring", hidden: true, lang: texts.language, "aria-label": texts.tour },
    title, words, further, going, away);
  // Escape leaves the path, not the room.
  element.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || going.hidden) return;
    event.stopPropagation();
    wishes.leave();
  });
  const close = button(texts.close, () => (element.hidden = true));

  return {
    panel: made,
    element,
    show(state, name, said, more) {
      const focused = element.contains(document.activeElement);
      element.hidden = false;
      going.hidden = state.kind !== "on";
      away.hidden = state.kind === "on";
      if (state.kind === "on") {
        title.textContent = name ?? texts.tour;
        title.lang = name === null ? texts.language : visit.language;
        words.replaceChildren(...paragraphs(said));
        markOwnTexts(title, visit.own);
        markOwnTexts(words, visit.own);
        if (more?.parentElement !== further) further.replaceChildren(...(more === null ? [] : [more]));
        back.disabled = state.first;
        byItself.checked = !state.waits;
      } else {
        const over = state.kind === "over";
        title.textContent = texts.tour;
        title.lang = texts.language;
        further.replaceChildren();
        words.replaceChildren(el("p", { lang: texts.language }, over ? texts.tour_over : texts.tour_away));
        away.replaceChildren(button(over ? texts.tour_again : texts.tour_take_up, wishes.takeUp), close);
      }
      if (focused && !element.contains(document.activeElement)) title.focus();
      if (focused && (document.activeElement as HTMLButtonElement).disabled) next.focus();
    },
  };
}
