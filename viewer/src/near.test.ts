import { expect, test } from "vitest";
import { onScreen, type Eye } from "./marks";
import { thingNear } from "./near";
import { ahead } from "./sound_place";
import type { Thing, Vec3 } from "./visit";
import { floorAt, lookFrom, seenAt } from "./walk";

const thing = (id: string, position: Vec3 | null): Thing =>
  ({ id, name: id, words: [], position, alt: null, photographs: [], translations: {} });

test("near is within reach and before one's eyes, and a small step changes nothing", () => {
  const bed = thing("bed", [0, 0.5, -3]);
  const lamp = thing("lamp", [0.6, 1, -2.8]);
  const things = [bed, lamp, thing("lost", null)];
  const looking = (z: number, at: Vec3) => lookFrom([0, 1.5, z], at);
  expect(thingNear(things, looking(-1.2, [0, 0.5, -3]), null)).toBeNull(); // 1.8 m away
  expect(thingNear(things, looking(-1.2, [0, 0.5, -3]), bed)).toBe(bed); // but it was near
  expect(thingNear(things, looking(-1.5, [0, 0.5, -3]), null)).toBe(bed);
  expect(thingNear(things, looking(-1.5, [0.6, 1, -2.8]), null)).toBe(lamp);
  expect(thingNear(things, looking(-1.5, [0, 1.5, 3]), null)).toBeNull(); // behind
});

test("what is seen on the floor lies where it is seen, and what one looks at in the middle", () => {
  const pose = lookFrom([0.4, 1.5, -0.3], [-0.6, 0.3, -3]);
  const [fov, aspect] = [58, 1.6];
  for (const [x, y] of [[0.3, -0.5], [-0.7, -0.2], [0, 0]] as const) {
    const place = floorAt(pose, fov, aspect, x, y)!;
    const seen = seenAt(pose, fov, aspect, [place[0], 0, place[1]])!;
    expect(seen.x).toBeCloseTo(x);
    expect(seen.y).toBeCloseTo(y);
  }
  const middle = seenAt(pose, fov, aspect, [-0.6, 0.3, -3])!;
  expect(Math.hypot(middle.x, middle.y)).toBeLessThan(1e-9);
  expect(middle.ahead_m).toBeCloseTo(Math.hypot(1, 1.2, 2.7));
  const way = ahead(pose).map((value, k) => pose.position[k]! - value) as unknown as Vec3;
  expect(seenAt(pose, fov, aspect, way)).toBeNull(); // behind the eyes
});

test("a mark is where its thing is, as large as it looks there", () => {
  const eye: Eye = { pose: lookFrom([0, 1.5, 0], [0, 1.5, -1]), fov_deg: 90, width: 800, height: 400 };
  expect(onScreen(eye, [0, 1.5, -2])).toMatchObject({ x: 400, y: 200, away_m: 2 });
  expect(onScreen(eye, [0, 1.5, -2])!.radius).toBeCloseTo(22);
  expect(onScreen(eye, [1, 2.5, -2])!.x).toBeCloseTo(500);
  expect(onScreen(eye, [1, 2.5, -2])!.y).toBeCloseTo(100);
  expect(onScreen(eye, [0, 4, -2])).toBeNull();
  expect(onScreen(eye, [0, 1.5, -30])!.radius).toBe(18);
});
