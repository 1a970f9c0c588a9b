// The keeper's page in a browser, and what every test asks of it.
import assert from "node:assert/strict";
import { EditServer } from "./edit_server.mjs";
import { look } from "./looking.mjs";

// Against a program that the test plays; `act` is handed the page and that program.
export async function keepingPlayed(browser, document, act, options) {
  const server = await new EditServer(document).start();
  try {
    await keeping(browser, server.url, (desk) => act(desk, server), options);
  } finally {
    await server.stop();
  }
}

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
      await look(page, name);
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
