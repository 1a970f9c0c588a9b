// The visitor's half of edit.e2e.mjs: every word that the keeper has written or said is found in the visit,
// and in what is to be read.
import assert from "node:assert/strict";

// The captions under a recording, in the order in which they come.
async function captionsSeen(page) {
  return page.locator(".telling audio").evaluate(async (audio) => {
    const seen = [];
    audio.pause();
    // The first may be shown before it is known how long the recording is.
    if (audio.readyState === 0) await new Promise((resolve) => audio.addEventListener("loadedmetadata", resolve, { once: true }));
    for (let time = 0; time < audio.duration; time += 0.1) {
      const sought = new Promise((resolve) => audio.addEventListener("seeked", resolve, { once: true }));
      audio.currentTime = time;
      await sought;
      const { textContent } = document.querySelector(".caption");
      if (textContent !== "" && textContent !== seen.at(-1)) seen.push(textContent);
    }
    return seen;
  });
}

// Others may still stand there while they are fetched.
async function captionsAre(page, wanted) {
  let seen = [];
  for (let tries = 0; tries < 20 && String(seen) !== String(wanted); tries++) seen = await captionsSeen(page);
  assert.deepEqual(seen, wanted);
}

// `things`: of each its name, where it is, and its words.
export async function visitsKept(page, things) {
  page.setDefaultTimeout(60000);
  const sees = (text) => page.getByText(text).first().waitFor();
  const press = (name) => page.getByRole("button", { name, exact: true }).click();
  await page.getByRole("heading", { name: "The room that was kept" }).waitFor();
  for (const words of ["Come in.", "The window may be open.", "One story speaks of winter.", "The neighbour"]) await sees(words);
  await press("español");
  await page.getByRole("heading", { name: "La habitación que se guardó" }).waitFor();
  await sees("Pase sin prisa.");
  await press("English");
  await press("Step in");
  await page.evaluate(() => window.ajar.ready);
  await listens(page, things, sees, press);
  await isGuided(page, sees, press);
  await press("Leave");
  for (const words of ["Thank you for coming.", "<b>Plant a tree.</b>", "Somebody listens.", "The neighbour"]) await sees(words);
  const links = page.locator(".further a");
  assert.deepEqual(await links.evaluateAll((all) => all.map(({ href }) => href)), ["https://example.org/tree", "tel:+000"]);
  await reads(page, things);
  await page.close();
}

async function listens(page, things, sees, press) {
  await press("Things");
  for (const [name, , words] of things) {
    await page.getByRole("heading", { name, exact: true }).first().click();
    await sees(words);
  }
  await page.getByRole("img", { name: "The wall from near." }).waitFor({ state: "attached" });
  await page.getByText("A wall with a painting on it.").waitFor({ state: "attached" });
  for (const words of ["Told by The keeper", "It hung a little aslant.", "It is only a tone."]) await sees(words);
  await page.getByRole("button", { name: "Listen: The painting" }).first().click();
  await page.locator(".caption", { hasText: /spring|autumn/ }).waitFor();
  await captionsAre(page, ["We painted it in spring.", "And again in autumn."]);
  await page.getByText("How you listen").click();
  await page.getByLabel("Captions").selectOption({ label: "español" });
  await page.locator('.caption[lang="es"]').waitFor({ state: "attached" });
  await captionsAre(page, ["La pintamos en primavera.", "Y otra vez en otoño."]);
  await page.getByLabel("Captions").selectOption({ label: "English" });
  await page.getByRole("button", { name: "Listen: The tone" }).first().click();
  await page.locator(".caption", { hasText: "A low tone." }).waitFor();
  await press("End the story");
}

// All of the way, by the page: the visitor asks for it to begin, and then looks and listens.
async function isGuided(page, sees, press) {
  await press("Guided visit");
  await sees(/about two minutes/);
  await press("Begin");
  const card = page.getByRole("region", { name: "Guided visit" });
  await card.getByText("Here it hung.").waitFor();
  await page.locator(".caption", { hasText: "We painted it in spring." }).waitFor();
  await page.locator(".caption", { hasText: "And again in autumn." }).waitFor();
  await card.getByRole("heading", { name: "The floor" }).waitFor(); // by itself, after the story and its quiet
  await card.getByText("It creaked by the door.").waitFor();
  await card.getByText("Look back once.").waitFor();
  await press("Go on"); // its quiet is long
  await sees("The guided visit ends here.");
}

// The same to read, with plain players of which one sounds at a time.
async function reads(page, things) {
  await page.goto(new URL("read.html", page.url()).href);
  assert.equal(await page.locator("meta[name=robots]").count(), 0); // as the keeper wished
  const text = await page.locator("body").textContent();
  for (const words of ["The room that was kept", "Come in.", "The window may be open.", "One story speaks of winter.",
    "The neighbour", ...things.flatMap(([name, , said]) => [name, said]), "The painting", "Told by The keeper",
    "It hung a little aslant.", "We painted it in spring. And again in autumn.", "La pintamos en primavera. Y otra vez en otoño.",
    "The tone", "It is only a tone.", "A low tone.", "Here it hung.", "Look back once.", "Thank you for coming.",
    "Somebody listens.", "<b>Plant a tree.</b>", "https://example.org/tree", "tel:+000"]) {
    assert.ok(text.includes(words), `${words} is to be read`);
  }
  await page.getByRole("img", { name: "The wall from near." }).first().waitFor({ state: "attached" });
  // With its picture where a photograph shows it well enough to draw one, else in words.
  assert.ok((await page.content()).includes("A wall with a painting on it."));
  const players = page.locator("audio");
  assert.equal(await players.count(), 2);
  const sounding = () => players.evaluateAll((all) => all.map(({ paused }) => !paused));
  await players.evaluateAll((all) => all.forEach((audio) => (audio.loop = true)));
  await players.nth(0).evaluate((audio) => audio.play());
  assert.deepEqual(await sounding(), [true, false]);
  await players.nth(1).evaluate((audio) => audio.play());
  await page.waitForFunction(() => document.querySelector("audio").paused);
  assert.deepEqual(await sounding(), [false, true]);
  await page.getByRole("link", { name: "Español" }).click();
  const spanish = await page.locator("body").textContent();
  for (const words of ["La habitación que se guardó", "Pase sin prisa.", "La pintamos en primavera."]) {
    assert.ok(spanish.includes(words), `${words} is to be read in Spanish`);
  }
}
