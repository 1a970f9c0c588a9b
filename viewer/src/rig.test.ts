import { expect, test } from "vitest";
import { pointedAt, pointedFloor, Rig, snap_rad, SnapTurn } from "./rig";
import type { Vec3 } from "./visit";

const close = (place: readonly number[], wanted: readonly number[]) =>
  wanted.forEach((value, k) => expect(place[k]).toBeCloseTo(value));

test("the head stands where it is put, and a turn does not move it", () => {
  const rig = new Rig(0);
  const head: Vec3 = [0.4, 1.6, 0.3]; // somewhere in the visitor's own room
  rig.stand([1, -2], head);
  close(rig.placeOf(head), [1, -2]);
  rig.turn(Math.PI / 2, head);
  close(rig.placeOf(head), [1, -2]);
  // What was ahead of the head, a metre along -z, is now to the left, along -x.
  close(rig.placeOf([0.4, 1.6, -0.7]), [0, -2]);
  rig.stand([0, 0], head);
  close(rig.placeOf(head), [0, 0]);
  close([rig.yaw], [Math.PI / 2]);
});

test("a metre is a metre", () => {
  const rig = new Rig(1.2);
  rig.turn(0.7, [0, 0, 0]);
  const [a, b] = [rig.placeOf([0, 0, 0]), rig.placeOf([0.6, 0, 0.8])];
  expect(Math.hypot(a[0] - b[0], a[1] - b[1])).toBeCloseTo(1);
  expect(rig.position[1]).toBe(1.2);
});

test("the floor that is pointed at", () => {
  close(pointedFloor([0, 1, 0], [0, -Math.SQRT1_2, -Math.SQRT1_2], 6)!, [0, -1]);
  expect(pointedFloor([0, 1, 0], [0, 0.1, -1], 6)).toBeNull();
  expect(pointedFloor([0, 1, 0], [0, -0.1, -0.995], 6)).toBeNull(); // ten metres away
});

test("the thing that is pointed at is the nearest to the ray", () => {
  const places: (Vec3 | null)[] = [null, [0, 1, -2], [0.15, 1, -2], [0, 1, 2]];
  expect(pointedAt([0, 1, 0], [0, 0, -1], places)).toBe(1);
  expect(pointedAt([0, 1, 0], [Math.sin(0.08), 0, -Math.cos(0.08)], places)).toBe(2);
  expect(pointedAt([0, 1, 0], [-1, 0, 0], places)).toBeNull();
});

test("a stick that is held turns once", () => {
  const snap = new SnapTurn();
  expect([0, 0.5, 0.9, 1, 0.8, 0.5, 0.2, -0.9, -1].map((stick) => snap.turn(stick)))
    .toEqual([0, 0, -snap_rad, 0, 0, 0, 0, snap_rad, 0]);
});
