// Plays the program's part of docs/edit-protocol.md, in memory, so that the keeper's page can be met with
// what is hard to bring about with the program itself: two windows, silence, refusals, slow uploads.
import { createHash, randomBytes } from "node:crypto";
import { createServer } from "node:http";
import { extname } from "node:path";
import { site, visit } from "./fixture.mjs";
import { page, policy, types } from "./serving.mjs";

export const firstDocument = {
  version: 1,
  title: "The room at the end of the hall",
  language: "en",
  words: ["Drawn by code, so that there is something to test with. Nobody has lived in it."],
  content_note: null, last_words: [], things: [], stories: [], originals_in_site: [],
  kept_by_somebody_else: { as: "it is" },
};

const sha256 = (bytes) => createHash("sha256").update(bytes).digest("hex");
const clone = (value) => JSON.parse(JSON.stringify(value));

export class EditServer {
  secret = randomBytes(16).toString("hex");
  versions = []; // { document, what, kind, at, back, forward }
  stories = new Map(); // path to bytes
  captions = new Map(); // path to cues
  uploads = new Map();
  refused = []; // requests that another page or a stranger might have sent
  silent = false; // nobody answers
  refuses = null; // "POST uploads", say: the disk is full
  holdPieces = null; // a promise that pieces of uploads wait for
  builds = 0;
  builtFrom = null;
  spreads = [];
  transcribes = null; // cues, or a sentence why not
  recordings = {}; // by path: what is other than usual
  photos = ["1.webp", "b 2.webp"].map((name) => ({
    name, placed: true, width: 4000, height: 3000, position: [0, 1.5, 0], look_at: [0, 1.4, -2],
  }));

  constructor(document = firstDocument) {
    this.files = site();
    this.builtFrom = JSON.stringify(document);
    this.versions.push({ document: clone(document), what: "", kind: "outside", back: null, forward: null });
  }

  get newest() {
    return this.versions[this.versions.length - 1];
  }
  get document() {
    return this.newest.document;
  }

  // As another window would.
  write(change, what = "Somewhere else") {
    this.add({ document: change(clone(this.document)), what, kind: "edit", back: this.versions.length - 1, forward: null });
  }

  add(version) {
    this.versions.push(version);
  }

  async start() {
    this.server = createServer((request, response) => void this.answer(request, response).catch((error) => {
      response.writeHead(500).end(JSON.stringify({ error: { message: String(error) } }));
    }));
    await new Promise((resolve) => this.server.listen(this.port ?? 0, "127.0.0.1", resolve));
    this.port = this.server.address().port;
    this.url = `http://127.0.0.1:${this.port}/${this.secret}/`;
    return this;
  }

