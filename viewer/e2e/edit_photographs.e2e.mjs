// The keeper points at a thing in a photograph: with a mouse, and by keys where no room can be drawn.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { firstDocument } from "./edit_server.mjs";
import { keepingPlayed } from "./keeping.mjs";
import { launch } from "./visiting.mjs";

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

const keeper = (document, act, options) => keepingPlayed(browser, document, act, options);

const near = (at, wanted, pixels) => at.every((value, k) => Math.abs(value - wanted[k]) <= pixels);

test("a thing is named in a photograph by a click, and put elsewhere in another", async () => {
  await keeper(firstDocument, async (desk, server) => {
    const { page } = desk;
    await desk.to(/The things in the room/, "The things in the room");
    await desk.button("Point at it in a photograph").click();
    await page.getByText("Choose a photograph that shows it well.").waitFor();
    await desk.look("edit-photograph-which");
    await desk.button("Photograph 1").click();
    const picture = page.getByRole("application", { name: "Photograph 1" }).locator("img");
    await picture.evaluate((image) => image.decode());
    await desk.look("edit-photograph-pointing");
    const box = await picture.boundingBox();
    await page.mouse.click(box.x + 0.25 * box.width, box.y + 0.75 * box.height);
    await page.getByLabel("What is it?").fill("The window");
    await page.keyboard.press("Enter");
    await desk.heading("The window").waitFor();
    await desk.saved();
    const [{ seen_in, position }] = server.document.things;
    assert.equal(seen_in.photo, "1.webp");
    assert.ok(near(seen_in.at, [1000, 2250], 20), String(seen_in.at));
    assert.equal(position, undefined);
    await desk.roomStands();
    await page.locator(".pin.chosen").waitFor({ state: "attached" }); // found in the room, it is shown there
    await desk.button("Show me where it is").click();

    await desk.button("Point at it in a photograph").click();
    await desk.button("Photograph 2").click();
    await desk.button("Another photograph").click();
    await desk.button("Photograph 2").click();
    const other = await page.getByRole("application", { name: "Photograph 2" }).boundingBox();
    await page.mouse.click(other.x + other.width / 2, other.y + other.height / 2);
    await page.getByText("Where that is in the room could not be found.").waitFor();
    assert.equal(server.document.things[0].seen_in.photo, "b 2.webp");
    assert.ok(!(await desk.button("Show me where it is").isVisible()));
    await desk.look("edit-photograph-not-found");
    await page.locator("header button", { hasText: "Undo" }).click();
    await desk.button("Show me where it is").waitFor();
    assert.equal(server.document.things[0].seen_in.photo, "1.webp");
  });
});

test("by keys alone, in a browser that cannot draw the room", async () => {
  await keeper(firstDocument, async (desk, server) => {
    const { page } = desk;
    const { keyboard } = page;
    await page.evaluate(() => (HTMLCanvasElement.prototype.getContext = () => null));
    await desk.to(/The things in the room/, "The things in the room");
    await page.locator(".pane").getByText("This browser cannot draw the room here.").waitFor();
    await desk.look("edit-photograph-undrawn");
    await desk.button("Name a thing").click();
    await page.locator(".alarm", { hasText: "point at things in photographs" }).waitFor();
    const focused = () => page.evaluate(() => {
      const at = document.activeElement;
      return at.getAttribute("aria-label") ?? (at.textContent || at.querySelector("img")?.alt);
    });
    const tabTo = async (name) => {
      for (let tries = 0; (await focused()) !== name; tries++) {
        assert.ok(tries < 10, `${name} is never reached`);
        await keyboard.press("Tab");
      }
    };
    await tabTo("Point at it in a photograph");
    await keyboard.press("Enter");
    await page.getByText("Choose a photograph that shows it well.").waitFor();
    assert.equal(await focused(), "Photograph 1");
    await keyboard.press("Enter");
    await page.getByRole("application", { name: "Photograph 1" }).waitFor();
    assert.equal(await focused(), "Photograph 1");
    await keyboard.press("Escape"); // given up, and begun again
    assert.equal(await focused(), "Name a thing");
    await tabTo("Point at it in a photograph");
    await keyboard.press("Enter");
    await page.getByText("Choose a photograph that shows it well.").waitFor();
    await keyboard.press("Enter");
    await page.getByRole("application", { name: "Photograph 1" }).waitFor();
    for (const key of ["ArrowRight", "ArrowRight", "ArrowUp", "Shift+ArrowUp", "Shift+ArrowLeft", "ArrowDown"]) {
      await keyboard.press(key);
    }
    assert.ok(await page.locator(".pointing .cross").isVisible());
    await desk.look("edit-photograph-keys");
    await keyboard.press("Enter");
    await page.getByLabel("What is it?").fill("The lamp");
    await keyboard.press("Enter");
    await desk.heading("The lamp").waitFor();
    await desk.saved();
    const [{ seen_in }] = server.document.things;
    assert.ok(near(seen_in.at, [0.42 * 4000, 0.4 * 3000], 2), String(seen_in.at));
    await page.getByRole("link", { name: "The things in the room" }).click();
    await page.getByRole("link", { name: "The lamp" }).waitFor();
  });
});

test("on a telephone, and in a room whose photographs were not placed", async () => {
  await keeper(firstDocument, async (desk, server) => {
    const { page } = desk;
    await page.evaluate(() => (location.hash = "things"));
    await desk.button("Point at it in a photograph").click();
    await desk.button("Photograph 2").click();
    await desk.look("edit-photograph-phone");
    server.photos = server.photos.map((photo) => ({ ...photo, placed: false, width: null, height: null }));
    await page.reload();
    await desk.button("Point at it in a photograph").click();
    await page.locator(".alarm", { hasText: "Of none of the photographs" }).waitFor();
    await desk.button("Name a thing").waitFor();
  }, { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
});
