import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Refusal, Unreachable, type Client } from "./client";
import { piece_bytes, upload, unfinishedUploads } from "./upload";

const bytes = 2 * piece_bytes + 1000;

// Of that many bytes, and never two alike.
function recording(seed: number): Blob {
  const data = new Uint8Array(bytes);
  for (let i = 0; i < bytes; i += 997) data[i] = (seed * 31 + i) % 256;
  return new Blob([data]);
}

// Stands in for SHA-256, which not every Node that runs this has: an FNV-1a of 32 bits will tell the
// files of this test apart.
async function digest(_name: string, data: ArrayBuffer): Promise<ArrayBuffer> {
  let sum = 0x811c9dc5;
  for (const byte of new Uint8Array(data)) sum = Math.imul(sum ^ byte, 0x01000193);
  return new Int32Array([sum]).buffer;
}

async function sumOf(blob: Blob): Promise<string> {
  const sum = new Uint8Array(await digest("", await blob.arrayBuffer()));
  return [...sum].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

// The program's part, in memory.
class Desk {
  readonly open = new Map<string, { name: string; bytes: number; pieces: Blob[] }>();
  readonly stories: Blob[] = [];
  silentFor = 0; // questions that nobody answers
  losesAnswerOf = -1; // a piece that comes and whose answer does not
  refuses = false;
  private said(): void {
    if (this.silentFor > 0) {
      this.silentFor--;
      throw new Unreachable("");
    }
  }
  readonly ask = vi.fn(async (method: string, address: string, body?: { name: string; bytes: number }) => {
    this.said();
    const id = address.split("/")[2] ?? "";
    if (method === "DELETE") return void this.open.delete(id);
    if (address.endsWith("/finish")) {
      if (this.refuses) throw new Refusal(422, { message: "This is neither a recording nor captions." }, null);
      this.stories.push(new Blob(this.open.get(id)?.pieces));
      this.open.delete(id);
      return { path: "tune.wav", kind: "sound" };
    }
    if (method === "POST" && body) {
      const fresh = String(this.open.size + 1);
      this.open.set(fresh, { ...body, pieces: [] });
      return { id: fresh, ...body, offset: 0, pieces: [] };
    }
    return { uploads: await Promise.all([...this.open].map(async ([key, { name, bytes: all, pieces }]) => ({
      id: key, name, bytes: all, offset: new Blob(pieces).size,
      pieces: await Promise.all(pieces.map(async (piece) => ({ bytes: piece.size, sha256: await sumOf(piece) }))),
    }))) };
  });
  readonly send = vi.fn(async (_method: string, address: string, piece: Blob, headers: Record<string, string>) => {
    this.said();
    const one = this.open.get(address.split("/")[2] ?? "");
    if (!one) return new Response(null, { status: 404 });
    const at = new Blob(one.pieces).size;
    const fits = Number(headers["Upload-Offset"]) === at;
    if (fits) {
      expect(headers["Upload-Checksum"]).toBe(`sha256 ${await sumOf(piece)}`);
      one.pieces.push(piece);
      if (one.pieces.length === this.losesAnswerOf) {
        this.losesAnswerOf = -1;
        throw new Unreachable("");
      }
    }
    const offset = String(new Blob(one.pieces).size);
    return new Response(null, { status: fits ? 204 : 409, headers: { "Upload-Offset": offset } });
  });
  get client(): Client {
    return this as unknown as Client;
  }
}

const watching = (signal = new AbortController().signal) =>
  ({ progress: vi.fn<(share: number) => void>(), waiting: vi.fn<(waits: boolean) => void>(), signal });

beforeEach(() => {
  vi.stubGlobal("crypto", { subtle: { digest } });
  vi.stubGlobal("setTimeout", (act: () => void) => queueMicrotask(act)); // nobody waits here
});
afterEach(() => {
  vi.unstubAllGlobals();
});

test("a file comes whole, in pieces", async () => {
  const desk = new Desk(), file = recording(1), seen = watching();
  expect(await upload(desk.client, file, "tune.wav", seen)).toEqual({ path: "tune.wav", kind: "sound" });
  expect(desk.send).toHaveBeenCalledTimes(3);
  expect(await sumOf(desk.stories[0] as Blob)).toBe(await sumOf(file));
  const shares = seen.progress.mock.calls.map(([share]) => share);
  expect(shares[0]).toBe(0);
  expect(shares.at(-1)).toBe(1);
  expect(await unfinishedUploads(desk.client)).toEqual([]);
});

test("it waits while nobody answers, and goes on where it was", async () => {
  const desk = new Desk(), file = recording(2), seen = watching();
  desk.silentFor = 2;
  desk.losesAnswerOf = 2; // it came, and is not sent twice
  await upload(desk.client, file, "tune.wav", seen);
  expect(seen.waiting.mock.calls.map(([waits]) => waits)).toContain(true);
  expect(seen.waiting.mock.lastCall).toEqual([false]);
  expect(await sumOf(desk.stories[0] as Blob)).toBe(await sumOf(file));
});

test("one that was begun is taken up", async () => {
  const desk = new Desk(), file = recording(3);
  desk.open.set("7", { name: "tune.wav", bytes, pieces: [file.slice(0, piece_bytes)] });
  await upload(desk.client, file, "tune.wav", watching());
  expect(desk.send).toHaveBeenCalledTimes(2);
  expect(await sumOf(desk.stories[0] as Blob)).toBe(await sumOf(file));
  expect(desk.open.size).toBe(0);
});

test("another recording of the same name and size is not mixed with it", async () => {
  const desk = new Desk(), file = recording(5);
  desk.open.set("7", { name: "tune.wav", bytes, pieces: [recording(4).slice(0, piece_bytes)] });
  await upload(desk.client, file, "tune.wav", watching());
  expect(await sumOf(desk.stories[0] as Blob)).toBe(await sumOf(file));
  expect(await unfinishedUploads(desk.client)).toEqual(["tune.wav"]);
});

test("what is refused or given up is dropped", async () => {
  const desk = new Desk();
  desk.refuses = true;
  await expect(upload(desk.client, recording(6), "tune.wav", watching())).rejects.toThrow("neither a recording");
  const given = new AbortController();
  const seen = watching(given.signal);
  seen.progress.mockImplementation((share) => share > 0 && given.abort());
  await expect(upload(desk.client, recording(7), "tune.wav", seen)).rejects.toThrow();
  expect(desk.open.size).toBe(0);
  expect(desk.stories).toEqual([]);
});
