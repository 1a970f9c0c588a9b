import { expect, test } from "vitest";
import { CollisionError, parseCollision } from "./collision";
import { BoundsGround, groundOf, MeshGround, type Place } from "./ground";
import { groundMapOf } from "./ground_map";
import { Mover, moves } from "./mover";
import { away, bed, desk, encodeCollision, seeded, unseen, walls } from "./room_test_util";
import type { Visit } from "./visit";
import { placeOf, poseBefore, type Pose } from "./walk";

const radius = 0.2;
const cell = 0.01 * Math.SQRT2; // as fine as the ground knows anything
const doorway: Place = [0, -0.3];
const ground = new MeshGround(groundMapOf(parseCollision(encodeCollision()), doorway)!);
const start: Pose = { position: [doorway[0], 1.5, doorway[1]], yaw: 0, pitch: 0 };

// By the boxes alone, without the ground's own reckoning.
function complaint(place: Place): string | null {
  for (const [name, box] of Object.entries({ bed, desk, unseen })) {
    if (away(box, place) < radius - cell) return name;
  }
  const [x, z] = place;
  const inside = Math.min(x - walls.low[0], walls.high[0] - x, z - walls.low[2], walls.high[2] - z);
  return inside < radius - cell ? "wall" : null;
}

test("the mesh is read with indices of 16 and of 32 bits alike", () => {
  expect(parseCollision(encodeCollision(true))).toEqual(parseCollision(encodeCollision()));
});

test("a mesh cut off anywhere, or with anything changed that matters, is refused or harmless", () => {
  const whole = encodeCollision();
  for (let length = 0; length < whole.byteLength; length += 7) {
    expect(() => parseCollision(whole.slice(0, length)), `${length}`).toThrow(CollisionError);
  }
  const random = seeded(5);
  for (let i = 0; i < 60; i++) {
    const bytes = new Uint8Array(whole.slice(0));
    bytes[Math.floor(random() * bytes.length)] = Math.floor(random() * 256);
    try {
      groundOf({ doorway: { position: [0, 1.5, -0.3] }, bounds: { min: [-2, 0, -4], max: [2, 2, 0] } } as
        unknown as Visit, groundMapOf(parseCollision(bytes.buffer), [0, -0.3]));
    } catch (error) {
      expect(error, `change ${i}`).toBeInstanceOf(CollisionError);
    }
  }
}, 30_000);

test("one stands on free floor, beside things and not in them", () => {
  expect(ground.canStand([0, -1])).toBe(true); // a rug is stepped over
  expect(ground.canStand([0, -2])).toBe(true); // a lamp hangs higher than heads
  expect(ground.canStand([-1, -3])).toBe(false);
  expect(ground.canStand([-0.35, -3])).toBe(false); // too near to the bed
  expect(ground.canStand([-0.25, -3])).toBe(true);
  expect(ground.canStand([1.2, -3.7])).toBe(false); // nobody saw it
  expect(ground.canStand([0, 5])).toBe(false);
  expect(ground.canStand([NaN, 0])).toBe(false);
});

test("walls end the way, and at a slant one goes along them", () => {
  const straight = ground.walk(doorway, [0, -50]);
  expect(straight[0]).toBeCloseTo(0);
  expect(straight[1]).toBeLessThan(-3.75);
  expect(complaint(straight)).toBeNull();
  const along = ground.walk([1.2, -0.3], [0.2, -0.4]);
  expect(along[1]).toBeLessThan(-0.6);
  expect(complaint(along)).toBeNull();
});

test("the nearest place to the bed's middle is beside it; a place that can be stood at is itself", () => {
  const there = ground.nearest([-1, -3]);
  expect(complaint(there)).toBeNull();
  expect(Math.hypot(there[0] + 1, there[1] + 3)).toBeLessThan(0.75);
  expect(ground.nearest([0, -1])).toEqual([0, -1]);
  expect(complaint(ground.nearest([100, 100]))).toBeNull();
});

