import { expect, test } from "vitest";
import { nearestPhotograph } from "./photographed";
import type { Photograph, Vec3 } from "./visit";

const cup: Vec3 = [1, 0.9, -3];
const taken = (position: Vec3 | null, look_at: Vec3 | null): Photograph =>
  ({ url: "photos/1.webp", position, look_at, alt: null, size: null, fov_deg: null, tiles: null, translations: {} });

test("the nearest one that looks at it", () => {
  const photographs = [
    taken(null, null),
    taken([1, 0.9, -1], [1, 0.9, -2]), // 2 m away
    taken([1, 1.2, -2.5], [1, 0.9, -3]), // half a metre
    taken([1, 0.9, -2.8], [1, 0.9, -1]), // nearer, and looks away
    taken([1, 0.9, -2.8], [2, 0.9, -2.8]), // nearer, and looks past it
  ];
  expect(nearestPhotograph(photographs, cup)).toBe(2);
  expect(nearestPhotograph(photographs.slice(0, 2), cup)).toBe(1);
});

test("none from across the room, at the thing itself, or at its edge", () => {
  expect(nearestPhotograph([taken([1, 0.9, 0], cup)], cup)).toBe(null);
  expect(nearestPhotograph([taken(cup, [0, 0, 0])], cup)).toBe(null);
  expect(nearestPhotograph([taken([0, 0.9, -3], [1, 0.9, -2.5])], cup)).toBe(null); // 27 degrees
  expect(nearestPhotograph([], cup)).toBe(null);
});
