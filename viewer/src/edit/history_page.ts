// Every change there was, the newest first, and a way back to each.
import { button, el } from "../dom";
import type { Entry } from "./client";
import { home, sheet, type Desk, type Page } from "./desk";
import { whatWasDone } from "./what_was_done";

const atOnce = 30;

export function historyPage(desk: Desk): Page {
  const { texts } = desk;
  const list = el("ol", { class: "list history", reversed: true });
  const more = el("div", {});
  void fill();

  // What was undone and done again leads from one of the others to another; it needs no lines of its own.
  async function fill(): Promise<void> {
    try {
      const all = await desk.client.history();
      const entries = all.filter(({ kind }) => kind !== "undo" && kind !== "redo").reverse();
      const now = entries.find(({ document }) => document === all[all.length - 1]?.document);
      show(entries, now, atOnce);
    } catch (error) {
      desk.trouble(error);
    }
  }

  function show(entries: readonly Entry[], now: Entry | undefined, most: number): void {
    list.replaceChildren(...entries.slice(0, most).map((entry, i) =>
      row(entry, entry === now, i === entries.length - 1)));
    more.replaceChildren(...(entries.length <= most ? [] : [button(texts.history_more, () => {
      show(entries, now, most + atOnce);
      list.querySelectorAll("button")[most - 1]?.focus();
    })]));
  }

  function row({ revision, at, kind, what }: Entry, now: boolean, oldest: boolean): HTMLElement {
    const when = new Intl.DateTimeFormat(texts.language, { dateStyle: "medium", timeStyle: "short" }).format(new Date(at));
    const said = oldest ? texts.history_first : kind === "outside" ? texts.history_outside : whatWasDone(texts, what);
    const back = button(texts.history_back, () => {
      void desk.keeping.restore(revision).then((done) => {
        desk.say(done ? texts.gone_back : texts.changed_elsewhere);
        desk.again();
      }, (error: unknown) => desk.trouble(error));
    }, "quietly");
    back.setAttribute("aria-label", texts.history_back_to(said, when));
    return el("li", { class: "row" }, el("div", {}, el("p", {}, said), el("p", { class: "small" }, when)),
      now ? el("p", { class: "small" }, texts.history_now) : back);
  }

  return {
    title: texts.task_history, withRoom: false,
    element: sheet(home(desk), texts.task_history, el("p", {}, texts.history_intro), list, more),
  };
}
