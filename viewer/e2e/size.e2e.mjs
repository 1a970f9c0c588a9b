// What a visit costs besides the room itself.
import assert from "node:assert/strict";
import { test } from "node:test";
import { page } from "./serving.mjs";

const most_bytes = 900e3;

for (const ending of [".br", ".gz"]) {
  test(`the page's own code is no more than ${most_bytes / 1e3} kB, compressed: ${ending}`, () => {
    const visitors = Object.keys(page).filter((name) =>
      !name.startsWith("edit.html") && !name.startsWith("assets/edit/") && !/\.(br|gz)$/.test(name));
    assert.ok(visitors.some((name) => name.startsWith("assets/room_view-")), "the page is built");
    const bytes = visitors.reduce((sum, name) => sum + (page[name + ending] ?? page[name]).length, 0);
    assert.ok(bytes < most_bytes, `${bytes} bytes`);
  });
}
