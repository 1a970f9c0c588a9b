// What a visit to a built room costs over a slow line: bytes, and seconds from stepping in until the room
// stands and until all of it is there.
//   node bench/visit.mjs ROOM [--program build/release/src/cli/ajar]
// Headless Chromium with its software renderer, at 10 Mbit/s and 40 ms; JSON on standard output.
import { spawn } from "node:child_process";
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { launch } from "../viewer/e2e/visiting.mjs";

const [room, , program = fileURLToPath(new URL("../build/release/src/cli/ajar", import.meta.url))] =
  process.argv.slice(2);
const runs = 3;
const bytesPerSecond = 10e6 / 8;
const latency_ms = 40;

const server = spawn(program, ["view", room, "--no-open"]);
const link = await new Promise((resolve, reject) => {
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

async function visit(browser) {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  await page.addInitScript(() => {
    window.blocked = [];
    new PerformanceObserver((list) => window.blocked.push(...list.getEntries().map((e) => e.duration)))
      .observe({ type: "longtask", buffered: true });
  });
  const network = await page.context().newCDPSession(page);
  await network.send("Network.enable");
  await network.send("Network.emulateNetworkConditions", {
    offline: false, latency: latency_ms, downloadThroughput: bytesPerSecond, uploadThroughput: bytesPerSecond,
  });
  let bytes = 0;
  page.on("response", (response) => {
    if (response.url().startsWith(link)) bytes += Number(response.headers()["content-length"] ?? 0);
  });
  await page.goto(link);
  await page.getByRole("button", { name: /Step in|Entrar/ }).waitFor();
  await page.waitForTimeout(3000); // somebody reads the first page
  const before_bytes = bytes;
  const start = performance.now();
  await page.getByRole("button", { name: /Step in|Entrar/ }).click();
  await page.evaluate(() => window.ajar.ready);
  const stands_s = (performance.now() - start) / 1000;
  const first_bytes = bytes - before_bytes;
  await page.evaluate(() => window.ajar.sharp);
  const sharp_s = (performance.now() - start) / 1000;
  const longest_task_ms = await page.evaluate(() => Math.max(0, ...window.blocked));
  await page.close();
  return { before_bytes, first_bytes, bytes, stands_s, sharp_s, longest_task_ms };
}

const browser = await launch();
const visits = [];
for (let i = 0; i < runs; i++) visits.push(await visit(browser));
await browser.close();
server.kill();
const assets = join(room, "site", "assets");
const code = readdirSync(assets).filter((name) => name.endsWith(".br"))
  .map((name) => statSync(join(assets, name)).size);
console.log(JSON.stringify({
  line: "10 Mbit/s, 40 ms", visits, page_code_brotli_bytes: code.reduce((sum, size) => sum + size, 0),
}, null, 2));
