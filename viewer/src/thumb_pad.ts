// A round pad for a thumb: the farther from its middle, the quicker one walks. The moving buttons
// do the same for everybody else.
import { el } from "./dom";
import type { Mover } from "./mover";

export function thumbPad(mover: Mover, changed: () => void): HTMLElement {
  const knob = el("div", { class: "knob" });
  const pad = el("div", { class: "thumb-pad", "aria-hidden": "true" }, knob);
  const lean = (right: number, back: number) => {
    mover.lean({ forward: -back, right, look_left: 0, look_up: 0 });
    knob.style.translate = `${right * 60}% ${back * 60}%`;
    changed();
  };
  const follow = (event: PointerEvent) => {
    if (!pad.hasPointerCapture(event.pointerId)) return;
    const box = pad.getBoundingClientRect();
    const x = (2 * (event.clientX - box.left)) / box.width - 1;
    const y = (2 * (event.clientY - box.top)) / box.height - 1;
    const most = Math.max(1, Math.hypot(x, y));
    lean(x / most, y / most);
  };
  pad.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    pad.setPointerCapture(event.pointerId);
    follow(event);
  });
  pad.addEventListener("pointermove", follow);
  for (const end of ["pointerup", "pointercancel"]) pad.addEventListener(end, () => lean(0, 0));
  return pad;
}
