// A site to visit, made by code: a small empty room of splats, with words and a recording of a
// soft tone. Nobody's room.
import { execFileSync } from "node:child_process";
import { encodeSog } from "./sog.mjs";
import { encodeWebp } from "./webp.mjs";

// A flat patch of splats; `u` and `v` span it from `corner`.
function patch(corner, u, v, across, down, colour) {
  const splats = [];
  const axis = u.findIndex((value) => value !== 0);
  const other = v.findIndex((value) => value !== 0);
  for (let i = 0; i < across; i++) {
    for (let j = 0; j < down; j++) {
      const s = (i + 0.5) / across;
      const t = (j + 0.5) / down;
      const scale = [0.004, 0.004, 0.004];
      scale[axis] = (0.75 * Math.abs(u[axis])) / across;
      scale[other] = (0.75 * Math.abs(v[other])) / down;
      splats.push({
        position: corner.map((value, k) => value + u[k] * s + v[k] * t),
        scale,
        rotation: [1, 0, 0, 0],
        colour: colour(s, t),
        opacity: 1,
      });
    }
  }
  return splats;
}

function box(min, max, colour) {
  const [w, h, d] = max.map((value, k) => value - min[k]);
  const shade = (factor) => () => colour.map((value) => value * factor);
  return [
    ...patch(min, [w, 0, 0], [0, h, 0], 8, 8, shade(0.6)),
    ...patch([min[0], min[1], max[2]], [w, 0, 0], [0, h, 0], 8, 8, shade(0.85)),
    ...patch(min, [0, 0, d], [0, h, 0], 8, 8, shade(0.7)),
    ...patch([max[0], min[1], min[2]], [0, 0, d], [0, h, 0], 8, 8, shade(0.75)),
    ...patch([min[0], max[1], min[2]], [w, 0, 0], [0, 0, d], 8, 8, shade(1)),
  ];
}

// 3.6 × 2.5 × 4 m: a bed, a desk, a window with morning light.
export function roomSplats() {
  const mix = (a, b, t) => a.map((value, k) => value + (b[k] - value) * t);
  const wall = (s, t) => mix([0.6, 0.56, 0.5], [0.78, 0.74, 0.66], t);
  const boards = (s) => (Math.floor(s * 12) % 2 ? [0.42, 0.3, 0.2] : [0.46, 0.33, 0.22]);
  const back = (s, t) => (s > 0.38 && s < 0.66 && t > 0.4 && t < 0.8 ? [0.95, 0.9, 0.75] : wall(s, t));
  return [
    ...patch([-1.8, 0, -4], [3.6, 0, 0], [0, 0, 4.2], 48, 48, boards),
    ...patch([-1.8, 2.5, -4], [3.6, 0, 0], [0, 0, 4.2], 24, 24, () => [0.8, 0.78, 0.74]),
    ...patch([-1.8, 0, -4], [3.6, 0, 0], [0, 2.5, 0], 64, 48, back),
    ...patch([-1.8, 0, -4], [0, 0, 4.2], [0, 2.5, 0], 36, 24, (s, t) => wall(s, t).map((v) => v * 0.8)),
    ...patch([1.8, 0, -4], [0, 0, 4.2], [0, 2.5, 0], 36, 24, (s, t) => wall(s, t).map((v) => v * 0.9)),
    ...box([-1.75, 0, -3.9], [-0.75, 0.5, -1.9], [0.45, 0.55, 0.68]),
    ...box([0.8, 0, -3.95], [1.75, 0.74, -3.35], [0.55, 0.38, 0.24]),
    ...box([1.05, 0.74, -3.8], [1.3, 1, -3.6], [0.75, 0.3, 0.25]),
  ];
}

// A soft tone, as a WAV file.
function tone(seconds) {
  const rate = 8000;
  const samples = Buffer.alloc(rate * 2 * seconds);
  for (let i = 0; i < rate * seconds; i++) {
    samples.writeInt16LE(Math.round(3000 * Math.sin((i * 2 * Math.PI * 330) / rate)), i * 2);
  }
  const head = Buffer.from("RIFF    WAVEfmt                     data    ", "latin1");
  head.writeUInt32LE(36 + samples.length, 4);
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(1, 22);
  head.writeUInt32LE(rate, 24);
  head.writeUInt32LE(rate * 2, 28);
  head.writeUInt16LE(2, 32);
  head.writeUInt16LE(16, 34);
  head.writeUInt32LE(samples.length, 40);
  return Buffer.concat([head, samples]);
}

