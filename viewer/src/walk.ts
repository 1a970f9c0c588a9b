// Standing, looking and walking in the room: plain arithmetic in the room frame (metres, y up).
// A visitor is upright, with the eyes at one height, and stands where the ground allows.
import type { Ground, Place } from "./ground";
import type { Vec3, Visit } from "./visit";

export interface Pose {
  readonly position: Vec3;
  readonly yaw: number; // radians, 0 looks along -z, positive turns left
  readonly pitch: number; // radians, positive looks up
}

export const walkingSpeed = 1.2; // m/s, calm
export const turningSpeed = 1.2; // rad/s, while a key or button is held
const maxPitch = (80 * Math.PI) / 180;
const standingDistance = 1.3; // m from a thing one goes to
const otherDistances = [1.3, 1, 1.6, 0.75, 2]; // where furniture is in the way, in order of liking
const longestGlide_s = 3.5;
const fastestGlide = 3; // m/s on the whole, over the longest ways, as through a hall

// Heights of the eyes; standing, it is the doorway's own.
export const eyes = ["standing", "seated", "child"] as const;
export type Eyes = (typeof eyes)[number];
const eyeHeight_m = { seated: 1.2, child: 1 };

function clamp(value: number, min: number, max: number): number {
  return Math.min(Math.max(value, min), max);
}

export function wrapAngle(angle: number): number {
  const turn = 2 * Math.PI;
  return angle - turn * Math.round(angle / turn);
}

export function eyeHeight(visit: Visit, how: Eyes): number {
  const standing = visit.doorway.position[1];
  return how === "standing" ? standing : Math.min(standing, eyeHeight_m[how]);
}

export const placeOf = (pose: Pose): Place => [pose.position[0], pose.position[2]];

export function standingAt(pose: Pose, [x, z]: Place): Pose {
  return { ...pose, position: [x, pose.position[1], z] };
}

export function lookFrom(position: Vec3, target: Vec3): Pose {
  const dx = target[0] - position[0];
  const dy = target[1] - position[1];
  const dz = target[2] - position[2];
  const across = Math.hypot(dx, dz);
  return {
    position,
    yaw: across > 1e-6 ? Math.atan2(-dx, -dz) : 0,
    pitch: clamp(Math.atan2(dy, across), -maxPitch, maxPitch),
  };
}

// As near to the doorway as one can stand.
export function doorwayPose(visit: Visit, ground: Ground): Pose {
  const pose = lookFrom(visit.doorway.position, visit.doorway.look_at);
  return standingAt(pose, ground.nearest(placeOf(pose)));
}

export function turned(pose: Pose, left: number, up: number): Pose {
  return {
    position: pose.position,
    yaw: wrapAngle(pose.yaw + left),
    pitch: clamp(pose.pitch + up, -maxPitch, maxPitch),
  };
}

// Steps in metres along the way one looks, seen from above.
export function walked(ground: Ground, pose: Pose, forward: number, right: number): Pose {
  const sin = Math.sin(pose.yaw);
  const cos = Math.cos(pose.yaw);
  const by: Place = [-sin * forward + cos * right, -cos * forward - sin * right];
  return standingAt(pose, ground.walk(placeOf(pose), by));
}

// Stands a step before a thing, on the side one comes from where that is free, and looks at it.
export function poseBefore(ground: Ground, from: Pose, thing: Vec3): Pose {
  const [x, z] = [from.position[0] - thing[0], from.position[2] - thing[2]];
  const own = Math.hypot(x, z) < 1e-3 ? from.yaw : Math.atan2(x, z);
  const turns = [0, 1, -1, 2, -2, 3, -3, 4, -4, 5, -5, 6, -6, 7, -7, 8].map((k) => (k * Math.PI) / 8);
  const there = (turn: number, away: number): Place =>
    [thing[0] + Math.sin(own + turn) * away, thing[2] + Math.cos(own + turn) * away];
  const found = turns.flatMap((turn) => otherDistances.map((away) => ({ turn, away })))
    .map(({ turn, away }) => ({
      place: there(turn, away), cost: Math.abs(turn) + 2 * Math.abs(away - standingDistance),
    }))
    .sort((a, b) => a.cost - b.cost)
    .find(({ place }) => ground.canStand(place));
  const place = found?.place ?? ground.nearest(there(0, standingDistance));
  return lookFrom([place[0], from.position[1], place[1]], thing);
}

