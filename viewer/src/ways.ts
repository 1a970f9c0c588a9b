// The ways to what lies beside the room: buttons in a row, and where there is little room one button
// that unfolds them.
import { button, el } from "./dom";
import type { Texts } from "./texts";

export function ways(texts: Texts, ...openers: (HTMLButtonElement | null)[]): HTMLElement {
  const menu = button(texts.menu, () => unfold(!element.classList.contains("unfolded")), "menu");
  menu.setAttribute("aria-controls", "ways");
  const element = el("div", { class: "ways" }, menu, el("div", { id: "ways" }, ...openers));
  const unfold = (unfolded: boolean) => {
    element.classList.toggle("unfolded", unfolded);
    menu.setAttribute("aria-expanded", String(unfolded));
  };
  for (const opener of openers) opener?.addEventListener("click", () => unfold(false));
  element.addEventListener("focusout", (event) => {
    if (!element.contains(event.relatedTarget as Node | null)) unfold(false);
  });
  element.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !element.classList.contains("unfolded")) return;
    event.stopPropagation();
    unfold(false);
    menu.focus();
  });
  unfold(false);
  return element;
}

// Gives the focus back to what opened something, or to what that is folded behind.
export function focusBack(opener: HTMLElement): void {
  opener.focus();
  if (document.activeElement !== opener) opener.closest(".ways")?.querySelector("button")?.focus();
}
