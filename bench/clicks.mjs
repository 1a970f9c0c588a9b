// Where a click on the keeper's page lands, in the example room, whose surfaces are known: pixels of its held-out
// views, the place that viewer/src/edit/surface.ts finds there, and the true one. And how long it says what one
// lays a tape along is (example_taped.json), clicked at both ends where a view shows them.
//   node bench/clicks.mjs ROOM
// The room is laid over the truth by where its photographs were taken, so that its estimated scale and
// direction do not count. JSON on standard output, lengths in true metres.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { inflateSync } from "node:zlib";
import { serve } from "../viewer/e2e/serving.mjs";
import { launch } from "../viewer/e2e/visiting.mjs";

const [room] = process.argv.slice(2);
const root = fileURLToPath(new URL("..", import.meta.url));
const truth = join(root, "examples/bedroom/truth");
const read = (...path) => JSON.parse(readFileSync(join(...path), "utf8"));
const step_px = 25; // of the depth pictures
const border_px = 10, hidden_m = 0.05; // of a length's ends
const beside_m = 0.02; // of a thing's box, and what is seen there is the thing

const add = (a, b) => a.map((value, k) => value + b[k]);
const sub = (a, b) => a.map((value, k) => value - b[k]);
const scaled = (a, s) => a.map((value) => value * s);
const dot = (a, b) => a.reduce((sum, value, k) => sum + value * b[k], 0);
const times = (m, v) => m.map((row) => dot(row, v));

function rotation([w, x, y, z]) {
  return [
    [1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y)],
    [2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x)],
    [2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)],
  ];
}

// Name to centre in the reconstruction's frame, of COLMAP's images.bin.
function centres(file) {
  const bytes = readFileSync(file);
  const found = new Map();
  let at = 8;
  for (let count = Number(bytes.readBigUInt64LE(0)); count > 0; count--) {
    const [w, x, y, z, tx, ty, tz] = Array.from({ length: 7 }, (_, k) => bytes.readDoubleLE(at + 4 + 8 * k));
    const end = bytes.indexOf(0, at + 64);
    const name = bytes.toString("utf8", at + 64, end);
    const points = Number(bytes.readBigUInt64LE(end + 1));
    at = end + 9 + 24 * points;
    found.set(name, scaled(times(rotation([w, -x, -y, -z]), [tx, ty, tz]), -1));
  }
  return found;
}

// The similarity that lays `from` over `to` with the least squares (Horn 1987); the quaternion by iteration.
function laidOver(from, to) {
  const mean = (points) => scaled(points.reduce(add), 1 / points.length);
  const [a, b] = [mean(from), mean(to)];
  const [p, q] = [from.map((point) => sub(point, a)), to.map((point) => sub(point, b))];
  const s = [0, 1, 2].map((i) => [0, 1, 2].map((j) => p.reduce((sum, point, n) => sum + point[i] * q[n][j], 0)));
  const [[xx, xy, xz], [yx, yy, yz], [zx, zy, zz]] = s;
  const size = Math.hypot(...s.flat());
  const n = [
    [xx + yy + zz, yz - zy, zx - xz, xy - yx], [yz - zy, xx - yy - zz, xy + yx, zx + xz],
    [zx - xz, xy + yx, yy - xx - zz, yz + zy], [xy - yx, zx + xz, yz + zy, zz - xx - yy],
  ].map((row, i) => row.map((value, j) => value + (i === j ? 2 * size : 0)));
  let turn = [0.5, 0.5, 0.5, 0.5];
  for (let k = 0; k < 2000; k++) {
    turn = times(n, turn);
    turn = scaled(turn, 1 / Math.hypot(...turn));
  }
  const r = rotation(turn);
  const scale = q.reduce((sum, point, k) => sum + dot(point, times(r, p[k])), 0) / p.reduce((sum, point) => sum + dot(point, point), 0);
  const move = sub(b, scaled(times(r, a), scale));
  return { scale, turned: (v) => times(r, v), moved: (v) => add(scaled(times(r, v), scale), move) };
}