// A sky that darkens upwards.
function photograph() {
  const [width, height] = [96, 64];
  const rgba = new Uint8Array(width * height * 4).fill(255);
  for (let i = 0; i < width * height; i++) {
    const t = Math.floor(i / width) / height;
    rgba.set([110 + 90 * t, 140 + 70 * t, 180 + 40 * t], i * 4);
  }
  return encodeWebp(width, height, rgba);
}

const captions = `WEBVTT

00:00.000 --> 00:01.000
<v Somebody>The window was always open a little,

00:01.000 --> 00:02.000
<v Somebody>even in winter.
`;

export function visit(count, changes = {}) {
  return {
    version: 1,
    language: "en",
    title: "The room at the end of the hall",
    words: [
      "This room was made by a program, so that there is something to test with. Nobody has lived in it.",
      "Take all the time you like. There is nothing to find and nothing to do.",
    ],
    content_note: "One of the recordings speaks of winter.",
    last_words: ["Thank you for coming in.", "Please close the door softly."],
    credits: "Drawn by code, for tests.",
    estimated: { scale: true, up: false, doorway: true },
    doorway: { position: [0, 1.5, -0.3], look_at: [0, 1.1, -4] },
    bounds: { min: [-1.8, 0, -4], max: [1.8, 2.5, 0.2] },
    support: { words: ["If you would like to talk to somebody:"], link: "tel:+000" },
    offer: { words: ["The window is open for everybody."], link: "https://example.org/window" },
    reading: { en: "read.html" },
    collision: null, plan: { url: "plan.svg", data: "plan.json" },
    splats: { url: "splats/meta.json", count },
    view_fov_deg: 60,
    things: [
      { id: "bed", name: "The bed", words: ["It is always made."], position: [-1.2, 0.5, -2.9] },
      { id: "window", name: "The window", words: ["It looks out over nothing in particular.",
        "In the morning the light comes in."], position: [0.1, 1.5, -4] },
      { id: "cup", name: "A red cup on the desk", words: [], position: [1.2, 0.9, -3.7] },
    ],
    stories: [
      { id: "air", title: "A little air", speaker: "Somebody", language: "en", things: ["window"],
        words: ["About the window, and about winter."], content_note: "Speaks of winter.",
        sound: { url: "stories/air.wav", type: "audio/wav" },
        captions: [{ url: "stories/air.en.vtt", language: "en", label: "English" }] },
      { id: "house", title: "How the house sounded", speaker: null, language: "en", things: [],
        words: ["Quiet, mostly."], content_note: null, sound: null, captions: [] },
    ],
    ...changes,
  };
}

const plan = {
  version: 1,
  outline: [[-1.8, -4], [1.8, -4], [1.8, 0.2], [-1.8, 0.2]],
  furniture: [
    { outline: [[-1.75, -3.9], [-0.75, -3.9], [-0.75, -1.9], [-1.75, -1.9]], height: 0.5 },
    { outline: [[0.8, -3.95], [1.75, -3.95], [1.75, -3.35], [0.8, -3.35]], height: 0.74 },
  ],
  openings: [{ kind: "window", from: [-0.43, -4], to: [0.58, -4], low: 1, high: 2 }],
};

// Half a minute about the window and the cup, so that no machine is too slow for it; in two languages.
const longCaptions = (lines) => `WEBVTT\n\n${lines.map((line, i) =>
  `00:${String(6 * i).padStart(2, "0")}.000 --> 00:${String(6 * i + 5).padStart(2, "0")}.990\n<v Somebody>${line}`).join("\n\n")}\n`;

// A moment of blue, and silence.
function film() {
  return execFileSync("ffmpeg", ["-v", "error", "-f", "lavfi", "-i", "color=c=steelblue:s=160x90:d=30:r=2",
    "-f", "lavfi", "-i", "anullsrc=d=30", "-c:v", "libvpx", "-c:a", "libopus", "-f", "webm", "-"]);
}

