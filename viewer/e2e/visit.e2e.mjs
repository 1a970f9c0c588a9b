// Whole visits, as different people make them.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { site, siteInParts, roomSplats } from "./fixture.mjs";
import { launch, visiting } from "./visiting.mjs";

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

async function stepIn(visit) {
  await visit.button("Step in").click();
  await visit.ready();
}

for (const [name, width, height] of [["wide", 1280, 800], ["phone", 390, 844], ["least", 320, 568]]) {
  test(`every state is accessible and fits: ${name}`, async () => {
    const viewport = { width, height };
    await visiting(browser, async (visit) => {
      await visit.look(`${name}-1-first`);
      await visit.button("Not now").click();
      await visit.look(`${name}-2-not-now`);
      await stepIn(visit);
      await visit.look(`${name}-3-inside`);
      await visit.way("Things");
      for (const summary of await visit.page.locator("summary").all()) {
        if (await summary.isVisible()) await summary.click();
      }
      await visit.page.getByText("even in winter.").waitFor();
      await visit.look(`${name}-4-things`);
      await visit.button("Close").click();
      await visit.way("Plan");
      await visit.look(`${name}-5-plan`);
      await visit.button("Close").click();
      await visit.button("Pause").click();
      await visit.look(`${name}-6-pause`);
      await visit.button("Go back into the room").click();
      await visit.button("Leave").click();
      await visit.look(`${name}-7-last`);
      await visit.button("Step back in").click();
      await visit.page.waitForFunction(() => !document.querySelector("progress"));
    }, { viewport, hasTouch: name !== "wide" });
  });
}

test("nothing of the room is fetched before stepping in, and no sound before playing", async () => {
  await visiting(browser, async (visit) => {
    const { asked } = visit.server;
    await visit.page.waitForTimeout(500);
    const before = asked.filter((name) => !/^assets\/(index|room_view)-[\w-]+\.(js|css)$/.test(name));
    assert.deepEqual(before, ["index.html", "visit.json"]);
    await stepIn(visit);
    assert.ok(asked.includes("splats/sh0.webp"));
    await visit.button("Things").click();
    await visit.page.getByRole("heading", { name: "The window" }).click();
    await visit.page.waitForTimeout(300);
    assert.ok(!asked.some((name) => name.startsWith("stories/")));
    assert.equal(await visit.page.locator("audio").count(), 0);
    await visit.button("Listen: A little air").click();
    await visit.page.locator(".caption", { hasText: "open a little" }).waitFor();
    await visit.page.locator(".caption", { hasText: "even in winter" }).waitFor();
  });
});

test("a whole visit with the keyboard alone", async () => {
  await visiting(browser, async (visit) => {
    const { keyboard } = visit.page;
    const focused = () => visit.page.evaluate(() => {
      const element = document.activeElement;
      return element.getAttribute("aria-label") ?? element.textContent;
    });
    const press = async (keys) => {
      for (const key of keys) await keyboard.press(key);
    };
    await press(["Tab"]);
    assert.equal(await focused(), "Step in");
    await press(["Enter"]);
    assert.equal(await focused(), "The room: The room at the end of the hall");
    await visit.ready();
    const start = await visit.pose();
    await keyboard.down("w");
    await visit.poseWhere((pose) => pose.position[2] < start.position[2] - 0.3);
    await keyboard.up("w");
    await press(["ArrowLeft", "ArrowUp"]);
    const there = await visit.poseWhere((pose) =>
      pose.yaw > start.yaw + 0.1 && pose.pitch > start.pitch + 0.1);
    assert.equal(there.position[1], start.position[1]);

    await press(["Shift+Tab", "Shift+Tab", "Shift+Tab"]);
    assert.equal(await focused(), "Plan");
    await press(["Enter", "Tab", "Tab", "Tab", "Enter"]); // past "Close" and the doorway's
    await visit.page.getByText("You are now here: Near: The bed.").waitFor({ state: "attached" });
    await visit.poseAtRest();
    await press(["Tab", "Tab", "Tab", "Tab"]);
    await press(["Escape"]);
    assert.equal(await focused(), "Plan");
    await press(["Shift+Tab"]);
    assert.equal(await focused(), "Things");
    await press(["Enter"]);
    assert.equal(await focused(), "Things in the room"); // the list's heading
    await press(["Tab", "Tab", "Enter", "Tab"]);
    assert.equal(await focused(), "Go there: The bed");
    await press(["Enter"]);
    await visit.page.getByText("You are now by The bed.").waitFor();
    await visit.poseWhere(({ position }) =>
      Math.abs(Math.hypot(position[0] + 1.2, position[2] + 2.9) - 1.3) < 0.01);
    await press(["Escape"]);
    assert.equal(await focused(), "Things");
    await press(["Escape"]);
    assert.equal(await focused(), "The room at the end of the hall"); // the quiet page's heading
    await visit.page.getByText("The room waits.").waitFor();
    await press(["Tab", "Enter"]);
    await visit.page.waitForFunction(() => document.activeElement?.className === "room");
    await press(["Escape", "Tab", "Tab", "Tab", "Enter"]);
    assert.equal(await focused(), "The room at the end of the hall"); // the last page's heading
    await visit.page.getByText("Please close the door softly.").waitFor();
    await press(["Tab", "Tab", "Enter"]); // past what the keeper offers
    await visit.page.waitForFunction(() => document.querySelector(".room"));
  });
});

