// Looks at a page as it stands: its picture, whether axe finds anything, whether it fits.
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import axe from "axe-core";

const pictures = process.env.AJAR_PICTURES;

// Pages come in softly, and begin to only in the frame after they are put there.
async function isStill(page) {
  await page.evaluate(async () => {
    const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
    do {
      await Promise.allSettled(document.getAnimations().map((animation) => animation.finished));
      await frame();
      await frame();
    } while (document.getAnimations().some((animation) => animation.playState === "running"));
  });
}

// Its picture alone, where pictures are asked for.
export async function picture(page, name) {
  await isStill(page);
  if (!pictures) return;
  mkdirSync(pictures, { recursive: true });
  await page.screenshot({ path: `${pictures}/${name}.png` });
}

export async function look(page, name) {
  await picture(page, name);
  await page.evaluate(axe.source);
  const report = await page.evaluate(() => window.axe.run(document, {
    runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
  }));
  const found = report.violations.map((each) =>
    `${each.id}: ${each.help}: ${each.nodes.map((node) => node.html).join(" | ")}`);
  assert.deepEqual(found, [], `axe, ${name}`);
  const [wide, room] = await page.evaluate(() => [document.documentElement.scrollWidth, window.innerWidth]);
  assert.ok(wide <= room, `${name} is ${wide} pixels wide in a window of ${room}`);
}