export function toldSite() {
  const base = visit(0);
  const changes = {
    photographs: [
      { url: "photos/1.webp", position: [0.5, 1.2, -2.7], look_at: [1.2, 0.9, -3.7], alt: "A red cup beside a lamp",
        size: [4000, 3000], tiles: { folder: "photos/1", side: 512, levels: 3 } },
      { url: "photos/2.webp", position: null, look_at: null },
    ],
    things: base.things.map((thing) => (thing.id === "cup"
      ? { ...thing, words: ["Nobody drank from it."], photographs: [0] } : thing)),
    stories: [
      { ...base.stories[0], id: "long", title: "A long evening", things: ["window", "cup"], content_note: null,
        sound: [{ url: "stories/missing.opus", type: "audio/x-nothing" }, { url: "stories/long.wav", type: "audio/wav" }],
        captions: [{ url: "stories/long.en.vtt", language: "en", label: "English" },
          { url: "stories/long.es.vtt", language: "es", label: "Español" }],
        passages: [{ from_s: 0, to_s: 6, things: ["window"] }, { from_s: 12, to_s: 29, things: ["cup"] }] },
      ...base.stories,
      { ...base.stories[1], id: "film", title: "A little film", words: [],
        video: [{ url: "stories/film.webm", type: "video/webm" }],
        captions: [{ url: "stories/long.es.vtt", language: "es", label: "Español" }] },
    ],
    translations: { es: { title: "La habitación del fondo" } },
    tour: { minutes: 2, steps: [
      { thing: "bed", story: null, place: null, words: ["Here it is quiet."], pause_s: 0.5 },
      { thing: null, story: "air", place: null, words: ["And here comes the air."], pause_s: 600 },
      { thing: null, story: null, place: { position: [1, 1.5, -1], look_at: [0, 1, -4] }, words: ["Look back once."], pause_s: 600 },
    ] },
  };
  return {
    ...site(roomSplats(), changes),
    "photos/2.webp": photograph(),
    ...Object.fromEntries([0, 1, 2].flatMap((level) => Array.from({ length: 8 }, (_, row) =>
      Array.from({ length: 8 }, (_, column) => [`photos/1/${level}/${row}-${column}.webp`, photograph()])).flat())),
    "stories/long.wav": tone(30),
    "stories/film.webm": film(),
    "stories/long.en.vtt": Buffer.from(longCaptions(["The window stood open.", "Nobody closed it.",
      "The cup was still warm,", "as it always was.", "Then it was night."])),
    "stories/long.es.vtt": Buffer.from(longCaptions(["La ventana estaba abierta.", "Nadie la cerró.",
      "La taza aún estaba tibia,", "como siempre.", "Después fue de noche."])),
  };
}

// Path to content.
export function site(splats = roomSplats(), changes = {}) {
  const files = {
    "visit.json": Buffer.from(JSON.stringify(visit(splats.length, changes))),
    "photos/1.webp": photograph(),
    "read.html": Buffer.from("<!doctype html><link rel=icon href=data:,><title>To read</title><h1>To read</h1>"),
    "plan.json": Buffer.from(JSON.stringify(plan)),
    "stories/air.wav": tone(2),
    "stories/air.en.vtt": Buffer.from(captions),
  };
  for (const [name, content] of Object.entries(encodeSog(splats))) files[`splats/${name}`] = content;
  return files;
}

// The same, the splats dealt out to two parts.
export function siteInParts(splats = roomSplats()) {
  const [first, second] = [0, 1].map((k) => splats.filter((_, i) => i % 2 === k));
  const count = splats.length;
  const files = site(first, { splats: { url: "splats/meta.json", further: ["splats/2/meta.json"], count } });
  for (const [name, content] of Object.entries(encodeSog(second))) files[`splats/2/${name}`] = content;
  return files;
}

// A room that is still being made: `number` of its pictures so far, each clearer than the last.
export function growingSite(number) {
  const splats = roomSplats().filter((_, i) => number > 1 || i % 4 === 0);
  const url = `splats/${number}/meta.json`;
  const files = site(splats, { growing: true, splats: { url, count: splats.length } });
  for (const [name, content] of Object.entries(encodeSog(splats))) files[`splats/${number}/${name}`] = content;
  return files;
}