test("looking by drag, walking by button, and nothing drawn while nothing changes", async () => {
  await visiting(browser, async (visit) => {
    await stepIn(visit);
    const { mouse } = visit.page;
    const start = await visit.pose();
    await mouse.move(700, 400);
    await mouse.down();
    await mouse.move(800, 380, { steps: 4 });
    await mouse.up();
    const looked = await visit.poseWhere((pose) =>
      pose.yaw > start.yaw + 0.05 && pose.pitch < start.pitch - 0.01);
    assert.deepEqual(looked.position, start.position);
    await visit.button("Walk forward").click();
    await visit.poseWhere(({ position }) =>
      Math.hypot(...position.map((value, i) => value - start.position[i])) > 0.15);
    await visit.poseAtRest();
    await visit.page.evaluate(() => window.ajar.settled());
    const count = await visit.page.evaluate(() => window.ajar.frames());
    await visit.page.waitForTimeout(500);
    assert.equal(await visit.page.evaluate(() => window.ajar.frames()), count);
  });
});

test("two fingers walk", async () => {
  await visiting(browser, async (visit) => {
    await stepIn(visit);
    const start = await visit.pose();
    await visit.page.locator(".room").evaluate((room) => {
      room.setPointerCapture = () => {};
      const send = (type, pointerId, clientY) => room.dispatchEvent(new PointerEvent(type,
        { pointerId, clientX: 300 + pointerId * 50, clientY, bubbles: true, pointerType: "touch" }));
      for (const id of [1, 2]) send("pointerdown", id, 300);
      for (const id of [1, 2]) send("pointermove", id, 500);
      for (const id of [1, 2]) send("pointerup", id, 500);
    });
    const there = await visit.pose();
    assert.ok(there.position[2] < start.position[2] - 0.3);
    assert.equal(there.yaw, start.yaw);
  });
});

test("with reduced motion, going somewhere is a cut", async () => {
  await visiting(browser, async (visit) => {
    await stepIn(visit);
    await visit.button("Things").click();
    await visit.page.getByRole("heading", { name: "The window" }).click();
    await visit.button("Go there: The window").click();
    const first = await visit.pose();
    await visit.page.waitForTimeout(400);
    assert.deepEqual(await visit.pose(), first);
    assert.ok(first.position[2] < -2);
  }, { reducedMotion: "reduce" });
});

test("in Spanish", async () => {
  const files = site(roomSplats(), { language: "es", title: "La habitación del fondo" });
  await visiting(browser, async (visit) => {
    assert.equal(await visit.page.evaluate(() => document.documentElement.lang), "es");
    await visit.page.getByText("El tamaño de esta habitación es una estimación.").waitFor();
    await visit.button("Entrar").click();
    await visit.ready();
    await visit.look("spanish");
    await visit.button("Salir").click();
    await visit.button("Volver a entrar").waitFor();
  }, { files });
});

