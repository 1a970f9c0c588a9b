// Whether the page draws as steadily as its engine does alone: times of frames while one turns round in a
// built room, in the page and in a bare page of the same engine with the same splats, settings and views.
//   node bench/frames.mjs ROOM
// Headless Chromium with its software renderer; the two take turns, each frame is waited for until its
// pixels are there. JSON on standard output.
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { launch } from "../viewer/e2e/visiting.mjs";

const [room] = process.argv.slice(2);
const site = join(room, "site");
const rounds = 3;
const frames = 12; // a round: once round
const [width, height] = [640, 480];
const engine = fileURLToPath(
  new URL("../viewer/node_modules/playcanvas/build/playcanvas.min.mjs", import.meta.url));

// Nothing but the engine: the splats it loads itself, a camera, and what the page sets, too.
const bare = `<!doctype html><title>bare</title><style>body { margin: 0 }</style>
<canvas width="${width}" height="${height}"></canvas><script type="module">
import * as pc from "/engine.mjs";
const canvas = document.querySelector("canvas");
const device = await pc.createGraphicsDevice(canvas, { deviceTypes: ["webgl2"], antialias: false });
const options = new pc.AppOptions();
options.graphicsDevice = device;
options.componentSystems = [pc.CameraComponentSystem, pc.GSplatComponentSystem];
options.resourceHandlers = [pc.TextureHandler, pc.GSplatHandler];
const app = new pc.AppBase(canvas);
app.init(options);
app.setCanvasFillMode(pc.FILLMODE_NONE);
app.setCanvasResolution(pc.RESOLUTION_FIXED, ${width}, ${height});
app.autoRender = false;
const gsplat = app.scene.gsplat;
gsplat.antiAlias = true;
gsplat.minPixelSize = 0;
gsplat.minContribution = 0;
gsplat.dataFormat = pc.GSPLATDATA_LARGE;
gsplat.colorUpdateAngle = 0;
gsplat.useTonemap = false;
gsplat.useFog = false;
const camera = new pc.Entity();
camera.addComponent("camera", { nearClip: 0.02, farClip: 200, toneMapping: pc.TONEMAP_NONE });
app.root.addChild(camera);
let drawn = 0, asked = false;
app.on("prerender", () => (asked = true));
app.on("frameend", () => { if (asked) { drawn++; asked = false; } });
app.start();
const visit = await (await fetch("/visit.json")).json();
gsplat.splatBudget = visit.splats.count;
for (const url of [visit.splats.url, ...(visit.splats.further ?? [])]) {
  const asset = new pc.Asset(url, "gsplat", { url: "/" + url });
  app.assets.add(asset);
  await new Promise((resolve, reject) => {
    asset.once("load", resolve);
    asset.once("error", reject);
    app.assets.load(asset);
  });
  const entity = new pc.Entity();
  entity.addComponent("gsplat", { asset });
  app.root.addChild(entity);
}
window.bare = {
  frames: () => drawn,
  setView({ position, rotation_wxyz: [w, x, y, z], fov_deg }) {
    camera.setPosition(...position);
    camera.setRotation(new pc.Quat(x, y, z, w));
    camera.camera.fov = fov_deg;
    app.renderNextFrame = true;
  },
};
</script>`;

const types = { ".html": "text/html", ".js": "text/javascript", ".mjs": "text/javascript",
  ".css": "text/css", ".json": "application/json", ".webp": "image/webp", ".svg": "image/svg+xml" };
const server = createServer((request, response) => {
  const name = new URL(request.url, "http://localhost").pathname.slice(1) || "index.html";
  try {
    const content = name === "bare.html" ? bare
      : readFileSync(name === "engine.mjs" ? engine : join(site, name));
    response.setHeader("Content-Type", types[extname(name)] ?? "application/octet-stream");
    response.end(content);
  } catch {
    response.writeHead(404).end();
  }
});
await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
const address = `http://127.0.0.1:${server.address().port}/`;

// Milliseconds of each frame of one turn.
function turn(page, name, position) {
  return page.evaluate(async ({ name, position, frames, width, height }) => {
    const drawing = window[name];
    const gl = document.querySelector("canvas").getContext("webgl2");
    const pixel = new Uint8Array(4);
    const times = [];
    for (let k = 0; k < frames; k++) {
      const angle = (k / frames) * Math.PI;
      const before = drawing.frames();
      const start = performance.now();
      drawing.setView({ position, rotation_wxyz: [Math.cos(angle), 0, Math.sin(angle), 0],
        fov_deg: 60, width, height });
      while (drawing.frames() === before) await new Promise(requestAnimationFrame);
      gl.readPixels(0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, pixel);
      times.push(performance.now() - start);
    }
    return times;
  }, { name, position, frames, width, height });
}

const browser = await launch();
const open = async (name) => {
  const page = await browser.newPage({ viewport: { width: 900, height: 700 } });
  await page.goto(address + name);
  return page;
};
const { doorway } = JSON.parse(readFileSync(join(site, "visit.json"), "utf8"));
const ours = await open("");
await ours.getByRole("button", { name: /Step in|Entrar/ }).click();
await ours.evaluate(() => window.ajar.sharp);
const alone = await open("bare.html");
await alone.waitForFunction(() => window.bare, null, { timeout: 120_000 });

const times = { page: [], bare: [] };
for (let round = -1; round < rounds; round++) { // the first warms up
  for (const [kind, page, name] of [["page", ours, "ajar"], ["bare", alone, "bare"]]) {
    await page.bringToFront();
    const taken = await turn(page, name, doorway.position);
    if (round >= 0) times[kind].push(...taken);
  }
}
await browser.close();
server.close();

const at = (list, share) => [...list].sort((a, b) => a - b)[Math.floor(share * (list.length - 1))];
const figures = (list) => ({ median_ms: at(list, 0.5), nine_in_ten_ms: at(list, 0.9), worst_ms: at(list, 1) });
console.log(JSON.stringify({
  pixels: [width, height], frames: rounds * frames, page: figures(times.page), bare: figures(times.bare),
  ratio_of_medians: at(times.page, 0.5) / at(times.bare, 0.5),
  ratio_of_nine_in_ten: at(times.page, 0.9) / at(times.bare, 0.9),
}, null, 2));
