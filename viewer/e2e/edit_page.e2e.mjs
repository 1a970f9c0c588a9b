// The keeper's page against a stand-in for the program: each of its pages, and what goes wrong.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { firstDocument } from "./edit_server.mjs";
import { keepingPlayed } from "./keeping.mjs";
import { launch } from "./visiting.mjs";

let browser;
before(async () => (browser = await launch(["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"])));
after(() => browser.close());

const keeper = (document, act, options) => keepingPlayed(browser, document, act, options);

const told = {
  ...firstDocument,
  translations: { es: { title: "La habitación del fondo" } },
  content_note: "One of the recordings speaks of winter.",
  last_words: ["Please close the door softly."],
  support: { words: ["If you would like to talk to somebody:"], link: "tel:+000" },
  things: [
    { id: "bed", name: "The bed", words: ["It creaked."], position: [-1.25, 0.5, -2.9],
      photos: [{ photo: "1.webp", alt: "A made bed." }] },
    { id: "box", name: "<img src=x onerror=alert(1)>", words: ["</p><script>alert(1)</script>"], position: [1.2, 1, -3.6] },
  ],
  stories: [{ id: "air", title: "The air", speaker: "Somebody", things: ["bed", "box"], sound: "air.wav",
    captions: [{ path: "air.en.vtt", language: "en", label: "English" }], passages: [{ from: 0, to: 1, things: ["bed"] }] }],
  tour: [{ thing: "bed", pause: 4 }, { story: "air", pause: 4 }],
};

function withRecording(server) {
  server.stories.set("air.wav", server.files["stories/air.wav"]);
  server.captions.set("air.en.vtt", [{ from: 0, to: 1, text: "The window was always open a little," }]);
}

for (const [name, width, height] of [["wide", 1280, 800], ["least", 320, 568]]) {
  test(`every page is accessible and fits, script is text, and nothing is saved by looking: ${name}`, async () => {
    await keeper(told, async (desk, server) => {
      withRecording(server);
      await desk.look(`edit-${name}-1-home`);
      const routes = ["first", "last", "place", "things", "thing/bed", "thing/box", "stories", "story/air", "captions/air/en",
        "captions/air/es", "passages/air", "tour", "languages", "preview", "history"];
      for (const route of routes) {
        await desk.page.evaluate((to) => (location.hash = to), route);
        await desk.page.locator("nav .way-back").waitFor();
        if (/^(place|thing|tour)/.test(route)) await desk.roomStands();
        if (route === "thing/bed") {
          await desk.button("Choose photographs").click();
          await desk.page.locator(".thumbs li").nth(1).waitFor();
        }
        if (route.startsWith("thing") || route === "tour") {
          await desk.page.getByText("<img src=x onerror=alert(1)>").first().waitFor({ state: "attached" });
        }
        await desk.look(`edit-${name}-${route.replaceAll("/", "-")}`);
      }
      assert.equal(server.versions.length, 1);
    }, { viewport: { width, height } });
  });
}

test("at twice the size nothing is cut off", async () => {
  await keeper(told, async (desk, server) => {
    withRecording(server);
    for (const route of ["", "first", "story/air", "tour"]) {
      await desk.page.evaluate((to) => (location.hash = to), route);
      await desk.look(`edit-large-${route.replaceAll("/", "-")}`);
    }
  }, { viewport: { width: 640, height: 400 }, deviceScaleFactor: 2 });
});

