import { afterEach, expect, test, vi } from "vitest";
import { encodeSog } from "../e2e/sog.mjs";
import { encodeWebp } from "../e2e/webp.mjs";
import { checkMeta, fetchSog, RoomFileError, webpSize } from "./sog";

const splat = {
  position: [0, 1, -2], scale: [0.1, 0.2, 0.3], rotation: [1, 0, 0, 0],
  colour: [0.2, 0.5, 0.8], opacity: 0.9,
};

function serve(files: Record<string, Uint8Array>): void {
  vi.stubGlobal("fetch", async (url: string) => {
    const content = files[url.replace("splats/", "")];
    if (!content) return new Response("", { status: 404 });
    return new Response(content as BodyInit, {
      headers: { "content-length": String(content.length) },
    });
  });
}

function files(count = 5): Record<string, Uint8Array> {
  return encodeSog(Array.from({ length: count }, () => splat));
}

async function failure(content: Record<string, Uint8Array>): Promise<RoomFileError> {
  serve(content);
  const error: unknown = await fetchSog("splats/meta.json", new AbortController().signal, () => {})
    .then(() => null, (caught: unknown) => caught);
  expect(error).toBeInstanceOf(RoomFileError);
  return error as RoomFileError;
}

afterEach(() => {
  vi.unstubAllGlobals();
});

test("fetches every picture and tells how far it is", async () => {
  serve(files());
  const progress: number[] = [];
  const sog = await fetchSog("splats/meta.json", new AbortController().signal, (done) => {
    progress.push(done!);
  });
  expect(sog.meta.count).toBe(5);
  expect([...sog.pictures.keys()].sort()).toEqual(
    ["means_l.webp", "means_u.webp", "quats.webp", "scales.webp", "sh0.webp"]);
  expect(progress).toEqual([...progress].sort((a, b) => a - b));
  expect(progress.at(-1)).toBe(1);
});

test("where nobody says how much there is, no share of it is told until all is there", async () => {
  const content = files();
  vi.stubGlobal("fetch", async (url: string) => new Response(content[url.replace("splats/", "")] as BodyInit));
  const progress = new Set<number | null>();
  await fetchSog("splats/meta.json", new AbortController().signal, (done) => progress.add(done));
  expect([...progress]).toEqual([null, 1]);
});

test("a missing file is told apart from a wrong one", async () => {
  expect((await failure({})).kind).toBe("missing");
  const { "quats.webp": _, ...rest } = files();
  expect((await failure(rest)).kind).toBe("missing");
  expect((await failure({ ...files(), "meta.json": new TextEncoder().encode("{") })).kind)
    .toBe("wrong");
  expect((await failure({ ...files(), "sh0.webp": new Uint8Array(100) })).message)
    .toBe("sh0.webp is not a lossless WebP picture");
  expect((await failure({ ...files(), "sh0.webp": files()["sh0.webp"]!.slice(0, 12) })).kind)
    .toBe("wrong");
});

test("a picture too small for its splats is found", async () => {
  const small = encodeWebp(2, 2, new Uint8Array(16));
  expect((await failure({ ...files(5), "scales.webp": small })).message)
    .toBe("scales.webp is too small for its splats");
});

test("leaving ends the fetching", async () => {
  vi.stubGlobal("fetch", (_: string, init: RequestInit) =>
    new Promise((_resolve, reject) => {
      init.signal!.addEventListener("abort", () => reject(init.signal!.reason as Error));
    }));
  const leaving = new AbortController();
  const fetching = fetchSog("splats/meta.json", leaving.signal, () => {});
  leaving.abort();
  await expect(fetching).rejects.toMatchObject({ name: "AbortError" });
});

test("what meta.json must hold", () => {
  const meta = () => JSON.parse(new TextDecoder().decode(files()["meta.json"])) as Record<
    string, { files?: string[]; mins?: unknown; codebook?: unknown[] }>;
  expect(checkMeta(meta())).toEqual(meta());
  expect(() => checkMeta([])).toThrow("version 2");
  expect(() => checkMeta({ ...meta(), count: 0 })).toThrow("count");
  expect(() => checkMeta({ ...meta(), quats: undefined })).toThrow("quats.files");
  expect(() => checkMeta({ ...meta(), sh0: { files: ["../sh0.webp"] } })).toThrow("sh0.files");
  expect(() => checkMeta({ ...meta(), scales: { files: ["s.webp"] } })).toThrow("codebook");
  expect(() => checkMeta({ ...meta(), shN: { files: ["a.webp", "b.webp"] } })).toThrow("codebook");
  expect(() => checkMeta({ ...meta(), means: { ...meta()["means"], mins: [0, 0] } })).toThrow("mins");
});

test("the size of a WebP is read from its head", () => {
  expect(webpSize(encodeWebp(3, 300, new Uint8Array(3600)))).toEqual({ width: 3, height: 300 });
  expect(webpSize(encodeWebp(1000, 1, new Uint8Array(4000)))).toEqual({ width: 1000, height: 1 });
  expect(webpSize(new Uint8Array(40))).toBeNull();
});
