// Inside the room: the canvas, the list of things, and the way out.
import { Aside } from "./aside";
import { grow, sharpen } from "./clearer";
import { listenToRoom, movingButtons } from "./controls";
import { button, el, showShare } from "./dom";
import { takeDrawing } from "./drawing";
import { fetchGround } from "./fetch_ground";
import { Fineness } from "./fineness";
import { Frames } from "./frames";
import { fullScreenButton } from "./full_screen";
import { listenToGamepad } from "./gamepad";
import { headsetChoice, type HeadsetWishes } from "./headset_choice";
import { BoundsGround, groundOf, type Ground, type Place } from "./ground";
import { Mover } from "./mover";
import type { Panel } from "./panel";
import { showPhotograph } from "./photograph_view";
import { photographName, photographsPanel } from "./photographs_panel";
import { linkTo, type LinkedPlace } from "./place_link";
import { readPlan, type Plan } from "./plan";
import { planPanel } from "./plan_panel";
import { RoomStories } from "./room_stories";
import type { RoomView } from "./room_view";
import { fetchSog, RoomFileError } from "./sog";
import type { Texts } from "./texts";
import { thingsPanel, type ThingsPanel } from "./things_panel";
import { thumbPad } from "./thumb_pad";
import type { Photograph, Thing, Vec3, Visit } from "./visit";
import {
  doorwayPose, eyeHeight, fittedFov, floorAt, lookFrom, poseBefore, standingAt, type Eyes, type Pose,
} from "./walk";
import { ways } from "./ways";

const mostPixels = 2.2e6; // splats cost by the pixel; beyond this, fineness is given up
const longestStep_s = 0.25; // of a movement, however late a frame is
const mostSpots = 6;
const farthestTap_m = 1; // beyond the floor one can stand on
const sayFetching_ms = 300;
const rest_ms = 200; // after the last movement, before everything is drawn finely again

export interface Inside {
  readonly element: HTMLElement;
  readonly canvas: HTMLCanvasElement;
  readonly room: HTMLElement; // takes the focus
  readonly mover: Mover;
  moving(): boolean; // until the last movement has come to rest and everything is drawn finely
  // Resolves when the room stands. Errors: NoWebGlError, RoomFileError.
  enter(): Promise<RoomView>;
  // After that: fetches and shows what makes a large room sharp. What cannot be fetched is said, and the
  // room stays as it is.
  sharpen(): Promise<void>;
  // After that, a room that is still being made: it gets sharper by itself, until that is done.
  grow(): Promise<void>;
  // Quiet, and as it was; it may be taken off the page and put back.
  pause(): void;
  // The page no longer sets size and pose: somebody else does.
  letGo(): void;
  leave(): void;
}

async function fetchPlan(visit: Visit, signal: AbortSignal): Promise<Plan | null> {
  if (visit.growing) return null; // comes with the walls, at the end
  try {
    const answer = await fetch(visit.plan.data, { signal });
    return answer.ok ? readPlan(await answer.json()) : null;
  } catch {
    return null;
  }
}

export interface Doors {
  readonly leave: () => void;
  readonly pause: () => void;
  readonly lost: () => void; // the browser let go of the picture
  readonly stands: (link: string) => void; // where the visitor has come to rest
}