test("in the visitor's language where the room has it, and in another when asked", async () => {
  const files = site(roomSplats(), {
    translations: { es: { title: "La habitación del fondo", words: ["Entre sin prisa."] } },
  });
  await visiting(browser, async (visit) => {
    await visit.page.getByText("Entre sin prisa.").waitFor();
    await visit.look("languages");
    // What is not told in Spanish is marked as what it is, so that it is read aloud rightly.
    const spoken = (text) => visit.page.getByText(text, { exact: true }).first()
      .evaluate((element) => element.closest("[lang]").lang);
    assert.equal(await spoken("Entre sin prisa."), "es");
    await visit.button("English").click();
    await visit.page.getByText("Take all the time you like.").waitFor();
    assert.equal(await visit.page.evaluate(() => document.activeElement?.tagName), "H1");
    await visit.button("español").click();
    await visit.button("Entrar").click();
    await visit.ready();
    assert.equal(await visit.page.title(), "La habitación del fondo");
    assert.equal(await spoken("La habitación del fondo"), "es");
    await visit.button("Cosas").click();
    assert.equal(await spoken("The bed"), "en");
    assert.equal(await spoken("Ir allí"), "es");
  }, { files, locale: "es-MX" });
});

test("a thing whose place is not known is listed without a way there", async () => {
  const files = site(roomSplats(), {
    things: [{ id: "bed", name: "The bed", words: ["It is always made."], position: null }],
    stories: [],
  });
  await visiting(browser, async (visit) => {
    await visit.button("Step in").click();
    await visit.ready();
    await visit.button("Things").click();
    await visit.page.getByText("The bed").click();
    await visit.page.getByText("It is always made.").waitFor();
    assert.equal(await visit.page.getByRole("button", { name: "Go there" }).count(), 0);
  }, { files });
});

test("back, forward, and loading anew leave one somewhere sensible", async () => {
  await visiting(browser, async (visit) => {
    const { page } = visit;
    await stepIn(visit);
    await visit.button("Walk forward").click();
    await page.waitForFunction(() => location.hash.startsWith("#at="));
    const link = page.url();
    await page.goBack();
    await visit.button("Step in").waitFor(); // the first page
    await page.goForward();
    await page.locator(".room").waitFor();
    await visit.ready();
    await page.reload(); // nothing is fetched before somebody steps in, and then they are where they were
    await visit.button("Step in").waitFor();
    const from = visit.server.asked.length;
    await page.waitForTimeout(200);
    assert.ok(!visit.server.asked.slice(from).some((name) => name.startsWith("splats/")));
    assert.equal(page.url(), link);
    await stepIn(visit);
    const [x, z] = link.split("#at=")[1].split(",").map(Number);
    const { position } = await visit.pose();
    assert.ok(Math.hypot(position[0] - x, position[2] - z) < 0.01);
    await visit.button("Pause").click();
    await page.goBack();
    await page.locator(".room").waitFor();
    assert.deepEqual((await visit.pose()).position, position);
    await visit.button("Leave").click();
    await page.goBack(); // from the last page into the room again
    await page.locator(".room").waitFor();
    await page.getByText("You are in the room.").waitFor({ state: "attached" });
  });
});

test("a link leads to its place, sitting, and a broken one to the doorway", async () => {
  for (const [fragment, wanted] of [["#at=0.5,-2,90,-10,seated", [0.5, 1.2, -2]],
    ["#at=0.5,none", [0, 1.5, -0.3]]]) {
    await visiting(browser, async (visit) => {
      await stepIn(visit);
      assert.deepEqual((await visit.pose()).position, wanted);
    }, { fragment });
  }
});

test("turning the phone keeps the place and the open panel, and fills the window anew", async () => {
  await visiting(browser, async (visit) => {
    const { page } = visit;
    await stepIn(visit);
    await visit.button("Walk forward").click();
    const { position, yaw } = await visit.poseAtRest();
    await visit.button("Things").click();
    await page.setViewportSize({ width: 844, height: 390 });
    await page.waitForFunction(() => {
      const { clientWidth, clientHeight } = document.querySelector(".room");
      const { width, height } = document.querySelector("canvas");
      return clientWidth > clientHeight && Math.abs(width / height - clientWidth / clientHeight) < 0.02;
    });
    await visit.look("turned");
    const turned = await visit.pose();
    assert.deepEqual([turned.position, turned.yaw], [position, yaw]);
    assert.ok(await page.getByRole("heading", { name: "Things in the room" }).isVisible());
    await visit.button("Close").click();
    await visit.button("Pause").click(); // every way out is still there
    await page.getByText("The room waits.").waitFor();
  }, { hasTouch: true, isMobile: true, viewport: { width: 390, height: 844 } });
});

