// The room beside the keeper's work: looked about and walked in as a visitor does, and asked for places.
import { Aside } from "../aside";
import { listenToRoom, movingButtons } from "../controls";
import { button, el, showShare } from "../dom";
import { takeDrawing } from "../drawing";
import { fetchGround } from "../fetch_ground";
import { Fineness } from "../fineness";
import { BoundsGround, groundOf, type Ground } from "../ground";
import { onScreen, type Eye } from "../marks";
import { Mover } from "../mover";
import type { RoomView } from "../room_view";
import { fetchSog } from "../sog";
import { textsFor } from "../texts";
import type { Vec3, Visit } from "../visit";
import { doorwayPose, fittedFov, floorAt, lookFrom, poseBefore, standingAt, type Pose } from "../walk";
import { Picking } from "./picking";
import type { EditTexts } from "./texts";

const mostPixels = 1.5e6;
const longestStep_s = 0.25;
const rest_ms = 200;
const farthestTap_m = 1;

export interface Pin {
  readonly name: string;
  readonly position: Vec3;
  readonly chosen: boolean;
}

interface Question {
  readonly words: string;
  readonly answered: (place: Vec3, deviation_m: number) => void;
  readonly given: () => void; // up
}

export class RoomPane {
  readonly element: HTMLElement;
  readonly room: HTMLElement;
  private readonly canvas: HTMLCanvasElement;
  private readonly drawing = takeDrawing();
  private readonly pins = el("div", { class: "pins", "aria-hidden": "true" });
  private readonly asked = el("div", { class: "asked", hidden: true });
  private readonly cross = el("div", { class: "cross", "aria-hidden": "true", hidden: true });
  private readonly said = el("p", { class: "unseen", role: "status" });
  private readonly waits: HTMLElement;
  private readonly leaving = new AbortController();
  private readonly stillness = window.matchMedia("(prefers-reduced-motion: reduce)");
  private readonly fineness = new Fineness();
  private readonly aside = new Aside();
  private readonly picking = new Picking();
  private readonly sizes = new ResizeObserver(() => this.show());
  private readonly mover: Mover;
  private ground: Ground;
  private view: RoomView | null = null;
  private isUndrawn = false;
  private question: Question | null = null;
  private pinned: readonly Pin[] = [];
  private whole: Promise<void>;
  private frame = 0;
  private resting = 0;

  constructor(
    private readonly texts: EditTexts,
    private readonly visit: Visit,
  ) {
    this.ground = new BoundsGround(visit);
    this.mover = new Mover(this.ground, doorwayPose(visit, this.ground), () => this.stillness.matches);
    this.canvas = this.drawing.canvas;
    const moving = textsFor(texts.language);
    this.room = el("div", {
      class: "room", role: "application", tabindex: "0", "aria-label": texts.the_room,
      "aria-describedby": "room-help",
    }, this.canvas, this.pins, this.cross);
    const bar = el("progress", { id: "room-fetched", max: "100", value: "0" });
    this.waits = el("div", { class: "fetching" },
      el("label", { for: "room-fetched" }, moving.loading), bar);
    this.element = el("section", { class: "pane", "aria-label": texts.the_room },
      this.room, this.waits, this.asked,
      el("div", { class: "foot" },
        movingButtons(moving, this.mover, () => this.moved()),
        el("p", { id: "room-help", class: "help" }, moving.keys_help)),
      this.said);
    this.room.addEventListener("keydown", (event) => this.pressed(event));
    listenToRoom(this.room, this.mover, () => this.fov(), () => this.moved(), (x, y) => void this.tapped(x, y));
    this.sizes.observe(this.room);
    this.whole = this.enter(bar).catch((error: unknown) => {
      if (this.leaving.signal.aborted) return;
      console.warn(error instanceof Error ? error.message : error);
      this.isUndrawn = true;
      this.waits.replaceChildren(el("p", { role: "alert" }, texts.room_not_drawn));
    });
  }

  // Nothing can be pointed at.
  get undrawn(): boolean {
    return this.isUndrawn;
  }

  get pose(): Pose {
    return this.mover.pose;
  }

  // Asks for a place by a click, or by Enter for what is in the middle; until it is answered or given up.
  ask(words: string, answered: Question["answered"], given: () => void): void {
    this.halt();
    this.question = { words, answered, given };
    this.asked.replaceChildren(
      el("p", {}, words), el("p", { class: "small for-keys" }, this.texts.enter_marks_the_middle),
      button(this.texts.cancel, () => this.giveUp()));
    this.asked.hidden = this.cross.hidden = false;
    this.element.classList.add("asking");
    this.said.textContent = `${words} ${this.texts.enter_marks_the_middle}`;
    this.room.focus();
  }

  // What is pointed at must not move on meanwhile.
  private halt(): void {
    this.mover.releaseAll();
    this.mover.goTo(this.mover.pose);
    this.moved();
  }

  // Asks no longer.
  letBe(): void {
    this.question = null;
    this.asked.hidden = this.cross.hidden = true;
    this.element.classList.remove("asking");
  }

  mark(pins: readonly Pin[]): void {
    this.pinned = pins;
    this.follow();
  }