test("a thing is named by a click, told of, moved and taken away, and all of it undone", async () => {
  await keeper(firstDocument, async (desk, server) => {
    await desk.to(/The things in the room/, "The things in the room");
    await desk.roomStands();
    await desk.button("Name a thing").click();
    await desk.look("edit-asking");
    await desk.page.keyboard.press("Enter"); // what is in the middle: the wall opposite the door
    await desk.page.getByLabel("What is it?").fill("The window");
    await desk.page.keyboard.press("Enter");
    await desk.heading("The window").waitFor();
    await desk.saved();
    const [thing] = server.document.things;
    assert.equal(thing.id, "the-window");
    assert.ok(Math.abs(thing.position[2] + 4) < 0.03, JSON.stringify(thing.position));
    assert.ok(Math.abs(thing.position[0]) < 0.03, JSON.stringify(thing.position));
    await desk.write("What you would like to say of it", "It was always open.\n\nEven in winter.");
    assert.deepEqual(server.document.things[0].words, ["It was always open.", "Even in winter."]);
    await desk.button("Choose photographs").click();
    await desk.page.getByLabel("Show this one to visitors: Photograph 1").check();
    await desk.write("What it shows, for somebody who cannot see it", "A white window.");
    assert.deepEqual(server.document.things[0].photos, [{ photo: "1.webp", alt: "A white window." }]);

    await desk.button("It is somewhere else").click();
    const box = await desk.page.locator(".pane .room").boundingBox();
    await desk.page.mouse.click(box.x + box.width / 2, box.y + box.height * 0.9); // the floor before one's feet
    await desk.page.getByText("It stands there now.").waitFor({ state: "attached" });
    await desk.saved();
    assert.ok(Math.abs(server.document.things[0].position[1]) < 0.03, JSON.stringify(server.document.things[0]));

    await desk.button("Take this thing away").click();
    await desk.look("edit-removal");
    await desk.button("Take it away").click();
    await desk.heading("The things in the room").waitFor();
    await desk.saved();
    assert.deepEqual(server.document.things, []);
    for (let left = server.versions.length - 1; left > 0; left--) {
      await desk.page.locator("header button", { hasText: "Undo" }).click();
      await desk.page.waitForTimeout(150);
    }
    assert.deepEqual(server.document, firstDocument); // unknown keys and all
    assert.equal(await desk.page.locator("header button", { hasText: "Undo" }).getAttribute("aria-disabled"), "true");
  });
});

test("a story is recorded, captioned, marked and brought as a file", async () => {
  await keeper({ ...firstDocument, things: told.things, translations: told.translations }, async (desk, server) => {
    await desk.to(/The stories/, "The stories");
    await desk.button("Tell a story").click();
    await desk.page.getByLabel("What is it called?").fill("The tune");
    await desk.button("Keep it").click();
    await desk.heading("The tune").waitFor();
    await desk.page.getByLabel("The bed").check();
    await desk.button("Record with this computer").click();
    await desk.page.getByText("Recording: 0:01").waitFor();
    await desk.look("edit-recording");
    await desk.button("Pause").click();
    await desk.page.getByText("Paused at 0:0").waitFor();
    await desk.button("Go on").click();
    await desk.button("Finish").click();
    await desk.page.getByText("It is ready for visitors.").waitFor();
    await desk.saved();
    assert.equal(server.document.stories[0].sound, "the-tune.webm");
    assert.ok(server.stories.get("the-tune.webm").length > 2000);
    await desk.page.getByLabel("Leave out the silence").check();
    await desk.saved();
    assert.deepEqual(server.document.stories[0].trim, { from: 0.5, to: 1.5 });

    await desk.link("Write them in English").click();
    await desk.page.getByLabel("Everything that is said").fill("It always stopped.\nOne note too early.");
    await desk.button("Lay it over the recording").click();
    await desk.page.getByLabel("Line 2", { exact: true }).fill("One note too early, always.");
    await desk.page.locator(".saved", { hasText: "These captions are not kept yet" }).waitFor();
    await desk.look("edit-captions");
    await desk.button("Keep these captions").click();
    await desk.page.getByText("The captions are kept.").first().waitFor();
    assert.deepEqual(server.document.stories[0].captions,
      [{ path: "the-tune.en.vtt", language: "en", label: "English" }]);
    assert.equal(server.captions.get("the-tune.en.vtt")[1].text, "One note too early, always.");
    await desk.link("The tune").click();
    await desk.link("Write them in Spanish").click();
    await desk.page.locator("#captions-file").setInputFiles(
      { name: "bomb.vtt", mimeType: "text/vtt", buffer: Buffer.from("WEBVTT\n\nBOMB --> x") });
    await desk.page.getByText("Line 3 of these captions cannot be understood.").waitFor();
    desk.trouble.length = 0; // the browser tells of the refusal
    await desk.button("Begin with those in English").click();
    await desk.page.getByLabel("Line 1", { exact: true }).fill("Siempre se paraba.");
    await desk.link("The tune").click(); // and what was written is kept
    await desk.link("Spanish: change them").waitFor();
    await desk.saved();
    assert.equal(server.document.stories[0].captions.length, 2);

    await desk.link("Mark what is spoken of").click();
    await desk.page.getByText("Let it play.").waitFor();
    await desk.page.locator("audio").evaluate((audio) => (audio.currentTime = 0.4));
    await desk.page.keyboard.press("1");
    await desk.page.getByText("From here on: The bed").waitFor();
    await desk.look("edit-passages");
    await desk.saved();
    assert.equal(server.document.stories[0].passages[0].from, 0.4);
    assert.deepEqual(server.document.stories[0].passages[0].things, ["bed"]);
    assert.equal(server.document.stories[0].passages[0].to, 2); // to the end, which the program knows

    // What speaks of the old recording does not stand under another one.
    await desk.link("The tune").click();
    await desk.button("Take the recording away").click();
    await desk.button("Take it away").click();
    await desk.saved();
    const { sound, captions, passages } = server.document.stories[0];
    assert.deepEqual([sound, captions, passages], [undefined, undefined, undefined]);
    await desk.button(/^Undo/).click();
    await desk.saved();
    assert.equal(server.document.stories[0].captions.length, 2);
  }, { permissions: ["microphone"] });
});