test("two tabs are two visits", async () => {
  await visiting(browser, async (visit) => {
    await stepIn(visit);
    const other = await visit.page.context().newPage();
    await other.goto(visit.server.url);
    await other.getByRole("button", { name: "Step in" }).click();
    await other.evaluate(() => window.ajar.ready);
    await visit.button("Leave").click();
    assert.ok(await other.evaluate(() => window.ajar.pose()));
    await other.close();
  });
});

test("the eyes' height is the visitor's", async () => {
  await visiting(browser, async (visit) => {
    await stepIn(visit);
    await visit.button("Plan").click();
    await visit.page.getByLabel("Sitting").check();
    await visit.poseWhere(({ position }) => position[1] === 1.2);
    await visit.page.getByLabel("As a child").check();
    await visit.poseWhere(({ position }) => position[1] === 1);
    await visit.page.getByLabel("Standing").check();
    await visit.poseWhere(({ position }) => position[1] === 1.5);
  });
});

test("a tap on the floor walks there, and the thumb pad and a gamepad walk", async () => {
  const prepare = (page) => page.addInitScript(() => {
    window.pad = null;
    navigator.getGamepads = () => [window.pad];
  });
  await visiting(browser, async (visit) => {
    await stepIn(visit);
    const start = await visit.pose();
    const room = await visit.page.locator(".room").boundingBox();
    await visit.page.touchscreen.tap(room.x + room.width / 2, room.y + room.height * 0.63);
    const tapped = await visit.poseWhere((pose) => pose.position[2] < start.position[2] - 0.5);
    assert.ok(Math.abs(tapped.yaw - start.yaw) < 1e-9);
    await visit.poseAtRest();
    const thumb = await visit.page.locator(".thumb-pad").boundingBox();
    const before = await visit.pose();
    await visit.page.mouse.move(thumb.x + thumb.width / 2, thumb.y + thumb.height - 8);
    await visit.page.mouse.down();
    await visit.poseWhere((pose) => pose.position[2] > before.position[2] + 0.2);
    await visit.page.mouse.up();
    const rested = await visit.poseAtRest();
    await visit.page.evaluate(() => {
      const buttons = Array.from({ length: 17 }, () => ({ pressed: false, value: 0 }));
      window.pad = { mapping: "standard", axes: [0, -1, 1, 0], buttons };
      window.dispatchEvent(new Event("gamepadconnected"));
    });
    await visit.poseWhere((pose) => pose.yaw < rested.yaw - 0.3);
    await visit.page.evaluate(() => {
      window.pad.axes = [0, 0, 0, 0];
      window.pad.buttons[9].pressed = true;
    });
    await visit.page.getByText("The room waits.").waitFor();
  }, { prepare, hasTouch: true, isMobile: true, viewport: { width: 390, height: 844 } });
});

test("a room told from right to left", async () => {
  const files = site(roomSplats(), { language: "he", title: "החדר שבקצה המסדרון",
    words: ["אפשר להישאר כמה שרוצים."] });
  await visiting(browser, async (visit) => {
    assert.equal(await visit.page.evaluate(() => document.documentElement.dir), "rtl");
    await visit.look("rtl-1-first");
    await stepIn(visit);
    await visit.button("Things").click();
    await visit.look("rtl-2-things");
  }, { files });
});

test("letters twice as large", async () => {
  const prepare = (page) => page.addInitScript(() => {
    document.addEventListener("DOMContentLoaded", () => (document.documentElement.style.fontSize = "36px"));
  });
  await visiting(browser, async (visit) => {
    await visit.look("large-1-first");
    await stepIn(visit);
    await visit.look("large-2-inside");
    await visit.button("Plan").click();
    await visit.look("large-3-plan");
  }, { prepare, viewport: { width: 640, height: 800 } });
});

