// The guided visit: one step after another, moved about by buttons.
import { button, el } from "../dom";
import type { Vec3 } from "../visit";
import type { Pose } from "../walk";
import { change, home, languageSwitch, sheet, type Desk, type Page } from "./desk";
import { choice, field } from "./fields";
import {
  moved, storiesIn, thingsIn, tourIn, wordsIn, type RoomDocument, type TourStep,
} from "./room_document";
import { titleIn } from "./stories_pages";
import { nameIn, pinThings } from "./things_pages";
import { wordsField } from "./word_fields";

const usualPause_s = 4;
const longestPause_s = 600;

function placeFrom({ position, yaw, pitch }: Pose): { position: Vec3; look_at: Vec3 } {
  const level = 2 * Math.cos(pitch);
  const [x, y, z] = position;
  const round = (point: number[]) => point.map((value) => Math.round(value * 1e3) / 1e3) as unknown as Vec3;
  return {
    position: round([x, y, z]),
    look_at: round([x - level * Math.sin(yaw), y + 2 * Math.sin(pitch), z - level * Math.cos(yaw)]),
  };
}

function nameOfStep(desk: Desk, step: TourStep): string {
  const { texts, keeping: { room } } = desk;
  const thing = thingsIn(room).find((each) => each.id === step.thing);
  const story = storiesIn(room).find((each) => each.id === step.story);
  const names = [thing ? nameIn(desk, thing) : null, story ? titleIn(desk, story) : null]
    .filter((name) => name !== null);
  return names.length > 0 ? names.join(": ") : step.place ? texts.tour_place_name : texts.tour_words_only;
}

export function tourPage(desk: Desk): Page {
  const { texts, keeping: { room, state } } = desk;
  const steps = tourIn(room);
  const set = (next: readonly TourStep[]) => change(desk, texts.did.tour, (now) => ({ ...now, tour: next }));
  pinThings(desk, null);
  return {
    title: texts.task_tour, withRoom: true,
    element: sheet(home(desk), texts.task_tour, el("p", {}, texts.tour_intro), languageSwitch(desk),
      adding(desk, (step) => {
        set([...tourIn(desk.keeping.room), step]);
        desk.say(texts.tour_moved(nameOfStep(desk, step), tourIn(desk.keeping.room).length));
        desk.again("next");
      }),
      steps.length === 0 ? el("p", { class: "small" }, texts.tour_none)
        : el("ol", { class: "steps" }, ...steps.map((step, i) => stepRow(desk, steps, step, i, set))),
      steps.length > 0 && state.tour_minutes !== null
        ? el("p", { class: "small" }, texts.tour_minutes(state.tour_minutes)) : null),
  };
}

function adding(desk: Desk, add: (step: TourStep) => void): HTMLElement {
  const { texts, keeping: { room } } = desk;
  const options: (readonly [string, string])[] = [
    ...thingsIn(room).map((thing) => [`thing ${thing.id}`, texts.tour_add_thing(nameIn(desk, thing))] as const),
    ...storiesIn(room).map((story) => [`story ${story.id}`, texts.tour_add_story(titleIn(desk, story))] as const),
    ["place", texts.tour_add_place],
  ];
  let chosen = options[0]![0];
  return el("div", { class: "adding" },
    choice("next", texts.tour_what, options, chosen, (value) => (chosen = value)),
    button(texts.tour_add, () => {
      const [kind, id] = chosen.split(" ");
      const pose = desk.pane?.pose;
      if (kind === "thing") add({ thing: id!, pause: usualPause_s });
      else if (kind === "story") add({ story: id!, pause: usualPause_s });
      else if (pose) add({ place: placeFrom(pose), pause: usualPause_s });
    }, "main"));
}

function stepRow(
  desk: Desk, steps: readonly TourStep[], step: TourStep, i: number, set: (steps: readonly TourStep[]) => void,
): HTMLElement {
  const { texts, keeping: { room } } = desk;
  const name = nameOfStep(desk, step);
  const small = (words: string, whole: string, act: () => void, id: string, able: boolean) => {
    const made = button(words, act, "quietly");
    made.id = id;
    made.disabled = !able;
    made.setAttribute("aria-label", whole);
    return made;
  };
  const to = (place: number, which: "earlier" | "later") => {
    set(moved(tourIn(desk.keeping.room), i, place));
    desk.say(texts.tour_moved(name, place + 1));
    const other = which === "earlier" ? place === 0 : place === steps.length - 1;
    desk.again(`${other ? (which === "earlier" ? "later" : "earlier") : which}-${place}`);
  };
  const replace = (now: RoomDocument, how: (step: TourStep) => TourStep): RoomDocument =>
    ({ ...now, tour: tourIn(now).map((each, k) => (k === i ? how(each) : each)) });
  const told = wordsIn(room, step, "words", desk.language).length > 0;
  return el("li", {},
    el("div", { class: "row" }, el("h2", {}, texts.tour_step(i + 1, name)),
      el("div", { class: "choices" },
        small(texts.tour_earlier_short, texts.tour_earlier(name), () => to(i - 1, "earlier"), `earlier-${i}`, i > 0),
        small(texts.tour_later_short, texts.tour_later(name), () => to(i + 1, "later"), `later-${i}`, i < steps.length - 1),
        small(texts.tour_remove_short, texts.tour_remove(name), () => {
          set(tourIn(desk.keeping.room).filter((_, k) => k !== i));
          desk.again("next");
        }, `out-${i}`, true))),
    el("details", { open: told }, el("summary", {}, texts.tour_open),
      wordsField(desk, "words", 3, {
        id: `words-${i}`, label: texts.tour_words, help: texts.tour_words_help, item: step, what: texts.did.tour, set: replace,
      }),
      field({
        id: `pause-${i}`, label: texts.tour_pause, type: "number", value: String(step.pause ?? usualPause_s),
        written: (value) => {
          const pause = Number(value);
          if (value === "" || !(pause >= 0 && pause <= longestPause_s)) return;
          desk.keeping.change(texts.did.tour, (now) => replace(now, (each) => ({ ...each, pause })));
        },
      })));
}
