// What is told in the room: stories heard, read and searched, and the guided visit.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { toldSite } from "./fixture.mjs";
import { launch, visiting } from "./visiting.mjs";

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

async function stepIn(visit) {
  await visit.button("Step in").click();
  await visit.ready();
}

// What stands and falls with the sound: where it comes from, and who is playing.
const prepare = (page) => page.addInitScript(() => {
  window.panners = [];
  const Panner = window.PannerNode;
  window.PannerNode = class extends Panner {
    constructor(context, options) {
      super(context, options);
      window.panners.push(options);
    }
  };
  window.played = [];
  const { play } = HTMLMediaElement.prototype;
  HTMLMediaElement.prototype.play = function () {
    if (!window.played.includes(this)) window.played.push(this);
    return play.call(this);
  };
});
const sounding = (page) => page.evaluate(() => window.played.filter((media) => !media.paused).length);

test("a story: heard from its place, with captions, shown where it speaks, found by its words", async () => {
  await visiting(browser, async (visit) => {
    const { page } = visit;
    await stepIn(visit);
    await visit.button("Things").click();
    await page.getByRole("heading", { name: "The window" }).click();
    await visit.look("stories-1-thing");
    await visit.button("Listen: A long evening").click();
    await page.locator(".caption", { hasText: "Somebody: The window stood open." }).waitFor();
    await page.locator(".ring.lit").waitFor();
    await visit.look("stories-2-telling");
    const { yaw } = await visit.pose(); // the view stays the visitor's
    assert.ok(Math.abs(yaw) < 0.01);
    await page.waitForFunction(() => window.panners.length === 1);
    const [{ positionX, positionY, positionZ }] = await page.evaluate(() => window.panners);
    assert.deepEqual([positionX, positionY, positionZ], [0.1, 1.5, -4]);

    await visit.button("Its words").click();
    await page.getByRole("searchbox", { name: "Find words in it" }).first().fill("WARM");
    await page.getByText("One place.").waitFor();
    await visit.look("stories-3-search");
    await visit.button("Listen from 0:12").click();
    await page.locator(".caption", { hasText: "The cup was still warm," }).waitFor();
    await visit.button("Look there: A red cup on the desk").click();
    await visit.poseWhere((pose) => pose.yaw < -0.2);
    await page.waitForFunction(() => document.querySelector('.transcript [aria-current="true"]'));

    await visit.button("Hold it").click();
    assert.equal(await sounding(page), 0);
    const slider = page.getByRole("slider", { name: "Place in the recording" });
    const at = Number(await slider.inputValue());
    await page.getByText("How you listen").click();
    await page.getByLabel("Captions").selectOption({ label: "Español" });
    await page.locator('.caption[lang="es"]', { hasText: "taza|siempre" }).or(
      page.locator('.caption[lang="es"]:not(:empty)')).first().waitFor();
    await page.getByLabel("Speed").selectOption("1.5");
    await page.getByLabel("Sound from where the thing is").uncheck();
    await visit.look("stories-4-choices");
    await page.getByLabel("Captions").selectOption({ label: "None" });
    assert.ok(!(await page.locator(".caption").isVisible()));
    await slider.focus();
    await page.keyboard.press("Home");
    await visit.button("Let it go on").click();
    assert.ok(at >= 12 && Number(await slider.inputValue()) < 12);
    assert.equal(await page.evaluate(() => window.played.at(-1).playbackRate), 1.5);

    await visit.button("Listen: A little air").click(); // one voice at a time
    await page.getByRole("heading", { name: "A little air" }).nth(1).waitFor();
    assert.equal(await sounding(page), 1);
    await visit.button("Pause").click();
    assert.equal(await sounding(page), 0);
    await visit.button("Go back into the room").click();
    assert.equal(await sounding(page), 0); // nothing begins by itself
    await visit.button("Let it go on").click();
    await visit.button("End the story").click();
    assert.equal(await sounding(page), 0);
  }, { files: toldSite(), prepare });
});

