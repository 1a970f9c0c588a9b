// A small room is built, opened in a browser, and what stands on the canvas is compared with the
// program's own rendering of the same view: so that colours, axes, sizes and anti-aliasing are
// right, not only "something is drawn".
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { gunzipSync } from "node:zlib";

const require = createRequire(new URL("../../viewer/package.json", import.meta.url));
const { chromium } = require("playwright-core");
const axe = require("axe-core");

const ajar = process.env.AJAR_PROGRAM;
const maker = process.env.AJAR_SYNTHETIC_ROOM;
const chromiumPath = process.env.AJAR_CHROMIUM ?? "/usr/bin/chromium";
const width = 640, height = 480, focal = 400;
const leastPsnr = 34; // dB; the page shows the packed room (SOG), the program the PLY
const folder = mkdtempSync(join(tmpdir(), "ajar-page-"));
let browser, link;
const servers = [];

function run(program, ...words) {
  return execFileSync(program, words, { encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });
}

// Resolves to the link of a room, or of a folder of rooms, that is shown until all tests are over.
function view(rooms) {
  const server = spawn(ajar, ["view", rooms, "--no-open"]);
  servers.push(server);
  return new Promise((resolve, reject) => {
    let said = "";
    const listen = (data) => {
      said += data;
      const found = said.match(/http:\/\/127\.0\.0\.1:\d+\/\S+/);
      if (found) resolve(found[0]);
    };
    server.stdout.on("data", listen);
    server.stderr.on("data", listen);
    server.on("exit", (code) => reject(new Error(`ajar view ended with ${code}: ${said}`)));
  });
}

before(async () => {
  run(maker, join(folder, "photos"), "--truth", join(folder, "truth"), "--photos", "16",
      "--size", "320x240");
  mkdirSync(join(folder, "room"));
  mkdirSync(join(folder, "room", "stories"));
  execFileSync("ffmpeg", ["-v", "error", "-f", "lavfi", "-i", "sine=330:duration=2", join(folder, "room", "stories", "hum.wav")]);
  writeFileSync(join(folder, "room", "room.json"), JSON.stringify({
    version: 1, title: "Kept as it was", words: ["Come in."], last_words: ["Goodbye."],
    support: { words: ["Somebody listens."], link: "https://example.org/" },
    things: [{ id: "corner", name: "The corner", words: ["It is round."], position: [0, 1, -1.5] }],
    stories: [{ id: "hum", title: "A hum", sound: "hum.wav", words: ["It hums a little."], things: ["corner"] }],
  }));
  run(ajar, "build", join(folder, "photos"), "-o", join(folder, "room"), "--poses",
      join(folder, "truth"), "--iterations", "1200", "--splats", "15000", "--long-side", "320",
      "--quiet");
  link = await view(join(folder, "room"));
  browser = await chromium.launch({
    executablePath: chromiumPath,
    args: ["--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader",
           "--disable-quic", "--no-first-run", "--disable-background-networking",
           "--disable-component-update", "--disable-sync"],
  });
});

after(async () => {
  await browser?.close();
  for (const server of servers) server.kill("SIGTERM");
  rmSync(folder, { recursive: true, force: true });
});

// Quaternion product and rotation, (w, x, y, z).
function times(a, b) {
  return [
    a[0] * b[0] - a[1] * b[1] - a[2] * b[2] - a[3] * b[3],
    a[0] * b[1] + a[1] * b[0] + a[2] * b[3] - a[3] * b[2],
    a[0] * b[2] - a[1] * b[3] + a[2] * b[0] + a[3] * b[1],
    a[0] * b[3] + a[1] * b[2] - a[2] * b[1] + a[3] * b[0],
  ];
}
function rotated(q, v) {
  const [, x, y, z] = times(times(q, [0, ...v]), [q[0], -q[1], -q[2], -q[3]]);
  return [x, y, z];
}

