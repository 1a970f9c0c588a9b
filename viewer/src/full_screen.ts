// The whole screen for the room, where the browser has that.
import { button } from "./dom";
import type { Texts } from "./texts";

export function fullScreenButton(texts: Texts, signal: AbortSignal): HTMLButtonElement {
  const filled = () => document.fullscreenElement !== null;
  const made = button(texts.full_screen, () => {
    void (filled() ? document.exitFullscreen() : document.documentElement.requestFullscreen())
      .catch(() => {}); // the browser said no, and says so itself
  });
  made.hidden = !document.fullscreenEnabled;
  document.addEventListener("fullscreenchange", () => {
    made.textContent = filled() ? texts.not_full_screen : texts.full_screen;
  }, { signal });
  return made;
}
