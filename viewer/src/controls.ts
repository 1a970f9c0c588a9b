// Mouse, touch, keys and buttons to what the mover understands. Keys are heard only while the
// room has the focus, so that they never take a letter from anything else on the page.
import { el } from "./dom";
import { moves, type Move, type Mover } from "./mover";
import type { Texts } from "./texts";

const keys: Readonly<Record<string, Move>> = {
  w: "forward", s: "back", a: "left", d: "right",
  ArrowLeft: "look_left", ArrowRight: "look_right", ArrowUp: "look_up", ArrowDown: "look_down",
};
// The same places on keyboards with other letters there.
const codes: Readonly<Record<string, Move>> = {
  KeyW: "forward", KeyS: "back", KeyA: "left", KeyD: "right",
};

function moveOf(event: KeyboardEvent): Move | undefined {
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  return keys[key] ?? codes[event.code];
}

const walkPerScreen_m = 3; // dragging two fingers over the whole height
const tapWithin_px = 6;

export function listenToRoom(
  room: HTMLElement,
  mover: Mover,
  fov_deg: () => number,
  changed: () => void,
  tapped: (x_px: number, y_px: number) => void, // without dragging; from the room's top left
): void {
  const down = new Map<string, Move>(); // by key code, so that the right move is released
  room.addEventListener("keydown", (event) => {
    const move = moveOf(event);
    if (!move || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    if (event.repeat) return;
    down.set(event.code, move);
    mover.press(move);
    changed();
  });
  room.addEventListener("keyup", (event) => {
    const move = down.get(event.code);
    if (!move) return;
    down.delete(event.code);
    mover.release(move);
  });
  // What buttons and pads hold goes on: pressing one may be what takes the focus.
  const letGo = () => {
    for (const move of down.values()) mover.release(move);
    down.clear();
  };
  room.addEventListener("blur", letGo);

  const fingers = new Map<number, { x: number; y: number }>();
  let dragged_px = Infinity; // since one finger alone came down
  room.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    room.setPointerCapture(event.pointerId);
    fingers.set(event.pointerId, { x: event.clientX, y: event.clientY });
    dragged_px = fingers.size === 1 ? 0 : Infinity;
  });
  room.addEventListener("pointermove", (event) => {
    const finger = fingers.get(event.pointerId);
    if (!finger) return;
    const dx = event.clientX - finger.x;
    const dy = event.clientY - finger.y;
    finger.x = event.clientX;
    finger.y = event.clientY;
    dragged_px += Math.hypot(dx, dy);
    if (fingers.size === 1) {
      // The room follows the finger.
      const perPixel = (fov_deg() * Math.PI) / 180 / room.clientHeight;
      mover.look(dx * perPixel, dy * perPixel);
    } else {
      const perPixel = walkPerScreen_m / room.clientHeight / fingers.size;
      mover.walk(dy * perPixel, -dx * perPixel);
    }
    changed();
  });
  const lift = (event: PointerEvent) => fingers.delete(event.pointerId);
  room.addEventListener("pointerup", (event) => {
    if (!lift(event) || dragged_px > tapWithin_px) return;
    const box = room.getBoundingClientRect();
    tapped(event.clientX - box.left, event.clientY - box.top);
  });
  room.addEventListener("pointercancel", lift);
}

const signs: Readonly<Record<Move, string>> = {
  forward: "M12 5v14M6 11l6-6 6 6",
  back: "M12 19V5M6 13l6 6 6-6",
  left: "M5 12h14M11 6l-6 6 6 6",
  right: "M19 12H5M13 6l6 6-6 6",
  look_left: "M19 18a8 8 0 0 0-13-7M5 5v6h6",
  look_right: "M5 18a8 8 0 0 1 13-7M19 5v6h-6",
  look_up: "M6 15l6-6 6 6",
  look_down: "M6 9l6 6 6-6",
};

function sign(move: Move): SVGSVGElement {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", signs[move]);
  svg.append(path);
  return svg;
}

// Buttons for all eight moves: held by pointer or key, or pressed once by other means.
export function movingButtons(texts: Texts, mover: Mover, changed: () => void): HTMLElement {
  const buttons = moves.map((move) => {
    const button = el("button", {
      type: "button", class: `move ${move}`, "aria-label": texts[move], title: texts[move],
    });
    button.append(sign(move));
    const press = () => {
      mover.press(move);
      changed();
    };
    const release = () => mover.release(move);
    const isPress = (event: KeyboardEvent) => event.key === "Enter" || event.key === " ";
    button.addEventListener("pointerdown", (event) => {
      if (event.button === 0) press();
    });
    for (const end of ["pointerup", "pointercancel", "pointerleave", "blur"]) {
      button.addEventListener(end, release);
    }
    button.addEventListener("keydown", (event) => {
      if (!isPress(event)) return;
      event.preventDefault();
      if (!event.repeat) press();
    });
    button.addEventListener("keyup", (event) => {
      if (!isPress(event)) return;
      event.preventDefault();
      release();
    });
    button.addEventListener("click", (event) => {
      if (event.detail !== 0) return; // a pointer's, already heard
      press();
      release();
    });
    button.addEventListener("contextmenu", (event) => event.preventDefault());
    return button;
  });
  return el("div", { class: "moving", role: "group", "aria-label": texts.moving }, ...buttons);
}
