// Two windows changed the same room: side by side, and the keeper says whose words stay.
import { button, el, heading } from "../dom";
import type { Conflict } from "./client";
import type { Desk, Page } from "./desk";
import { differences } from "./differences";

export function conflictPage(desk: Desk, { document, yours }: Conflict): Page {
  const { texts, keeping } = desk;
  const choose = (whose: "mine" | "theirs") => {
    void keeping.choose(whose).then(() => desk.again(), (error: unknown) => desk.trouble(error));
  };
  const side = (name: string, text: string) =>
    el("div", {}, el("h3", {}, name), el("p", { class: "version" }, text === "" ? texts.conflict_empty : text));
  return {
    title: texts.conflict, withRoom: false,
    element: el("div", { class: "sheet conflict" }, heading("h1", texts.conflict), el("p", {}, texts.conflict_words),
      ...differences(yours, document).map(({ part, name, mine, theirs }) =>
        el("section", { class: "group" },
          el("h2", {}, [texts.part[part] ?? texts.part["other"]!, name].filter((each) => each !== null).join(": ")),
          el("div", { class: "sides" }, side(texts.conflict_mine, mine), side(texts.conflict_theirs, theirs)))),
      el("div", { class: "choices" },
        button(texts.conflict_keep_mine, () => choose("mine"), "main"),
        button(texts.conflict_take_theirs, () => choose("theirs"))),
      el("p", { class: "small" }, texts.conflict_both)),
  };
}
