// "#at=1.2,-0.85,32,-5": a place on the floor (x and z, metres) and a look (degrees to the left and
// upwards), with how high the eyes are where that is not standing: "#at=1.2,-0.85,32,-5,seated".
import type { Place } from "./ground";
import { eyes, placeOf, wrapAngle, type Eyes, type Pose } from "./walk";

export interface LinkedPlace {
  readonly place: Place;
  readonly yaw: number; // radians, as in a pose
  readonly pitch: number;
  readonly how: Eyes;
}

const degree = Math.PI / 180;
const farthest_m = 1e4;
const steepest = 80 * degree;

export function linkTo(pose: Pose, how: Eyes): string {
  const [x, z] = placeOf(pose).map((value) => value.toFixed(2));
  const [left, up] = [pose.yaw, pose.pitch].map((angle) => (angle / degree).toFixed(0));
  const parts = [x, z, left, up].map((part) => String(Number(part))); // no "-0"
  return `#at=${[...parts, ...(how === "standing" ? [] : [how])].join(",")}`;
}

// Nothing for anything else: a link that was broken on its way leads to the doorway.
export function linkedPlace(fragment: string): LinkedPlace | null {
  const found = /^#at=([^&]*)$/.exec(fragment);
  if (!found) return null;
  const [x, z, left, up, how = "standing", ...more] = found[1]!.split(",");
  const number = (text: string | undefined) => (text?.trim() ? Number(text) : NaN);
  const numbers = [x, z, left, up].map(number) as [number, number, number, number];
  const known = eyes.find((name) => name === how);
  if (!numbers.every((value) => Math.abs(value) <= farthest_m) || !known || more.length > 0) {
    return null;
  }
  return {
    place: [numbers[0], numbers[1]],
    yaw: wrapAngle(numbers[2] * degree),
    pitch: Math.min(steepest, Math.max(-steepest, numbers[3] * degree)),
    how: known,
  };
}
