// Scenes of a few splats on the canvas, against the convention written out in plain numbers.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { site, siteInParts } from "./fixture.mjs";
import { render } from "./reference.mjs";
import { storedRotation } from "./sog.mjs";
import { launch, visiting } from "./visiting.mjs";

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

const ahead = { position: [0, 1.5, 0], rotation_wxyz: [1, 0, 0, 0], fov_deg: 50, width: 160,
  height: 120 };

// As stored, so that what remains is the drawing: opacities are steps of 1/255.
function splat(position, scale, colour, opacity, turn = [1, 0, 0, 0], more = {}) {
  return { position, scale, colour, opacity: Math.round(opacity * 255) / 255,
    rotation: storedRotation(turn), ...more };
}

async function picture(page, camera) {
  return page.evaluate(async (view) => {
    window.ajar.setView(view);
    const image = new Image();
    image.src = await window.ajar.picture();
    await image.decode();
    const canvas = document.createElement("canvas");
    canvas.width = image.width;
    canvas.height = image.height;
    const context = canvas.getContext("2d");
    context.drawImage(image, 0, 0);
    const { data } = context.getImageData(0, 0, image.width, image.height);
    return { width: image.width, height: image.height,
      rgb: Array.from(data).filter((_, i) => i % 4 !== 3) };
  }, camera);
}

const most = 3; // of 255, anywhere
function compare(name, seen, wanted) {
  assert.equal(seen.length, wanted.length);
  let worst = 0;
  let sum = 0;
  seen.forEach((value, i) => {
    const off = Math.abs(value - wanted[i]);
    worst = Math.max(worst, off);
    sum += off;
  });
  const said = `${name}: off by ${worst.toFixed(2)} of 255 at most, ` +
    `${(sum / seen.length).toFixed(3)} on average`;
  assert.ok(worst <= most && sum / seen.length < 0.6, said);
  console.log(`# ${said}`);
}

// Some at nearly the same depth, whose order the eye would not miss.
function thinSplats() {
  let state = 1;
  const next = () => (state = (state * 16807) % 2147483647) / 2147483647;
  return Array.from({ length: 60 }, () => splat(
    [2 * next() - 1, 0.8 + 1.4 * next(), -3 + next()],
    [0.02 + 0.2 * next(), 0.02 + 0.2 * next(), 0.01],
    [next(), next(), next()], 0.8, [next() - 0.5, next() - 0.5, next() - 0.5, next() - 0.5]));
}

const wavy = Array.from({ length: 15 }, (_, k) =>
  [0.11 * Math.sin(k + 1), 0.09 * Math.cos(2 * k), -0.1 * Math.sin(3 * k + 0.5)]);
// Where w is nearly 0 a rotation must not be reckoned from the other three.
function halfTurns() {
  return Array.from({ length: 8 }, (_, i) => splat(
    [0.7 * Math.sin(i), 1.5 + 0.5 * Math.cos(1.7 * i), -2 - 0.1 * i], [0.4, 0.03, 0.01],
    [(i % 3) / 2, (i % 4) / 3, (i % 5) / 4], 0.8,
    [0.004 * (i + 1), Math.cos(i), Math.sin(i), 0.3 * Math.sin(2 * i)]));
}