test("what the disk has no room for stays on the page until it is kept", async () => {
  const document = { ...firstDocument, stories: [{ id: "one", title: "One" }] };
  await keeper(document, async (desk, server) => {
    await desk.page.evaluate(() => (location.hash = "story/one"));
    await desk.button("Record with this computer").click();
    await desk.page.getByText("Recording: 0:01").waitFor();
    server.refuses = "POST uploads";
    await desk.button("Finish").click();
    await desk.page.getByText("It is only here, in this window.").waitFor();
    await desk.page.getByText("There is not enough room on the disk").waitFor();
    await desk.link("The stories").click();
    await desk.page.evaluate(() => (location.hash = "story/one"));
    await desk.page.getByText("It is only here, in this window.").waitFor();
    await desk.look("edit-unkept");
    const copy = desk.link("Put a copy of the recording aside");
    const [download] = await Promise.all([desk.page.waitForEvent("download"), copy.click()]);
    assert.equal(download.suggestedFilename(), "one.webm");
    desk.trouble.length = 0; // the browser tells of the refusal
    server.refuses = null;
    await desk.button("Keep it now").click();
    await desk.page.getByText("It is ready for visitors.").waitFor();
    await desk.saved();
    assert.equal(server.document.stories[0].sound, "one.webm");

    await desk.link("Write them in English").click();
    await desk.page.getByLabel("Everything that is said").fill("A tune.\nIt stops.");
    await desk.button("Lay it over the recording").click();
    await desk.page.getByLabel("Line 1", { exact: true }).fill("A tune.\n\nIt is slow.");
    server.refuses = "POST captions";
    await desk.link("One").click();
    await desk.page.getByText("There is not enough room on the disk").first().waitFor();
    desk.trouble.length = 0;
    server.refuses = null;
    await desk.link("Write them in English").click();
    assert.equal(await desk.page.getByLabel("Line 1", { exact: true }).inputValue(), "A tune.\n\nIt is slow.");
    await desk.button("Keep these captions").click();
    await desk.page.getByText("The captions are kept.").first().waitFor();
    assert.equal(server.captions.get("one.en.vtt")[0].text, "A tune.\nIt is slow.");
  }, { permissions: ["microphone"] });
});

test("a microphone that is gone does not take what was said with it", async () => {
  const document = { ...firstDocument, stories: [{ id: "one", title: "One" }] };
  await keeper(document, async (desk, server) => {
    await desk.page.evaluate(() => {
      const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
      navigator.mediaDevices.getUserMedia = async (wanted) => (window.heard = await ask(wanted));
      location.hash = "story/one";
    });
    await desk.button("Record with this computer").click();
    await desk.page.getByText("Recording: 0:01").waitFor();
    await desk.page.evaluate(() => window.heard.getTracks().forEach((track) => track.stop()));
    await desk.page.getByText("It is ready for visitors.").waitFor();
    await desk.saved();
    assert.equal(server.document.stories[0].sound, "one.webm");
    assert.ok(server.stories.get("one.webm").length > 1000);
  }, { permissions: ["microphone"] });
});

test("a recording outlives going to another page", async () => {
  const document = { ...firstDocument, stories: [{ id: "one", title: "One" }] };
  await keeper(document, async (desk, server) => {
    await desk.page.evaluate(() => (location.hash = "story/one"));
    await desk.button("Record with this computer").click();
    await desk.page.getByText("Recording: 0:01").waitFor();
    server.write((now) => ({ ...now, words: ["From the other window."] }));
    await desk.page.evaluate(() => window.dispatchEvent(new Event("focus")));
    await desk.page.getByText("Recording: 0:02").waitFor(); // it goes on
    server.silent = true;
    await desk.button("Finish").click();
    const copy = desk.link("Put a copy of the recording aside");
    await copy.waitFor();
    const [download] = await Promise.all([desk.page.waitForEvent("download"), copy.click()]);
    assert.equal(download.suggestedFilename(), "one.webm");
    desk.trouble.length = 0; // of the silence
    server.silent = false;
    await desk.link("The stories").click();
    await desk.page.getByText("The recording is kept.").waitFor({ state: "attached" });
    await desk.saved();
    assert.equal(server.document.stories[0].sound, "one.webm");
    assert.deepEqual(server.document.words, ["From the other window."]);
    await desk.page.evaluate(() => (location.hash = "story/one"));
    await desk.page.getByText("Another recording instead").click();
    await desk.button("Record with this computer").click();
    await desk.page.getByText("Recording: 0:01").waitFor();
    const finished = desk.page.waitForResponse(/\/finish$/);
    await desk.link("The stories").click(); // without having finished it
    await finished;
    await desk.saved();
    desk.trouble.length = 0;
  }, { permissions: ["microphone"] });
});

