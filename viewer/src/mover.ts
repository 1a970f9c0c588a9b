// What the visitor's hands ask for, and the pose that follows from it, moment by moment.
import type { Ground } from "./ground";
import {
  Glide, placeOf, turned, turningSpeed, walked, walkingSpeed, type Pose,
} from "./walk";

export const moves = [
  "forward", "back", "left", "right", "look_left", "look_right", "look_up", "look_down",
] as const;
export type Move = (typeof moves)[number];

const shortestHold_s = 0.25; // so that a tap is a small step, not nothing
// With reduced motion there is no gliding: steps at once, again and again while held.
const step_m = 0.5;
const step_rad = Math.PI / 12;
const stepEvery_s = 0.5;

// What a stick or a thumb pad says: from -1 to 1 each.
export interface Lean {
  readonly forward: number;
  readonly right: number;
  readonly look_left: number;
  readonly look_up: number;
}
const upright: Lean = { forward: 0, right: 0, look_left: 0, look_up: 0 };

interface Held {
  age_s: number;
  released: boolean;
  nextStep_s: number;
}

export class Mover {
  private readonly held = new Map<Move, Held>();
  private glide: { readonly way: Glide; time_s: number } | null = null;
  private leaning: Lean = upright;
  private readonly leant = new Set<Move>(); // with reduced motion, leaning is holding

  constructor(
    private ground: Ground,
    private current: Pose,
    private readonly reducedMotion: () => boolean,
  ) {}

  get pose(): Pose {
    return this.current;
  }

  get moving(): boolean {
    return this.held.size > 0 || this.glide !== null || this.leaning !== upright;
  }

  // Until a way that was begun comes to its end; 0 where none is.
  get arriving_s(): number {
    return this.glide === null ? 0 : this.glide.way.duration_s - this.glide.time_s;
  }

  // Another ground, once it is known.
  standOn(ground: Ground, pose: Pose): void {
    this.glide = null;
    this.ground = ground;
    this.current = pose;
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
    this.leaning = upright;
  }

  // Goes on until told otherwise.
  lean(lean: Lean): void {
    if (this.reducedMotion()) return this.hold(lean);
    const leans = Object.values(lean).some((share: number) => share !== 0);
    if (leans) this.glide = null;
    this.leaning = leans ? lean : upright;
  }

  private hold({ forward, right, look_left, look_up }: Lean): void {
    const shares: Record<Move, number> = {
      forward, back: -forward, right, left: -right,
      look_left, look_right: -look_left, look_up, look_down: -look_up,
    };
    for (const move of moves) {
      if (shares[move] > 0.5 && !this.leant.has(move)) {
        this.leant.add(move);
        this.press(move);
      } else if (shares[move] <= 0.5 && this.leant.delete(move)) {
        this.release(move);
      }
    }
  }

  look(left_rad: number, up_rad: number): void {
    this.glide = null;
    this.current = turned(this.current, left_rad, up_rad);
  }

  walk(forward_m: number, right_m: number): void {
    this.glide = null;
    this.current = walked(this.ground, this.current, forward_m, right_m);
  }

  goTo(pose: Pose): void {
    this.held.clear();
    this.leaning = upright;
    this.glide = null;
    const way = this.reducedMotion() ? null : this.ground.way(placeOf(this.current), placeOf(pose));
    if (way === null) this.current = pose;
    else this.glide = { way: new Glide(this.current, pose, way), time_s: 0 };
  }

  advance(dt_s: number): void {
    if (this.glide) {
      this.glide.time_s += dt_s;
      this.current = this.glide.way.at(this.glide.time_s);
      if (this.glide.time_s >= this.glide.way.duration_s) this.glide = null;
      return;
    }
    if (this.leaning !== upright) {
      const { forward, right, look_left, look_up } = this.leaning;
      const [metres, angle] = [walkingSpeed * dt_s, turningSpeed * dt_s];
      this.current = turned(this.current, look_left * angle, look_up * angle);
      this.current = walked(this.ground, this.current, forward * metres, right * metres);
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
      this.current = walked(this.ground, this.current, forward, right);
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
