// The program itself, run beside a browser.
//   AJAR_PROGRAM=... AJAR_SYNTHETIC_ROOM=... node --test e2e/...
import { execFileSync, spawn } from "node:child_process";
import { join } from "node:path";

const ajar = process.env.AJAR_PROGRAM;

export const run = (...words) => execFileSync(ajar, words, { stdio: ["ignore", "ignore", "inherit"] });

// Draws `folder`/photos.
export function drawPhotographs(folder) {
  execFileSync(process.env.AJAR_SYNTHETIC_ROOM, [join(folder, "photos"), "--truth", join(folder, "truth"), "--photos", "16",
    "--size", "320x240"], { stdio: ["ignore", "ignore", "inherit"] });
}

// Builds a small room from them in `folder`/room, which may hold a document.
export function buildRoom(folder, ...training) {
  run("build", join(folder, "photos"), "-o", join(folder, "room"), "--poses", join(folder, "truth"), ...training,
    "--long-side", "320", "--quiet");
}

// `ajar edit` or `ajar view` of a folder, until `end`. Resolves to { url, end }.
export function serving(verb, folder, env = {}) {
  const server = spawn(ajar, [verb, folder, "--no-open"], { env: { ...process.env, ...env } });
  const ended = new Promise((resolve) => server.on("exit", resolve));
  const end = async () => {
    server.kill("SIGTERM");
    await ended;
  };
  return new Promise((resolve, reject) => {
    let said = "";
    const listen = (data) => {
      said += data;
      const found = said.match(/http:\/\/127\.0\.0\.1:\d+\/\S+/);
      if (found) resolve({ url: found[0], end });
    };
    server.stdout.on("data", listen);
    server.stderr.on("data", listen);
    server.on("exit", (code) => reject(new Error(`ajar ${verb} ended with ${code}: ${said}`)));
  });
}