const scenes = {
  "many thin splats, turned every way": thinSplats(),
  "long splats turned by nearly half a turn": halfTurns(),
  "flat splats, seen from the front and from the edge": [
    splat([-0.3, 1.5, -2], [0.2, 0.3, 0.0005], [0.9, 0.4, 0.2], 0.9),
    splat([0.3, 1.5, -2.2], [0.0005, 0.3, 0.4], [0.2, 0.7, 0.9], 1),
    splat([0, 1.2, -1.8], [0.5, 0.0005, 0.3], [0.3, 0.9, 0.3], 1),
    splat([0, 1.9, -1.9], [0.8, 0.004, 0.0005], [1, 1, 1], 1)],
  "one round splat": [splat([0, 1.5, -2], [0.1, 0.1, 0.1], [0.9, 0.5, 0.2], 1)],
  "one thin splat, turned": [
    splat([0.2, 1.6, -2], [0.3, 0.02, 0.05], [0.2, 0.8, 0.4], 0.8, [0.8, 0.2, -0.3, 0.4])],
  "splats smaller than a pixel": [
    splat([-0.3, 1.5, -3], [0.004, 0.004, 0.004], [1, 1, 1], 1),
    splat([0.3, 1.5, -3], [0.3, 0.0005, 0.0005], [1, 1, 1], 1)],
  "three behind one another": [
    splat([0.05, 1.5, -3], [0.3, 0.3, 0.05], [0.1, 0.2, 0.9], 0.9),
    splat([0, 1.5, -2], [0.1, 0.2, 0.05], [0.9, 0.2, 0.1], 0.6),
    splat([-0.05, 1.45, -2.5], [0.2, 0.1, 0.05], [0.2, 0.9, 0.1], 0.7)],
  "one at the edge, one faint": [
    splat([1.2, 1.5, -2], [0.2, 0.3, 0.1], [0.9, 0.9, 0.2], 0.9),
    splat([-0.5, 1.5, -2], [0.2, 0.2, 0.1], [1, 1, 1], 0.02)],
  "one larger than may be drawn, one of which only the length is": [
    splat([0.1, 1.5, -0.2], [0.4, 0.3, 0.35], [0.3, 0.5, 0.7], 0.5),
    splat([0, 1.55, -0.4], [0.4, 0.02, 0.02], [0.9, 0.5, 0.1], 0.7, [0.9, 0, 0, 0.3])],
  "harmonics of degree 3": [
    splat([-0.4, 1.7, -2], [0.15, 0.15, 0.15], [0.5, 0.5, 0.5], 1, [1, 0, 0, 0],
      { harmonics: wavy }),
    splat([0.5, 1.2, -2.4], [0.15, 0.15, 0.15], [0.5, 0.4, 0.6], 1, [1, 0, 0, 0],
      { harmonics: wavy.map(([r, g, b]) => [b, -r, g]) })],
};

for (const [name, splats] of Object.entries(scenes)) {
  test(name, async () => {
    await visiting(browser, async (visit) => {
      await visit.button("Step in").click();
      await visit.ready();
      const aside = { ...ahead, position: [0.4, 1.3, 0.3],
        rotation_wxyz: [0.98, 0.05, 0.12, 0.08].map((v) => v / Math.hypot(0.98, 0.05, 0.12, 0.08)) };
      for (const camera of [ahead, aside]) {
        const { width, height, rgb } = await picture(visit.page, camera);
        assert.deepEqual([width, height], [160, 120]);
        compare(name, rgb, render(splats, camera));
      }
    }, { files: site(splats), deviceScaleFactor: 2 });
  });
}

test("after quick turns the splats are in the right order", async () => {
  // A row before one and a row behind one, each hiding what is farther.
  const rows = Array.from({ length: 40 }, (_, i) => {
    const far = (1 + (i % 20) * 0.1) * (i < 20 ? -1 : 1);
    return splat([0.2 * Math.sin(i), 1.5 + 0.2 * Math.cos(3 * i), far], [0.15, 0.15, 0.15],
      [(i % 3) / 2, (i % 4) / 3, (i % 7) / 6], 0.9);
  });
  const facing = (angle) =>
    ({ ...ahead, rotation_wxyz: [Math.cos(angle / 2), 0, Math.sin(angle / 2), 0] });
  await visiting(browser, async (visit) => {
    await visit.button("Step in").click();
    await visit.ready();
    for (let i = 0; i < 5; i++) {
      // Turns within consecutive frames, so that an answer is always awaited when one turns again.
      await visit.page.evaluate(async (views) => {
        for (const view of views) {
          window.ajar.setView(view);
          await new Promise(requestAnimationFrame);
        }
      }, [0, 1, 2, 3, 4, 5].map((turn) => facing((i + turn) * Math.PI)));
      const camera = facing((i + 5) * Math.PI);
      const { rgb } = await picture(visit.page, camera);
      compare(`turned ${i + 1} times`, rgb, render(rows, camera));
    }
  }, { files: site(rows) });
});

test("splats in two parts are drawn as if they were one", async () => {
  const names = ["three behind one another", "one at the edge, one faint",
    "one larger than may be drawn, one of which only the length is", "harmonics of degree 3"];
  for (const name of names) {
    const splats = scenes[name];
    await visiting(browser, async (visit) => {
      await visit.button("Step in").click();
      await visit.ready();
      await visit.page.evaluate(() => window.ajar.sharp);
      const { rgb } = await picture(visit.page, ahead);
      compare(`${name}, in two parts`, rgb, render(splats, ahead));
    }, { files: siteInParts(splats), deviceScaleFactor: 2 });
  }
});