test("a long file goes on where it stopped", async () => {
  const document = { ...firstDocument, stories: [{ id: "long", title: "Long" }] };
  await keeper(document, async (desk, server) => {
    const bytes = Buffer.alloc(9 * 1024 * 1024, 7);
    await desk.page.evaluate(() => (location.hash = "story/long"));
    const bring = () => desk.page.locator("#file").setInputFiles({ name: "long.wav", mimeType: "audio/wav", buffer: bytes });
    let go;
    server.holdPieces = new Promise((resolve) => (go = resolve));
    await bring();
    await desk.page.getByText("0 % is kept").waitFor();
    server.silent = true;
    go();
    await desk.page.getByText("Ajar does not answer. It goes on as soon as it does").waitFor();
    await desk.look("edit-upload-waits");
    server.silent = false;
    await desk.page.getByText("It is ready for visitors.").waitFor();
    assert.ok(server.stories.get("long.wav").equals(bytes));
    await desk.saved();
    desk.trouble.length = 0; // of the silence
  });
});

test("two windows: nothing is overwritten, and the keeper chooses", async () => {
  await keeper(told, async (desk, server) => {
    await desk.page.evaluate(() => (location.hash = "first"));
    const say = (words) => desk.page.getByLabel("What you would like to say first").fill(words);
    server.write((document) => ({ ...document, words: ["From the other window."] }));
    await say("From here.");
    await desk.page.getByLabel("What the room is called").focus();
    await desk.heading("This was changed in two places").waitFor();
    assert.deepEqual(server.document.words, ["From the other window."]);
    await desk.page.getByText("From the other window.").waitFor();
    await desk.look("edit-conflict");
    await desk.button("Keep what I have here").click();
    await desk.heading("The first page").waitFor();
    await desk.saved();
    assert.deepEqual(server.document.words, ["From here."]);

    server.write((document) => ({ ...document, words: ["Once more from there."] }));
    await say("Once more from here.");
    await desk.page.getByLabel("What the room is called").focus();
    await desk.button("Take what was written there").click();
    await desk.heading("The first page").waitFor();
    assert.equal(await desk.page.getByLabel("What you would like to say first").inputValue(), "Once more from there.");
    assert.deepEqual(server.document.words, ["Once more from there."]);

    // What was changed while one looked away is simply there.
    server.write((document) => ({ ...document, words: ["While you were away."] }));
    await desk.page.evaluate(() => window.dispatchEvent(new Event("focus")));
    await desk.page.waitForFunction(() => document.querySelector("#words").value === "While you were away.");
    desk.trouble.length = 0; // the browser tells of each 409
  });
});

test("what was done is told, and gone back to", async () => {
  await keeper(firstDocument, async (desk, server) => {
    await desk.page.evaluate(() => (location.hash = "first"));
    for (const words of ["One.", "Two.", "Three."]) await desk.write("What you would like to say first", words);
    await desk.page.locator("header button", { hasText: "Undo" }).click();
    await desk.page.waitForFunction(() => document.querySelector("#words").value === "Two.");
    await desk.page.evaluate(() => (location.hash = "history"));
    const rows = desk.page.locator(".history li");
    await rows.nth(3).waitFor();
    assert.equal(await rows.count(), 4);
    assert.match(await rows.nth(1).innerText(), /This is how it is now/);
    assert.match(await rows.nth(3).innerText(), /The room as it was found/);
    await rows.nth(3).getByRole("button").click();
    await desk.page.getByText("The room is as it was then.").waitFor({ state: "attached" });
    assert.deepEqual(server.document, firstDocument);
    const undo = desk.page.waitForResponse(/\/api\/undo$/);
    await desk.page.locator("header button", { hasText: "Undo" }).click();
    await undo;
    assert.deepEqual(server.document.words, ["Two."]);
  });
});

