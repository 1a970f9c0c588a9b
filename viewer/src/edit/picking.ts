// From a point of the picture to the place in the room that is seen there.
import type { Eye } from "../marks";
import type { Sog } from "../sog";
import { around_px, type Place, type Ray } from "./surface";

export type Asked =
  | ({ readonly what: "splats" } & Sog)
  | { readonly what: "rays"; readonly rays: readonly [Ray, Ray, ...Ray[]] };
export type Found = Place | null;

export function rayThrough({ pose, fov_deg, width, height }: Eye, x_px: number, y_px: number): Ray {
  const half = Math.tan((fov_deg * Math.PI) / 360);
  const right = ((2 * x_px - width) / height) * half;
  const up = (1 - (2 * y_px) / height) * half;
  const [cp, sp, cy, sy] =
    [Math.cos(pose.pitch), Math.sin(pose.pitch), Math.cos(pose.yaw), Math.sin(pose.yaw)];
  const level = cp - up * sp;
  const [x, y, z] = [cy * right - sy * level, sp + up * cp, -sy * right - cy * level];
  const length = Math.hypot(x, y, z);
  return { from: pose.position, along: [x / length, y / length, z / length] };
}

export class Picking {
  private readonly worker = new Worker(new URL("./picking_worker.ts", import.meta.url), { type: "module" });
  private readonly waiting = new Map<number, (found: Found) => void>();
  private asked = 0;
  private taken: Promise<unknown> = Promise.resolve(); // the parts that were given, by the worker

  constructor() {
    this.worker.onmessage = ({ data }: MessageEvent<{ number: number; found?: Found; error?: string }>) => {
      if (data.error !== undefined) console.warn(data.error);
      this.waiting.get(data.number)?.(data.found ?? null);
      this.waiting.delete(data.number);
    };
  }

  // One part more of the room.
  add(sog: Sog): void {
    this.taken = Promise.all([this.taken, this.ask({ what: "splats", ...sog })]);
  }

  // The place on the surface of what was given so far; nothing where there is none.
  async at(eye: Eye, x_px: number, y_px: number): Promise<Found> {
    const rays = around_px.map(([dx, dy]) => rayThrough(eye, x_px + dx, y_px + dy));
    await this.taken;
    return this.ask({ what: "rays", rays: rays as unknown as [Ray, Ray, ...Ray[]] });
  }

  close(): void {
    this.worker.terminate();
    for (const resolve of this.waiting.values()) resolve(null);
    this.waiting.clear();
  }

  private ask(asked: Asked): Promise<Found> {
    return new Promise((resolve) => {
      this.waiting.set(++this.asked, resolve);
      this.worker.postMessage({ number: this.asked, asked });
    });
  }
}
