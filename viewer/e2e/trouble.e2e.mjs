// When something is missing or broken: a calm sentence, and the words stay.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { site, siteInParts } from "./fixture.mjs";
import { launch, visiting } from "./visiting.mjs";

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

async function expectWords(visit, sentence) {
  await visit.page.getByRole("alert").getByText(sentence).waitFor();
  await visit.page.getByText("In the morning the light comes in.").waitFor();
  await visit.page.getByText("Quiet, mostly.").waitFor();
  await visit.page.getByRole("link", { name: "Read instead" }).waitFor();
}

test("a browser without WebGL", async () => {
  const prepare = (page) => page.addInitScript(() => {
    HTMLCanvasElement.prototype.getContext = () => null;
  });
  await visiting(browser, async (visit) => {
    await visit.button("Step in").click();
    await expectWords(visit, "This browser cannot draw the room here");
    await visit.look("trouble-no-webgl");
    await visit.button("Listen: A little air").click(); // heard plainly
    await visit.page.locator(".caption", { hasText: "open a little" }).waitFor();
    await visit.look("trouble-no-webgl-story");
    await visit.button("Leave").click();
    await visit.page.getByText("Thank you for coming in.").waitFor();
  }, { prepare });
});

test("the browser takes the picture away, and one steps in again", async () => {
  await visiting(browser, async (visit) => {
    await visit.button("Step in").click();
    await visit.ready();
    await visit.page.evaluate(() => document.querySelector("canvas").getContext("webgl2")
      .getExtension("WEBGL_lose_context").loseContext());
    await expectWords(visit, "The browser has let go of the picture of the room.");
    await visit.button("Try again").click();
    await visit.page.getByText("You are in the room.").waitFor({ state: "attached" });
    visit.trouble.length = 0; // the browser's own word on the loss
  });
});

test("a picture of the room is missing", async () => {
  const { "splats/quats.webp": _, ...files } = site();
  await visiting(browser, async (visit) => {
    await visit.button("Step in").click();
    await expectWords(visit, "The room could not be fetched.");
    visit.trouble.length = 0; // the browser's own word on the missing file
  }, { files });
});

test("a picture of the room is damaged", async () => {
  const files = site();
  const damaged = Buffer.from(files["splats/sh0.webp"]);
  damaged.fill(0xa5, 40);
  await visiting(browser, async (visit) => {
    await visit.button("Step in").click();
    await expectWords(visit, "The room's files could not be read.");
    visit.trouble.length = 0; // the engine's own word on the picture
  }, { files: { ...files, "splats/sh0.webp": damaged } });
});

test("meta.json is not what it should be", async () => {
  const files = { ...site(), "splats/meta.json": Buffer.from("[]") };
  await visiting(browser, async (visit) => {
    await visit.button("Step in").click();
    await expectWords(visit, "The room's files could not be read.");
  }, { files });
});

test("a recording is missing", async () => {
  const { "stories/air.wav": _, "stories/air.en.vtt": __, ...files } = site();
  await visiting(browser, async (visit) => {
    await visit.button("Step in").click();
    await visit.ready();
    await visit.button("Things").click();
    await visit.page.getByRole("heading", { name: "The window" }).click();
    await visit.page.getByText("Read the recording (English)").click();
    await visit.page.getByText("These words could not be fetched.").waitFor();
    await visit.button("Listen: A little air").click();
    await visit.page.getByText("This recording could not be played here.").waitFor();
    const asked = () => visit.server.asked.filter((name) => name === "stories/air.wav").length;
    const before = asked();
    await visit.button("Listen: A little air").click(); // it may be there another time
    await visit.page.getByText("This recording could not be played here.").waitFor();
    assert.ok(asked() > before);
    visit.trouble.length = 0; // the browser's own word on the missing files
  }, { files });
});

test("leaving while the room is still being fetched", async () => {
  let release;
  const held = new Promise((resolve) => (release = resolve));
  const prepare = (page) => page.route("**/sh0.webp", async (route) => {
    await held;
    await route.continue().catch(() => {}); // nobody waits for it any more
  });
  await visiting(browser, async (visit) => {
    await visit.button("Step in").click();
    await visit.page.getByRole("progressbar").waitFor();
    await visit.page.locator("[role=status]", { hasText: "The room is being fetched" }).waitFor({ state: "attached" });
    await visit.look("loading");
    await visit.button("Leave").click();
    await visit.page.getByText("Thank you for coming in.").waitFor();
    release();
    await visit.button("Step back in").click();
    await visit.page.getByText("You are in the room.").waitFor({ state: "attached" });
  }, { prepare });
});

