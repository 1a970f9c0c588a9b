// The visit in Firefox: it stands in the room, walks, reads and goes back as in the other browser.
import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { launchFirefox, missing } from "./firefox.mjs";
import { site } from "./fixture.mjs";
import { page as viewer, serve } from "./serving.mjs";

const pictures = process.env.AJAR_PICTURES; // a folder for screenshots, if they are wanted

test("a visit in Firefox", { skip: missing !== null && `${missing} is not installed` }, async () => {
  const server = await serve({ ...viewer, ...site() });
  const firefox = await launchFirefox();
  const look = async (name) => {
    if (!pictures) return;
    mkdirSync(pictures, { recursive: true });
    writeFileSync(join(pictures, `firefox-${name}.png`), await firefox.picture());
  };
  try {
    await firefox.goto(server.url);
    await firefox.until(`document.querySelector("h1") !== null`);
    assert.equal(await firefox.evaluate(`document.title`), "The room at the end of the hall");
    await look("1-first");
    await firefox.click("Step in");
    await firefox.evaluate(`window.ajar.ready.then(() => true)`);
    // The wall, the floor and the light in the window, not one colour.
    const seen = await firefox.evaluate(`window.ajar.picture().then(async (url) => {
      const picture = new Image();
      picture.src = url;
      await picture.decode();
      const context = new OffscreenCanvas(picture.width, picture.height).getContext("2d");
      context.drawImage(picture, 0, 0);
      const at = (x, y) => [...context.getImageData(x * picture.width, y * picture.height, 1, 1).data];
      return { window: at(0.5, 0.42), floor: at(0.5, 0.9) };
    })`);
    assert.ok(seen.window[0] > 200 && seen.window[2] > 140, `the window is ${seen.window}`);
    assert.ok(seen.floor[0] > 70 && seen.floor[0] < 160 && seen.floor[2] < 90, `the floor is ${seen.floor}`);
    const start = await firefox.evaluate(`window.ajar.pose()`);
    await firefox.hold("w", 600);
    await firefox.until(`window.ajar.pose().position[2] < ${start.position[2] - 0.3}`);
    await look("2-inside");
    await firefox.click("Things");
    await firefox.until(`document.activeElement.textContent === "Things in the room"`);
    await look("3-things");
    await firefox.evaluate(`(window.addEventListener("error", ({ message }) => (window.wrong = message)),
      console.warn = (message) => (window.wrong = message), true)`);
    await firefox.evaluate(`[...document.querySelectorAll("details")].forEach((each) => (each.open = true)) ?? true`);
    await firefox.click("Listen: A little air"); // how far it comes depends on there being a sound device
    await firefox.until(`document.querySelector(".caption").textContent.includes("open a little")`);
    await firefox.evaluate(`document.querySelector(".room").focus() ?? true`);
    await firefox.hold("a", 100); // and the voice stays where it was
    await look("4-story");
    await firefox.click("End the story");
    assert.equal(await firefox.evaluate(`window.wrong ?? null`), null);
    await firefox.click("Close");
    await firefox.click("Pause");
    await firefox.until(`document.body.textContent.includes("The room waits.")`);
    await firefox.back();
    await firefox.until(`document.querySelector(".room") !== null`);
    await firefox.click("Leave");
    await firefox.until(`document.body.textContent.includes("Please close the door softly.")`);
    await look("5-last");
  } finally {
    await firefox.close();
    await server.close();
  }
});
