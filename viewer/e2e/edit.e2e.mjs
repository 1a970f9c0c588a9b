// The keeper's whole hour by the page alone, against the program itself: `ajar edit` of a small room that is
// built from drawn photographs. Then the visitor's page, in which every word is looked for.
//   AJAR_PROGRAM=... AJAR_SYNTHETIC_ROOM=... node --test e2e/edit.e2e.mjs
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { site } from "./fixture.mjs";
import { keeping } from "./keeping.mjs";
import { buildRoom, drawPhotographs, serving } from "./program.mjs";
import { launch } from "./visiting.mjs";
import { visitsKept } from "./visits_kept.mjs";

const folder = mkdtempSync(join(tmpdir(), "ajar-keeper-"));
const room = join(folder, "room");
const kept = () => JSON.parse(readFileSync(join(room, "room.json"), "utf8"));
let server;
let browser;

before(async () => {
  mkdirSync(room);
  writeFileSync(join(room, "room.json"), JSON.stringify({ version: 1, title: "A room", kept: { by: "somebody" } }));
  drawPhotographs(folder);
  buildRoom(folder, "--iterations", "600", "--splats", "12000");
  server = await serving("edit", room);
  browser = await launch(["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]);
});

after(async () => {
  await browser?.close();
  await server?.end();
  rmSync(folder, { recursive: true, force: true });
});

// Where in the picture each is clicked, and what is written of it.
const things = [
  ["The near wall", [0.5, 0.45], "It was painted twice."],
  ["The left side", [0.25, 0.5], "The morning came from here."],
  ["The right side", [0.75, 0.5], "Something always hung here."],
  ["The floor", [0.5, 0.9], "It creaked by the door."],
  ["A low place", [0.3, 0.75], "Dust liked it."],
  ["Another low place", [0.7, 0.75], "So did the cat."],
];

test("the keeper's hour, and then the visitor's", { timeout: 600_000 }, async () => {
  await keeping(browser, server.url, async (desk) => {
    const { page } = desk;
    await desk.to(/^The first page/, "The first page");
    await desk.write("What the room is called", "The room that was kept");
    await desk.write("What you would like to say first", "Come in.\n\nThe window may be open.");
    await desk.write("Before you step in", "One story speaks of winter.");
    await desk.write("Who made the photographs", "The neighbour");
    await page.getByLabel("Search engines may list this room").check();
    await desk.link("All of the room").click();

    await desk.to(/^Languages/, "Languages");
    await page.getByLabel("Add a language", { exact: true }).selectOption("es");
    await desk.button("Add a language").click();
    await desk.button("Write in Spanish").click();
    await desk.write("What the room is called", "La habitación que se guardó");
    await desk.write("What you would like to say first", "Pase sin prisa.");
    await desk.button("English").click();
    await desk.link("All of the room").click();

    await desk.to(/^Where a visitor stands/, "Where a visitor stands");
    await desk.roomStands();
    await desk.look("hour-place");
    await desk.button("A visitor begins here, looking this way").click();
    await page.getByText("A visitor begins where you said.").waitFor();
    await desk.saved();
    await desk.button("Measure a length").click();
    const seen = await page.locator(".pane .room").boundingBox();
    for (const [x, words] of [[0.4, "Now click on its other end."], [0.6, "How long is it really"]]) {
      await page.mouse.click(seen.x + x * seen.width, seen.y + 0.45 * seen.height);
      await page.getByText(words).first().waitFor();
    }
    await page.getByLabel("How long is it really, in metres?").fill("1.1");
    await page.keyboard.press("Enter");
    await page.getByText("The size is as you measured it.").waitFor({ timeout: 120000 });
    await page.getByRole("button", { name: "Undo: The room's size, or which way is up, or where a visitor begins" }).waitFor();
    await desk.roomStands();
    await desk.button("The room is askew").click();
    for (const [y, words] of [[0.55, "Now click right above it"], [0.35, "Up is as you showed it."]]) {
      await page.mouse.click(seen.x + 0.5 * seen.width, seen.y + y * seen.height);
      await page.getByText(words).first().waitFor({ timeout: 120000 });
    }
    await desk.roomStands();
    await desk.link("All of the room").click();

    await desk.to(/^The things in the room/, "The things in the room");
    for (const [name, [x, y], words] of things) {
      await desk.button("Name a thing").click();
      const box = await page.locator(".pane .room").boundingBox();
      await page.mouse.click(box.x + x * box.width, box.y + y * box.height);
      await page.getByLabel("What is it?").fill(name);
      await page.keyboard.press("Enter");
      await desk.heading(name).waitFor();
      await desk.write("What you would like to say of it", words);
      await desk.link("The things in the room").click();
      await desk.heading("The things in the room").waitFor();
    }
    await desk.link("The near wall").click();
    await desk.button("Choose photographs").click();
    await page.getByLabel("Show this one to visitors: Photograph 1").check();
    await desk.write("What it shows, for somebody who cannot see it", "The wall from near.");
    await desk.write("How it looks, for somebody who cannot see it", "A wall with a painting on it.");
    await desk.look("hour-thing");

    await desk.link("Tell a story of it").click();
    await page.getByLabel("What is it called?").fill("The painting");
    await page.keyboard.press("Enter");
    await desk.heading("The painting").waitFor();
    await desk.button("Record with this computer").click();
    await page.getByText("Recording: 0:03").waitFor();
    await desk.button("Finish").click();
    await page.getByText("It is ready for visitors.").waitFor({ timeout: 60000 });
    await desk.write("Who tells it", "The keeper");
    await desk.write("The story in writing", "It hung a little aslant.");
    await page.getByLabel("The floor").check();
    await desk.saved();
    await desk.look("hour-story");

    await desk.link("Write them in English").click();
    await page.getByLabel("Everything that is said").fill("We painted it in spring. And again in autumn.");
    await desk.button("Lay it over the recording").click();
    await page.getByLabel("Line 1", { exact: true }).waitFor();
    await desk.button("Keep these captions").click();
    await page.getByText("The captions are kept.").first().waitFor();
    await desk.look("hour-captions");
    await desk.link("The painting").click();
    await desk.link("Write them in Spanish").click();
    await desk.button("Begin with those in English").click();
    await page.getByLabel("Line 1", { exact: true }).fill("La pintamos en primavera.");
    await page.getByLabel("Line 2", { exact: true }).fill("Y otra vez en otoño.");
    await desk.button("Keep these captions").click();
    await page.getByText("The captions are kept.").first().waitFor();
    await desk.saved();
    await desk.link("The painting").click();

    await desk.link("Mark what is spoken of").click();
    await page.locator("audio").evaluate((audio) => (audio.currentTime = 1));
    await page.keyboard.press("2");
    await page.getByText("From here on: The floor").waitFor();
    await desk.saved();
    await desk.link("The painting").click();
    await desk.link("The stories").click();

    await desk.button("Tell a story").click();
    await page.getByLabel("What is it called?").fill("The tone");
    await page.keyboard.press("Enter");
    await page.locator("#file").setInputFiles(
      { name: "../a tone.wav", mimeType: "audio/wav", buffer: site()["stories/air.wav"] });
    await page.getByText("It is ready for visitors.").waitFor({ timeout: 60000 });
    await desk.write("A word before it", "It is only a tone.");
    await desk.link("Write them in English").click();
    await page.locator("#captions-file").setInputFiles({
      name: "tone.srt", mimeType: "text/plain",
      buffer: Buffer.from("1\r\n00:00:00,000 --> 00:00:01,000\r\n<b>A low tone.</b>\r\n"),
    });
    await page.getByLabel("Line 1", { exact: true }).waitFor();
    await desk.button("Keep these captions").click();
    await page.getByText("The captions are kept.").first().waitFor();
    await desk.saved();

    await page.evaluate(() => (location.hash = "tour"));
    await desk.heading("The guided visit").waitFor();
    for (const step of ["The thing: The floor", "The story: The painting", "The place where I stand in the room"]) {
      await page.getByLabel("What comes next").selectOption({ label: step });
      await desk.button("Add a step").click();
      await desk.saved();
    }
    await desk.button("Earlier: The painting").click();
    await desk.saved();
    for (const [step, pause, words] of [[0, "1", "Here it hung."], [1, "0.5", ""], [2, "90", "Look back once."]]) {
      await page.locator(".steps details").nth(step).locator("summary").click();
      await page.locator(`#pause-${step}`).fill(pause);
      await page.locator(`#words-${step}`).fill(words);
      await page.locator(`#words-${step}`).blur();
      await desk.saved();
    }
    await desk.look("hour-tour");

    await page.evaluate(() => (location.hash = "last"));
    await desk.write("Your last words to a visitor", "Thank you for coming.");
    await desk.write("Where to find support", "Somebody listens.");
    await desk.write("Its address or telephone", "tel:+000");
    await desk.write("What you ask or offer", "<b>Plant a tree.</b>");
    await desk.write("Its address", "https://example.org/tree");

    // A slip, and back.
    await desk.write("Your last words to a visitor", "Oops.");
    await page.locator("header button", { hasText: "Undo" }).click();
    await page.waitForFunction(() => document.querySelector("#last-words").value === "Thank you for coming.");

    await page.evaluate(() => (location.hash = "preview"));
    await desk.button("Make it").click();
    const open = page.getByRole("link", { name: "Open it in a window of its own" });
    await open.waitFor({ timeout: 120000 });
    await desk.look("hour-preview");
    const [visitor] = await Promise.all([desk.context.waitForEvent("page"), open.click()]);
    await visitsKept(visitor, things);
  }, { permissions: ["microphone"] });

  const { things: named, stories, tour, doorway, measured, ...rest } = kept();
  assert.deepEqual(named.map(({ name }) => name), things.map(([name]) => name));
  assert.equal(new Set(named.map(({ position }) => String(position))).size, 6);
  assert.deepEqual(named[0].photos.map(({ alt }) => alt), ["The wall from near."]);
  assert.deepEqual(stories.map(({ captions }) => captions.map(({ language }) => language)), [["en", "es"], ["en"]]);
  assert.deepEqual(stories[0].passages.map((passage) => passage.things), [["the-floor"]]);
  assert.deepEqual(tour.map((step) => step.story ?? step.thing ?? "a place"), ["the-painting", "the-floor", "a place"]);
  assert.equal(doorway.position.length, 3);
  assert.equal(measured.lengths[0].metres, 1.1);
  const { direction } = measured.up; // the given poses have y down; within 5 degrees
  assert.ok(-direction[1] > 0.996 * Math.hypot(...direction), String(direction));
  assert.deepEqual(rest.kept, { by: "somebody" });

  // Another day: all of it can still be undone, to the room as it was found.
  await server.end();
  server = await serving("edit", room);
  await keeping(browser, server.url, async (desk) => {
    await desk.to(/^What was done/, "What was done");
    const undo = desk.page.locator("header button", { hasText: "Undo" });
    while (await undo.getAttribute("aria-disabled") === "false") {
      await Promise.all([desk.page.waitForResponse(/\/api\/undo$/), undo.click()]);
      await desk.saved();
    }
    await desk.look("hour-undone");
  });
  assert.deepEqual(kept(), { version: 1, title: "A room", kept: { by: "somebody" } });
});
