// The keeper's page where something is missing, fails or is gone: each state is accessible and says what it is.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { firstDocument } from "./edit_server.mjs";
import { keepingPlayed } from "./keeping.mjs";
import { launch } from "./visiting.mjs";

let browser;
before(async () => (browser = await launch(["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"])));
after(() => browser.close());

const keeper = (document, act, options) => keepingPlayed(browser, document, async (desk, server) => {
  server.stories.set("air.wav", server.files["stories/air.wav"]);
  await act(desk, server);
}, options);

const heard = {
  ...firstDocument,
  things: [{ id: "bed", name: "The bed", position: [-1.25, 0.5, -2.9] }],
  stories: [{ id: "air", title: "The air", things: ["bed"], sound: "air.wav" }],
  tour: [{ thing: "bed" }, { story: "air" }],
};
const silent = { ...firstDocument, stories: [{ id: "air", title: "The air" }] };
const go = (desk, route) => desk.page.evaluate((to) => (location.hash = to), route);

test("a recording without captions, being made ready, and one that cannot be", async () => {
  await keeper(heard, async (desk, server) => {
    await go(desk, "story/air");
    await desk.page.getByText("It is ready for visitors.").waitFor();
    await desk.look("edit-state-no-captions");
    await desk.page.getByText("Another recording instead").click();
    await desk.button("Take the recording away").click();
    await desk.look("edit-state-taking-recording-away");
    for (const [state, error, words] of [["waiting", null, "It is being made ready for visitors."],
      ["failed", "FFmpeg could not read it to its end.", "It could not be made ready. FFmpeg could not read it to its end."]]) {
      server.recordings["air.wav"] = { state, error, seconds: null, speech: null };
      await go(desk, "stories");
      await go(desk, "story/air");
      await desk.page.getByText(words).waitFor();
      await desk.look(`edit-state-${state}`);
    }
  });
});

test("a microphone that may not be used or is not there", async () => {
  await keeper(silent, async (desk) => {
    await go(desk, "story/air");
    for (const [name, words] of [["NotAllowedError", "The browser does not let this page hear you."],
      ["NotFoundError", "No microphone was found."]]) {
      await desk.page.evaluate((why) => {
        navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException("", why));
      }, name);
      await desk.button("Record with this computer").click();
      await desk.page.getByText(words).waitFor();
      await desk.look(`edit-state-${name}`);
    }
  });
});

test("a file that is no recording, one that is stopped, and one left over from last time", async () => {
  await keeper(silent, async (desk, server) => {
    const { page } = desk;
    const bring = (name) => page.locator("#file").setInputFiles({ name, mimeType: "audio/wav", buffer: Buffer.alloc(2000, 1) });
    await go(desk, "story/air");
    await bring("virus.exe");
    await page.getByText("This is neither sound, video nor captions.").waitFor();
    await desk.look("edit-state-refused-file");
    server.uploads.clear();
    let letGo;
    server.holdPieces = new Promise((resolve) => (letGo = resolve));
    await bring("long.wav");
    await page.getByText("0 % is kept").waitFor();
    await desk.look("edit-state-uploading");
    await desk.button("Stop").click();
    letGo(); // the piece that was on its way
    await desk.button("Record with this computer").waitFor();
    server.uploads.set("9", { id: "9", name: "long.wav", size: 5000, data: Buffer.alloc(1000) });
    await page.reload();
    await page.getByText("Last time long.wav was not finished.").waitFor();
    await desk.look("edit-state-unfinished");
    assert.equal(server.document.stories[0].sound, undefined);
    desk.trouble.length = 0; // the browser tells of the refusal
  });
});

test("the computer listens: what it hears stands there, and what it cannot do is said", async () => {
  await keeper(heard, async (desk, server) => {
    const { page } = desk;
    server.transcribes = [{ from: 0, to: 1, text: "The window was open." }];
    await page.reload();
    await go(desk, "captions/air/en");
    await desk.button("Let this computer listen and write").click();
    const line = page.getByLabel("Line 1", { exact: true });
    await line.waitFor();
    assert.equal(await line.inputValue(), "The window was open.");
    for (const [heardNow, words] of [[[], "It heard nobody speak."],
      ["whisper.cpp could not make out what is said.", "whisper.cpp could not make out what is said."]]) {
      server.transcribes = heardNow;
      await desk.button("Let this computer listen and write").click();
      await page.getByText(words).waitFor();
      assert.equal(await line.inputValue(), "The window was open."); // what there was stays
      await desk.look(`edit-state-listening-${heardNow.length === 0 ? "nothing" : "failed"}`);
    }
    await desk.button("Keep these captions").click();
    await page.getByText("The captions are kept.").first().waitFor();
    assert.deepEqual(server.captions.get("air.en.vtt"), [{ from: 0, to: 1, text: "The window was open." }]);
  });
});

for (const [name, viewport] of [["wide", { width: 1280, height: 800 }], ["least", { width: 320, height: 568 }]]) {
  test(`two windows, what is taken away, and what is refused: ${name}`, async () => {
    await keeper(heard, async (desk, server) => {
      const { page } = desk;
      await go(desk, "thing/bed");
      server.write((document) => ({ ...document, things: [{ ...document.things[0], name: "The old bed" }] }));
      await page.getByLabel("Its name", { exact: true }).fill("The big bed");
      await desk.heading("This was changed in two places").waitFor();
      await desk.look(`edit-state-two-windows-${name}`);
      await desk.button("Take what was written there").click();
      await desk.heading("The old bed").waitFor();

      await desk.button("Take this thing away").click();
      await desk.button("Take it away").click();
      await desk.heading("The things in the room").waitFor();
      await desk.saved();
      await desk.look(`edit-state-no-things-${name}`);
      await go(desk, "thing/bed"); // an address from before
      await desk.heading("The room at the end of the hall").waitFor();
      await desk.look(`edit-state-gone-${name}`);
      for (const route of ["story/air", "passages/air", "tour", "history"]) {
        await go(desk, route);
        await page.locator("nav .way-back").waitFor();
        if (route === "history") await page.getByText("The old bed: taken away").waitFor();
        await desk.look(`edit-state-without-it-${name}-${route.replace("/", "-")}`);
      }
      await go(desk, "story/air");
      await desk.button("Take this story away").click();
      await desk.button("Take it away").click();
      await desk.heading("The stories").waitFor();
      await desk.saved();
      await desk.look(`edit-state-no-stories-${name}`);
      await go(desk, "tour");
      await page.getByText("There is no guided visit yet.").waitFor();
      await desk.look(`edit-state-no-tour-${name}`);

      await go(desk, "first");
      await page.getByLabel("What the room is called").fill("REFUSE");
      await page.getByLabel("What you would like to say first").focus();
      await page.locator(".saved", { hasText: "Not saved. This cannot be a title." }).waitFor();
      await desk.look(`edit-state-refused-${name}`);
      await page.locator("header button", { hasText: "Undo" }).click();
      await desk.saved();
      desk.trouble.length = 0; // the browser tells of the conflict and of the refusal
    }, { viewport });
  });
}