// Millimetres, of a PNG of one channel of 16 bits.
function depths(file) {
  const bytes = readFileSync(file);
  const [width, height] = [bytes.readUInt32BE(16), bytes.readUInt32BE(20)];
  const parts = [];
  for (let at = 8; at < bytes.length; at += 12 + bytes.readUInt32BE(at)) {
    if (bytes.toString("latin1", at + 4, at + 8) === "IDAT") parts.push(bytes.subarray(at + 8, at + 8 + bytes.readUInt32BE(at)));
  }
  const raw = inflateSync(Buffer.concat(parts));
  const rows = [];
  let above = new Uint8Array(2 * width);
  for (let y = 0; y < height; y++) {
    const kind = raw[y * (2 * width + 1)];
    const row = Uint8Array.from(raw.subarray(y * (2 * width + 1) + 1, (y + 1) * (2 * width + 1)));
    for (let i = 0; i < row.length; i++) {
      const [left, up, corner] = [i < 2 ? 0 : row[i - 2], above[i], i < 2 ? 0 : above[i - 2]];
      const guess = left + up - corner;
      const [dl, du, dc] = [left, up, corner].map((value) => Math.abs(guess - value));
      const paeth = dl <= du && dl <= dc ? left : du <= dc ? up : corner;
      row[i] += [0, left, up, (left + up) >> 1, paeth][kind];
    }
    rows.push(row);
    above = row;
  }
  return { width, height, at: (x, y) => (256 * rows[y][2 * x] + rows[y][2 * x + 1]) / 1000 };
}

const esbuild = createRequire(join(root, "viewer/package.json"))("esbuild");
const { outputFiles: [{ text: code }] } = await esbuild.build({
  stdin: {
    contents: 'export { Surface, around_px } from "./src/edit/surface"; export { bytesOf } from "./src/pixels";' +
      'export { fetchSog } from "./src/sog";',
    resolveDir: join(root, "viewer"), loader: "ts",
  },
  bundle: true, format: "iife", globalName: "ajarSurface", write: false,
});
const { around_px } = new Function("window", `${code}; return ajarSurface;`)({});

const placement = read(room, "reconstruction/placement.json").room_from_reconstruction;
const inRoom = (x) => add(scaled(times(rotation(placement.rotation_wxyz), x), placement.scale), placement.translation);
const taken = centres(join(room, "reconstruction/images.bin"));
const known = read(truth, "photos.json").frames
  .map(({ file_path, transform_matrix: m }) => [file_path.split("/").pop(), [m[0][3], m[1][3], m[2][3]]])
  .filter(([name]) => taken.has(name));
const over = laidOver(known.map(([, place]) => place), known.map(([name]) => inRoom(taken.get(name))));

const things = read(truth, "things.json");
const held = read(truth, "held_out.json");
const taped = read(root, "bench/example_taped.json");
const clicks = held.frames.flatMap(({ file_path, transform_matrix: m }) => {
  const name = file_path.split("/").pop().replace(".jpg", ".png");
  let depth;
  try {
    depth = depths(join(truth, "depth", name));
  } catch {
    return []; // not every view has one
  }
  const half = depth.width / held.w;
  const axes = m.slice(0, 3).map((row) => row.slice(0, 3));
  const eye = m.slice(0, 3).map((row) => row[3]);
  const made = [];
  // Of a pixel of the view, which is larger than its depths.
  const raysAt = (x, y) => around_px.map(([dx, dy]) => {
    const direction = [(x + dx - held.cx) / held.fl_x, -(y + dy - held.cy) / held.fl_y, -1];
    const along = over.turned(times(axes, direction));
    return { from: over.moved(eye), along: scaled(along, 1 / Math.hypot(...along)) };
  });
  for (const [what, places] of Object.entries(taped)) {
    places.forEach((place, end) => {
      const [px, py, pz] = [0, 1, 2].map((k) => dot(axes.map((row) => row[k]), sub(place, eye)));
      const [x, y] = [held.cx - held.fl_x * px / pz, held.cy + held.fl_y * py / pz];
      if (pz > -0.1 || x < border_px || y < border_px || x > held.w - border_px || y > held.h - border_px) return;
      // Hidden, where the truth has something nearer all about it.
      const about = [-2, 0, 2].flatMap((dy) => [-2, 0, 2].map((dx) => depth.at(Math.round(x * half + dx), Math.round(y * half + dy))));
      if (Math.max(...about) < -pz - hidden_m) return;
      made.push({ rays: raysAt(x, y), place: over.moved(place), thing: null, taped: what, end, view: name });
    });
  }
  for (let y = step_px; y < depth.height; y += step_px) {
    for (let x = step_px; x < depth.width; x += step_px) {
      const far = depth.at(x, y);
      if (far === 0) continue;
      const pixel = [(x + 0.5) / half, (y + 0.5) / half];
      const direction = [(pixel[0] - held.cx) / held.fl_x, -(pixel[1] - held.cy) / held.fl_y, -1];
      const place = add(eye, times(axes, scaled(direction, far)));
      const on = things.find(({ position, size }) =>
        position.every((middle, k) => Math.abs(place[k] - middle) <= size[k] / 2 + beside_m));
      made.push({ rays: raysAt(...pixel), place: over.moved(place), thing: on?.id ?? null });
    }
  }
  return made;
});

