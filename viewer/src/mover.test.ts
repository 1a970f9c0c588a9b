import { expect, test } from "vitest";
import { BoundsGround } from "./ground";
import { Mover } from "./mover";
import type { Pose } from "./walk";

const ground = new BoundsGround({
  doorway: { position: [0, 1.5, 0], look_at: [0, 1.5, -1] },
  bounds: { min: [-10, 0, -10], max: [10, 3, 10] },
});
const start: Pose = { position: [0, 1.5, 0], yaw: 0, pitch: 0 };

function mover(reduced = false): Mover {
  return new Mover(ground, start, () => reduced);
}

function run(who: Mover, seconds: number): void {
  for (let i = 0; i < Math.round(seconds * 100); i++) who.advance(0.01);
}

test("holding a key walks at 1.2 metres a second until it is released", () => {
  const who = mover();
  expect(who.moving).toBe(false);
  who.press("forward");
  expect(who.moving).toBe(true);
  run(who, 2);
  who.release("forward");
  run(who, 1);
  expect(who.moving).toBe(false);
  expect(who.pose.position[2]).toBeCloseTo(-2.4, 1);
});

test("a tap is a small step, not nothing", () => {
  const who = mover();
  who.press("right");
  who.release("right");
  run(who, 1);
  expect(who.pose.position[0]).toBeGreaterThan(0.2);
  expect(who.pose.position[0]).toBeLessThan(0.4);
});

test("two keys at once walk and turn", () => {
  const who = mover();
  who.press("forward");
  who.press("look_left");
  run(who, 0.5);
  expect(who.pose.yaw).toBeGreaterThan(0.5);
  expect(who.pose.position[0]).toBeLessThan(0);
  who.releaseAll();
  run(who, 0.1);
  expect(who.moving).toBe(false);
});

test("going to a pose arrives there, and a hand on the keys ends it", () => {
  const there: Pose = { position: [1, 1.5, -2], yaw: 1, pitch: -0.2 };
  const who = mover();
  who.goTo(there);
  run(who, 4);
  expect(who.moving).toBe(false);
  expect(who.pose).toEqual(there);
  who.goTo(start);
  who.advance(0.1);
  who.look(0.1, 0);
  expect(who.moving).toBe(false);
  expect(who.pose).not.toEqual(start);
});

test("with reduced motion nothing glides: cuts and steps", () => {
  const there: Pose = { position: [1, 1.5, -2], yaw: 1, pitch: -0.2 };
  const who = mover(true);
  who.goTo(there);
  expect(who.pose).toEqual(there);
  expect(who.moving).toBe(false);

  const stepping = mover(true);
  stepping.press("forward");
  stepping.advance(0.01);
  expect(stepping.pose.position[2]).toBeCloseTo(-0.5);
  run(stepping, 0.4);
  expect(stepping.pose.position[2]).toBeCloseTo(-0.5);
  run(stepping, 0.2);
  expect(stepping.pose.position[2]).toBeCloseTo(-1);
  stepping.release("forward");
  run(stepping, 1);
  expect(stepping.pose.position[2]).toBeCloseTo(-1);

  const tapped = mover(true);
  tapped.press("look_right");
  tapped.release("look_right");
  run(tapped, 0.1);
  expect(tapped.pose.yaw).toBeCloseTo(-Math.PI / 12);
});