// A way from one pose to another that starts and ends gently, by the places in between.
export class Glide {
  readonly duration_s: number;
  private readonly turn: number;
  private readonly lengths: readonly number[];
  private readonly length: number;

  constructor(
    private readonly from: Pose,
    private readonly to: Pose,
    private readonly way: readonly Place[] = [placeOf(from), placeOf(to)],
  ) {
    this.turn = wrapAngle(to.yaw - from.yaw);
    this.lengths = way.slice(1).map(([x, z], i) => Math.hypot(x - way[i]![0], z - way[i]![1]));
    this.length = this.lengths.reduce((sum, length) => sum + length, 0);
    const angle = Math.max(Math.abs(this.turn), Math.abs(to.pitch - from.pitch));
    const rise = Math.abs(to.position[1] - from.position[1]);
    // The mean speed is half the greatest, hence twice the time at walking speed.
    const calm = 2 * Math.max((this.length + rise) / walkingSpeed, angle / (2 * turningSpeed));
    this.duration_s = Math.min(calm, Math.max(longestGlide_s, this.length / fastestGlide));
  }

  private placeAt(share: number): Place {
    let left = share * this.length;
    for (const [i, length] of this.lengths.entries()) {
      if (left <= length || i === this.lengths.length - 1) {
        const t = length > 0 ? Math.min(1, left / length) : 1;
        const [a, b] = [this.way[i]!, this.way[i + 1]!];
        return [a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t];
      }
      left -= length;
    }
    return placeOf(this.to);
  }

  at(time_s: number): Pose {
    if (time_s >= this.duration_s) return this.to;
    const t = Math.max(0, time_s / this.duration_s);
    const s = t * t * (3 - 2 * t);
    const mix = (a: number, b: number) => a + (b - a) * s;
    const [x, z] = this.placeAt(s);
    return {
      position: [x, mix(this.from.position[1], this.to.position[1]), z],
      yaw: wrapAngle(this.from.yaw + this.turn * s),
      pitch: mix(this.from.pitch, this.to.pitch),
    };
  }
}

// The floor that is seen at a point of the canvas (from -1 to 1, right and up); nothing at or above
// the horizon, and nothing so far that a finger cannot mean it.
export function floorAt(pose: Pose, fov_deg: number, aspect: number, x: number, y: number): Place | null {
  const up = Math.tan((fov_deg * Math.PI) / 360);
  const [cp, sp, cy, sy] =
    [Math.cos(pose.pitch), Math.sin(pose.pitch), Math.cos(pose.yaw), Math.sin(pose.yaw)];
  const [right, high] = [x * up * aspect, y * up];
  const ahead = cp - high * sp;
  const rise = sp + high * cp;
  if (rise > -0.05) return null;
  const t = -pose.position[1] / rise;
  return [
    pose.position[0] + t * (cy * right - sy * ahead),
    pose.position[2] + t * (-sy * right - cy * ahead),
  ];
}

// Where a place is seen on the canvas (from -1 to 1, right and up; beyond where it is out of the
// picture), and how far ahead it is; nothing behind the eyes.
export function seenAt(
  pose: Pose, fov_deg: number, aspect: number, place: Vec3,
): { readonly x: number; readonly y: number; readonly ahead_m: number } | null {
  const [dx, dy, dz] = place.map((value, k) => value - pose.position[k]!) as [number, number, number];
  const [cp, sp, cy, sy] =
    [Math.cos(pose.pitch), Math.sin(pose.pitch), Math.cos(pose.yaw), Math.sin(pose.yaw)];
  const across = -sy * dx - cy * dz;
  const ahead_m = cp * across + sp * dy;
  if (ahead_m < 0.05) return null;
  const up = Math.tan((fov_deg * Math.PI) / 360) * ahead_m;
  return { x: (cy * dx - sy * dz) / (up * aspect), y: (cp * dy - sp * across) / up, ahead_m };
}

// The vertical field of view for a canvas: the room's own, opened in narrow windows until at
// least 50 degrees fit across, up to 90.
export function fittedFov(fov_deg: number, aspect: number): number {
  const across = Math.tan((50 * Math.PI) / 360);
  const needed = (360 / Math.PI) * Math.atan(across / aspect);
  return Math.max(fov_deg, Math.min(needed, 90));
}