test("reading instead, support and what the keeper offers are where they are looked for", async () => {
  await visiting(browser, async (visit) => {
    const { page } = visit;
    await page.getByText("with three things to come close to.").waitFor();
    await page.getByText("about five minutes").waitFor();
    assert.equal(await page.getByRole("link", { name: "Read instead" }).getAttribute("href"), "read.html");
    await stepIn(visit);
    await visit.button("Pause").click();
    await page.getByText("If you would like to talk to somebody:").waitFor();
    assert.equal(await page.getByRole("link", { name: "+000" }).getAttribute("href"), "tel:+000");
    await page.getByRole("link", { name: "Read instead" }).click();
    await page.getByRole("heading", { name: "To read" }).waitFor();
    await page.goBack();
    await visit.button("Step in").waitFor();
    await stepIn(visit);
    await visit.button("Leave").click();
    await page.getByText("The window is open for everybody.").waitFor();
    await page.getByRole("link", { name: "example.org/window" }).waitFor(); // offered, not opened
  });
});

test("without a network the words stay, and with one again the room is there", async () => {
  await visiting(browser, async (visit) => {
    await visit.page.waitForFunction(() => performance.getEntriesByType("resource")
      .some(({ name }) => name.includes("room_view"))); // the page's own code is there
    await visit.page.context().setOffline(true);
    await visit.button("Step in").click();
    await visit.page.getByRole("alert").waitFor();
    await visit.page.getByText("In the morning the light comes in.").waitFor();
    await visit.page.context().setOffline(false);
    await visit.button("Try again").click();
    await visit.page.getByText("You are in the room.").waitFor({ state: "attached" });
    await visit.page.context().setOffline(true); // what is there, stays
    const start = await visit.pose();
    await visit.button("Walk forward").click();
    await visit.poseWhere((pose) => pose.position[2] < start.position[2] - 0.1);
    visit.trouble.length = 0; // the browser's own word on the network
  });
});

test("a photograph that the keeper chose: led to where it was taken, seen closer, stepped back from", async () => {
  const photographs = [
    { url: "photos/1.webp", position: [0.5, 0.9, -2.7], look_at: [-0.5, 0.9, -2.7] },
    { url: "photos/2.webp", position: null, look_at: null },
  ];
  await visiting(browser, async (visit) => {
    const { page } = visit;
    await stepIn(visit);
    await visit.button("Photographs").click();
    assert.ok(!visit.server.asked.some((name) => name.startsWith("photos/")));
    await visit.button("Photograph 1").click();
    await visit.poseWhere(({ position, yaw }) => Math.hypot(position[0] - 0.5, position[2] + 2.7) < 0.01 &&
      Math.abs(yaw - Math.PI / 2) < 0.01);
    const picture = page.getByRole("img", { name: "Photograph 1" });
    const width = async () => (await picture.boundingBox()).width;
    const whole = await width();
    await visit.button("Closer").click();
    assert.ok((await width()) > 1.4 * whole);
    await page.keyboard.press("+");
    assert.ok((await width()) > 2.1 * whole);
    await visit.look("photograph");
    await visit.button("Farther").click();
    await visit.button("Farther").click();
    assert.equal(await width(), whole);
    const farther = visit.button("Farther"); // it keeps the focus where it can do no more
    assert.equal(await farther.getAttribute("aria-disabled"), "true");
    assert.ok(await farther.evaluate((element) => element === document.activeElement));
    await page.keyboard.press("Escape"); // closes the photograph, and no more than that
    assert.equal(await page.evaluate(() => document.activeElement.textContent), "Photograph 1");
    await visit.button("Photograph 2").click();
    await page.getByText("This photograph could not be fetched.").waitFor();
    await visit.button("Step back").click();
    await visit.button("Things").click();
    await page.getByRole("heading", { name: "The window" }).click();
    assert.equal(await visit.button("Photograph taken near it: The window").count(), 0);
    await page.getByRole("heading", { name: "The bed" }).click();
    await visit.button("Photograph taken near it: The bed").focus();
    await page.keyboard.press("Enter");
    await picture.waitFor();
    await page.keyboard.press("Escape");
    assert.equal(await page.evaluate(() => document.activeElement.ariaLabel), "Photograph taken near it: The bed");
    await visit.look("photograph-near-a-thing");
    visit.trouble.length = 0; // the browser's own word on the missing file
  }, { files: site(roomSplats(), { photographs }) });
});

