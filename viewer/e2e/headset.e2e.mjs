// A visit in a headset that the test plays (headset.mjs).
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { toldSite } from "./fixture.mjs";
import { installHeadset } from "./headset.mjs";
import { launch, visiting } from "./visiting.mjs";

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

const prepare = (page) => page.addInitScript(installHeadset);

async function choices(visit) {
  await visit.button("Step in").click();
  await visit.ready();
  await visit.button("Plan").click();
}

// What the headset shows now: a few pixels of each eye, and whether these differ from the ground.
const eyes = (page) => page.evaluate(async () => {
  const canvas = document.querySelector("canvas");
  await new Promise((resolve) => window.headset.session.requestAnimationFrame(resolve));
  const copy = document.createElement("canvas");
  [copy.width, copy.height] = [canvas.width, canvas.height];
  const pixels = copy.getContext("2d", { willReadFrequently: true });
  return new Promise((resolve) => window.requestAnimationFrame(() => {
    pixels.drawImage(canvas, 0, 0);
    const at = (x, y) => [...pixels.getImageData(x, y, 1, 1).data.slice(0, 3)];
    resolve({ width: canvas.width, left: at(160, 120), right: at(480, 120), edge: at(4, 160) });
  }));
});

test("in a headset: at true size where one stood, by pointing, turning in steps, and back on the page", async () => {
  await visiting(browser, async (visit) => {
    const { page } = visit;
    await choices(visit);
    await visit.look("headset-1-choices");
    await visit.button("Put on the headset").click();
    await page.getByText("The room is in your headset.").waitFor({ state: "attached" });
    assert.deepEqual(await page.evaluate(() => window.headset.asked), [["immersive-vr", "local-floor"]]);
    await page.waitForFunction(() => window.headset.session.frames > 5);
    const shown = await eyes(page);
    assert.equal(shown.width, 640);
    for (const eye of [shown.left, shown.right]) assert.ok(eye[0] > 100, `both eyes see the room: ${eye}`);

    // Pointing at the floor ahead: 1.2 m up, 0.6 rad down, so 1.75 m ahead of the hand.
    await page.evaluate(() => window.headset.press());
    // One step to the left, however long the stick is held.
    await page.evaluate(() => (window.headset.source.gamepad.axes = [0, 0, -1, 0]));
    const frames = await page.evaluate(() => window.headset.session.frames);
    await page.waitForFunction((from) => window.headset.session.frames > from + 6, frames);
    // A step of one's own is a step in the room.
    await page.evaluate(() => (window.headset.head.position = [0.2, 1.6, -0.3]));
    const later = await page.evaluate(() => window.headset.session.frames);
    await page.waitForFunction((from) => window.headset.session.frames > from + 3, later);
    if (process.env.AJAR_PICTURES) await page.screenshot({ path: `${process.env.AJAR_PICTURES}/headset-2-eyes.png` });
    await page.evaluate(() => window.headset.session.end());
    await page.getByText(/^You are (in the room|near .*)\.$/).waitFor({ state: "attached" });
    const { position, yaw } = await visit.pose();
    assert.ok(Math.abs(yaw - Math.PI / 6) < 0.01, `turned once: ${yaw}`);
    const ahead = 1.2 / Math.tan(0.6) + 0.1; // the hand is 10 cm before the head, 20 cm to its right
    const wanted = [0.2 - 0.4 * Math.sin(Math.PI / 6), 1.5, -0.3 - ahead - 0.4 * Math.cos(Math.PI / 6)];
    wanted.forEach((value, k) => assert.ok(Math.abs(position[k] - value) < 0.03, `${position}, not ${wanted}`));
    await visit.button("Walk forward").click(); // the page is itself again
    await visit.poseWhere((pose) => pose.position[2] < position[2] - 0.1);
  }, { files: toldSite(), prepare });
});

