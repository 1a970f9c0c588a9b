import { expect, test } from "vitest";
import { furtherFor, mostSplats } from "./enough";

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
  const parts = (most: number) => furtherFor({ url: "splats/meta.json", further, count }, 95_000, most);
  expect(parts(Infinity)).toEqual(further);
  expect(parts(1e6)).toEqual(further.slice(0, 7)); // 1,005,000
  expect(parts(50_000)).toEqual([]); // the first shows the room in any case
  const few = { url: "splats/meta.json", further: further.slice(0, 3), count: 95_000 + 3 * 130_000 };
  expect(furtherFor(few, 95_000, 1e6)).toEqual(few.further);
  expect(furtherFor({ url: "splats/meta.json", further: [], count: 10 }, 10, 1e6)).toEqual([]);
});
