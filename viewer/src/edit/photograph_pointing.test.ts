import { expect, test } from "vitest";
import { someOf } from "./photograph_pointing";

test("some of many are spread over all of them", () => {
  const many = Array.from({ length: 100 }, (_, i) => i);
  expect(someOf(many, 4)).toEqual([0, 25, 50, 75]);
  expect(new Set(someOf(many, 24)).size).toBe(24);
  expect(someOf([1, 2, 3], 4)).toEqual([1, 2, 3]);
  expect(someOf([], 4)).toEqual([]);
});
