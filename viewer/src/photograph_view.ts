// One photograph, whole or as close as one likes. It is moved about by scrolling, as any page is:
// with keys, wheel, fingers or a screen reader, and never by a drag alone.
import { button, el, heading } from "./dom";
import type { Texts } from "./texts";
import { TiledPicture } from "./tiles";
import type { Photograph } from "./visit";

const steps = [1, 1.5, 2.25, 3.4, 5, 7.5]; // times as wide as the window

// Above everything else until it is closed; focus goes back to where it was.
export function showPhotograph(
  texts: Texts, photograph: Photograph, name: string, credits: string | null, onClose: () => void,
): HTMLDialogElement {
  let step = 0;
  const picture = el("img", { src: photograph.url, alt: name });
  const trouble = el("p", { class: "message", role: "status" });
  const around = el("div", {
    class: "around", tabindex: "0", role: "group", "aria-label": name,
  }, picture);
  const pieces = new TiledPicture(photograph, around, picture);
  around.append(pieces.element);
  const zoom = (by: number) => {
    const middle = [
      (around.scrollLeft + around.clientWidth / 2) / around.scrollWidth,
      (around.scrollTop + around.clientHeight / 2) / around.scrollHeight,
    ] as const;
    step = Math.min(steps.length - 1, Math.max(0, step + by));
    picture.style.width = `${100 * steps[step]!}%`;
    picture.classList.toggle("whole", step === 0);
    // Not "disabled": that would take the focus from under a hand.
    closer.setAttribute("aria-disabled", String(step === steps.length - 1));
    farther.setAttribute("aria-disabled", String(step === 0));
    around.scrollLeft = middle[0] * around.scrollWidth - around.clientWidth / 2;
    around.scrollTop = middle[1] * around.scrollHeight - around.clientHeight / 2;
    pieces.update();
  };
  const closer = button(texts.closer, () => zoom(1));
  const farther = button(texts.farther, () => zoom(-1));
  const dialog = el("dialog", { class: "photograph", lang: texts.language, "aria-label": name },
    el("div", { class: "panel-head" }, heading("h2", name),
      el("div", { class: "choices" }, closer, farther, button(texts.step_back, () => dialog.close()))),
    around, trouble, credits === null ? null : el("p", { class: "small" }, credits));
  const update = () => pieces.update();
  around.addEventListener("scroll", update, { passive: true });
  picture.addEventListener("load", update);
  const sizes = new ResizeObserver(update);
  sizes.observe(around);
  picture.addEventListener("error", () => {
    trouble.textContent = texts.photograph_missing;
  });
  // Escape closes this and nothing else; "+" and "-" are what people try.
  dialog.addEventListener("keydown", (event) => {
    event.stopPropagation();
    if (event.key === "+" || event.key === "=") zoom(1);
    if (event.key === "-") zoom(-1);
  });
  dialog.addEventListener("close", () => {
    sizes.disconnect();
    dialog.remove();
    onClose();
  });
  zoom(0);
  return dialog;
}