test("what cannot be saved is said, kept in sight, and saved when it can be", async () => {
  await keeper(told, async (desk, server) => {
    await desk.page.evaluate(() => (location.hash = "first"));
    server.silent = true;
    await desk.page.getByLabel("What you would like to say first").fill("Still here.");
    await desk.page.getByLabel("What the room is called").focus();
    await desk.page.locator(".saved", { hasText: "Not saved yet: Ajar does not answer." }).waitFor();
    await desk.look("edit-away");
    server.silent = false;
    await desk.saved();
    assert.deepEqual(server.document.words, ["Still here."]);

    await desk.page.getByLabel("What the room is called").fill("REFUSE");
    await desk.page.getByLabel("What you would like to say first").focus();
    await desk.page.locator(".saved", { hasText: "Not saved. This cannot be a title." }).waitFor();
    await desk.page.locator("header button", { hasText: "Undo" }).click();
    await desk.page.waitForFunction(() => document.querySelector("#title").value === "The room at the end of the hall");
    await desk.saved();
    desk.trouble.length = 0;
  });
});

test("the size by two clicks and a length, the doorway by standing there, a tour by keyboard", async () => {
  await keeper(told, async (desk, server) => {
    await desk.page.evaluate(() => (location.hash = "place"));
    await desk.roomStands();
    await desk.page.locator(".pane .room").focus();
    await desk.page.keyboard.down("w");
    await desk.page.waitForTimeout(600);
    await desk.page.keyboard.up("w");
    await desk.button("A visitor begins here, looking this way").click();
    await desk.saved();
    const { position, look_at } = server.document.doorway;
    assert.ok(position[2] < -0.4 && look_at[2] < position[2] - 1.5, JSON.stringify(server.document.doorway));

    await desk.button("Measure a length").click();
    const box = await desk.page.locator(".pane .room").boundingBox();
    await desk.page.mouse.click(box.x + box.width * 0.4, box.y + box.height / 2);
    await desk.page.getByText("Now click on its other end.").first().waitFor();
    await desk.page.mouse.click(box.x + box.width * 0.6, box.y + box.height / 2);
    await desk.page.getByText(/^It is [\d.]+ m long as the room is now, give or take [\d.]+ c?m, by a size that is guessed\.$/)
      .waitFor();
    await desk.page.getByLabel("How long is it really, in metres?").fill("long");
    await desk.page.keyboard.press("Enter");
    await desk.page.getByText("A length is a number of metres").waitFor();
    await desk.page.getByLabel("How long is it really, in metres?").fill("1,25 m");
    await desk.page.keyboard.press("Enter");
    await desk.page.getByText("The size is as you measured it.").waitFor();
    assert.equal(server.document.measured.lengths[0].metres, 1.25);
    await desk.roomStands();
    const { builds } = server;
    await desk.page.locator("header button", { hasText: "Undo" }).click();
    await desk.page.getByText("Photographs do not say how large a room is").waitFor();
    await desk.roomStands(); // drawn anew, as it lay before
    await desk.saved();
    assert.equal(server.document.measured, undefined);
    assert.equal(server.builds, builds + 1);

    await desk.page.evaluate(() => (location.hash = "tour"));
    await desk.heading("The guided visit").waitFor();
    await desk.button("Later: The bed").focus();
    await desk.page.keyboard.press("Enter");
    await desk.saved();
    assert.deepEqual(server.document.tour.map((step) => step.story ?? step.thing), ["air", "bed"]);
    assert.equal(await desk.page.evaluate(() => document.activeElement.getAttribute("aria-label")), "Earlier: The bed");
    await desk.page.getByLabel("What comes next").selectOption({ label: "The place where I stand in the room" });
    await desk.button("Add a step").click();
    await desk.saved();
    assert.equal(server.document.tour[2].place.position.length, 3);
  });
});

test("in Spanish, and the room's words in the language that is written in", async () => {
  await keeper(told, async (desk, server) => {
    await desk.page.getByText("Todo está guardado").waitFor();
    await desk.look("edit-spanish");
    await desk.page.getByRole("link", { name: /La primera página/ }).click();
    await desk.button("español").click();
    const title = desk.page.getByLabel("Cómo se llama la habitación");
    assert.equal(await title.inputValue(), "La habitación del fondo");
    await desk.page.getByLabel("Lo que le gustaría decir primero").fill("Entre sin prisa.");
    await title.focus();
    await desk.page.locator(".saved", { hasText: "Todo está guardado" }).waitFor();
    assert.deepEqual(server.document.translations.es, { title: "La habitación del fondo", words: ["Entre sin prisa."] });
    await desk.look("edit-spanish-first");
  }, { locale: "es-ES" });
});