const site = read(room, "site/visit.json");
const folders = [site.splats.url, ...site.splats.further ?? []];
const files = { "index.html": Buffer.from("<!doctype html><title>clicks</title>") };
for (const url of folders) {
  const folder = url.slice(0, -"meta.json".length);
  const meta = read(room, "site", url);
  files[url] = readFileSync(join(room, "site", url));
  for (const name of Object.values(meta).flatMap((part) => part?.files ?? [])) {
    files[folder + name] = readFileSync(join(room, "site", folder, name));
  }
}
const server = await serve(files);
const browser = await launch();
try {
  const page = await (await browser.newContext({ bypassCSP: true })).newPage();
  await page.goto(server.url);
  await page.addScriptTag({ content: code });
  const found = await page.evaluate(async ({ urls, asked }) => {
    const { Surface, bytesOf, fetchSog } = window.ajarSurface;
    const surface = new Surface();
    for (const url of urls) {
      const { meta, pictures } = await fetchSog(url, new AbortController().signal, () => {});
      const [lower, upper, scales, quats, sh0] = await Promise.all(
        [meta.means, meta.scales, meta.quats, meta.sh0].flatMap((part) => part.files)
          .map((name) => bytesOf(pictures.get(name))));
      surface.add(meta, { lower, upper, scales, quats, sh0 });
    }
    return asked.map((rays) => surface.place(rays));
  }, { urls: folders, asked: clicks.map(({ rays }) => rays) });

  const off = (index) => Math.hypot(...sub(found[index].position, clicks[index].place)) / over.scale;
  const figures = (indices) => {
    const errors = indices.filter((i) => found[i] !== null).map(off).sort((a, b) => a - b);
    const share = (part) => Number(errors[Math.floor(part * (errors.length - 1))].toFixed(4));
    const within = indices.filter((i) => found[i] !== null && off(i) <= 2 * found[i].deviation_m / over.scale);
    return { clicks: indices.length, within_two_deviations: Number((within.length / errors.length).toFixed(3)), found: errors.length, median_m: share(0.5), nine_in_ten_m: share(0.9) };
  };
  const all = [...clicks.keys()].filter((i) => clicks[i].taped === undefined);
  const ends = [...clicks.keys()].filter((i) => clicks[i].taped !== undefined && found[i] !== null);
  const lengths = ends.flatMap((i) => {
    const j = ends.find((k) => clicks[k].taped === clicks[i].taped && clicks[k].view === clicks[i].view && clicks[k].end === 1);
    if (clicks[i].end !== 0 || j === undefined) return [];
    const [true_m, found_m] = [clicks, found].map((of) => Math.hypot(...sub(...[i, j].map((k) => of[k].place ?? of[k].position))));
    return [Math.abs(true_m / found_m - 1)];
  }).sort((a, b) => a - b);
  const shareOf = (part) => Number(lengths[Math.floor(part * (lengths.length - 1))].toFixed(4));
  const onThings = all.filter((i) => clicks[i].thing !== null);
  const each = things.map(({ id }) => [id, all.filter((i) => clicks[i].thing === id && found[i] !== null)])
    .filter(([, indices]) => indices.length >= 5).map(([id, indices]) => [id, figures(indices).median_m]);
  console.log(JSON.stringify({
    photographs: known.length, all: figures(all), on_things: figures(onThings), ends: figures(ends),
    scale_from_a_length: { lengths: lengths.length, median: shareOf(0.5), nine_in_ten: shareOf(0.9) }, things: Object.fromEntries(each),
  }, null, 2));
} finally {
  await browser.close();
  await server.close();
}
