import { expect, test } from "vitest";
import { marked } from "./passages";

test("what is marked lasts until the next mark or the end", () => {
  const one = marked([], 1, 10, "bed");
  expect(one).toEqual([{ from: 1, to: 10, things: ["bed"] }]);
  const two = marked(one, 4, 10, "lamp");
  expect(two).toEqual([{ from: 1, to: 4, things: ["bed"] }, { from: 4, to: 10, things: ["lamp"] }]);
  expect(marked(two, 6, 10, null)).toEqual([two[0], { from: 4, to: 6, things: ["lamp"] }]);
  expect(marked(two, 2, 10, "desk")).toEqual([
    { from: 1, to: 2, things: ["bed"] }, { from: 2, to: 4, things: ["desk"] }, two[1]]);
});

test("marking the same moment again replaces, and what lasts no time is left out", () => {
  const one = marked([], 1, 10, "bed");
  expect(marked(one, 1, 10, "lamp")).toEqual([{ from: 1, to: 10, things: ["lamp"] }]);
  expect(marked([], 9.95, 10, "bed")).toEqual([]);
  expect(marked(one, 1.05, 10, "lamp")).toEqual([{ from: 1.05, to: 10, things: ["lamp"] }]);
});
