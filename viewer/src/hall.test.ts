// What holds in a room of 3 by 4 metres holds in a hall.
import { expect, test } from "vitest";
import { parseCollision } from "./collision";
import { MeshGround, type Place } from "./ground";
import { groundMapOf } from "./ground_map";
import { Mover, moves } from "./mover";
import { away, encodeCollision, hall, seeded } from "./room_test_util";
import { Glide, placeOf, standingAt, type Pose } from "./walk";

const radius = 0.2;
const doorway: Place = [0, -0.3];
const map = groundMapOf(parseCollision(encodeCollision(false, hall)), doorway)!;
const ground = new MeshGround(map);
const cell = map.cell_m * Math.SQRT2; // as fine as the ground knows anything
const start: Pose = { position: [doorway[0], 1.5, doorway[1]], yaw: 0, pitch: 0 };

function complaint(place: Place): string | null {
  const met = hall.obstacles.findIndex((box) => away(box, place) < radius - cell);
  if (met >= 0) return `obstacle ${met} at ${place}`;
  const { low, high } = hall.walls;
  const inside = Math.min(place[0] - low[0], high[0] - place[0], place[1] - low[2], high[2] - place[1]);
  return inside < radius - cell ? `a wall at ${place}` : null;
}

test("a hall is known to a few centimetres, and long walks keep out of what stands in it", () => {
  expect(map.cell_m).toBeLessThan(0.03);
  const random = seeded(20);
  let farthest = 0;
  for (let walk = 0; walk < 100; walk++) {
    const mover = new Mover(ground, { ...start, yaw: (random() - 0.5) * 3 }, () => false);
    for (let act = 0; act < 6; act++) {
      const move = moves[Math.floor(random() * moves.length)]!;
      for (const each of [move, "forward"] as const) mover.press(each);
      for (let k = 0; k < 40; k++) {
        mover.advance(0.1);
        expect(complaint(placeOf(mover.pose)), `walk ${walk}`).toBeNull();
      }
      mover.releaseAll();
      farthest = Math.max(farthest, Math.abs(placeOf(mover.pose)[1]));
    }
  }
  expect(farthest).toBeGreaterThan(12); // they went somewhere
});

test("places to stand at are spread over the whole hall, beyond the bar, too", () => {
  const spots = ground.spots(6);
  expect(spots).toHaveLength(6);
  expect(spots[0]![1]).toBeGreaterThan(-1); // the doorway
  expect(spots.some(([, z]) => z < -20)).toBe(true);
  for (const [i, a] of spots.entries()) {
    expect(complaint(a)).toBeNull();
    for (const b of spots.slice(i + 1)) expect(Math.hypot(a[0] - b[0], a[1] - b[1])).toBeGreaterThan(5);
  }
});

test("one is led around the bar to the far corner, and not in a rush", () => {
  const corner = ground.nearest([-9.5, -29.5]);
  const way = ground.way(doorway, corner)!;
  const glide = new Glide(start, standingAt(start, corner), way);
  let length = 0;
  let last = doorway;
  for (let t = 0; t <= glide.duration_s; t += 0.05) {
    const place = placeOf(glide.at(t));
    expect(complaint(place)).toBeNull();
    const step = Math.hypot(place[0] - last[0], place[1] - last[1]);
    expect(step / 0.05).toBeLessThan(5); // m/s
    length += step;
    last = place;
  }
  expect(length).toBeGreaterThan(35); // by the gap, not through the bar
});
