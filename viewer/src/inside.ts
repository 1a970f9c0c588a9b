// Inside the room: the canvas, the list of things, and the way out.
import { listenToRoom, movingButtons } from "./controls";
import { button, el } from "./dom";
import { Fineness } from "./fineness";
import { Mover } from "./mover";
import type { RoomView } from "./room_view";
import { fetchSog } from "./sog";
import type { Texts } from "./texts";
import { thingsPanel } from "./things_panel";
import type { Thing, Vec3, Visit } from "./visit";
import { doorwayPose, fittedFov, poseBefore } from "./walk";

const mostPixels = 2.2e6; // splats cost by the pixel; beyond this, fineness is given up
const longestStep_s = 0.25; // of a movement, however late a frame is
const rest_ms = 200; // after the last movement, before everything is drawn finely again

export interface Inside {
  readonly element: HTMLElement;
  readonly canvas: HTMLCanvasElement;
  readonly room: HTMLElement; // takes the focus
  readonly mover: Mover;
  // Resolves when the room stands. Errors: NoWebGlError, RoomFileError.
  enter(): Promise<RoomView>;
  // The page no longer sets size and pose: somebody else does.
  letGo(): void;
  leave(): void;
}

export function inside(
  texts: Texts,
  visit: Visit,
  onLeave: () => void,
  onLost: () => void,
): Inside {
  const stillness = window.matchMedia("(prefers-reduced-motion: reduce)");
  const narrow = window.matchMedia("(max-width: 56rem)");
  const leaving = new AbortController();
  const mover = new Mover(visit, doorwayPose(visit), () => stillness.matches);
  let view: RoomView | null = null;
  let following = true;
  let frame = 0;
  let resting = 0;
  const fineness = new Fineness();

  const canvas = el("canvas", { "aria-hidden": "true" });
  const room = el("div", {
    class: "room", role: "application", tabindex: "0", lang: texts.language,
    "aria-label": `${texts.room_label}: ${visit.title}`, "aria-describedby": "room-help",
  }, canvas);
  const said = el("p", { class: "unseen", role: "status", lang: texts.language });
  const bar = el("progress", { id: "fetched", max: "100", value: "0" });
  const fetching = el("div", { class: "fetching", lang: texts.language },
    el("label", { for: "fetched" }, texts.loading), bar);
  const panel = thingsPanel(texts, visit, goTo);
  const buttons = movingButtons(texts, mover, moved);
  const help = el("p", { id: "room-help", class: "help" },
    el("span", { class: "for-keys" }, texts.keys_help),
    el("span", { class: "for-touch" }, texts.touch_help));
  const element = el("main", { class: "inside" },
    el("header", { class: "bar" },
      el("h1", { lang: visit.language }, visit.title),
      el("div", { class: "choices", lang: texts.language },
        panel.opener, button(texts.leave, onLeave))),
    room, fetching,
    el("div", { class: "foot", lang: texts.language }, buttons, help),
    panel.element, said);

  const fov = () => fittedFov(visit.view_fov_deg, room.clientWidth / room.clientHeight);

  function show(factor = 1): void {
    if (!view || !following) return;
    const full = room.clientWidth * room.clientHeight;
    if (full === 0) return;
    const finest = Math.min(window.devicePixelRatio, 2, Math.sqrt(mostPixels / full));
    const ratio = finest * factor;
    view.setSize(Math.round(room.clientWidth * ratio), Math.round(room.clientHeight * ratio));
    view.setPose(mover.pose, fov());
  }

  // Runs only while something moves.
  function moved(): void {
    element.classList.add("has-moved");
    if (frame !== 0) return;
    window.clearTimeout(resting);
    let last = performance.now();
    const step = (now: number) => {
      mover.advance(Math.min(longestStep_s, Math.max(0, now - last) / 1000));
      last = now;
      show(fineness.frame(now));
      frame = mover.moving ? requestAnimationFrame(step) : 0;
      if (frame === 0) resting = window.setTimeout(rest, rest_ms);
    };
    frame = requestAnimationFrame(step);
  }

  function rest(): void {
    fineness.rest();
    show();
  }

  function goTo(thing: Thing, position: Vec3): void {
    mover.goTo(poseBefore(visit, mover.pose, position));
    moved();
    said.textContent = texts.you_are_at(thing.name);
    if (narrow.matches) {
      panel.close();
      room.focus();
    }
  }

  listenToRoom(room, mover, fov, moved);
  const sizes = new ResizeObserver(() => show());
  sizes.observe(room);

  async function enter(): Promise<RoomView> {
    const signal = leaving.signal;
    const { RoomView } = await import("./room_view");
    signal.throwIfAborted();
    const made = await RoomView.create(canvas);
    const give = () => made.destroy();
    try {
      signal.throwIfAborted();
      made.onContextLost = onLost;
      const sog = await fetchSog(visit.splats.url, signal, (done) => {
        bar.value = Math.round(done * 100);
      });
      view = made;
      show();
      await made.show(sog);
      signal.throwIfAborted();
    } catch (error) {
      view = null;
      give();
      throw error;
    }
    fetching.remove();
    said.textContent = texts.you_are_inside;
    return made;
  }

  return {
    element, canvas, room, mover, enter,
    letGo: () => {
      following = false;
      sizes.disconnect();
      element.classList.add("let-go");
    },
    leave: () => {
      leaving.abort();
      sizes.disconnect();
      cancelAnimationFrame(frame);
      window.clearTimeout(resting);
      for (const audio of element.querySelectorAll("audio")) audio.pause();
      view?.destroy();
      view = null;
    },
  };
}