export function inside(
  texts: Texts,
  visit: Visit,
  doors: Doors,
  start: LinkedPlace | null,
): Inside {
  const stillness = window.matchMedia("(prefers-reduced-motion: reduce)");
  const narrow = window.matchMedia("(max-width: 56rem)");
  const leaving = new AbortController();
  const { signal } = leaving;
  let ground: Ground = new BoundsGround(visit);
  let how: Eyes = start?.how ?? "standing";
  const mover = new Mover(ground, firstPose(), () => stillness.matches);
  let view: RoomView | null = null;
  let first = 0; // splats that came first
  let following = true;
  let inHeadset = false;
  let frame = 0;
  let resting = 0;
  let atRest = true;
  let told = false; // where the visitor is led
  const fineness = new Fineness();

  function firstPose(): Pose {
    const doorway = withEyes(doorwayPose(visit, ground));
    if (start === null) return doorway;
    return { ...standingAt(doorway, ground.nearest(start.place)), yaw: start.yaw, pitch: start.pitch };
  }

  function withEyes(pose: Pose): Pose {
    const [x, , z] = pose.position;
    return { ...pose, position: [x, eyeHeight(visit, how), z] };
  }

  const aside = new Aside();
  const drawing = takeDrawing();
  const { canvas } = drawing;
  const said = el("p", { class: "unseen", role: "status", lang: texts.language });
  const bar = el("progress", { id: "fetched", max: "100", value: "0" });
  const fetching = el("div", { class: "fetching", lang: texts.language },
    el("label", { for: "fetched" }, texts.loading), bar);
  const closeOthers = (but: string) => {
    for (const each of [things, plan, photographs, stories.tour?.panel]) {
      if (each?.element.id !== but) each?.close();
    }
  };
  const frames = new Frames(visit.photographs, visit.view_fov_deg);
  const stories = new RoomStories(texts, visit, mover, {
    ground: () => ground,
    moved,
    say: (words) => (said.textContent = words),
    aside: () => {
      if (narrow.matches) things.close();
    },
    focusRoom: () => room.focus(),
    openThing: (thing) => things.openAt(thing),
    openThings: () => things.open(),
    onOpen: () => closeOthers("tour"),
  });
  const room = el("div", {
    class: "room", role: "application", tabindex: "0", lang: texts.language,
    "aria-label": `${texts.room_label}: ${visit.title}`, "aria-describedby": "room-help",
  }, canvas, frames.element, stories.marks.element);
  const things: ThingsPanel = thingsPanel(texts, visit, stories.telling, () => closeOthers("things"),
    { goTo, stepInto });
  const photographs: Panel | null =
    photographsPanel(texts, visit, () => closeOthers("photographs"), stepInto,
      (hangs) => frames.hang(hangs));
  const plan = planPanel(texts, visit, () => closeOthers("plan"), standAt, standAs, how,
    el("div", { class: "choices" }, fullScreenButton(texts, signal)), headsetChoice(texts, putOnHeadset));
  const help = el("p", { id: "room-help", class: "help" },
    el("span", { class: "for-keys" }, texts.keys_help),
    el("span", { class: "for-touch" }, texts.touch_help));
  const element = el("main", { class: "inside" },
    el("header", { class: "bar" },
      el("h1", { lang: visit.language }, visit.title),
      el("div", { class: "choices", lang: texts.language },
        ways(texts, things.opener, stories.tour?.panel.opener ?? null, photographs?.opener ?? null, plan.opener),
        button(texts.pause, doors.pause), button(texts.leave, doors.leave))),
    room, fetching,
    el("div", { class: "foot", lang: texts.language },
      thumbPad(mover, moved), movingButtons(texts, mover, moved), help),
    stories.chips, stories.lower, things.element, photographs?.element ?? null,
    stories.tour?.panel.element ?? null, plan.element, said);
  // Wherever the focus is: it falls to the body when plain words are clicked.
  document.addEventListener("keydown", (event) => {
    const isOurs = element.isConnected && element.querySelector("dialog[open]") === null;
    if (event.key === "Escape" && !event.defaultPrevented && isOurs) doors.pause();
  }, { signal });

  const fov = () => fittedFov(visit.view_fov_deg, room.clientWidth / room.clientHeight);

  function show(factor = 1): void {
    if (!view || !following || inHeadset) return;
    const full = room.clientWidth * room.clientHeight;
    if (full === 0) return;
    const finest = Math.min(window.devicePixelRatio, 2, Math.sqrt(mostPixels / full));
    const ratio = finest * factor;
    view.setSize(Math.round(room.clientWidth * ratio), Math.round(room.clientHeight * ratio));
    view.setPose(mover.pose, fov());
    plan.follow(mover.pose);
    const { clientWidth: width, clientHeight: height } = room;
    const eye = { pose: mover.pose, fov_deg: fov(), width, height };
    frames.follow(eye);
    stories.follow(eye);
  }

  // Runs only while something moves.
  function moved(): void {
    atRest = false;
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
    atRest = true;
    fineness.rest();
    show();
    stories.rests(mover.pose, told);
    told = false;
    doors.stands(linkTo(mover.pose, how));
  }

  function go(pose: Pose, words: string): void {
    stories.leavePath();
    mover.goTo(pose);
    moved();
    told = true;
    said.textContent = words;
    if (narrow.matches) {
      things.close();
      plan.close();
      room.focus();
    }
  }

  function goTo(thing: Thing, position: Vec3): void {
    go(poseBefore(ground, mover.pose, position), texts.you_are_at(thing.name));
  }

  function stepInto(photograph: Photograph, name: string, from: HTMLElement): void {
    const { position, look_at } = photograph;
    stories.leavePath();
    if (position !== null && look_at !== null) {
      const there = standingAt(mover.pose, ground.nearest([position[0], position[2]]));
      mover.goTo({ ...lookFrom(position, look_at), position: there.position });
      moved();
    }
    const dialog = showPhotograph(texts, photograph, name, visit.credits, () => from.focus());
    element.append(dialog);
    dialog.showModal();
  }

  function standAt(place: Place, name: string): void {
    go(standingAt(mover.pose, ground.nearest(place)), texts.you_stand(name));
  }

  function standAs(eyes: Eyes): void {
    how = eyes;
    mover.goTo(withEyes(mover.pose));
    moved();
  }

  async function putOnHeadset(wishes: HeadsetWishes): Promise<void> {
    if (view === null || inHeadset) return;
    inHeadset = true;
    stories.leavePath();
    mover.releaseAll();
    try {
      const visiting = await view.putOnHeadset(wishes, {
        pose: mover.pose, eyes_m: eyeHeight(visit, wishes.seated && how === "standing" ? "seated" : how), ground, things: visit.things,
        choose: (thing) => stories.tellOf(thing),
        hush: () => stories.telling.teller.pause(),
        hears: (pose) => stories.hears(pose),
      });
      said.textContent = texts.headset_on;
      // Whoever stepped into the bed in their own room stands beside it here.
      const ended = await visiting.ended;
      const [x, , z] = ended.position;
      mover.standOn(ground, standingAt(ended, ground.nearest([x, z])));
      said.textContent = texts.you_are_inside;
    } catch (error) {
      console.warn(error instanceof Error ? error.message : error);
      said.textContent = texts.headset_failed;
    }
    inHeadset = false;
    told = true;
    show();
    rest();
  }

  // A tap on a thing leads to it and its words, one on a frame into its photograph, one on the floor there; one on anything else, nowhere.
  function tapped(x_px: number, y_px: number): void {
    const { clientWidth: width, clientHeight: height } = room;
    const place = floorAt(mover.pose, fov(), width / height, (2 * x_px) / width - 1,
      1 - (2 * y_px) / height);
    const away_m = place === null ? Infinity
      : Math.hypot(place[0] - mover.pose.position[0], place[1] - mover.pose.position[2]);
    const thing = stories.tappedThing(x_px, y_px, away_m);
    if (thing !== null) {
      goTo(thing, thing.position!);
      things.openAt(thing);
      return;
    }
    const framed = frames.at(x_px, y_px);
    if (framed !== null) return stepInto(visit.photographs[framed]!, photographName(texts, visit, framed), room);
    if (place === null) return;
    stories.leavePath();
    const near = ground.nearest(place);
    if (Math.hypot(near[0] - place[0], near[1] - place[1]) > farthestTap_m) return;
    mover.goTo(standingAt(mover.pose, near));
    moved();
  }

  listenToRoom(room, mover, fov, moved, tapped);
  listenToGamepad(mover, moved, doors.pause, () => element.isConnected, signal);
  const sizes = new ResizeObserver(() => show());
  sizes.observe(room);

  async function enter(): Promise<RoomView> {
    // What is in place when the page comes is not read out.
    const begun = window.setTimeout(() => (said.textContent = texts.loading), sayFetching_ms);
    const found = Promise.all([fetchGround(visit, aside, signal), fetchPlan(visit, signal)]);
    const { RoomView } = await import("./room_view").catch((error: unknown) => {
      throw new RoomFileError("missing", String(error), true);
    });
    signal.throwIfAborted();
    const made = await RoomView.create(drawing);
    const give = () => made.destroy();
    try {
      signal.throwIfAborted();
      made.onContextLost = doors.lost;
      const sog = await fetchSog(visit.splats.url, signal, (done) => {
        showShare(bar, done);
      });
      first = sog.meta.count;
      const part = { sog, centres: aside.centres(sog) };
      const [map, drawn] = await found;
      signal.throwIfAborted();
      ground = groundOf(visit, map);
      mover.standOn(ground, firstPose());
      plan.fill(drawn, ground.spots(mostSpots));
      view = made;
      show();
      await made.show(part);
      signal.throwIfAborted();
    } catch (error) {
      view = null;
      give();
      throw error;
    } finally {
      window.clearTimeout(begun);
    }
    fetching.remove();
    said.textContent = `${texts.you_are_inside} ${stories.looksFrom(mover.pose)}`;
    return made;
  }

  const standing = { texts, visit, aside, signal, view: () => view, shown: () => first, element };
  return {
    element, canvas, room, mover, moving: () => !atRest, enter,
    sharpen: () => sharpen(standing), grow: () => grow(standing),
    pause: () => {
      mover.goTo(mover.pose); // nothing glides on
      mover.releaseAll();
      stories.pause();
    },
    letGo: () => {
      following = false;
      sizes.disconnect();
      element.classList.add("let-go");
    },
    leave: () => {
      leaving.abort();
      aside.close();
      sizes.disconnect();
      cancelAnimationFrame(frame);
      window.clearTimeout(resting);
      stories.close();
      view?.destroy();
      view = null;
    },
  };
}
