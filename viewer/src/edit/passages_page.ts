// Which passage of a recording speaks of which thing: marked while it plays.
import { button, el } from "../dom";
import { timeText } from "../time_text";
import { change, routeTo, sheet, type Desk, type Page } from "./desk";
import { marked } from "./passages";
import { playerOf, recordingOf } from "./recording_section";
import { storiesIn, thingsIn, withItem, type Passage } from "./room_document";
import { titleIn } from "./stories_pages";
import { nameIn } from "./things_pages";

export function passagesPage(desk: Desk, id: string): Page | null {
  const { texts } = desk;
  const story = storiesIn(desk.keeping.room).find((each) => each.id === id);
  const recording = story && recordingOf(story);
  if (!story || !recording) return null;
  const spokenOf = story.things ?? [];
  const things = thingsIn(desk.keeping.room).filter((thing) => spokenOf.includes(thing.id));
  const player = playerOf(desk, story, recording);
  // Of what a microphone recorded here the player knows it late, and not exactly.
  const seconds = desk.client.recording(recording).then((one) => one.seconds, () => null);
  const now = el("p", { role: "status", class: "message" });
  const list = el("ul", { class: "list", id: "marked", tabindex: "-1" });
  const passages = () => storiesIn(desk.keeping.room).find((each) => each.id === id)?.passages ?? [];
  const name = (one: Passage) =>
    things.filter((thing) => one.things.includes(thing.id)).map((thing) => nameIn(desk, thing)).join(", ");
  const set = (next: readonly Passage[]) => {
    change(desk, texts.did.passages(story.title), (room) =>
      withItem(room, "stories", id, (one) => ({ ...one, passages: next })));
    show();
  };

  function show(): void {
    const all = passages();
    list.replaceChildren(...(all.length === 0 ? [el("li", { class: "small" }, texts.passages_none)]
      : all.map((one) => {
        const [from, to] = [timeText(one.from), timeText(one.to)];
        const away = button(texts.passages_remove_short, () => {
          set(passages().filter((each) => each.from !== one.from));
          list.focus();
        }, "quietly");
        away.setAttribute("aria-label", texts.passages_remove(name(one), from));
        return el("li", { class: "row" }, button(texts.passages_one(from, to, name(one)), () => {
          player.currentTime = one.from;
        }, "quietly"), away);
      })));
  }

  async function mark(thing: string | null): Promise<void> {
    const at_s = player.currentTime;
    const played_s = Number.isFinite(player.duration) ? player.duration : at_s + 1;
    set(marked(passages(), at_s, (await seconds) ?? played_s, thing));
    const found = things.find((each) => each.id === thing);
    now.textContent = texts.passages_now(found ? nameIn(desk, found) : texts.passages_none_of);
  }

  const buttons = el("div", { class: "choices" },
    ...things.map((thing, i) => button(i < 9 ? `${i + 1} ${nameIn(desk, thing)}` : nameIn(desk, thing), () => void mark(thing.id))),
    button(`0 ${texts.passages_none_of}`, () => void mark(null)));
  const pressed = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !/^\d$/.test(event.key)) return;
    const number = Number(event.key);
    const thing = things[number - 1];
    if (number !== 0 && thing === undefined) return;
    event.preventDefault();
    void mark(number === 0 ? null : thing!.id);
  };
  const element = sheet([routeTo("story", id), titleIn(desk, story)], texts.passages_title(titleIn(desk, story)),
    el("p", {}, things.length === 0 ? texts.passages_need_things : texts.passages_intro),
    el("div", { class: "player" }, player), things.length === 0 ? null : buttons, now,
    el("section", { class: "group" }, el("h2", {}, texts.passages_list), list));
  document.addEventListener("keydown", pressed);
  show();
  return {
    title: texts.passages_title(titleIn(desk, story)), withRoom: false, element,
    leave: () => document.removeEventListener("keydown", pressed),
  };
}