// The quaternion of a rotation matrix given by rows (Shepperd's way, its largest part first).
function quaternion(m) {
  const trace = m[0][0] + m[1][1] + m[2][2];
  const squares = [trace, m[0][0], m[1][1], m[2][2]].map((d) => 1 + 2 * d - trace);
  squares[0] = 1 + trace;
  const largest = squares.indexOf(Math.max(...squares));
  const s = 2 * Math.sqrt(squares[largest]);
  const differences = [m[2][1] - m[1][2], m[0][2] - m[2][0], m[1][0] - m[0][1]];
  const q = [0, 0, 0, 0];
  q[largest] = s / 4;
  if (largest === 0) {
    for (let k = 0; k < 3; ++k) q[k + 1] = differences[k] / s;
  } else {
    const i = largest - 1;
    q[0] = differences[i] / s;
    for (let j = 0; j < 3; ++j) if (j !== i) q[j + 1] = (m[i][j] + m[j][i]) / s;
  }
  return q;
}

function viewInRoom(matrix, placement) {
  const { scale, rotation_wxyz: turn, translation } = placement.room_from_reconstruction;
  const centre = rotated(turn, matrix.slice(0, 3).map((row) => row[3]));
  return {
    position: centre.map((x, k) => scale * x + translation[k]),
    rotation_wxyz: times(turn, quaternion(matrix)),
    fov_deg: (2 * Math.atan(height / 2 / focal) * 180) / Math.PI,
    width,
    height,
  };
}

// Signal-to-noise ratio in dB and mean signed error per channel of two PNG data addresses.
async function compare(page, a, b) {
  return page.evaluate(async ([first, second]) => {
    const pixels = async (address) => {
      const picture = new Image();
      picture.src = address;
      await picture.decode();
      const canvas = new OffscreenCanvas(picture.width, picture.height);
      const context = canvas.getContext("2d");
      context.drawImage(picture, 0, 0);
      return context.getImageData(0, 0, picture.width, picture.height).data;
    };
    const [x, y] = [await pixels(first), await pixels(second)];
    if (x.length !== y.length) throw new Error("the pictures differ in size");
    let squares = 0;
    const signed = [0, 0, 0];
    for (let i = 0; i < x.length; ++i) {
      if (i % 4 === 3) continue;
      squares += (x[i] - y[i]) ** 2;
      signed[i % 4] += x[i] - y[i];
    }
    const count = x.length / 4;
    return {
      psnr: 10 * Math.log10((255 * 255 * 3 * count) / squares),
      signed: signed.map((sum) => sum / count),
    };
  }, [a, b]);
}

function within(outline, [x, z]) {
  let odd = false;
  outline.forEach(([ax, az], i) => {
    const [bx, bz] = outline[(i + 1) % outline.length];
    if (az > z !== bz > z && x < ax + ((z - az) / (bz - az)) * (bx - ax)) odd = !odd;
  });
  return odd;
}

// 1,000 seeded walks by the page's own mover stay on the plan and out of its furniture.
async function checkWalks(page) {
  const plan = JSON.parse(readFileSync(join(folder, "room", "place", "plan.json"), "utf8"));
  const walks = await page.evaluate(() => {
    const moves = ["forward", "forward", "forward", "back", "left", "right", "look_left", "look_right"];
    let state = 1;
    const random = () => (state = (state * 48271) % 2147483647) / 2147483647;
    return Array.from({ length: 1000 }, () => window.ajar.walk(Array.from({ length: 4 }, () =>
      [moves[Math.floor(random() * moves.length)], random()]))
      .filter((_, frame) => frame % 3 === 0).map(([x, , z]) => [x, z]));
  });
  const places = walks.flat();
  const solid = plan.furniture.filter((piece) => piece.height > 0.06);
  const wrong = places.filter((place) => !within(plan.outline, place) ||
    solid.some((piece) => within(piece.outline, place)));
  const [xs, zs] = [0, 1].map((k) => places.map((place) => place[k]));
  const across = Math.max(...xs.map(Math.abs)) + Math.max(...zs.map(Math.abs));
  console.log(`${places.length} places on 1,000 walks, ${wrong.length} of them wrong`);
  assert.ok(plan.outline.length > 2 && across > 1, "there is a room to walk in");
  assert.ok(solid.length > 0, "there is furniture to walk into");
  assert.deepEqual(wrong, []);
}

