// Soft marks over the picture of the room: where a thing stands that is spoken of, or come near to.
import { el } from "./dom";
import type { Thing, Vec3 } from "./visit";
import { seenAt, type Pose } from "./walk";

const ring_m = 0.22; // about a thing, as large as it would look there
const [smallest_px, largest_px] = [18, 90];

export interface Eye {
  readonly pose: Pose;
  readonly fov_deg: number;
  readonly width: number; // pixels
  readonly height: number;
}

export interface OnScreen {
  readonly x: number; // pixels from the left, and from the top
  readonly y: number;
  readonly radius: number;
  readonly away_m: number;
}

// Where a place is seen; nothing where it is not in the picture.
export function onScreen({ pose, fov_deg, width, height }: Eye, place: Vec3): OnScreen | null {
  const seen = seenAt(pose, fov_deg, width / height, place);
  if (seen === null || Math.abs(seen.x) > 1 || Math.abs(seen.y) > 1) return null;
  const radius = (ring_m / seen.ahead_m / Math.tan((fov_deg * Math.PI) / 360)) * (height / 2);
  return {
    x: ((seen.x + 1) / 2) * width, y: ((1 - seen.y) / 2) * height, away_m: seen.ahead_m,
    radius: Math.min(largest_px, Math.max(smallest_px, radius)),
  };
}

export class Marks {
  readonly element = el("div", { class: "marks", "aria-hidden": "true" });
  private readonly rings = new Map<string, { readonly ring: HTMLElement; readonly place: Vec3 }>();
  private eye: Eye | null = null;

  // Those that are spoken of, or, faintly, that one has come near to; a ring comes and goes slowly.
  show(things: readonly Thing[], faint: boolean): void {
    this.element.classList.toggle("faint", faint);
    for (const [id, { ring }] of this.rings) {
      if (things.some((thing) => thing.id === id)) continue;
      this.rings.delete(id);
      ring.classList.remove("lit");
      window.setTimeout(() => ring.remove(), fade_ms);
    }
    for (const { id, position } of things) {
      if (position === null || this.rings.has(id)) continue;
      const ring = el("div", { class: "ring" });
      this.element.append(ring);
      this.rings.set(id, { ring, place: position });
      this.place(ring, position);
      requestAnimationFrame(() => requestAnimationFrame(() => ring.classList.add("lit")));
    }
  }

  follow(eye: Eye): void {
    this.eye = eye;
    for (const { ring, place } of this.rings.values()) this.place(ring, place);
  }

  private place(ring: HTMLElement, at: Vec3): void {
    const seen = this.eye && onScreen(this.eye, at);
    ring.hidden = seen === null;
    if (seen === null) return;
    ring.style.width = ring.style.height = `${2 * seen.radius}px`;
    ring.style.transform = `translate(${seen.x - seen.radius}px, ${seen.y - seen.radius}px)`;
  }
}

const fade_ms = 1500; // style.css: .ring
