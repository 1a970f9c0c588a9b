// The things in the room: named by pointing at them, then told of one by one.
import { button, el } from "../dom";
import type { Vec3 } from "../visit";
import { change, home, languageSwitch, routeTo, sheet, type Desk, type Page } from "./desk";
import { removal } from "./fields";
import { photographsField } from "./photographs_field";
import { pointInPhotograph, type SeenIn } from "./photograph_pointing";
import {
  idFor, ownLanguage, storiesIn, textIn, thingsIn, withItem, withoutThing,
  type RoomDocument, type Thing,
} from "./room_document";
import { textField, wordsField } from "./word_fields";

// As it is called in the language that is written in, else in the first.
export function nameIn(desk: Desk, thing: Thing): string {
  return textIn(desk.keeping.room, thing, "name", desk.language) || thing.name;
}

export function placeOf(desk: Desk, thing: Thing): Vec3 | null {
  return thing.position ?? desk.keeping.state.places[thing.id] ?? null;
}

export function pinThings(desk: Desk, chosen: string | null): void {
  desk.pane?.mark(thingsIn(desk.keeping.room).flatMap((thing) => {
    const position = placeOf(desk, thing);
    return position === null ? [] : [{ name: nameIn(desk, thing), position, chosen: thing.id === chosen }];
  }));
}

// Where it is: in the room, or where a photograph shows it.
type Where = { readonly position: Vec3 } | { readonly seen_in: SeenIn };
const inRoom = (place: Vec3): Where =>
  ({ position: place.map((value) => Math.round(value * 1e4) / 1e4) as unknown as Vec3 });

export function thingsPage(desk: Desk): Page {
  const { texts, keeping: { room } } = desk;
  const things = thingsIn(room);
  const naming = el("div", { class: "naming" });
  const begin = () => {
    naming.replaceChildren(add, inPhotograph);
    pinThings(desk, null);
    add.focus();
  };
  const add = button(texts.thing_add, () => desk.ask(texts.thing_point, (place) => {
    const pins = thingsIn(room).flatMap((thing) => {
      const position = placeOf(desk, thing);
      return position === null ? [] : [{ name: nameIn(desk, thing), position, chosen: false }];
    });
    desk.pane?.mark([...pins, { name: "", position: place, chosen: true }]);
    askName(desk, naming, inRoom(place), begin);
  }, () => add.focus()), "main");
  add.id = "add";
  const inPhotograph = button(texts.thing_in_photograph, () => {
    pointInPhotograph(desk, naming, (seen_in) => askName(desk, naming, { seen_in }, begin), begin);
  });
  naming.append(add, inPhotograph);
  pinThings(desk, null);
  return {
    title: texts.task_things, withRoom: true,
    leave: () => desk.pane?.letBe(),
    element: sheet(home(desk), texts.task_things, el("p", {}, texts.things_intro), naming,
      things.length === 0 ? el("p", { class: "small" }, texts.things_none)
        : el("ul", { class: "list" }, ...things.map((thing) =>
          el("li", {}, el("a", { href: `#${routeTo("thing", thing.id)}`, lang: desk.language }, nameIn(desk, thing)))))),
  };
}

function askName(desk: Desk, naming: HTMLElement, where: Where, giveUp: () => void): void {
  const { texts } = desk;
  const box = el("input", {
    id: "new-name", type: "text", autocomplete: "off", required: true, "aria-describedby": "new-name-help",
    lang: ownLanguage(desk.keeping.room),
  });
  const form = el("form", {
    class: "field", onsubmit: (event) => {
      event.preventDefault();
      const name = box.value.trim();
      if (name === "") return box.focus();
      const id = idFor(name, thingsIn(desk.keeping.room).map((thing) => thing.id), "thing");
      change(desk, texts.did.thing_named(name), (room) =>
        ({ ...room, things: [...thingsIn(room), { id, name, words: [], ...where }] }));
      desk.say(texts.thing_named(name));
      desk.go(routeTo("thing", id));
    },
  },
    el("label", { for: "new-name" }, texts.thing_what),
    el("p", { class: "small", id: "new-name-help" }, texts.thing_what_help), box,
    el("div", { class: "choices" }, el("button", { type: "submit", class: "main" }, texts.keep_it),
      button(texts.cancel, giveUp)));
  naming.replaceChildren(form);
  box.focus();
}

export function thingPage(desk: Desk, id: string): Page | null {
  const { texts, keeping: { room } } = desk;
  const thing = thingsIn(room).find((each) => each.id === id);
  if (thing === undefined) return null;
  const name = nameIn(desk, thing);
  const set = (now: RoomDocument, how: (thing: Thing) => Thing) => withItem(now, "things", id, how);
  const about = { item: thing, what: texts.did.thing(thing.name), set };
  const moving = el("div", { class: "group" });
  const putTo = (where: Where) => {
    change(desk, texts.did.thing_moved(thing.name), (now) =>
      set(now, ({ position: _, seen_in: __, ...others }) => ({ ...others, ...where })));
    desk.say(texts.thing_moved);
    desk.again("move");
  };
  const move = button(texts.thing_move, () => desk.ask(texts.thing_point, (there) => putTo(inRoom(there)), () => move.focus()));
  move.id = "move";
  const inPhotograph = button(texts.thing_in_photograph, () => pointInPhotograph(desk, moving, (seen_in) => putTo({ seen_in }), () => {
    showWays();
    inPhotograph.focus();
  }));
  const lost = el("p", { class: "message", role: "status" });
  const show = button(texts.thing_show, () => {
    const place = placeOf(desk, thing);
    if (place !== null) desk.pane?.goBefore(place);
  });
  const showPlace = () => (show.hidden = placeOf(desk, thing) === null);
  const showWays = () => moving.replaceChildren(lost, el("div", { class: "choices" }, show, move, inPhotograph));
  showPlace();
  showWays();
  // The program looks for it when it has been saved.
  if (thing.seen_in && !thing.position) {
    void desk.keeping.settle().then(() => {
      if (!moving.isConnected) return;
      if (desk.keeping.state.places[id] === null) lost.textContent = texts.thing_not_found;
      showPlace();
      pinThings(desk, id);
    });
  }
  const stories = storiesIn(room).filter((story) => (story.things ?? []).includes(id));
  pinThings(desk, id);
  return {
    title: name, withRoom: true,
    leave: () => desk.pane?.letBe(),
    element: sheet(["things", texts.task_things], name, languageSwitch(desk),
      textField(desk, "name", 1, { ...about, id: "name", label: texts.thing_name, required: true }),
      wordsField(desk, "words", 6, { ...about, id: "words", label: texts.thing_words, help: texts.words_help }),
      photographsField(desk, thing, placeOf(desk, thing)),
      textField(desk, "alt", 2, { ...about, id: "alt", label: texts.thing_alt, help: texts.thing_alt_help }),
      el("section", { class: "group" }, el("h2", {}, texts.thing_stories),
        stories.length === 0 ? null : el("ul", { class: "list" }, ...stories.map((story) =>
          el("li", {}, el("a", { href: `#${routeTo("story", story.id)}` }, story.title)))),
        el("a", { class: "button", href: `#${routeTo("stories", id)}` }, texts.thing_story_add)),
      moving,
      removal(texts.thing_remove, texts.thing_remove_sure, texts.thing_remove_yes, texts.no_keep, () => {
        change(desk, texts.did.thing_removed(thing.name), (now) => withoutThing(now, id));
        desk.go("things");
      })),
  };
}
