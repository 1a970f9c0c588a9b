// Where a visitor stands: the doorway, the room's size, and which way is up.
import { button, el } from "../dom";
import type { Vec3 } from "../visit";
import type { Pose } from "../walk";
import type { State } from "./client";
import { change, home, sheet, type Desk, type Page } from "./desk";
import { lengthWords } from "./numbers";
import { pinThings } from "./things_pages";

const round = (value: number) => Math.round(value * 1e3) / 1e3;

// A point two metres ahead.
function lookedAt({ position: [x, y, z], yaw, pitch }: Pose): Vec3 {
  const level = 2 * Math.cos(pitch);
  return [round(x - level * Math.sin(yaw)), round(y + 2 * Math.sin(pitch)), round(z - level * Math.cos(yaw))];
}

export function placePage(desk: Desk): Page {
  const { texts, keeping: { state, room } } = desk;
  pinThings(desk, null);
  return {
    title: texts.task_place, withRoom: true,
    leave: () => desk.pane?.letBe(),
    element: sheet(home(desk), texts.task_place, el("p", {}, texts.place_intro),
      doorwaySection(desk, room.doorway ? false : state.doorway?.estimated ?? true),
      sizeSection(desk, state.scale?.estimated ?? true),
      upSection(desk, state.up?.estimated ?? true)),
  };
}

function doorwaySection(desk: Desk, estimated: boolean): HTMLElement {
  const { texts } = desk;
  const here = button(texts.doorway_here, () => {
    const pose = desk.pane?.pose;
    if (!pose) return desk.trouble(new Error(texts.room_not_drawn));
    const position = pose.position.map(round);
    change(desk, texts.did.doorway, (room) => ({ ...room, doorway: { position, look_at: lookedAt(pose) } }));
    desk.say(texts.doorway_set);
    desk.again("doorway-here");
  }, estimated ? "main" : "");
  here.id = "doorway-here";
  const { room, state } = desk.keeping;
  const own = room.doorway as { position?: Vec3; look_at?: Vec3 } | null | undefined;
  const at = own?.position && own.look_at ? { position: own.position, look_at: own.look_at } : state.doorway;
  return el("section", { class: "group" }, el("h2", {}, texts.doorway),
    el("p", {}, estimated ? texts.doorway_estimated : texts.doorway_known),
    el("div", { class: "choices" }, here,
      at ? button(texts.doorway_show, () => desk.pane?.standAt(at.position, at.look_at)) : null));
}

// Two places, one after the other.
function askTwo(
  desk: Desk, first: string, second: string, then: (a: Vec3, b: Vec3, deviation_m: number) => void, focus: HTMLElement,
): void {
  const giveUp = () => {
    pinThings(desk, null);
    focus.focus();
  };
  desk.ask(first, (a, at_a) => {
    desk.pane?.mark([{ name: "1", position: a, chosen: true }]);
    desk.ask(second, (b, at_b) => {
      desk.pane?.mark([{ name: "1", position: a, chosen: true }, { name: "2", position: b, chosen: true }]);
      then(a, b, Math.hypot(at_a, at_b));
    }, giveUp);
  }, giveUp);
}

// What the program changes about how the room lies; the room is drawn anew then.
async function setRight(desk: Desk, body: HTMLElement, act: (revision: number) => Promise<State>): Promise<void> {
  const { texts } = desk;
  body.replaceChildren(el("p", { role: "status" }, texts.moving_room));
  try {
    if (await desk.keeping.step(act)) await desk.layAnew();
    else desk.trouble(new Error(texts.changed_elsewhere));
  } catch (error) {
    desk.trouble(error);
  }
  desk.again();
}

function sizeSection(desk: Desk, estimated: boolean): HTMLElement {
  const { texts, client } = desk;
  const body = el("div", { class: "naming" });
  const measure = button(texts.size_measure, () =>
    askTwo(desk, texts.size_first, texts.size_second, askLength, measure));
  const forget = estimated ? null : button(texts.size_forget, () =>
    void setRight(desk, body, (revision) => client.forget(revision, "length")));
  const begin = () => body.replaceChildren(el("div", { class: "choices" }, measure, ...(forget ? [forget] : [])));

  function askLength(a: Vec3, b: Vec3, ends_m: number): void {
    const metres = Math.hypot(...a.map((value, k) => value - b[k]!));
    const deviation_m = Math.hypot(ends_m, (desk.keeping.state.scale?.deviation ?? 0) * metres);
    const { length, about } = lengthWords(texts.language, metres, deviation_m);
    const found = texts.size_found(length, about, estimated);
    const wrong = el("p", { class: "message", role: "alert" });
    const box = el("input", { id: "metres", type: "text", inputmode: "decimal", autocomplete: "off" });
    body.replaceChildren(el("form", {
      class: "field", onsubmit: (event) => {
        event.preventDefault();
        const said = Number(box.value.trim().replace(",", ".").replace(/\s*m$/, ""));
        if (said >= 0.01 && said <= 1000) {
          void setRight(desk, body, (revision) => client.length(revision, a, b, said));
        } else {
          wrong.textContent = texts.size_wrong;
          box.focus();
        }
      },
    }, el("p", {}, found), el("label", { for: "metres" }, texts.size_how_long), box, wrong,
      el("div", { class: "choices" }, el("button", { type: "submit", class: "main" }, texts.size_set),
        button(texts.cancel, () => {
          begin();
          pinThings(desk, null);
          measure.focus();
        }))));
    box.focus();
  }

  begin();
  return el("section", { class: "group" }, el("h2", {}, texts.size),
    el("p", {}, estimated ? texts.size_estimated : texts.size_known), body);
}

function upSection(desk: Desk, estimated: boolean): HTMLElement {
  const { texts, client } = desk;
  const body = el("div", { class: "naming" });
  const show = button(texts.up_show, () => askTwo(desk, texts.up_low, texts.up_high, (low, high) =>
    void setRight(desk, body, (revision) => client.up(revision, low, high)), show));
  const forget = estimated ? null : button(texts.up_forget, () =>
    void setRight(desk, body, (revision) => client.forget(revision, "up")));
  body.append(el("div", { class: "choices" }, show, forget));
  return el("section", { class: "group" }, el("h2", {}, texts.up),
    el("p", {}, estimated ? texts.up_fine : texts.up_known), body);
}
