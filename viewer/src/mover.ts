// What the visitor's hands ask for, and the pose that follows from it, moment by moment.
import { Glide, turned, turningSpeed, walked, walkingSpeed, type Pose } from "./walk";
import type { Visit } from "./visit";

export const moves = [
  "forward", "back", "left", "right", "look_left", "look_right", "look_up", "look_down",
] as const;
export type Move = (typeof moves)[number];

const shortestHold_s = 0.25; // so that a tap is a small step, not nothing
// With reduced motion there is no gliding: steps at once, again and again while held.
const step_m = 0.5;
const step_rad = Math.PI / 12;
const stepEvery_s = 0.5;

interface Held {
  age_s: number;
  released: boolean;
  nextStep_s: number;
}

export class Mover {
  private readonly held = new Map<Move, Held>();
  private glide: { readonly way: Glide; time_s: number } | null = null;

  constructor(
    private readonly visit: Visit,
    private current: Pose,
    private readonly reducedMotion: () => boolean,
  ) {}

  get pose(): Pose {
    return this.current;
  }

  get moving(): boolean {
    return this.held.size > 0 || this.glide !== null;
  }

  press(move: Move): void {
    this.glide = null;
    const held = this.held.get(move);
    if (held) held.released = false;
    else this.held.set(move, { age_s: 0, released: false, nextStep_s: 0 });
  }

  release(move: Move): void {
    const held = this.held.get(move);
    if (held) held.released = true;
  }

  releaseAll(): void {
    for (const held of this.held.values()) held.released = true;
  }

  look(left_rad: number, up_rad: number): void {
    this.glide = null;
    this.current = turned(this.current, left_rad, up_rad);
  }

  walk(forward_m: number, right_m: number): void {
    this.glide = null;
    this.current = walked(this.visit, this.current, forward_m, right_m);
  }

  goTo(pose: Pose): void {
    this.held.clear();
    if (this.reducedMotion()) this.current = pose;
    else this.glide = { way: new Glide(this.current, pose), time_s: 0 };
  }

  advance(dt_s: number): void {
    if (this.glide) {
      this.glide.time_s += dt_s;
      this.current = this.glide.way.at(this.glide.time_s);
      if (this.glide.time_s >= this.glide.way.duration_s) this.glide = null;
      return;
    }
    const steps = this.reducedMotion();
    for (const [move, held] of this.held) {
      if (steps) {
        if (held.age_s >= held.nextStep_s) {
          this.apply(move, step_m, step_rad);
          held.nextStep_s += stepEvery_s;
        }
      } else {
        this.apply(move, walkingSpeed * dt_s, turningSpeed * dt_s);
      }
      held.age_s += dt_s;
      if (held.released && (steps || held.age_s >= shortestHold_s)) this.held.delete(move);
    }
  }

  private apply(move: Move, metres: number, angle: number): void {
    const walk = (forward: number, right: number) => {
      this.current = walked(this.visit, this.current, forward, right);
    };
    const turn = (left: number, up: number) => {
      this.current = turned(this.current, left, up);
    };
    switch (move) {
      case "forward": return walk(metres, 0);
      case "back": return walk(-metres, 0);
      case "left": return walk(0, -metres);
      case "right": return walk(0, metres);
      case "look_left": return turn(angle, 0);
      case "look_right": return turn(-angle, 0);
      case "look_up": return turn(0, angle);
      case "look_down": return turn(0, -angle);
    }
  }
}