test("the picture on the canvas is the room", async () => {
  const truth = JSON.parse(readFileSync(join(folder, "truth", "transforms.json"), "utf8"));
  const placement = JSON.parse(
    readFileSync(join(folder, "room", "reconstruction", "placement.json"), "utf8"));
  const frames = truth.frames.filter((_, k) => k % 3 === 0).slice(0, 5).map((frame, k) => ({
    file_path: `view-${k}`, transform_matrix: frame.transform_matrix,
    w: width, h: height, fl_x: focal, fl_y: focal, cx: width / 2, cy: height / 2,
  }));
  writeFileSync(join(folder, "views.json"), JSON.stringify({ frames }));
  run(ajar, "render", join(folder, "room"), "--as-shown", "--cameras", join(folder, "views.json"),
      "-o", join(folder, "views"), "--quiet");

  const page = await browser.newPage({ viewport: { width: 900, height: 700 } });
  const asked = [], complaints = [];
  page.on("request", (request) => asked.push(request.url()));
  page.on("console", (message) => {
    if (message.type() === "error") complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(String(error)));
  await page.goto(link);
  await page.getByRole("button", { name: "Step in" }).waitFor();
  assert.ok(!asked.some((url) => url.includes("/splats/")), "nothing is fetched before stepping in");
  await page.getByRole("button", { name: "Step in" }).click();
  await page.evaluate(() => window.ajar.ready);
  for (const [k, frame] of frames.entries()) {
    const shown = await page.evaluate(async (view) => {
      window.ajar.setView(view);
      await window.ajar.settled();
      return window.ajar.picture();
    }, viewInRoom(frame.transform_matrix, placement));
    const expected = readFileSync(join(folder, "views", `view-${k}.png`)).toString("base64");
    const { psnr, signed } = await compare(page, shown, `data:image/png;base64,${expected}`);
    console.log(`view ${k}: ${psnr.toFixed(2)} dB, mean error ${signed.map((x) => x.toFixed(2))}`);
    if (process.env.AJAR_KEEP_PICTURES) {
      writeFileSync(join(process.env.AJAR_KEEP_PICTURES, `shown-${k}.png`),
                    Buffer.from(shown.split(",")[1], "base64"));
      writeFileSync(join(process.env.AJAR_KEEP_PICTURES, `expected-${k}.png`),
                    Buffer.from(expected, "base64"));
    }
    assert.ok(psnr > leastPsnr, `view ${k}: ${psnr} dB`);
    for (const error of signed) assert.ok(Math.abs(error) < 2, `view ${k}: ${signed}`);
  }
  await checkWalks(page);
  const host = new URL(link).host;
  for (const url of asked) {
    assert.ok(url.startsWith("blob:") || url.startsWith("data:") || new URL(url).host === host, url);
  }
  assert.deepEqual(complaints, []);
  await page.close();
});

test("the room can be read without JavaScript, and asks nobody else for anything", async () => {
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  const asked = [];
  page.on("request", (request) => asked.push(request.url()));
  await page.goto(link);
  await page.getByRole("link", { name: "Read it instead." }).click();
  await page.getByRole("heading", { name: "Kept as it was" }).waitFor();
  const text = await page.locator("main").innerText();
  for (const said of ["Come in.", "The corner", "It is round.", "Goodbye.", "Somebody listens."]) {
    assert.ok(text.includes(said), said);
  }
  for (const picture of await page.locator("img").all()) {
    await picture.scrollIntoViewIfNeeded();
    assert.ok(await picture.getAttribute("alt"));
  }
  await page.waitForLoadState("networkidle");
  for (const name of ["pictures/room.webp", "pictures/1.webp", "plan.svg", "read.css"]) {
    assert.ok(asked.includes(link + name), name);
  }
  assert.ok(asked.every((url) => url.startsWith(link) || url.startsWith("data:")), String(asked));
  await context.close();
});

test("the page to read is accessible, on a phone, too", async () => {
  const context = await browser.newContext({ bypassCSP: true, viewport: { width: 320, height: 568 } });
  const page = await context.newPage();
  await page.goto(link + "read.html");
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(() => window.axe.run());
  assert.deepEqual(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]), []);
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth) <= 320);
  await context.close();
});