  async stop() {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  state() {
    const { document, back, forward } = this.newest;
    const whatOf = (revision) => (revision === null ? null : { what: this.versions[revision + 1]?.what ?? "" });
    // What is pointed out in the first photograph is found; in the second nothing is.
    const found = ({ position, seen_in }) => position ?? (seen_in?.photo === "1.webp" ? [0.1, 1.5, -4] : null);
    const places = Object.fromEntries((document.things ?? []).map((thing) => [thing.id, found(thing)]));
    const { doorway } = visit(1);
    return {
      revision: this.versions.length - 1, document, saved_at: new Date().toISOString(),
      undo: back === null ? null : { what: this.newest.what || whatOf(back)?.what || "" },
      redo: forward === null ? null : { what: this.versions[forward].what },
      problems: [], places,
      doorway: { ...(document.doorway ?? doorway), estimated: !document.doorway },
      scale: { from: "camera height", deviation: 0.1, estimated: !document.measured },
      up: { from: "surfaces", estimated: true },
      tour_minutes: document.tour?.length ? Math.max(1, document.tour.length) : null,
      site: { there: true, fresh: this.builtFrom === JSON.stringify(document), made_from: "0" },
      can: { transcribe: this.transcribes !== null, record_bytes: 2 ** 31 },
      jobs: [],
    };
  }

  async answer(request, response) {
    const url = new URL(request.url, this.url);
    const body = [];
    for await (const chunk of request) body.push(chunk);
    const bytes = Buffer.concat(body);
    if (this.silent) return request.socket.destroy();
    const send = (status, json, headers = {}) => {
      response.writeHead(status, { "Content-Type": "application/json", "Cache-Control": "no-store", ...headers });
      response.end(json === null ? undefined : JSON.stringify(json));
    };
    const mistake = (status, message) => send(status, { error: { message, where: "", hint: "" } });
    if (!url.pathname.startsWith(`/${this.secret}/`)) return mistake(404, "There is nothing here.");
    const path = decodeURIComponent(url.pathname.slice(this.secret.length + 2));
    if (request.method !== "GET" && request.method !== "HEAD" &&
        request.headers.authorization !== `Bearer ${this.secret}`) {
      this.refused.push(path);
      return mistake(401, "Only the keeper's page may change the room.");
    }
    if (!path.startsWith("api/")) return this.sendFile(path, request, response);
    const asked = request.headers["content-type"] === "application/json" ? JSON.parse(bytes.toString()) : null;
    return this.act(`${request.method} ${path.slice(4)}`, asked, bytes, request, send, mistake);
  }

  act(what, asked, bytes, request, send, mistake) {
    const stale = () => {
      if (asked.revision === this.versions.length - 1) return false;
      send(409, {
        error: { message: "The room was changed meanwhile.", where: "", hint: "" },
        revision: this.versions.length - 1, document: this.document,
        base: this.versions[asked.revision].document, yours: asked.document ?? this.document,
      });
      return true;
    };
    const to = (revision, kind, back, forward) => {
      this.add({ document: clone(this.versions[revision].document), what: this.newest.what, kind, back, forward });
      send(200, this.state());
    };
    if (what === this.refuses) return mistake(507, "There is not enough room on the disk for this file.");
    switch (what) {
      case "GET room": return send(200, this.state());
      case "PUT room": {
        if (stale()) return undefined;
        if (asked.document.title.includes("REFUSE")) return mistake(422, "This cannot be a title.");
        if (JSON.stringify(asked.document) !== JSON.stringify(this.document)) {
          this.add({ document: asked.document, what: asked.what, kind: "edit", back: this.versions.length - 1, forward: null });
        }
        return send(200, this.state());
      }
      case "POST undo": {
        if (stale()) return undefined;
        const { back } = this.newest;
        if (back === null) return mistake(422, "There is nothing to undo.");
        return to(back, "undo", this.versions[back].back, this.versions.length - 1);
      }
      case "POST redo": {
        if (stale()) return undefined;
        const { forward } = this.newest;
        if (forward === null) return mistake(422, "There is nothing to do again.");
        return to(forward, "redo", this.versions.length - 1, this.versions[forward].forward);
      }
      case "POST restore": {
        if (stale()) return undefined;
        return to(asked.to, "edit", this.versions.length - 1, null);
      }
      case "GET history": return send(200, {
        entries: this.versions.map(({ kind, what: said, document }, revision) => ({
          revision, at: new Date(1.79e12 + revision * 6e4).toISOString(), kind, what: said,
          document: sha256(JSON.stringify(document)).slice(0, 16),
        })),
      });
      case "GET photos": return send(200, { photos: this.photos });
      case "POST seen": return send(200, { photos: [{ name: "1.webp", at: [40, 30] }, { name: "b 2.webp", at: [1, 2] }] });
      case "POST place": {
        if (stale()) return undefined;
        this.write((document) => ({ ...document, measured: asked.length ? { lengths: [asked.length] } : null }), "The room's size");
        return send(202, { id: "place" });
      }
      case "GET jobs/place": return send(200, { id: "place", kind: "place", state: "done", result: this.state() });
      case "POST build": {
        this.builds++;
        this.builtFrom = JSON.stringify(this.document);
        return send(202, { id: "build" });
      }
      case "GET jobs/build": return send(200, { id: "build", kind: "build", state: "done", fraction: 1 });
      case "GET uploads": return send(200, { uploads: [...this.uploads.values()].map(({ id, name, size, data }) =>
        ({ id, name, bytes: size, offset: data.length,
          pieces: data.length ? [{ bytes: data.length, sha256: sha256(data) }] : [] })) });
      case "POST uploads": {
        const id = String(this.uploads.size + 1);
        this.uploads.set(id, { id, name: asked.name, size: asked.bytes, data: Buffer.alloc(0) });
        return send(201, { id, name: asked.name, bytes: asked.bytes, offset: 0, pieces: [] });
      }
      case "POST captions/read": {
        if (asked.text.includes("BOMB")) return mistake(422, "Line 3 of these captions cannot be understood.");
        return send(200, { cues: [{ from: 0, to: 1, text: "Read from a file." }], format: "vtt", notes: [] });
      }
      case "POST captions/spread": {
        this.spreads.push(asked);
        return send(200, { cues: asked.text.split("\n").filter((line) => line)
          .map((text, i) => ({ from: i, to: i + 0.9, text })) });
      }
      case "POST captions/transcribe": return send(202, { id: "transcribe" });
      case "GET jobs/transcribe": return send(200, typeof this.transcribes === "string"
        ? { id: "transcribe", kind: "transcribe", state: "failed", error: { message: this.transcribes } }
        : { id: "transcribe", kind: "transcribe", state: "done", result: { cues: this.transcribes } });
      case "POST captions": {
        let path = `${asked.name}.${asked.language}.vtt`;
        for (let k = 2; this.captions.has(path); k++) path = `${asked.name}-${k}.${asked.language}.vtt`;
        this.captions.set(path, asked.cues);
        return send(201, { path });
      }
    }
    const [, method, kind, rest] = /^(\w+) (\w+)\/(.*)$/.exec(what) ?? [];
    if (kind === "history") return send(200, { revision: Number(rest), document: this.versions[Number(rest)].document });
    if (kind === "captions" && method === "GET") return send(200, { cues: this.captions.get(rest) });
    if (kind === "recordings") {
      return this.stories.has(rest) ? send(200, {
        path: rest, kind: "sound", bytes: 1, seconds: 2, state: "ready", loudness: null, error: null, used: true,
        silences: [], speech: { from: 0.5, to: 1.5 }, ...this.recordings[rest],
      }) : mistake(404, "There is no such recording.");
    }
    if (kind === "uploads") return this.upload(method, rest, bytes, request, send, mistake);
    return mistake(404, `There is nothing at ${what}.`);
  }

  async upload(method, rest, bytes, request, send, mistake) {
    const [id, finish] = rest.split("/");
    const one = this.uploads.get(id);
    if (!one) return mistake(404, "There is no such upload.");
    const offset = () => ({ "Upload-Offset": String(one.data.length) });
    if (method === "DELETE") {
      this.uploads.delete(id);
      return send(204, null);
    }
    if (finish) {
      if (one.name.endsWith(".exe")) return mistake(422, "This is neither sound, video nor captions.");
      this.uploads.delete(id);
      this.stories.set(one.name, one.data);
      return send(200, { path: one.name, kind: "sound" });
    }
    await this.holdPieces;
    if (this.silent) return request.socket.destroy();
    if (Number(request.headers["upload-offset"]) !== one.data.length) return send(409, { error: { message: "" } }, offset());
    if (request.headers["upload-checksum"] !== `sha256 ${sha256(bytes)}`) return mistake(422, "It was damaged on the way.");
    one.data = Buffer.concat([one.data, bytes]);
    return send(204, null, offset());
  }

  sendFile(path, request, response) {
    const content = path === "" ? page["edit.html"]
      : path.startsWith("site/") ? this.files[path.slice(5)] ?? page[path.slice(5)]
        : path.startsWith("stories/") ? this.stories.get(path.slice(8))
          : /^(thumbs|photos)\//.test(path) ? this.files["photos/1.webp"]
            : path.startsWith("assets/") ? page[path] : undefined;
    response.setHeader("Content-Security-Policy", policy);
    response.setHeader("Cache-Control", "no-store");
    if (content === undefined) return response.writeHead(404).end();
    response.setHeader("Content-Type", path === "" ? types[".html"] : types[extname(path)] ?? "application/octet-stream");
    const range = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? "");
    if (range) {
      const [from, to] = [Number(range[1]), range[2] ? Number(range[2]) : content.length - 1];
      response.writeHead(206, {
        "Content-Range": `bytes ${from}-${to}/${content.length}`, "Content-Length": to - from + 1, "Accept-Ranges": "bytes",
      });
      return response.end(content.subarray(from, to + 1));
    }
    response.setHeader("Accept-Ranges", "bytes");
    response.setHeader("Content-Length", content.length);
    return response.end(content);
  }
}
