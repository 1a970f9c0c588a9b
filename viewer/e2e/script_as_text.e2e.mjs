// Markup and script in every text of a room, against the program itself: on the keeper's page, in the visit,
// in what is made to read. Nothing of it runs, nothing of it becomes a part of the page, and each is read.
import assert from "node:assert/strict";
import {
  mkdirSync, mkdtempSync, readFileSync, readdirSync, renameSync, rmSync, symlinkSync, writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { formedTexts, freeTexts, textAt, withTextAt } from "./every_text.mjs";
import { site } from "./fixture.mjs";
import { buildRoom, drawPhotographs, serving } from "./program.mjs";
import { launch } from "./visiting.mjs";

const hostile = (what) => `${what} <img src=x onerror="window.ran=1"><svg onload=window.ran=1></p></title></textarea>` +
  `</script><script>window.ran=1</script>"'><b tabindex=0 autofocus onfocus=window.ran=1>javascript:window.ran=1`;
const hostileName = (ending) => `"'><img src=x onerror=window.ran=1>.${ending}`; // of a file
const spoken = { en: hostile("Said."), es: hostile("Dicho.") };
const done = `Done. <img src=x onerror=window.ran=1></script><script>window.ran=1</script>`; // said in few words
const drawn = "photo-0002.png"; // of the photographs

const folder = mkdtempSync(join(tmpdir(), "ajar-hostile-"));
const room = join(folder, "room");
let browser;
let keeper;

const plain = {
  version: 1, title: "A room", language: "en",
  things: [{ id: "box", name: "A box", position: [0, 1, -1], photos: [{ photo: drawn }] }],
  stories: [{
    id: "tale", title: "A tale", things: ["box"], sound: hostileName("wav"), passages: [{ from: 0, to: 1, things: ["box"] }],
    captions: ["en", "es"].map((language) => ({ path: `tale.${language}.vtt`, language })),
  }],
  tour: [{ thing: "box", story: "tale", pause: 600 }],
  originals_in_site: [{ photo: hostileName("png") }],
};
const told = freeTexts.reduce((document, path) => withTextAt(document, path, hostile(`${path.join(".")}:`)), plain);

// A translation says again what the item itself says; other keys in it are kept and are nobody's words.
const isAWord = (path) => {
  const at = path.indexOf("translations");
  const own = at < 0 ? path
    : [...path.slice(0, at), ...path.slice(at + 2).flatMap((key) => (/^(support|offer)_words$/.test(key) ? key.split("_") : [key]))];
  return freeTexts.some((each) => String(each) === String(own));
};
const words = freeTexts.filter(isAWord);
const startsWith = (...beginnings) => (path) => beginnings.some((beginning) => path.join(".").startsWith(beginning));

before(async () => {
  mkdirSync(room);
  writeFileSync(join(room, "room.json"), JSON.stringify({ version: 1, title: "A room" }));
  drawPhotographs(folder);
  renameSync(join(folder, "photos", "photo-0001.png"), join(folder, "photos", hostileName("png")));
  buildRoom(folder, "--iterations", "200", "--splats", "6000");
  mkdirSync(join(room, "stories"), { recursive: true });
  writeFileSync(join(room, "stories", hostileName("wav")), site()["stories/air.wav"]);
  keeper = await serving("edit", room);
  for (const language of ["en", "es"]) {
    const cues = [{ from: 0, to: 2, text: spoken[language] }];
    assert.equal((await ask("POST", "captions", { name: "tale", language, cues })).status, 201);
  }
  browser = await launch();
});

after(async () => {
  await browser?.close();
  await keeper?.end();
  rmSync(folder, { recursive: true, force: true });
});

async function ask(method, name, body) {
  const answer = await fetch(`${keeper.url}api/${name}`, {
    method, body: body && JSON.stringify(body),
    headers: { "Content-Type": "application/json", Authorization: `Bearer ${new URL(keeper.url).pathname.slice(1, -1)}` },
  });
  return { status: answer.status, json: answer.status === 204 ? null : await answer.json() };
}

async function save(document) {
  return ask("PUT", "room", { revision: (await ask("GET", "room")).json.revision, document, what: done });
}

// A page on which everything that is to be read is gathered by `gather`, until all was looked at.
async function reading(url, act, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: "en", ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(20000);
  const trouble = [];
  page.on("dialog", (dialog) => {
    trouble.push(`a dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on("pageerror", (error) => trouble.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error") trouble.push(message.text());
  });
  await page.addInitScript(() => {
    window.violations = [];
    document.addEventListener("securitypolicyviolation", (event) => window.violations.push(event.violatedDirective));
  });
  let all = "";
  const gather = async () => {
    const [found, ran, violations, foreign] = await page.evaluate(() => {
      const elements = [...document.querySelectorAll("*")];
      const attributes = elements.flatMap((each) => [...each.attributes]);
      const values = elements.filter((each) => each.matches("input, textarea")).map((each) => each.value);
      return [
        [document.documentElement.textContent, ...attributes.map(({ value }) => value), ...values].join("\n"),
        window.ran, window.violations,
        elements.filter((each) => each.matches("b, script:not([src]), iframe, object, embed, base, form[action], [src='x'], " +
          "[href^='javascript:' i]") || [...each.attributes].some(({ name }) => /^on|^autofocus$/.test(name)))
          .map(({ outerHTML }) => outerHTML.slice(0, 200)),
      ];
    });
    assert.equal(ran, undefined, `something ran at ${page.url()}`);
    assert.deepEqual(violations, [], page.url());
    assert.deepEqual(foreign, [], `elements that were only words at ${page.url()}`);
    all += `\n${found}`;
  };
  try {
    await page.goto(url);
    await page.locator("h1").first().waitFor();
    await gather();
    await act(page, gather, trouble);
    assert.deepEqual(trouble, [], "trouble on the console");
  } finally {
    await context.close();
  }
  return all;
}

function allRead(text, paths, where) {
  const missing = paths.filter((path) => !text.includes(textAt(told, path))).map((path) => path.join("."));
  assert.deepEqual(missing, [], `${where}: these are not to be read`);
}

test("what must be of a form is refused where it is not", async () => {
  const statuses = {};
  for (const path of formedTexts) {
    // What is said at other places of the same item stays out of its way.
    const document = withTextAt(plain, path, hostile("").trim().replaceAll("/", ""));
    const [list, item, key] = path;
    if (key === "seen_in") delete document.things[0].position, (document[list][item].seen_in.at = [1, 1]);
    if (key === "video") delete document.stories[0].sound;
    if (path.join(".") === "measured.up.photo") Object.assign(document.measured.up, { low: [1, 1], high: [1, 0] });
    if (path.join(".") === "measured.lengths.0.photo") Object.assign(document.measured.lengths[0], { from: [1, 1], to: [2, 1], metres: 1 });
    statuses[path.join(".")] = (await save(document)).status;
  }
  for (const key of ["es\"><img src=x>", "__proto__<b>"]) {
    assert.equal((await save({ ...plain, translations: { [key]: { title: "A" } } })).status, 422);
  }
  const names = Object.keys(statuses).filter((path) => statuses[path] === 200);
  // A file may be called like that, even where there is none of the name.
  assert.deepEqual(names.filter((path) => !/(photo|photos\.0|sound|video|originals_in_site\.0)$/.test(path)), []);
  assert.ok(Object.values(statuses).every((status) => status === 200 || status === 422), JSON.stringify(statuses));
  for (const link of ["javascript:window.ran=1", "JavaScript:window.ran=1", " javascript:window.ran=1", "data:text/html,<b>",
    "vbscript:x", "https://a/\"><img src=x>"]) {
    for (const key of ["support", "offer"]) assert.equal((await save({ ...plain, [key]: { link } })).status, 422, link);
  }
});

test("the keeper's page shows it as what it is", { timeout: 200_000 }, async () => {
  await save({ ...plain, things: [{ ...plain.things[0], photos: [{ photo: `missing ${hostileName("png")}` }] }] });
  const problems = await reading(keeper.url, async () => {});
  assert.ok(problems.includes(`missing ${hostileName("png")}`));

  const { status, json } = await save(told);
  assert.equal(status, 200, JSON.stringify(json));
  assert.deepEqual(json.problems, []);
  const all = await reading(keeper.url, async (page, gather, trouble) => {
    for (const language of ["English", "Spanish"]) {
      for (const route of ["first", "last", "place", "things", "thing/box", "stories", "story/tale", "stories/box", "captions/tale/en",
        "captions/tale/es", "passages/tale", "tour", "languages", "preview", "history", ""]) {
        await page.evaluate((to) => (location.hash = to), route);
        await page.locator(route === "" ? ".tasks" : "nav .way-back").waitFor();
        const other = page.locator(".languages").getByRole("button", { name: language, exact: true });
        if (await other.count() > 0) await other.click();
        if (route.startsWith("captions")) await page.getByLabel("Line 1", { exact: true }).waitFor();
        if (route === "history") await page.locator(".history li").first().waitFor();
        await gather();
      }
    }
    // Another window, and whose words should stay.
    await page.evaluate(() => (location.hash = "first"));
    await save({ ...told, title: hostile("From the other window.") });
    await page.getByLabel("Before you step in", { exact: true }).fill(hostile("From this window."));
    await page.getByLabel("Who made the photographs").focus();
    await page.getByRole("heading", { level: 1, name: "This was changed in two places" }).waitFor();
    await gather();
    assert.match(trouble.splice(0).join(), /^[^,]* 409 \(Conflict\)$/); // the browser tells of it
    await save(told);
  });
  // These have no field there and stay as they are.
  const elsewhere = startsWith("place", "captured", "rights", "originals_in_site", "stories.0.captions.0.label");
  allRead(all, words.filter((path) => !elsewhere(path)), "the keeper's page");
  for (const text of [...Object.values(spoken), done, hostile("From the other window."),
    hostile("From this window.")]) {
    assert.ok(all.includes(text), `the keeper's page: ${text}`);
  }
});

test("the visit and what is to be read show it as what it is", { timeout: 200_000 }, async () => {
  await save(told);
  const { json: { id } } = await ask("POST", "build", {});
  for (let job; job?.state !== "done"; await new Promise((resolve) => setTimeout(resolve, 300))) {
    job = (await ask("GET", `jobs/${id}`)).json;
    assert.ok(["running", "done"].includes(job.state), JSON.stringify(job));
  }
  const visitors = words.filter((path) => !startsWith("place", "captured")(path));
  const visit = async (locale, labels) => reading(`${keeper.url}site/index.html`, async (page, gather) => {
    const press = (name) => page.getByRole("button", { name, exact: true }).click();
    await press(labels.enter);
    await page.evaluate(() => window.ajar.ready);
    await gather();
    await press(labels.things);
    for (const summary of await page.locator("details summary").all()) {
      if (await summary.isVisible()) await summary.click();
    }
    await gather();
    await page.getByRole("button", { name: labels.listen }).first().click();
    await page.locator(".caption", { hasText: spoken[locale] }).waitFor();
    await gather();
    await press(labels.photographs);
    await gather();
    await press(labels.tour);
    await press(labels.silent);
    await page.locator(".touring .words p").first().waitFor();
    await gather();
    await press(labels.pause);
    await gather();
    await press(labels.leave);
    await page.getByRole("button", { name: labels.again }).waitFor();
    await gather();
  }, { locale });
  const english = await visit("en", { enter: "Step in", things: "Things", listen: /^Listen: /, photographs: "Photographs",
    tour: "Guided visit", silent: "Begin, without sound", pause: "Pause", leave: "Leave", again: "Step back in" });
  const spanish = await visit("es", { enter: "Entrar", things: "Cosas", listen: /^Escuchar: /, photographs: "Fotografías",
    tour: "Visita guiada", silent: "Empezar sin sonido", pause: "Pausa", leave: "Salir", again: "Volver a entrar" });
  allRead(english + spanish, visitors, "the visit");

  const read = (await reading(`${keeper.url}site/read.html`, async () => {})) +
    (await reading(`${keeper.url}site/read.es.html`, async () => {}));
  allRead(read, visitors, "what is to be read");
  for (const text of Object.values(spoken)) {
    assert.ok(english.includes(text) || spanish.includes(text), `the visit: ${text}`);
    assert.ok(read.includes(text), `what is to be read: ${text}`);
  }
  const plainText = readFileSync(join(room, "room.txt"), "utf8").replace(/\s+/g, " ");
  allRead(plainText, words.filter((path) => !startsWith("place", "captured")(path)), "room.txt");
});

test("the front page of several rooms shows it as what it is", async () => {
  const rooms = join(folder, "rooms");
  mkdirSync(rooms);
  symlinkSync(room, join(rooms, hostileName("a")));
  symlinkSync(room, join(rooms, "b"));
  const front = await serving("view", rooms);
  try {
    const all = await reading(front.url, async () => {});
    allRead(all, [["title"], ["words", 0]], "the front page");
  } finally {
    await front.end();
  }
});

test("nothing in the site is called what a file was called", () => {
  const names = readdirSync(join(room, "site"), { recursive: true }).filter((name) => /["'<>]/.test(name));
  assert.deepEqual(names, []);
});