test("visit.json is wrong: the page says where", async () => {
  const files = { ...site(), "visit.json": Buffer.from('{"version": 1}') };
  await visiting(browser, async (visit) => {
    await visit.page.getByText("visit.json: $.language must be text").waitFor();
    await visit.look("trouble-visit");
  }, { files });
});

test("visit.json is missing", async () => {
  const { "visit.json": _, ...files } = site();
  await visiting(browser, async (visit) => {
    await visit.page.getByText("The words of this room could not be fetched.").waitFor();
    assert.match(visit.trouble.splice(0).join(), /404/);
  }, { files });
});

test("a part of a large room is missing", async () => {
  const { "splats/2/sh0.webp": _, ...files } = siteInParts();
  await visiting(browser, async (visit) => {
    await visit.button("Step in").click();
    await visit.ready();
    await visit.page.getByText("It stays a little coarse.").waitFor();
    await visit.look("trouble-part-missing");
    await visit.button("Leave").click();
    await visit.page.getByText("Thank you for coming in.").waitFor();
    visit.trouble.length = 0; // the browser's own word on the missing file
  }, { files });
});

test("the page's own code does not come, and comes when asked again", async () => {
  let refuses = true;
  const prepare = (page) => page.route(/room_view/, (route) => (refuses ? route.abort() : route.continue()));
  await visiting(browser, async (visit) => {
    await visit.button("Step in").click();
    await expectWords(visit, "The room could not be fetched.");
    refuses = false;
    await visit.button("Try again").click();
    await visit.button("Step in").click();
    await visit.page.getByText("You are in the room.").waitFor({ state: "attached" });
    visit.trouble.length = 0; // the browser's own word on what did not come
  }, { prepare });
});

for (const [when, prepare] of [
  ["before it stands", (page) => page.addInitScript(() => {
    window.ResizeObserver = class { constructor() { throw new Error("odd"); } };
  })],
  ["while it comes", (page) => page.addInitScript(() => {
    Blob.prototype.slice = () => { throw new Error("odd"); };
  })],
]) {
  test(`what nobody thought of happens to the room ${when}: no wrong reason is given`, async () => {
    await visiting(browser, async (visit) => {
      await visit.button("Step in").click();
      await expectWords(visit, "Something did not work as it should");
    }, { prepare });
  });
}

// What index.html holds by itself.
for (const [what, answer] of [
  ["does not come", (route) => route.abort()],
  ["is cut off", async (route) => {
    const whole = await (await route.fetch()).text();
    await route.fulfill({ contentType: "text/javascript", body: whole.slice(0, whole.length / 2) });
  }],
  ["fails at once", (route) => route.fulfill({ contentType: "text/javascript", body: "throw new Error('old');" })],
]) {
  test(`the script ${what}: the page says so and leads to the words`, async () => {
    const prepare = (page) => page.route(/assets\/index-[\w-]+\.js/, answer);
    await visiting(browser, async (visit) => {
      const { page } = visit;
      await page.getByText("this browser cannot show the room").waitFor();
      await visit.look(`trouble-script-${what.replaceAll(" ", "-")}`);
      visit.trouble.length = 0; // the browser's own word on the script
      await page.getByRole("link", { name: "Leerla en vez de entrar." }).waitFor();
      await page.getByRole("link", { name: "Read it instead." }).click();
      await page.getByRole("heading", { name: "To read" }).waitFor();
    }, { prepare });
  });
}

test("the page that is there without a script is not seen before the other one comes", async () => {
  const prepare = (page) => page.addInitScript(() => {
    window.seen_ms = [];
    const look = () => {
      const page = document.querySelector(".unstarted");
      if (page && getComputedStyle(page).visibility !== "hidden") window.seen_ms.push(performance.now());
      if (!document.querySelector("main:not(.unstarted)")) requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  });
  await visiting(browser, async (visit) => {
    await visit.button("Step in").waitFor();
    assert.equal(await visit.page.locator(".unstarted").count(), 0);
    const [first = Infinity] = await visit.page.evaluate(() => window.seen_ms);
    assert.ok(first > 3500, `seen after ${first} ms`);
  }, { prepare });
});