test("sitting, walking with the stick behind darkened edges, a story by pointing, and a hush", async () => {
  await visiting(browser, async (visit) => {
    const { page } = visit;
    await choices(visit);
    await page.getByLabel("I am sitting").check();
    await page.getByLabel("Walk with the stick, too").check();
    await visit.button("Put on the headset").click();
    await page.getByText("The room is in your headset.").waitFor({ state: "attached" });
    assert.deepEqual(await page.evaluate(() => window.headset.asked), [["immersive-vr", "local"]]);
    await page.waitForFunction(() => window.headset.session.frames > 5);
    const before = await eyes(page);
    await page.evaluate(() => (window.headset.source.gamepad.axes = [0, 0, 0, -1]));
    const from = await page.evaluate(() => window.headset.session.frames);
    await page.waitForFunction((frames) => window.headset.session.frames > frames + 8, from);
    const walking = await eyes(page);
    assert.ok(walking.edge[0] < 0.5 * before.edge[0], `darker: ${before.edge}, ${walking.edge}`);
    assert.ok(walking.left[0] > 100); // and light in the middle
    await page.evaluate(() => {
      window.headset.source.gamepad.axes = [0, 0, 0, 0];
      // The window is ahead and a little higher than the hand, which is as high as the eyes.
      window.headset.hand = { position: [0.2, 1.6, 0], yaw: 0, pitch: 0.1 };
    });
    await page.waitForTimeout(300);
    await page.evaluate(() => window.headset.press());
    await page.locator(".caption", { hasText: "The window stood open." }).waitFor({ state: "attached" });
    await page.evaluate(() => window.headset.press("squeeze"));
    await page.getByRole("button", { name: "Let it go on", includeHidden: true }).waitFor({ state: "attached" });
    await page.evaluate(() => window.headset.session.end());
    await page.getByText(/^You are (in the room|near .*)\.$/).waitFor({ state: "attached" });
    const { position } = await visit.pose();
    assert.ok(position[2] < -0.5 && Math.abs(position[0]) < 0.1, `walked ahead: ${position}`);
  }, { files: toldSite(), prepare });
});

test("sitting, one's eyes are lower, and the grip, held, leads back to the page", async () => {
  await visiting(browser, async (visit) => {
    const { page } = visit;
    const later = async (frames = 5) => {
      const from = await page.evaluate(() => window.headset.session.frames);
      await page.waitForFunction((until) => window.headset.session.frames > until, from + frames);
    };
    const start = await visit.button("Step in").click().then(() => visit.ready()).then(() => visit.pose());
    await visit.button("Plan").click();
    for (const [seated, handUp_m] of [[true, 0.8], [false, 1.2]]) { // the hand is 0.4 m below the eyes
      await page.getByLabel("I am sitting").setChecked(seated);
      await visit.button("Put on the headset").click();
      await page.getByText("The room is in your headset.").waitFor({ state: "attached" });
      await later();
      await page.evaluate(() => window.headset.press()); // at the floor, 0.6 rad down
      await later();
      await page.evaluate(() => window.headset.press("squeezestart"));
      await page.evaluate(() => window.headset.press("squeezeend")); // a moment is not enough
      await later();
      assert.ok(await page.evaluate(() => window.headset.session !== null));
      await page.evaluate(() => window.headset.press("squeezestart"));
      await page.getByText(/^You are in the room\.$/).waitFor({ state: "attached" });
      assert.ok(await page.evaluate(() => window.headset.session === null));
      const { position } = await visit.pose();
      const ahead_m = handUp_m / Math.tan(0.6) + 0.1;
      assert.ok(Math.abs(start.position[2] - position[2] - ahead_m) < 0.03, `${handUp_m}: ${position}`);
      assert.equal(position[1], 1.5); // and on the page one stands as before
      await visit.button("In the doorway").click();
      await visit.poseWhere(({ position: now }) => Math.hypot(now[0] - start.position[0], now[2] - start.position[2]) < 0.01);
      await visit.poseAtRest();
    }
  }, { files: toldSite(), prepare });
});

test("a headset that does not come leaves one on the page", async () => {
  await visiting(browser, async (visit) => {
    const { page } = visit;
    await choices(visit);
    await page.evaluate(() => (window.headset.supported = []));
    await visit.button("Put on the headset").click();
    await page.getByText("The headset could not be reached.").waitFor({ state: "attached" });
    assert.deepEqual(await page.evaluate(() => window.headset.asked.map(([, space]) => space)), ["local-floor", "local"]);
    await visit.button("Walk forward").click();
    await visit.poseWhere((pose) => pose.position[2] < -0.4);
  }, { files: toldSite(), prepare });
});