test("a thing come near to offers its words, a tap on it leads there, and its photographs open", async () => {
  await visiting(browser, async (visit) => {
    const { page } = visit;
    await stepIn(visit);
    const room = await page.locator(".room").boundingBox();
    await page.evaluate(() => window.ajar.settled());
    // The window's middle, seen from the doorway.
    await page.mouse.click(room.x + room.width * 0.515, room.y + room.height * 0.42);
    await page.getByText("In the morning the light comes in.").waitFor();
    await visit.poseWhere((pose) => pose.position[2] < -2);
    await visit.poseAtRest();
    await visit.button("Close").click();
    await visit.button("About it: The window").click();
    assert.equal(await page.evaluate(() => document.activeElement.textContent), "The window");
    await page.getByRole("heading", { name: "A red cup on the desk" }).click();
    await page.getByRole("img", { name: "A red cup beside a lamp" }).waitFor();
    await visit.look("stories-5-photographs");
    await visit.button("A red cup beside a lamp").click();
    await page.getByRole("dialog", { name: "A red cup beside a lamp" }).waitFor();
    const pieces = () => visit.server.asked.filter((name) => /^photos\/1\/\d\//.test(name));
    assert.deepEqual(pieces(), []); // whole, it is sharp enough
    await visit.button("Closer").click();
    await visit.button("Closer").click();
    await page.waitForFunction(() => [...document.querySelectorAll(".tiles img")]
      .filter((tile) => tile.getAttribute("src").startsWith("photos/1/0/")).length > 3);
    await visit.look("stories-7-pieces");
    assert.ok(pieces().filter((name) => name.startsWith("photos/1/0/")).length < 25, `of 48: ${pieces()}`);
    await page.keyboard.press("Escape");
    // Back at the doorway its frame hangs where it was taken, and is stepped into by a tap.
    await visit.button("Plan").click();
    await visit.button("In the doorway").click();
    await visit.poseAtRest();
    await visit.look("stories-8-frames");
    await visit.button("Close").click();
    const corners = await page.locator(".frames polygon").first().evaluate((polygon) => {
      const box = polygon.getBoundingClientRect();
      return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
    });
    await page.mouse.click(corners.x, corners.y);
    await page.getByRole("dialog", { name: "A red cup beside a lamp" }).waitFor();
    await page.keyboard.press("Escape");
    assert.equal(await page.evaluate(() => document.activeElement.className), "room");
  }, { files: toldSite() });
});

test("by keyboard alone, in Spanish: a film with captions, a search, and out again", async () => {
  await visiting(browser, async (visit) => {
    const { page } = visit;
    const { keyboard } = page;
    const focused = () => page.evaluate(() => {
      const element = document.activeElement;
      return element.getAttribute("aria-label") ?? element.labels?.[0]?.textContent ?? element.textContent;
    });
    const tabTo = async (name) => {
      for (let tries = 0; (await focused()) !== name; tries++) {
        assert.ok(tries < 40, `${name} is never reached`);
        await keyboard.press("Tab");
      }
    };
    await tabTo("Entrar");
    await keyboard.press("Enter");
    await visit.ready();
    await keyboard.press("Shift+Tab");
    for (let tries = 0; (await focused()) !== "Cosas"; tries++) {
      assert.ok(tries < 10);
      await keyboard.press("Shift+Tab");
    }
    await keyboard.press("Enter");
    await tabTo("Ver: A little film");
    await keyboard.press("Enter");
    assert.equal(await focused(), "Detener la historia"); // where it is held
    await page.locator('.caption[lang="es"]', { hasText: "La ventana estaba abierta." }).waitFor();
    assert.ok(await page.locator("video").isVisible());
    assert.equal(await page.evaluate(() => window.panners.length), 0); // of nowhere in the room
    await visit.look("stories-6-film");
    await keyboard.press(" ");
    assert.equal(await sounding(page), 0);
    assert.equal(await focused(), "Continuar la historia");
    await tabTo("Sus palabras");
    await keyboard.press("Enter");
    await page.getByRole("searchbox", { name: "Buscar palabras" }).first().waitFor(); // they are fetched now
    await tabTo("Buscar palabras");
    await keyboard.type("cerro");
    await page.getByText("Un lugar.").waitFor();
    await keyboard.press("Tab");
    assert.equal(await focused(), "Escuchar desde 0:06");
    await keyboard.press("Enter");
    await page.locator(".caption", { hasText: "Nadie la cerró." }).waitFor();
    await page.locator(".telling").getByRole("button").first().focus();
    await keyboard.press("Escape"); // the story ends, and nothing else
    assert.equal(await focused(), "Ver: A little film");
    assert.equal(await page.locator("video").count(), 0);
    await keyboard.press("Escape");
    assert.equal(await focused(), "Cosas");
  }, { files: toldSite(), prepare, locale: "es" });
});

for (const [name, options] of [
  ["wide", { viewport: { width: 1280, height: 800 } }],
  ["phone", { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, reducedMotion: "reduce" }],
]) {
  test(`the guided visit: ${name}`, async () => {
    await visiting(browser, async (visit) => {
      const { page } = visit;
      await page.getByText("A guided visit of about two minutes").waitFor();
      await stepIn(visit);
      await visit.button("Guided visit").click();
      await page.getByText("about two minutes").waitFor();
      await visit.look(`tour-1-${name}-begin`);
      await visit.button("Begin").click();
      await page.getByText("Here it is quiet.").waitFor();
      await visit.poseWhere(({ position }) => Math.hypot(position[0] + 1.2, position[2] + 2.9) < 1.35);
      await visit.look(`tour-2-${name}-step`);
      await page.getByText("And here comes the air.").waitFor(); // by itself, after its pause
      await page.getByRole("heading", { name: "Before you listen" }).waitFor();
      assert.equal(await sounding(page), 0); // a note comes before, and waits
      await visit.look(`tour-3-${name}-note`);
      await visit.button("Listen").click();
      await page.locator(".caption", { hasText: /open a little|even in winter/ }).waitFor();
      await visit.look(`tour-4-${name}-story`);
      await visit.button("Go on").click();
      await page.getByText("Look back once.").waitFor();
      assert.equal(await sounding(page), 0);
      await visit.poseWhere(({ position }) => Math.hypot(position[0] - 1, position[2] + 1) < 0.05);
      await visit.poseAtRest();
      await page.evaluate(() => window.ajar.settled());
      const before = await page.evaluate(() => [window.ajar.frames(), document.body.textContent]);
      await page.waitForTimeout(700); // a real pause: nothing happens
      assert.deepEqual(await page.evaluate(() => [window.ajar.frames(), document.body.textContent]), before);
      await page.locator(".room").focus();
      await page.keyboard.down("w");
      await page.getByText("You have left the path.").waitFor();
      await page.keyboard.up("w");
      await visit.look(`tour-5-${name}-left`);
      await visit.button("Take it up again").click();
      await page.getByText("Look back once.").waitFor();
      await visit.button("One back").click();
      await page.getByText("And here comes the air.").waitFor();
      await page.getByRole("heading", { name: "Before you listen" }).waitFor();
      await visit.button("Rather not").click();
      await visit.button("Go on").click();
      await visit.button("Go on").click();
      await page.getByText("The guided visit ends here.").waitFor();
      await visit.look(`tour-6-${name}-over`);
    }, { files: toldSite(), prepare, ...options });
  });
}

test("the guided visit without sound is told in words, and a note comes before what it is about", async () => {
  const files = toldSite();
  const told = JSON.parse(files["visit.json"]);
  told.stories.find(({ id }) => id === "house").content_note = "Speaks of the last evening.";
  told.tour.steps.splice(2, 0, { thing: null, story: "house", place: null, words: ["Then the house."], pause_s: 600 });
  await visiting(browser, async (visit) => {
    const { page } = visit;
    const card = page.getByRole("region", { name: "Guided visit" });
    await stepIn(visit);
    await visit.button("Guided visit").click();
    await visit.button("Begin, without sound").click();
    await page.getByText("And here comes the air.").waitFor();
    await card.getByText("Speaks of winter.").waitFor();
    await card.getByText("About the window, and about winter.").waitFor();
    await card.getByText("Read the recording (English)").click();
    await card.getByText("open a little").waitFor();
    assert.equal(await sounding(page), 0);
    await visit.look("tour-silent");
    await visit.button("Go on").click();
    await card.getByText("Speaks of the last evening.").waitFor();
    assert.ok(!await card.getByText("Quiet, mostly.").isVisible());
    await card.getByText("Read it", { exact: true }).click();
    await card.getByText("Quiet, mostly.").waitFor();
    await card.locator("input:not(:checked)").waitFor(); // it waits for whoever reads
    await visit.look("tour-note");
  }, { files: { ...files, "visit.json": Buffer.from(JSON.stringify(told)) }, prepare });
});

test("a photograph of a room told from right to left lies where it is looked for", async () => {
  const files = toldSite();
  const told = { ...JSON.parse(files["visit.json"]), language: "he" };
  await visiting(browser, async (visit) => {
    const { page } = visit;
    await stepIn(visit);
    await visit.button("Photographs").click();
    await page.getByRole("button", { name: "A red cup beside a lamp" }).click();
    for (let k = 0; k < 4; ++k) await visit.button("Closer").click();
    const tile = page.locator(".tiles img").first();
    await tile.waitFor();
    const off = await page.evaluate(() => {
      const around = document.querySelector(".around");
      const [picture, tiles] = [".around > img", ".tiles"]
        .map((each) => document.querySelector(each).getBoundingClientRect());
      return { left: Math.round(tiles.left - picture.left),
        middle: (around.scrollLeft + around.clientWidth / 2) / around.scrollWidth };
    });
    assert.equal(off.left, 0);
    assert.ok(Math.abs(off.middle - 0.5) < 0.02, `in the middle, not at ${off.middle}`);
  }, { files: { ...files, "visit.json": Buffer.from(JSON.stringify(told)) }, prepare });
});

test("a recording and captions that cannot be fetched are said, and the words are there all the same", async () => {
  const { "stories/long.wav": _, "stories/long.en.vtt": __, ...files } = toldSite();
  await visiting(browser, async (visit) => {
    const { page } = visit;
    await stepIn(visit);
    await visit.button("Things").click();
    await page.getByRole("heading", { name: "The window" }).click();
    await visit.button("Listen: A long evening").first().click();
    await page.locator(".telling").getByText("This recording could not be played here.").waitFor();
    await visit.look("stories-failed-sound");
    await page.getByText("Read the recording (English)").first().click();
    await page.getByText("These words could not be fetched.").first().waitFor();
    await visit.look("stories-failed-captions");
    await visit.button("End the story").click();
    await visit.button("Listen: A little air").first().click(); // and the next is told as ever
    await page.locator(".caption", { hasText: /open a little|even in winter/ }).waitFor();
    assert.equal(await sounding(page), 1);
    visit.trouble.length = 0; // the browser tells of what is missing
  }, { files, prepare });
});
