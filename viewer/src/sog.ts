// Fetches a SOG (meta.json and its WebP pictures) with true progress, and looks at it before the
// engine does: the engine has no answer to a missing or short picture.

// `anew`: only loading the page anew can help; browsers remember a part of its code that did not come.
export class RoomFileError extends Error {
  constructor(
    readonly kind: "missing" | "wrong",
    message: string,
    readonly anew = false,
  ) {
    super(message);
  }
}

export interface Sog {
  readonly meta: SogMeta;
  readonly pictures: ReadonlyMap<string, Blob>;
}

interface Part {
  readonly files: readonly string[];
  readonly codebook?: readonly number[];
  readonly mins?: readonly number[];
  readonly maxs?: readonly number[];
}
export interface SogMeta {
  readonly version: 2;
  readonly count: number;
  readonly antialias?: boolean;
  readonly means: Part;
  readonly scales: Part;
  readonly quats: Part;
  readonly sh0: Part;
  readonly shN?: Part;
}

function wrong(what: string): never {
  throw new RoomFileError("wrong", what);
}

function isNumbers(list: unknown, length: number): boolean {
  return Array.isArray(list) && list.length === length &&
    list.every((value) => typeof value === "number" && Number.isFinite(value));
}

// The parts the engine will read, or an error that names what is amiss.
export function checkMeta(json: unknown): SogMeta {
  if (typeof json !== "object" || json === null) wrong("meta.json is not an object");
  const meta = json as Record<string, unknown>;
  if (meta["version"] !== 2) wrong("meta.json is not of version 2");
  const count = meta["count"];
  if (!Number.isInteger(count) || (count as number) < 1) wrong("meta.json: count must be 1 or more");
  const part = (name: string, files: number): Part => {
    const value = meta[name] as Part | undefined;
    const names = value?.files;
    if (!Array.isArray(names) || names.length !== files ||
        !names.every((file) => typeof file === "string" && /^[\w-][\w.-]*$/.test(file))) {
      wrong(`meta.json: ${name}.files must name ${files} files`);
    }
    return value!;
  };
  const means = part("means", 2);
  if (!isNumbers(means.mins, 3) || !isNumbers(means.maxs, 3)) {
    wrong("meta.json: means.mins and means.maxs must be three numbers each");
  }
  part("quats", 1);
  const books = [part("scales", 1), part("sh0", 1)];
  if (meta["shN"] !== undefined) books.push(part("shN", 2));
  if (!books.every((book) => isNumbers(book.codebook, 256))) {
    wrong("meta.json: every codebook must hold 256 numbers");
  }
  return meta as unknown as SogMeta;
}

// Width and height from the head of a WebP file; nothing when it is not one.
export function webpSize(head: Uint8Array): { width: number; height: number } | null {
  const tag = (at: number) => String.fromCharCode(...head.subarray(at, at + 4));
  if (head.length < 25 || tag(0) !== "RIFF" || tag(8) !== "WEBP") return null;
  const u24 = (at: number) => head[at]! | (head[at + 1]! << 8) | (head[at + 2]! << 16);
  switch (tag(12)) {
    case "VP8L":
      return {
        width: 1 + (u24(21) & 0x3fff),
        height: 1 + ((u24(22) >> 6) & 0x3fff),
      };
    case "VP8X":
      return head.length < 30 ? null : { width: 1 + u24(24), height: 1 + u24(27) };
    default:
      return null; // lossy pictures cannot hold a SOG
  }
}

function requireSize(name: string, head: Uint8Array, pixels: number): void {
  const size = webpSize(head);
  if (size === null) wrong(`${name} is not a lossless WebP picture`);
  if (size.width * size.height < pixels) wrong(`${name} is too small for its splats`);
}

async function open(url: string, signal: AbortSignal): Promise<Response> {
  const answer = await fetch(url, { signal }).catch((error: unknown) => {
    if (signal.aborted) throw error;
    throw new RoomFileError("missing", `${url} could not be fetched`);
  });
  if (!answer.ok) throw new RoomFileError("missing", `${url}: ${answer.status}`);
  return answer;
}

// Reads an answer piece by piece, telling how many bytes came.
async function readAll(answer: Response, onBytes: (bytes: number) => void): Promise<Uint8Array[]> {
  const pieces: Uint8Array[] = [];
  const reader = answer.body!.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return pieces;
    pieces.push(value);
    onBytes(value.length);
  }
}

// Progress goes from 0 to 1, and is null where the server does not say how much there is. Errors: RoomFileError; the signal's own when aborted.
export async function fetchSog(
  url: string,
  signal: AbortSignal,
  onProgress: (done: number | null) => void,
): Promise<Sog> {
  const answer = await open(url, signal);
  const meta = checkMeta(await answer.json().catch(() => wrong("meta.json is not JSON")));
  const splatPictures = [meta.means, meta.scales, meta.quats, meta.sh0].flatMap((p) => p.files);
  const names = [...splatPictures, ...(meta.shN?.files ?? [])];
  const base = url.slice(0, url.lastIndexOf("/") + 1);
  const answers = await Promise.all(names.map((name) => open(base + name, signal)));
  const sizes = answers.map((each) => Number(each.headers.get("content-length")) || 0);
  const total = sizes.includes(0) ? null : sizes.reduce((sum, size) => sum + size, 0);
  let got = 0;
  const contents = await Promise.all(answers.map((each) => readAll(each, (bytes) => {
    got += bytes;
    onProgress(total === null ? null : Math.min(1, got / total));
  }))).catch((error: unknown) => {
    if (signal.aborted) throw error;
    throw new RoomFileError("missing", "the connection ended early");
  });
  const pictures = new Map<string, Blob>();
  await Promise.all(names.map(async (name, i) => {
    const blob = new Blob(contents[i] as BlobPart[], { type: "image/webp" });
    const head = new Uint8Array(await blob.slice(0, 32).arrayBuffer());
    const holdsSplats = splatPictures.includes(name) || name === meta.shN?.files[1];
    requireSize(name, head, holdsSplats ? meta.count : 1);
    pictures.set(name, blob);
  }));
  onProgress(1);
  return { meta, pictures };
}
