// The quiet pages around the room: before it, after it, and in its place when it cannot be drawn.
import { button, el, heading, paragraphs } from "./dom";
import { Telling } from "./telling";
import type { Texts } from "./texts";
import { recordingOf, storiesOf, storiesOfTheRoom, type Further, type Visit } from "./visit";

export interface Steps {
  readonly stepIn: () => void;
  readonly notNow: () => void;
  readonly leave: () => void;
  readonly goBack: () => void; // to where one was before a pause
}

function quiet(visit: Visit, ...children: (Node | null)[]): HTMLElement {
  return el("main", { class: "quiet", lang: visit.language },
    heading("h1", visit.title), ...children);
}

function choices(texts: Texts, ...buttons: (HTMLElement | null)[]): HTMLElement {
  return el("div", { class: "choices", lang: texts.language }, ...buttons);
}

// Minutes to read at leisure and to look, by fives: a promise of calm, not a clock.
const words_per_minute = 180;
const looking_minutes = 3;
const recording_minutes = 1.5;

export function minutesFor(visit: Visit): number {
  const told = [visit.words, ...visit.things.map((thing) => thing.words),
    ...visit.stories.map((story) => story.words)].flat().join(" ").split(/\s+/).length;
  const heard = visit.stories.filter((story) => recordingOf(story) !== null)
    .reduce((sum, { seconds }) => sum + (seconds === null ? recording_minutes : seconds / 60), 0);
  const minutes = looking_minutes + told / words_per_minute + heard;
  return Math.max(5, 5 * Math.round(minutes / 5));
}

function reading(texts: Texts, visit: Visit): HTMLElement | null {
  const url = visit.reading[visit.language] ?? Object.values(visit.reading)[0];
  return url === undefined ? null
    : el("a", { class: "button", href: url, lang: texts.language }, texts.read_instead);
}

// Words that lead on, and where to; the address is the visitor's to open.
function furtherSection(heading: HTMLElement | null, further: Further | null): HTMLElement | null {
  if (further === null) return null;
  const { words, link } = further;
  return el("section", { class: "further" }, heading, ...paragraphs(words),
    link === null ? null : el("p", {}, el("a", { href: link, rel: "noreferrer noopener" },
      link.replace(/^(https?:\/\/|mailto:|tel:)/, "").replace(/\/$/, ""))));
}

function supportSection(texts: Texts, visit: Visit): HTMLElement | null {
  return furtherSection(el("h2", { lang: texts.language }, texts.support), visit.support);
}

function noteSection(texts: Texts, note: string): HTMLElement {
  return el("section", { class: "note" },
    el("h2", { lang: texts.language }, texts.before_you_step_in), el("p", {}, note));
}

function estimates(texts: Texts, visit: Visit): HTMLElement | null {
  const sentences = [
    visit.estimated.scale ? texts.estimated_scale : null,
    visit.estimated.up ? texts.estimated_up : null,
    visit.estimated.doorway ? texts.estimated_doorway : null,
  ].filter((sentence) => sentence !== null);
  if (sentences.length === 0) return null;
  return el("p", { class: "small", lang: texts.language }, sentences.join(" "));
}

// Each named in itself, as somebody looks for it who reads no other.
function languageChoice(
  texts: Texts,
  visit: Visit,
  languages: readonly string[],
  choose: (language: string) => void,
): HTMLElement | null {
  if (languages.length < 2) return null;
  return el("nav", { class: "languages", lang: texts.language, "aria-label": texts.languages },
    ...languages.map((language) => {
      const named = new Intl.DisplayNames([language], { type: "language" }).of(language);
      const choice = button(named ?? language, () => choose(language));
      choice.lang = language;
      choice.setAttribute("aria-pressed", String(language === visit.language));
      return choice;
    }));
}

