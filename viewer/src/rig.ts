// Where the space that a headset is tracked in lies in the room. Its own units are metres, too: the room is
// met at its true size.
import type { Place } from "./ground";
import type { Vec3 } from "./visit";

export class Rig {
  private x = 0;
  private z = 0;
  private turn_rad = 0;

  constructor(readonly height_m: number) {} // of the tracked space's zero above the room's floor

  get position(): Vec3 {
    return [this.x, this.height_m, this.z];
  }

  get yaw(): number {
    return this.turn_rad;
  }

  // Where in the room something is that is tracked.
  placeOf(tracked: Vec3): Place {
    const [c, s] = [Math.cos(this.turn_rad), Math.sin(this.turn_rad)];
    return [this.x + c * tracked[0] + s * tracked[2], this.z - s * tracked[0] + c * tracked[2]];
  }

  // The head stands at that place now.
  stand(place: Place, head: Vec3): void {
    const [x, z] = this.placeOf(head);
    this.x += place[0] - x;
    this.z += place[1] - z;
  }

  // To the left, about the head: nobody is moved by it.
  turn(left_rad: number, head: Vec3): void {
    const place = this.placeOf(head);
    this.turn_rad += left_rad;
    this.stand(place, head);
  }
}

// The floor that a ray meets, in the room; nothing where it goes up or farther than anybody means.
export function pointedFloor(origin: Vec3, direction: Vec3, farthest_m: number): Place | null {
  if (direction[1] > -0.05) return null;
  const t = -origin[1] / direction[1];
  const place: Place = [origin[0] + t * direction[0], origin[2] + t * direction[2]];
  return Math.hypot(place[0] - origin[0], place[1] - origin[2]) > farthest_m ? null : place;
}

// Which of some places a ray passes nearest to, within what an outstretched arm can aim at.
export function pointedAt(origin: Vec3, direction: Vec3, places: readonly (Vec3 | null)[]): number | null {
  let found: number | null = null;
  let least = 0.12; // radians
  places.forEach((place, i) => {
    if (place === null) return;
    const to = place.map((value, k) => value - origin[k]!);
    const away = Math.hypot(...to);
    const along = to.reduce((sum, value, k) => sum + value * direction[k]!, 0) / away;
    const angle = Math.acos(Math.min(1, along));
    if (away < 5 && angle < least) {
      found = i;
      least = angle;
    }
  });
  return found;
}

// A stick pushed to one side turns once, until it has come back.
export class SnapTurn {
  private ready = true;

  // The turn to the left, in radians; mostly none.
  turn(stick: number): number {
    if (Math.abs(stick) < 0.4) this.ready = true;
    if (!this.ready || Math.abs(stick) < 0.7) return 0;
    this.ready = false;
    return -Math.sign(stick) * snap_rad;
  }
}

export const snap_rad = Math.PI / 6;
