import { expect, test } from "vitest";
import { batchesFor, mostSplats } from "./enough";

test("what is held in the hand or small takes a million splats, a laptop all", () => {
  const laptop = { touched: false, memory_GB: 8, cores: 8 };
  expect(mostSplats(laptop)).toBe(Infinity);
  expect(mostSplats({ touched: false, memory_GB: null, cores: null })).toBe(Infinity); // it does not say
  expect(mostSplats({ ...laptop, touched: true })).toBe(1e6);
  expect(mostSplats({ ...laptop, memory_GB: 2 })).toBe(1e6);
  expect(mostSplats({ ...laptop, cores: 2 })).toBe(1e6);
});

test("parts are fetched until there are about as many splats as the device takes", () => {
  const further = Array.from({ length: 20 }, (_, i) => `splats/${i + 2}/meta.json`);
  const count = 95_000 + 20 * 130_000;
  const parts = (most: number) => batchesFor({ url: "splats/meta.json", further, count }, 95_000, most).flat();
  expect(parts(Infinity)).toEqual(further);
  expect(parts(1e6)).toEqual(further.slice(0, 7)); // 1,005,000
  expect(parts(50_000)).toEqual([]); // the first shows the room in any case
  const few = { url: "splats/meta.json", further: further.slice(0, 3), count: 95_000 + 3 * 130_000 };
  expect(batchesFor(few, 95_000, 1e6).flat()).toEqual(few.further);
  expect(batchesFor({ url: "splats/meta.json", further: [], count: 10 }, 10, 1e6)).toEqual([]);
});

test("what is shown at once is about as much as stood there before", () => {
  const sizes = (count: number, parts: number) => batchesFor(
    { url: "", count, further: Array.from({ length: parts }, (_, i) => `${i}`) }, 95_000, Infinity)
    .map((batch) => batch.length);
  expect(sizes(250_000, 2)).toEqual([2]);
  expect(sizes(350_000, 2)).toEqual([1, 1]);
  expect(sizes(1_005_000, 7)).toEqual([1, 2, 4]);
  expect(sizes(0, 2)).toEqual([2]); // a count that is none
});
