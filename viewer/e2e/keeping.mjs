// The keeper's page in a browser, and what every test asks of it.
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { createRequire } from "node:module";

const axe = createRequire(import.meta.url)("axe-core");
const pictures = process.env.AJAR_PICTURES; // a folder for screenshots, if they are wanted

// Opens the page at `url` and hands it to `test`; `options` are playwright's.
export async function keeping(browser, url, test, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(20000);
  const elsewhere = [];
  const trouble = [];
  page.on("request", (request) => {
    if (!request.url().startsWith(url) && !/^(blob|data):/.test(request.url())) elsewhere.push(request.url());
  });
  page.on("pageerror", (error) => trouble.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error") trouble.push(message.text());
  });
  const desk = {
    page,
    context,
    trouble, // a test that causes some on purpose empties it
    button: (name) => page.getByRole("button", { name, exact: true }),
    link: (name) => page.getByRole("link", { name }),
    heading: (name) => page.getByRole("heading", { level: 1, name }),
    saved: () => page.locator(".saved", { hasText: "Everything is saved" }).waitFor(),
    async to(name, heading) {
      await page.getByRole("link", { name }).click();
      await page.getByRole("heading", { level: 1, name: heading ?? name }).waitFor();
    },
    async write(label, text) {
      const box = page.getByLabel(label, { exact: true });
      await box.fill(text);
      await box.blur();
      await this.saved();
    },
    async roomStands() {
      await page.waitForFunction(() => document.querySelector(".pane canvas")?.width > 1 &&
        !document.querySelector(".pane progress"));
    },
    async look(name) {
      await page.evaluate(() => Promise.allSettled(document.getAnimations().map((animation) => animation.finished)));
      if (pictures) {
        mkdirSync(pictures, { recursive: true });
        await page.screenshot({ path: `${pictures}/${name}.png` });
      }
      await page.evaluate(axe.source);
      const report = await page.evaluate(() => window.axe.run(document, {
        runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
      }));
      const found = report.violations.map((each) =>
        `${each.id}: ${each.help}: ${each.nodes.map((node) => node.html).join(" | ")}`);
      assert.deepEqual(found, [], `axe, ${name}`);
      const [wide, room] = await page.evaluate(() => [document.documentElement.scrollWidth, window.innerWidth]);
      assert.ok(wide <= room, `${name} is ${wide} pixels wide in a window of ${room}`);
    },
  };
  try {
    await page.goto(url);
    await page.getByRole("heading", { level: 1 }).waitFor();
    await test(desk);
    assert.deepEqual(elsewhere, [], "requests to anybody else");
    assert.deepEqual(trouble, [], "trouble on the console");
  } finally {
    await context.close();
  }
}
