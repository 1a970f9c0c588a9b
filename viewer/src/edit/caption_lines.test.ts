import { expect, test } from "vitest";
import { newLine_s, readable } from "./caption_lines";

test("lines become what a file of captions can hold", () => {
  expect(readable([
    { from: 4, to: 2, text: "It was blue." },
    { from: 1, to: 3, text: "  We painted it\n\n  \ntogether.\n" },
    { from: 0, to: 1, text: " \n " },
  ])).toEqual([
    { from: 1, to: 3, text: "We painted it\ntogether." },
    { from: 4, to: 4 + newLine_s, text: "It was blue." },
  ]);
});