test("within another page nothing starts, that page's history stays its own, and there is a way out", async () => {
  const files = { ...site(), "host.html": Buffer.from("<!doctype html><title>A page</title>" +
    '<link rel="icon" href="data:,"><h1>A page</h1><iframe src="index.html?embed#at=0.5,-2,0,0" ' +
    'title="The room" width="700" height="500"></iframe>') };
  await visiting(browser, async (visit) => {
    const { page } = visit;
    const frame = page.frameLocator("iframe");
    await frame.getByRole("button", { name: "Step in" }).waitFor();
    assert.ok(!visit.server.asked.some((name) => name.startsWith("splats/")));
    const own = frame.getByRole("link", { name: "Open by itself" });
    assert.equal(await own.getAttribute("href"), "./#at=0.5,-2,0,0");
    const entries = await page.evaluate(() => history.length);
    await frame.getByRole("button", { name: "Step in" }).click();
    await frame.getByText("You are in the room.").waitFor({ state: "attached" });
    await frame.getByRole("button", { name: "Pause" }).click();
    await frame.getByRole("button", { name: "Go back into the room" }).click();
    await frame.getByRole("button", { name: "Leave" }).click();
    await frame.getByText("Please close the door softly.").waitFor();
    assert.equal(await page.evaluate(() => history.length), entries);
  }, { files, fragment: "host.html" });
});

for (const [locale, enter, aside, facing] of [
  ["en", "Step in", "To your right: The bed, about three metres away.", /Before you: The window, about \w+ metres away\.$/],
  ["es", "Entrar", "A su derecha: La cama, a unos tres metros.", /Delante de usted: La ventana, a unos \w+ metros\.$/],
]) {
  test(`what lies before one is said at rest, once, and when it is something else: ${locale}`, async () => {
    const names = { bed: "La cama", window: "La ventana", cup: "Una taza" };
    const { things } = JSON.parse(site()["visit.json"]);
    const files = site(roomSplats(), { translations: { es: { title: "El cuarto" } }, things: things.map((thing) =>
      ({ ...thing, translations: { es: { name: names[thing.id] } } })) });
    await visiting(browser, async (visit) => {
      const { page } = visit;
      await visit.button(enter).click();
      await visit.ready();
      const status = page.locator(".inside > [role=status].unseen");
      assert.match(await status.textContent(), facing);
      await status.evaluate((element) => {
        window.said = [];
        new MutationObserver(() => window.said.push(element.textContent)).observe(element, { childList: true });
      });
      const said = async () => {
        await visit.poseAtRest();
        return page.evaluate(() => window.said.splice(0));
      };
      await page.keyboard.down("ArrowLeft");
      await visit.poseWhere(({ yaw }) => yaw > 0.9);
      await page.keyboard.up("ArrowLeft");
      assert.deepEqual(await said(), [aside]);
      await page.keyboard.press("ArrowUp"); // the same lies there
      await visit.poseWhere(({ pitch }) => pitch > 0.1);
      assert.deepEqual(await said(), []);
      await page.mouse.move(1200, 400); // back by a drag
      await page.mouse.down();
      const perPixel = (60 * Math.PI) / 180 / 800;
      await page.mouse.move(1200 - (await visit.pose()).yaw / perPixel, 400, { steps: 6 });
      await page.mouse.up();
      const words = await said(); // more than one where the hand rested on the way
      assert.match(words.at(-1), facing);
      assert.equal(new Set(words).size, words.length);
    }, { files, locale });
  });
}

for (const [name, options, taken] of [
  ["a laptop takes the whole of a large room", {}, true],
  ["a phone takes as much of it as is plenty", { hasTouch: true, isMobile: true, viewport: { width: 390, height: 844 } }, false],
]) {
  test(name, async () => {
    const files = siteInParts();
    const told = JSON.parse(files["visit.json"]);
    files["visit.json"] = Buffer.from(JSON.stringify({ ...told, splats: { ...told.splats, count: 4e6 } }));
    const prepare = (page) => page.addInitScript(() => {
      Object.defineProperty(Navigator.prototype, "hardwareConcurrency", { get: () => 8 });
      Object.defineProperty(Navigator.prototype, "deviceMemory", { get: () => 8 });
    });
    await visiting(browser, async (visit) => {
      await stepIn(visit);
      await visit.page.evaluate(() => window.ajar.sharp);
      assert.equal(visit.server.asked.includes("splats/2/meta.json"), taken);
    }, { files, prepare, ...options });
  });
}

