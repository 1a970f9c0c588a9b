// Standing, looking and walking in the room: plain arithmetic in the room frame (metres, y up).
// A visitor is upright, with the eyes at one height, within the room's bounds.
import type { Vec3, Visit } from "./visit";

export interface Pose {
  readonly position: Vec3;
  readonly yaw: number; // radians, 0 looks along -z, positive turns left
  readonly pitch: number; // radians, positive looks up
}

export const walkingSpeed = 1.2; // m/s, calm
export const turningSpeed = 1.2; // rad/s, while a key or button is held
const maxPitch = (80 * Math.PI) / 180;
const wallDistance = 0.15; // m kept from the bounds
const standingDistance = 1.3; // m from a thing one goes to
const longestGlide_s = 2.5;

function clamp(value: number, min: number, max: number): number {
  // Bounds narrower than the walls' distance leave their middle.
  return min > max ? (min + max) / 2 : Math.min(Math.max(value, min), max);
}

export function wrapAngle(angle: number): number {
  const turn = 2 * Math.PI;
  return angle - turn * Math.round(angle / turn);
}

// Where one may stand: x and z within the bounds, y at eye height. A doorway outside the bounds
// widens them, so that the first step is a step and no jump.
export function standAt(visit: Visit, position: Vec3): Vec3 {
  const doorway = visit.doorway.position;
  const within = (axis: 0 | 2) => {
    const min = visit.bounds.min[axis] + wallDistance;
    const max = visit.bounds.max[axis] - wallDistance;
    return clamp(position[axis], Math.min(min, doorway[axis]), Math.max(max, doorway[axis]));
  };
  return [within(0), doorway[1], within(2)];
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

// The doorway is taken as it is, bounds or not: the keeper chose it.
export function doorwayPose(visit: Visit): Pose {
  return lookFrom(visit.doorway.position, visit.doorway.look_at);
}

export function turned(pose: Pose, left: number, up: number): Pose {
  return {
    position: pose.position,
    yaw: wrapAngle(pose.yaw + left),
    pitch: clamp(pose.pitch + up, -maxPitch, maxPitch),
  };
}

// Steps in metres along the way one looks, seen from above.
export function walked(visit: Visit, pose: Pose, forward: number, right: number): Pose {
  const sin = Math.sin(pose.yaw);
  const cos = Math.cos(pose.yaw);
  const [x, y, z] = pose.position;
  return {
    ...pose,
    position: standAt(visit, [
      x - sin * forward + cos * right,
      y,
      z - cos * forward - sin * right,
    ]),
  };
}

// Stands a step before a thing, on the side one comes from, and looks at it.
export function poseBefore(visit: Visit, from: Pose, thing: Vec3): Pose {
  let dx = from.position[0] - thing[0];
  let dz = from.position[2] - thing[2];
  const across = Math.hypot(dx, dz);
  if (across < 1e-3) {
    dx = Math.sin(from.yaw);
    dz = Math.cos(from.yaw);
  } else {
    dx /= across;
    dz /= across;
  }
  const there = standAt(visit, [
    thing[0] + dx * standingDistance,
    0,
    thing[2] + dz * standingDistance,
  ]);
  return lookFrom(there, thing);
}

// A way from one pose to another that starts and ends gently.
export class Glide {
  readonly duration_s: number;
  private readonly turn: number;

  constructor(
    private readonly from: Pose,
    private readonly to: Pose,
  ) {
    this.turn = wrapAngle(to.yaw - from.yaw);
    const way = Math.hypot(...to.position.map((value, i) => value - from.position[i]!));
    const angle = Math.max(Math.abs(this.turn), Math.abs(to.pitch - from.pitch));
    // The mean speed is half the greatest, hence twice the time at walking speed.
    const calm = 2 * Math.max(way / walkingSpeed, angle / (2 * turningSpeed));
    this.duration_s = Math.min(longestGlide_s, calm);
  }

  at(time_s: number): Pose {
    if (time_s >= this.duration_s) return this.to;
    const t = Math.max(0, time_s / this.duration_s);
    const s = t * t * (3 - 2 * t);
    const mix = (a: number, b: number) => a + (b - a) * s;
    const [ax, ay, az] = this.from.position;
    const [bx, by, bz] = this.to.position;
    return {
      position: [mix(ax, bx), mix(ay, by), mix(az, bz)],
      yaw: wrapAngle(this.from.yaw + this.turn * s),
      pitch: mix(this.from.pitch, this.to.pitch),
    };
  }
}

// The vertical field of view for a canvas: the room's own, opened in narrow windows until at
// least 50 degrees fit across, up to 90.
export function fittedFov(fov_deg: number, aspect: number): number {
  const across = Math.tan((50 * Math.PI) / 360);
  const needed = (360 / Math.PI) * Math.atan(across / aspect);
  return Math.max(fov_deg, Math.min(needed, 90));
}
