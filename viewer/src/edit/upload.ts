// A file on its way into stories/, in pieces, each of them on the disk before the next is sent; it goes on
// where it stopped, after a lost connection and after a new start of the program.
import { refusalFrom, Unreachable, type Client } from "./client";

export const piece_bytes = 4 * 1024 * 1024;
const patience_ms = 2000; // between tries, while nobody answers

interface Open {
  readonly id: string;
  readonly name: string;
  readonly bytes: number;
  readonly offset: number;
  readonly pieces: readonly { readonly bytes: number; readonly sha256: string }[]; // that came, in order
}

export interface Arrived {
  readonly path: string; // below stories/
  readonly kind: "sound" | "video" | "captions";
}

export interface Watching {
  readonly progress: (share: number) => void;
  readonly waiting: (waits: boolean) => void; // for the program to answer
  readonly signal: AbortSignal; // the upload is dropped
}

async function hexOf(bytes: ArrayBuffer): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

// Whether what came of it is the beginning of this file, and not of another of its name and size: a
// recording that was made again, say.
async function isOf({ name, bytes, offset, pieces }: Open, file: Blob, wanted: string): Promise<boolean> {
  if (name !== wanted || bytes !== file.size) return false;
  let at = 0;
  for (const piece of pieces) {
    if (await hexOf(await file.slice(at, at + piece.bytes).arrayBuffer()) !== piece.sha256) return false;
    at += piece.bytes;
  }
  return at === offset;
}

// One that was begun with the same file and not finished is taken up.
// Errors: Refusal; the signal's own.
export async function upload(client: Client, file: Blob, name: string, watching: Watching): Promise<Arrived> {
  const { progress, signal } = watching;
  const stay = <T>(act: () => Promise<T>) => persisting(act, watching);
  const { uploads } = await stay(() => client.ask<{ uploads: Open[] }>("GET", "api/uploads"));
  let begun: Open | undefined;
  for (const one of uploads) if (!begun && await isOf(one, file, name)) begun = one;
  const { id, offset } = begun ?? await stay(() =>
    client.ask<Open>("POST", "api/uploads", { name, bytes: file.size }));
  let at = offset;
  try {
    while (at < file.size) {
      signal.throwIfAborted();
      progress(at / file.size);
      const piece = file.slice(at, at + piece_bytes);
      at = await stay(() => sendPiece(client, id, piece, at));
    }
    progress(1);
    return await stay(() => client.ask<Arrived>("POST", `api/uploads/${id}/finish`, { sha256: null }));
  } catch (error) {
    // What was refused is of no use; what was given up is not wanted.
    await client.ask("DELETE", `api/uploads/${id}`).catch(() => {});
    throw error;
  }
}

// The names of files that were begun and not finished; none where nobody answers.
export async function unfinishedUploads(client: Client): Promise<string[]> {
  try {
    return (await client.ask<{ uploads: Open[] }>("GET", "api/uploads")).uploads.map(({ name }) => name);
  } catch {
    return [];
  }
}

// Gives how far the file has come, whatever was thought before.
async function sendPiece(client: Client, id: string, piece: Blob, at: number): Promise<number> {
  const bytes = await piece.arrayBuffer();
  const answer = await client.send("PUT", `api/uploads/${id}`, piece, {
    "Content-Type": "application/octet-stream",
    "Upload-Offset": String(at),
    "Upload-Checksum": `sha256 ${await hexOf(bytes)}`,
  });
  const offset = Number(answer.headers.get("Upload-Offset") ?? NaN);
  if ((answer.ok || answer.status === 409) && Number.isInteger(offset)) return offset;
  throw refusalFrom(answer.status, await answer.json().catch(() => null));
}

async function persisting<T>(act: () => Promise<T>, { waiting, signal }: Watching): Promise<T> {
  for (;;) {
    signal.throwIfAborted();
    try {
      const value = await act();
      waiting(false);
      return value;
    } catch (error) {
      if (!(error instanceof Unreachable)) throw error;
      waiting(true);
      await new Promise((resolve) => setTimeout(resolve, patience_ms));
    }
  }
}