  goBefore(place: Vec3): void {
    this.mover.goTo(poseBefore(this.ground, this.mover.pose, place));
    this.moved();
  }

  standAt(position: Vec3, look_at: Vec3): void {
    const place = standingAt(this.mover.pose, this.ground.nearest([position[0], position[2]]));
    this.mover.goTo({ ...lookFrom(position, look_at), position: place.position });
    this.moved();
  }

  close(): void {
    this.leaving.abort();
    this.sizes.disconnect();
    cancelAnimationFrame(this.frame);
    window.clearTimeout(this.resting);
    this.aside.close();
    this.picking.close();
    this.view?.destroy();
    this.view = null;
    this.element.remove();
  }

  private giveUp(): void {
    const given = this.question?.given;
    this.letBe();
    given?.();
  }

  private pressed(event: KeyboardEvent): void {
    if (this.question === null) return;
    if (event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      this.giveUp();
    } else if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      if (!event.repeat) void this.answer(this.room.clientWidth / 2, this.room.clientHeight / 2);
    }
  }

  private async tapped(x_px: number, y_px: number): Promise<void> {
    if (this.question !== null) return this.answer(x_px, y_px);
    const { clientWidth: width, clientHeight: height } = this.room;
    const place = floorAt(this.mover.pose, this.fov(), width / height, (2 * x_px) / width - 1,
      1 - (2 * y_px) / height);
    if (place === null) return;
    const near = this.ground.nearest(place);
    if (Math.hypot(near[0] - place[0], near[1] - place[1]) > farthestTap_m) return;
    this.mover.goTo(standingAt(this.mover.pose, near));
    this.moved();
  }

  // What was pointed at is known once all of the room is here.
  private async answer(x: number, y: number): Promise<void> {
    const question = this.question;
    const eye = this.eye();
    await this.whole;
    const place = await this.picking.at(eye, x, y);
    if (question === null || this.question !== question) return;
    if (place === null) {
      this.said.textContent = this.texts.nothing_there;
      this.asked.firstElementChild!.textContent = `${this.texts.nothing_there} ${question.words}`;
      return;
    }
    this.letBe();
    question.answered(place.position, place.deviation_m);
  }

  private eye(): Eye {
    const { clientWidth: width, clientHeight: height } = this.room;
    return { pose: this.mover.pose, fov_deg: this.fov(), width, height };
  }

  private fov(): number {
    return fittedFov(this.visit.view_fov_deg, this.room.clientWidth / this.room.clientHeight);
  }

  private async enter(bar: HTMLProgressElement): Promise<void> {
    const { signal } = this.leaving;
    const found = fetchGround(this.visit, this.aside, signal);
    const { RoomView } = await import("../room_view");
    const view = await RoomView.create(this.drawing);
    try {
      signal.throwIfAborted();
      view.onContextLost = () => this.waits.replaceChildren(el("p", { role: "alert" }, this.texts.room_not_drawn));
      const sog = await fetchSog(this.visit.splats.url, signal, (done) => {
        showShare(bar, done);
      });
      this.picking.add(sog);
      this.ground = groundOf(this.visit, await found);
      this.mover.standOn(this.ground, doorwayPose(this.visit, this.ground));
      this.view = view;
      this.show();
      await view.show({ sog, centres: this.aside.centres(sog) });
      this.waits.replaceChildren();
      for (const url of this.visit.splats.further) {
        const further = await fetchSog(url, signal, () => {});
        this.picking.add(further);
        await view.show({ sog: further, centres: this.aside.centres(further) });
      }
    } catch (error) {
      this.view = null;
      view.destroy();
      throw error;
    }
  }

  private show(factor = 1): void {
    const { clientWidth: width, clientHeight: height } = this.room;
    if (this.view === null || width * height === 0) return;
    const ratio = factor * Math.min(window.devicePixelRatio, 2, Math.sqrt(mostPixels / (width * height)));
    this.view.setSize(Math.round(width * ratio), Math.round(height * ratio));
    this.view.setPose(this.mover.pose, this.fov());
    this.follow();
  }

  private follow(): void {
    const eye = this.eye();
    this.pins.replaceChildren(...this.pinned.flatMap(({ name, position, chosen }) => {
      const seen = onScreen(eye, position);
      if (seen === null) return [];
      const classes = ["pin", chosen ? "chosen" : "", seen.x > 0.6 * eye.width ? "left" : ""];
      const pin = el("div", { class: classes.join(" ").trim() }, el("span", {}, name));
      pin.style.transform = `translate(${seen.x}px, ${seen.y}px)`;
      return [pin];
    }));
  }

  // Runs only while something moves.
  private moved(): void {
    this.element.classList.add("has-moved");
    if (this.frame !== 0) return;
    window.clearTimeout(this.resting);
    let last = performance.now();
    const step = (now: number) => {
      this.mover.advance(Math.min(longestStep_s, Math.max(0, now - last) / 1000));
      last = now;
      this.show(this.fineness.frame(now));
      this.frame = this.mover.moving ? requestAnimationFrame(step) : 0;
      if (this.frame === 0) {
        this.resting = window.setTimeout(() => {
          this.fineness.rest();
          this.show();
        }, rest_ms);
      }
    };
    this.frame = requestAnimationFrame(step);
  }
}