export function firstPage(
  texts: Texts,
  visit: Visit,
  steps: Steps,
  languages: readonly string[],
  choose: (language: string) => void,
  come: { readonly linked: boolean; readonly embedded: boolean }, // to a place; within another page
): HTMLElement {
  return quiet(
    visit,
    languageChoice(texts, visit, languages, choose),
    ...paragraphs(visit.words),
    el("p", { class: "small", lang: texts.language },
      `${texts.holds(visit.things.length, visit.stories.length,
        visit.stories.filter((story) => recordingOf(story) !== null).length)} ${
        texts.takes(minutesFor(visit))}${visit.tour === null ? "" : ` ${texts.guided(visit.tour.minutes)}`}`),
    visit.content_note ? noteSection(texts, visit.content_note) : null,
    come.linked ? el("p", { class: "small", lang: texts.language }, texts.linked) : null,
    choices(texts, button(texts.step_in, steps.stepIn, "main"), reading(texts, visit),
      come.embedded
        ? el("a", { class: "button", href: `./${location.hash}`, target: "_blank", rel: "noopener" },
          texts.own_window)
        : button(texts.not_now, steps.notNow)),
    estimates(texts, visit),
    visit.credits ? el("footer", { class: "small" }, visit.credits) : null,
  );
}

export function notNowPage(texts: Texts, visit: Visit, steps: Steps): HTMLElement {
  return quiet(
    visit,
    el("p", { lang: texts.language }, texts.not_now_said),
    choices(texts, button(texts.step_in, steps.stepIn), reading(texts, visit)),
    supportSection(texts, visit),
  );
}

// From the room, at any moment: nothing moves or sounds here.
export function pausePage(texts: Texts, visit: Visit, steps: Steps): HTMLElement {
  return quiet(
    visit,
    el("p", { lang: texts.language }, texts.paused),
    choices(texts, button(texts.go_on, steps.goBack, "main"), reading(texts, visit),
      button(texts.leave, steps.leave)),
    supportSection(texts, visit),
  );
}

export function lastPage(texts: Texts, visit: Visit, steps: Steps): HTMLElement {
  const words = paragraphs(visit.last_words);
  return quiet(
    visit,
    ...(words.length > 0 ? words : [el("p", { lang: texts.language }, texts.visit_over)]),
    furtherSection(null, visit.offer),
    choices(texts, button(texts.step_back_in, steps.stepIn), reading(texts, visit)),
    supportSection(texts, visit),
    visit.credits ? el("footer", { class: "small" }, visit.credits) : null,
  );
}

// The words of the room without the room.
export function wordsPage(
  texts: Texts,
  visit: Visit,
  message: string,
  steps: Steps,
): HTMLElement {
  const own = { lang: texts.language };
  const telling = new Telling(texts);
  const things = visit.things.map((thing) =>
    el("section", { class: "thing" }, el("h3", {}, thing.name), ...paragraphs(thing.words),
      ...storiesOf(visit, thing.id).map((story) => telling.section(story, "h4"))));
  const stories = storiesOfTheRoom(visit).map((story) => telling.section(story, "h3"));
  return quiet(
    visit,
    el("p", { class: "message", role: "alert", ...own }, message),
    choices(texts, button(texts.try_again, steps.stepIn, "main"), reading(texts, visit),
      button(texts.leave, steps.leave)),
    ...paragraphs(visit.words),
    things.length > 0 ? el("h2", own, texts.things) : null,
    ...things,
    stories.length > 0 ? el("h2", own, texts.stories) : null,
    ...stories,
    telling.teller.element,
    supportSection(texts, visit),
  );
}

// When not even the words could be had; in the browser's language.
export function sorryPage(texts: Texts, message: string, detail: string | null): HTMLElement {
  return el("main", { class: "quiet sorry", lang: texts.language },
    heading("h1", message), detail ? el("p", { lang: "en" }, detail) : null,
    el("p", {}, el("a", { href: "read.html" }, texts.read_instead)));
}
