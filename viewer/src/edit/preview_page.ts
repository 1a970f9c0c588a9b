// The visitor's page, made from what was done so far and opened in a window of its own.
import { button, el } from "../dom";
import { home, sheet, type Desk, type Page } from "./desk";

export function previewPage(desk: Desk): Page {
  const { texts, client, keeping } = desk;
  const body = el("div", { class: "group" });
  const open = (style: string) => el("a", {
    class: `button ${style}`, href: "site/index.html", target: "_blank", rel: "noopener noreferrer", id: "open",
  }, texts.preview_open);

  function show(): void {
    const { there, fresh } = keeping.state.site;
    body.replaceChildren(
      there ? el("p", { role: "status" }, fresh ? texts.preview_fresh : texts.preview_stale) : "",
      el("div", { class: "choices" },
        fresh ? open("main") : button(texts.preview_make, () => void make(), "main"),
        there && !fresh ? open("") : ""));
  }

  async function make(): Promise<void> {
    const bar = el("progress", { id: "made", max: "100", value: "0" });
    body.replaceChildren(el("label", { for: "made" }, texts.preview_making), bar);
    try {
      await keeping.settle();
      await client.build((done) => (bar.value = Math.round(done * 100)));
      await keeping.renew();
    } catch (error) {
      desk.trouble(error);
    }
    show();
    body.querySelector<HTMLElement>(".main")?.focus();
  }

  show();
  return {
    title: texts.task_preview, withRoom: false,
    element: sheet(home(desk), texts.task_preview, el("p", {}, texts.preview_intro), body),
  };
}