test("a way leads round the furniture", () => {
  const [from, to]: Place[] = [[1.2, -0.8], [1.2, -2.8]];
  const way = ground.way(from!, to!)!;
  expect(way[0]).toEqual(from);
  expect(way.at(-1)).toEqual(to);
  expect(way.length).toBeGreaterThan(2);
  way.slice(1).forEach(([x, z], i) => {
    for (let t = 0; t <= 1; t += 0.01) {
      const at: Place = [way[i]![0] + (x - way[i]![0]) * t, way[i]![1] + (z - way[i]![1]) * t];
      expect(complaint(at), `${at}`).toBeNull();
    }
  });
  expect(ground.way(from!, [-1, -3])).toBeNull();
});

test("places to stand at are free, well apart, and begin at the doorway", () => {
  const spots = ground.spots(6);
  expect(spots[0]).toEqual(doorway);
  expect(spots.length).toBeGreaterThanOrEqual(3);
  spots.forEach((spot, i) => {
    expect(complaint(spot)).toBeNull();
    for (const other of spots.slice(0, i)) {
      expect(Math.hypot(spot[0] - other[0], spot[1] - other[1])).toBeGreaterThan(1);
    }
  });
});

test("before a thing on the bed one stands beside the bed", () => {
  const pose = poseBefore(ground, start, [-1, 0.6, -3.4]);
  expect(complaint(placeOf(pose))).toBeNull();
  expect(Math.hypot(pose.position[0] + 1, pose.position[2] + 3.4)).toBeLessThan(2.01);
});

test("a mesh that leaves nowhere to stand is as good as none", () => {
  const visit = { doorway: { position: [0, 1.5, 0] }, bounds: { min: [-2, 0, -4], max: [2, 2, 0] } } as
    unknown as Visit;
  const mesh = parseCollision(encodeCollision());
  expect(groundMapOf({ ...mesh, floor: [] }, [0, 0])).toBeNull();
  const raised = mesh.positions.map((value, i) => (i % 3 === 1 ? value + 0.5 : value));
  expect(groundMapOf({ ...mesh, positions: raised, obstacles: mesh.floor }, [0, 0])).toBeNull();
  expect(groundOf(visit, null)).toBeInstanceOf(BoundsGround);
  expect(groundOf(visit, groundMapOf(mesh, [0, 0]))).toBeInstanceOf(MeshGround);
});

test.each([["gliding", false], ["with reduced motion", true]])(
  "1,000 walks keep to the floor and out of furniture: %s", (_, reduced) => {
    let stirred = 0;
    for (let seed = 1; seed <= 1000; seed++) {
      const random = seeded(seed);
      const mover = new Mover(ground, start, () => reduced);
      for (let act = 0; act < 12; act++) {
        const choice = random();
        const move = moves[Math.floor(random() * moves.length)]!;
        if (choice < 0.6) {
          mover.press(move);
        } else if (choice < 0.7) {
          mover.releaseAll();
        } else if (choice < 0.8) {
          mover.walk(4 * random() - 2, 4 * random() - 2);
        } else if (choice < 0.9) {
          mover.lean({ forward: 2 * random() - 1, right: 2 * random() - 1, look_left: random(),
            look_up: 0 });
        } else {
          const thing = [3 * random() - 1.5, 1, -4 * random()] as const;
          mover.goTo(poseBefore(ground, mover.pose, thing));
        }
        const frames = 1 + Math.floor(random() * 40);
        for (let i = 0; i < frames; i++) {
          mover.advance(random() < 0.05 ? 0.25 : 1 / 60);
          const said = complaint(placeOf(mover.pose));
          if (said !== null) expect.fail(`seed ${seed}: ${placeOf(mover.pose)} is in the ${said}`);
        }
      }
      if (Math.hypot(mover.pose.position[0], mover.pose.position[2] + 0.3) > 0.3) stirred++;
    }
    expect(stirred).toBeGreaterThan(700); // walks they are
  }, 60_000);
