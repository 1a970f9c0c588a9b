// Debian's Firefox, driven over its own protocol (Marionette): JSON arrays on a socket, each after its
// length. Only what the tests ask of it. Without a display Firefox draws no WebGL, so it gets one of its
// own, which nobody sees.
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";

const program = process.env.FIREFOX ?? "/usr/bin/firefox-esr";
const display = "/usr/bin/Xvfb";
export const missing = [program, display].find((each) => !existsSync(each)) ?? null;

// Nothing of its own over the network, and drawing without a graphics card.
const preferences = {
  "marionette.port": 0, // a free one, written into the profile
  "webgl.force-enabled": true,
  "network.captive-portal-service.enabled": false,
  "network.connectivity-service.enabled": false,
  "app.update.disabledForTesting": true,
  "browser.shell.checkDefaultBrowser": false,
  "datareporting.policy.dataSubmissionEnabled": false,
  "browser.startup.page": 0,
  "browser.safebrowsing.update.enabled": false,
  "services.settings.server": "data:,",
};
const elementKey = "element-6066-11e4-a52e-4f735466cecf"; // WebDriver's name for an element

const patience_ms = 60000;

async function until(what, look) {
  for (const end = Date.now() + patience_ms; Date.now() < end; await wait(100)) {
    const found = await look();
    if (found) return found;
  }
  throw new Error(`waited in vain for ${what}`);
}

// Resolves to send(name, parameters), which resolves to what Firefox answers and rejects with its error.
async function marionette(port) {
  const socket = connect(port, "127.0.0.1");
  const waiting = new Map();
  let greeted;
  const greeting = new Promise((resolve, reject) => {
    greeted = resolve;
    socket.once("error", reject);
  });
  socket.on("close", () => {
    for (const { reject } of waiting.values()) reject(new Error("Firefox has gone"));
    waiting.clear();
  });
  let received = Buffer.alloc(0);
  const take = (message) => {
    if (!Array.isArray(message)) return greeted();
    const [, id, error, value] = message;
    const asked = waiting.get(id);
    waiting.delete(id);
    if (error) asked?.reject(new Error(`${error.error}: ${error.message}`));
    else asked?.resolve(value);
  };
  socket.on("data", (data) => {
    received = Buffer.concat([received, data]);
    for (;;) {
      const colon = received.indexOf(":");
      const end = colon + 1 + Number(received.subarray(0, Math.max(0, colon)));
      if (colon < 0 || received.length < end) return;
      const message = JSON.parse(received.subarray(colon + 1, end));
      received = received.subarray(end);
      take(message);
    }
  });
  await greeting;
  let last = 0;
  return (name, parameters = {}) => new Promise((resolve, reject) => {
    const id = ++last;
    waiting.set(id, { resolve, reject });
    const message = Buffer.from(JSON.stringify([0, id, name, parameters]));
    socket.write(Buffer.concat([Buffer.from(`${message.length}:`), message]));
  });
}

// Resolves to { name, close } of a display whose number is free.
async function launchDisplay() {
  const child = spawn(display, ["-displayfd", "3", "-screen", "0", "1400x1000x24", "-nolisten", "tcp"],
    { stdio: ["ignore", "ignore", "ignore", "pipe"] });
  const gone = new Promise((resolve) => child.once("exit", resolve));
  const number = await Promise.race([
    new Promise((resolve) => child.stdio[3].once("data", (data) => resolve(String(data).trim()))),
    gone.then(() => {
      throw new Error(`${display} did not start`);
    }),
  ]);
  return { name: `:${number}`, close: () => child.kill() && gone };
}

export async function launchFirefox() {
  const screen = await launchDisplay();
  const profile = mkdtempSync(join(tmpdir(), "ajar-firefox-"));
  writeFileSync(join(profile, "user.js"), Object.entries(preferences)
    .map(([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});\n`).join(""));
  const child = spawn(program, ["--marionette", "--no-remote", "--profile", profile],
    { stdio: "ignore", env: { ...process.env, HOME: profile, DISPLAY: screen.name } });
  const gone = new Promise((resolve) => child.once("exit", resolve));
  const close = async () => {
    child.kill();
    await gone;
    await screen.close();
    rmSync(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  };
  try {
    const written = join(profile, "MarionetteActivePort");
    const port = await until("Firefox to start", () => existsSync(written) && Number(readFileSync(written)));
    const send = await marionette(port);
    await send("WebDriver:NewSession", { capabilities: { alwaysMatch: { timeouts: { script: patience_ms } } } });
    await send("WebDriver:SetWindowRect", { width: 1280, height: 900 });
    const evaluate = async (script) =>
      (await send("WebDriver:ExecuteScript", { script: `return (async () => (${script}))()`, args: [] })).value;
    return {
      close, evaluate,
      until: (script) => until(script, () => evaluate(script)),
      goto: (url) => send("WebDriver:Navigate", { url }),
      back: () => send("WebDriver:Back"),
      async click(name) {
        const xpath = `//button[normalize-space()="${name}" or @aria-label="${name}"]`;
        const found = await send("WebDriver:FindElement", { using: "xpath", value: xpath });
        await send("WebDriver:ElementClick", { id: found.value[elementKey] });
      },
      hold: (key, ms) => send("WebDriver:PerformActions", { actions: [{ type: "key", id: "keys", actions: [
        { type: "keyDown", value: key }, { type: "pause", duration: ms }, { type: "keyUp", value: key },
      ] }] }),
      picture: async () => Buffer.from((await send("WebDriver:TakeScreenshot", { full: false })).value, "base64"),
    };
  } catch (error) {
    await close();
    throw error;
  }
}
