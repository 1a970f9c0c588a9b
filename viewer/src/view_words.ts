// What lies before a visitor, in few words, for one who does not see it.
import type { Texts } from "./texts";
import type { Vec3, Visit } from "./visit";
import { wrapAngle, type Pose } from "./walk";

const middle_rad = (15 * Math.PI) / 180; // to either side of where one looks
const behind_rad = (135 * Math.PI) / 180;

export type Side = "ahead" | "left" | "right" | "behind";

interface Seen {
  readonly name: string;
  readonly side: Side;
  readonly away_m: number; // across the floor
}

function seen(name: string, place: Vec3, { position, yaw }: Pose): Seen {
  const [dx, dz] = [place[0] - position[0], place[2] - position[2]];
  const left = wrapAngle(Math.atan2(-dx, -dz) - yaw);
  const side = Math.abs(left) <= middle_rad ? "ahead"
    : Math.abs(left) > behind_rad ? "behind" : left > 0 ? "left" : "right";
  return { name, side, away_m: Math.hypot(dx, dz) };
}

// The nearest thing in the middle of the view; else where the nearest one is, and where there is none, the
// doorway.
export function viewWords(texts: Texts, room: Pick<Visit, "things" | "doorway">, pose: Pose): string {
  const things = room.things
    .flatMap(({ name, position }) => (position === null ? [] : [seen(name, position, pose)]))
    .sort((a, b) => a.away_m - b.away_m);
  const { name, side, away_m } = things.find((thing) => thing.side === "ahead") ?? things[0] ??
    seen(texts.the_doorway, room.doorway.position, pose);
  return texts.view(side, name, Math.round(away_m));
}