test("the page to read prints: black on white, whole, without what only a screen can do", async () => {
  const paper = { width: 718, height: 1047 }; // A4 within 1 cm, in CSS pixels
  const context = await browser.newContext({ bypassCSP: true, viewport: paper });
  const page = await context.newPage();
  await page.goto(link + "read.html");
  await page.emulateMedia({ media: "print" });
  for (const image of await page.locator("img").all()) await image.scrollIntoViewIfNeeded(); // they are lazy
  await page.waitForLoadState("networkidle");
  const found = await page.evaluate(() => {
    const colours = new Set(), wide = [], shown = [];
    for (const element of document.querySelectorAll("body, body *")) {
      if (!element.checkVisibility()) continue;
      const { color, backgroundColor } = getComputedStyle(element);
      colours.add(`${color} on ${backgroundColor}`);
      if (element.getBoundingClientRect().right > window.innerWidth + 1) wide.push(element.outerHTML);
      if (element.matches("nav, audio, video")) shown.push(element.tagName);
    }
    let end = -Infinity; // of what stands above
    const over = [...document.querySelectorAll("h1, h2, h3, h4, p, img, figcaption")].filter((element) => {
      const { top, bottom, height } = element.getBoundingClientRect();
      if (height === 0) return false;
      const overlaps = top < end - 1;
      end = bottom;
      return overlaps;
    }).map((element) => element.outerHTML);
    return { colours: [...colours], wide, over, shown, height: document.documentElement.scrollHeight,
      ground: getComputedStyle(document.documentElement).backgroundColor };
  });
  assert.deepEqual(found.colours.filter((pair) => !/^rgb\(0, 0, 0\) on rgb(a\(0, 0, 0, 0\)|\(255, 255, 255\))$/.test(pair)), []);
  assert.equal(found.ground, "rgba(0, 0, 0, 0)");
  assert.deepEqual(found.wide, []);
  assert.deepEqual(found.over, []);
  assert.deepEqual(found.shown, []);
  const pdf = await page.pdf({ format: "A4", margin: { top: "1cm", right: "1cm", bottom: "1cm", left: "1cm" } });
  const pages = pdf.toString("latin1").match(/\/Type\s*\/Page\b(?!s)/g).length;
  const least = Math.ceil(found.height / paper.height);
  assert.ok(pages >= least && pages <= least + 2, `${pages} pages for ${found.height} pixels`);
  if (process.env.AJAR_KEEP_PICTURES) {
    writeFileSync(join(process.env.AJAR_KEEP_PICTURES, "read.pdf"), pdf);
    await page.screenshot({ path: join(process.env.AJAR_KEEP_PICTURES, "read-print.png"), fullPage: true });
  }
  await context.close();
});

test("several rooms begin on a page of their own: accessible, on a phone, too, and a way into each", async () => {
  const rooms = join(folder, "rooms");
  for (const name of ["a", "b"]) cpSync(join(folder, "room"), join(rooms, name), { recursive: true });
  const said = JSON.parse(readFileSync(join(rooms, "a", "room.json"), "utf8"));
  writeFileSync(join(rooms, "a", "room.json"), JSON.stringify({ ...said, title: "Seen first", searchable: true }));
  run(ajar, "build", "-o", join(rooms, "a"), "--quiet");
  for (const name of ["index.html", "read.html"]) { // as the keeper says, and both alike
    for (const [room, listed] of [["a", true], ["b", false]]) {
      const page = readFileSync(join(rooms, room, "site", name), "utf8");
      assert.equal(!page.includes('name="robots" content="noindex"'), listed, `${room}/${name}`);
    }
    const packed = gunzipSync(readFileSync(join(rooms, "a", "site", `${name}.gz`)));
    assert.deepEqual(packed, readFileSync(join(rooms, "a", "site", name)));
  }
  const front = await view(rooms);
  const context = await browser.newContext({
    bypassCSP: true, viewport: { width: 320, height: 568 }, hasTouch: true, isMobile: true,
  });
  const page = await context.newPage();
  const asked = [];
  page.on("request", (request) => asked.push(request.url()));
  await page.goto(front);
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(() => window.axe.run());
  assert.deepEqual(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]), []);
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth) <= 320);
  assert.ok(!asked.some((url) => url.includes("/splats/")));
  for (const title of ["Seen first", "Kept as it was"]) {
    await page.getByRole("link", { name: title }).tap();
    await page.getByRole("heading", { name: title }).waitFor();
    await page.getByRole("button", { name: "Step in" }).waitFor();
    await page.goBack();
    await page.getByRole("heading", { name: "Rooms" }).waitFor();
  }
  if (process.env.AJAR_KEEP_PICTURES) {
    await page.screenshot({ path: join(process.env.AJAR_KEEP_PICTURES, "front-phone.png"), fullPage: true });
  }
  await context.close();
});