test("the whole screen is filled and left again, and where a browser cannot there is no button", async () => {
  await visiting(browser, async (visit) => {
    const { page } = visit;
    await stepIn(visit);
    await visit.button("Plan").click();
    await visit.button("Fill the screen").click();
    await page.waitForFunction(() => document.fullscreenElement === document.documentElement);
    await visit.button("Leave the full screen").click();
    await page.waitForFunction(() => document.fullscreenElement === null);
    await visit.button("Fill the screen").click();
    await page.waitForFunction(() => document.fullscreenElement !== null);
    await page.evaluate(() => document.exitFullscreen()); // as the browser's own key does
    await visit.button("Fill the screen").waitFor();
  });
  const prepare = (page) => page.addInitScript(() => {
    Object.defineProperty(Document.prototype, "fullscreenEnabled", { get: () => undefined });
  });
  await visiting(browser, async (visit) => {
    await stepIn(visit);
    await visit.button("Plan").click();
    await visit.page.getByText("Your eyes").waitFor();
    assert.equal(await visit.page.getByRole("button", { name: "screen" }).count(), 0);
  }, { prepare });
});

test("the plan of a hall shows where one is, and leads to its far end", async () => {
  const files = site(roomSplats(), { bounds: { min: [-10, 0, -30], max: [10, 6, 0] },
    things: [{ id: "organ", name: "The organ", words: [], position: [0, 2, -29] }], stories: [] });
  files["plan.json"] = Buffer.from(JSON.stringify({
    version: 1, outline: [[-10, -30], [10, -30], [10, 0], [-10, 0]],
    furniture: [{ outline: [[-3, -12], [3, -12], [3, -6], [-3, -6]], height: 0.9 }], openings: [],
  }));
  await visiting(browser, async (visit) => {
    await stepIn(visit);
    await visit.button("Plan").click();
    await visit.look("hall-plan");
    const drawn = (selector) => visit.page.locator(selector).first().evaluate((element) => element.getBoundingClientRect().width);
    assert.ok(await drawn(".plan .you circle") > 6, "one is to be seen on it");
    assert.ok(await drawn(".plan .spot") > 5, "and so are places to stand at");
    const plan = await visit.page.locator(".plan svg").boundingBox();
    await visit.page.mouse.click(plan.x + plan.width / 2, plan.y + plan.height * 0.06);
    await visit.poseWhere(({ position }) => position[2] < -27);
    await visit.poseAtRest();
    await visit.look("hall-plan-far");
  }, { files });
});

test("what is printed is words, black on white, without buttons", async () => {
  await visiting(browser, async (visit) => {
    const { page } = visit;
    const printed = async (state) => {
      await page.emulateMedia({ media: "print" });
      const seen = await page.evaluate(() => [...document.querySelectorAll("body *")]
        .filter((element) => element.checkVisibility() && element.closest(".unseen") === null)
        .map((element) => ({ tag: element.tagName, colour: getComputedStyle(element).color, text: element.innerText })));
      await page.emulateMedia({ media: "screen" });
      assert.deepEqual(seen.filter(({ tag, colour }) => tag === "BUTTON" || colour !== "rgb(0, 0, 0)"), [], state);
      return seen.map(({ text }) => text).join();
    };
    assert.match(await printed("first"), /Take all the time you like\./);
    await stepIn(visit);
    assert.match(await printed("inside"), /The room at the end of the hall/);
    await visit.button("Things").click();
    assert.match(await printed("things"), /A red cup on the desk/);
  });
});

test("closed and opened again by its link, the visit is where it was", async () => {
  await visiting(browser, async (visit) => {
    await stepIn(visit);
    await visit.button("Walk forward").click();
    await visit.page.waitForFunction(() => location.hash.startsWith("#at="));
    const { position } = await visit.poseAtRest();
    const again = await visit.page.context().newPage();
    await again.goto(visit.page.url());
    await again.getByText("leads to a place in this room").waitFor(); // nothing begins by itself
    await again.getByRole("button", { name: "Step in" }).click();
    await again.evaluate(() => window.ajar.ready);
    const there = await again.evaluate(() => window.ajar.pose().position);
    assert.ok(Math.hypot(there[0] - position[0], there[2] - position[2]) < 0.01);
    await again.close();
  });
});
