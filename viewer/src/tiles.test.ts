import { expect, test } from "vitest";
import { levelFor, tilesWithin } from "./tiles";

const tiles = { folder: "photos/1", side: 512, levels: 3 };

test("the level has just enough pixels", () => {
  expect([4000, 5000, 2001, 2000, 1999, 1000, 300, 0].map((px) => levelFor([4000, 3000], tiles, px)))
    .toEqual([0, 0, 0, 1, 1, 2, 2, 2]);
});

test("the pieces of a level cover the photograph once", () => {
  const all = { left: 0, top: 0, right: 1, bottom: 1 };
  for (const [size, level, count] of [[[4000, 3000], 0, 48], [[4000, 3000], 2, 4], [[512, 512], 0, 1],
    [[1025, 1], 1, 2]] as const) {
    const found = tilesWithin(size, tiles, level, all);
    expect(found.length).toBe(count);
    expect(new Set(found.map(({ name }) => name)).size).toBe(count);
    expect(found.reduce((sum, { width, height }) => sum + width * height, 0)).toBeCloseTo(1);
    for (const { left, top, width, height } of found) {
      expect(Math.max(left + width, top + height)).toBeLessThan(1 + 1e-9);
    }
  }
});

test("only what is looked at", () => {
  const part = { left: 0.5, top: 0.5, right: 0.6, bottom: 0.55 };
  expect(tilesWithin([4000, 3000], tiles, 0, part).map(({ name }) => name))
    .toEqual(["photos/1/0/2-3.webp", "photos/1/0/2-4.webp", "photos/1/0/3-3.webp", "photos/1/0/3-4.webp"]);
  expect(tilesWithin([4000, 3000], tiles, 0, { left: 2, top: 0, right: 3, bottom: 1 })).toEqual([]);
});
