// Serves the built page and a site as one folder, under the policy that the real server sets.
import { readFileSync, readdirSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

export const types = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".css": "text/css",
  ".json": "application/json",
  ".webp": "image/webp",
  ".wav": "audio/wav",
  ".webm": "video/webm",
  ".vtt": "text/vtt",
};

export const policy =
  "default-src 'none'; script-src 'self'; worker-src 'self' blob:; " +
  "style-src 'self'; img-src 'self' blob: data:; media-src 'self'; connect-src 'self' blob:; " +
  "base-uri 'none'; form-action 'none'";

function folder(path) {
  const files = {};
  const add = (at) => {
    for (const name of readdirSync(at)) {
      const here = join(at, name);
      if (statSync(here).isDirectory()) add(here);
      else files[relative(path, here)] = readFileSync(here);
    }
  };
  add(path);
  return files;
}

export const page = folder(fileURLToPath(new URL("../dist", import.meta.url)));

// Resolves to { url, asked, files, close }; `asked` lists the paths that were requested.
export async function serve(files) {
  const asked = [];
  const server = createServer((request, response) => {
    const path = new URL(request.url, "http://localhost").pathname;
    const name = path === "/secret/" ? "index.html" : path.replace(/^\/secret\//, "");
    asked.push(name);
    const content = files[name];
    // A page that holds the room is somebody else's, with a policy of its own.
    if (name !== "host.html") response.setHeader("Content-Security-Policy", policy);
    response.setHeader("Cache-Control", "no-store");
    if (content === undefined) {
      response.writeHead(404).end();
      return;
    }
    response.setHeader("Content-Type", types[extname(name)] ?? "application/octet-stream");
    response.setHeader("Accept-Ranges", "bytes"); // what seeks in a recording asks for its parts
    const range = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? "");
    const from = range ? Number(range[1]) : 0;
    const to = Math.min(range?.[2] ? Number(range[2]) : Infinity, content.length - 1);
    if (range) {
      response.writeHead(206, { "Content-Range": `bytes ${from}-${to}/${content.length}`, "Content-Length": to + 1 - from });
    } else {
      response.setHeader("Content-Length", content.length);
    }
    response.end(range ? content.subarray(from, to + 1) : content);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}/secret/`,
    asked,
    files, // a test may change them
    close: () => new Promise((resolve) => {
      server.closeAllConnections();
      server.close(resolve);
    }),
  };
}
