// A browser, a site, and what every test asks of a visit: no trouble on the console, no request
// to anybody else, nothing kept.
import assert from "node:assert/strict";
import { look } from "./looking.mjs";
import { chromium } from "playwright-core";
import { site } from "./fixture.mjs";
import { page as viewer, serve } from "./serving.mjs";


export function launch(more = []) {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: [
      "--headless", "--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader",
      "--disable-quic", "--no-first-run", "--disable-background-networking",
      "--disable-component-update", "--disable-sync", "--autoplay-policy=no-user-gesture-required", ...more,
    ],
  });
}

// Opens a site and hands the visit to `test`; `options` are playwright's, and `files` the site's.
export async function visiting(browser, test, { files = site(), prepare, fragment = "", ...options } = {}) {
  const server = await serve({ ...viewer, ...files });
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
  const page = await context.newPage();
  const elsewhere = [];
  const trouble = [];
  page.on("request", (request) => {
    const url = request.url();
    if (!url.startsWith(server.url) && !/^(blob|data):/.test(url)) elsewhere.push(url);
  });
  page.on("pageerror", (error) => trouble.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error") trouble.push(message.text());
  });
  const visit = {
    page,
    server,
    trouble, // a test that causes some on purpose empties it
    button: (name) => page.getByRole("button", { name, exact: true }),
    // To what lies beside the room; where there is little room the ways there are folded.
    async way(name) {
      if (await this.button("Menu").isVisible()) await this.button("Menu").click();
      await this.button(name).click();
    },
    ready: () => page.evaluate(() => window.ajar.ready),
    pose: () => page.evaluate(() => window.ajar.pose()),
    // Waits until the pose satisfies a condition, then until nothing moves any more.
    async poseWhere(condition) {
      for (let tries = 0; ; tries++) {
        const pose = await this.pose();
        if (condition(pose)) return pose;
        assert.ok(tries < 200, `the pose never came to be: ${condition}; ${JSON.stringify(pose)}`);
        await page.waitForTimeout(50);
      }
    },
    async poseAtRest() {
      await page.waitForFunction(() => !window.ajar.moving());
      return this.pose();
    },
    async look(name) {
      await look(page, name);
    },
  };
  try {
    await prepare?.(page);
    await page.goto(server.url + fragment);
    await page.getByRole("heading").first().waitFor();
    await test(visit);
    assert.deepEqual(elsewhere, [], "requests to anybody else");
    assert.deepEqual(trouble, [], "trouble on the console");
    assert.deepEqual(await context.cookies(), []);
    const kept = await page.evaluate(async () =>
      [localStorage.length, sessionStorage.length, (await indexedDB.databases()).length]);
    assert.deepEqual(kept, [0, 0, 0], "things kept in the browser");
  } finally {
    await context.close();
    await server.close();
  }
}
