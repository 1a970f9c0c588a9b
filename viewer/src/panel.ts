// What lies beside the room and is opened by a button: a list, a plan. One at a time.
import { button, el, heading } from "./dom";
import type { Texts } from "./texts";
import { focusBack } from "./ways";

export interface Panel {
  readonly element: HTMLElement;
  readonly opener: HTMLButtonElement;
  open(): void;
  close(): void;
}

export function panel(
  texts: Texts,
  id: string,
  name: string,
  openedBy: string,
  onOpen: () => void,
  ...children: (Node | null)[]
): Panel {
  const title = heading("h2", name, { id: `${id}-title`, lang: texts.language });
  const opener = button(openedBy, () => (element.hidden ? open() : close()));
  opener.setAttribute("aria-expanded", "false");
  opener.setAttribute("aria-controls", id);
  const element = el("section", { id, class: "panel", hidden: true, "aria-labelledby": `${id}-title` },
    el("div", { class: "panel-head" }, title, button(texts.close, close)), ...children);

  function open(): void {
    onOpen();
    element.hidden = false;
    opener.setAttribute("aria-expanded", "true");
    title.focus();
  }
  function close(): void {
    if (element.hidden) return;
    const hadFocus = element.contains(document.activeElement);
    element.hidden = true;
    opener.setAttribute("aria-expanded", "false");
    if (hadFocus) focusBack(opener);
  }
  element.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    close();
  });
  return { element, opener, open, close };
}
