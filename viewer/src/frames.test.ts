import { expect, test } from "vitest";
import { frameCorners } from "./frames";
import type { Photograph, Vec3 } from "./visit";
import { lookFrom, seenAt } from "./walk";

const taken = (position: Vec3 | null, look_at: Vec3 | null, size: readonly [number, number] | null): Photograph =>
  ({ url: "photos/1.webp", position, look_at, alt: null, size, fov_deg: null, tiles: null, translations: {} });

test("a frame fills the view of the camera that it was taken with", () => {
  const [position, look_at]: [Vec3, Vec3] = [[0.4, 1.3, -0.5], [-0.8, 0.7, -3]];
  for (const size of [[4000, 3000], [3000, 4000]] as const) {
    const corners = frameCorners(taken(position, look_at, size), 55)!;
    const seen = corners.map((corner) => seenAt(lookFrom(position, look_at), 55, size[0] / size[1], corner)!);
    seen.forEach(({ x, y, ahead_m }, i) => {
      expect(x).toBeCloseTo([-1, 1, 1, -1][i]!);
      expect(y).toBeCloseTo([1, 1, -1, -1][i]!);
      expect(ahead_m).toBeCloseTo(0.35);
    });
  }
});

test("without a place, or straight down, there is none", () => {
  expect(frameCorners(taken(null, null, null), 55)).toBeNull();
  expect(frameCorners(taken([0, 2, 0], [0, 0, 0.01], null), 55)).toBeNull();
});
