// A gamepad's sticks and cross, in the standard layout. Asked each frame, and only while one is
// connected: a page that nobody touches does nothing.
import type { Move, Mover } from "./mover";

const idle = 0.2; // sticks seldom rest at nothing
const cross: readonly (readonly [number, Move])[] =
  [[12, "forward"], [13, "back"], [14, "look_left"], [15, "look_right"]];
const pauseButton = 9;

function share(axis: number | undefined): number {
  const value = axis ?? 0;
  return Math.abs(value) < idle ? 0 : (value - Math.sign(value) * idle) / (1 - idle);
}

export function listenToGamepad(
  mover: Mover,
  changed: () => void,
  pause: () => void,
  isHere: () => boolean, // and not on a quiet page
  signal: AbortSignal,
): void {
  let frame = 0;
  let down = new Set<number>();
  let leaning = false;

  const ask = () => {
    frame = 0;
    if (signal.aborted) return;
    const pad = navigator.getGamepads().find((each) => each?.mapping === "standard");
    if (!pad) return;
    frame = requestAnimationFrame(ask);
    if (!isHere()) {
      down = new Set();
      leaning = false;
      return;
    }
    const [x, y, lookX, lookY] = [0, 1, 2, 3].map((i) => share(pad.axes[i]));
    const leans = [x, y, lookX, lookY].some((value) => value !== 0);
    if (leans || leaning) {
      mover.lean({ forward: -y!, right: x!, look_left: -lookX!, look_up: -lookY! });
      leaning = leans;
      changed();
    }
    const pressed = new Set([...pad.buttons.keys()].filter((i) => pad.buttons[i]!.pressed));
    for (const [index, move] of cross) {
      if (pressed.has(index) === down.has(index)) continue;
      if (pressed.has(index)) mover.press(move);
      else mover.release(move);
      changed();
    }
    if (pressed.has(pauseButton) && !down.has(pauseButton)) pause();
    down = pressed;
  };
  const start = () => {
    if (frame === 0) ask();
  };
  window.addEventListener("gamepadconnected", start, { signal });
  start();
}
