import { expect, test } from "vitest";
import { Fineness } from "./fineness";

function frames(fineness: Fineness, gap_ms: number, count: number, from_ms = 0): number {
  let factor = 1;
  for (let i = 1; i <= count; i++) factor = fineness.frame(from_ms + i * gap_ms);
  return factor;
}

test("machines that keep up draw finely", () => {
  expect(frames(new Fineness(), 17, 100)).toBe(1);
  expect(frames(new Fineness(), 40, 100)).toBe(1);
});

test("late frames make it coarser, to a limit; early ones finer again", () => {
  const fineness = new Fineness();
  const some = frames(fineness, 80, 4);
  expect(some).toBeLessThan(1);
  expect(some).toBeGreaterThan(0.7);
  const least = frames(fineness, 300, 100, 400);
  expect(least).toBe(0.35);
  expect(frames(fineness, 17, 100, 40000)).toBe(1);
});

test("resting is not slowness", () => {
  const fineness = new Fineness();
  for (let i = 0; i < 20; i++) {
    expect(frames(fineness, 17, 5, i * 5000)).toBe(1);
    fineness.rest();
  }
});
