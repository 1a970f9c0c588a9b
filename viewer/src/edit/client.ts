// What the keeper's page asks of the program: docs/edit-protocol.md.
import type { Vec3 } from "../visit";
import type { RoomDocument } from "./room_document";

export interface Job {
  readonly id: string;
  readonly kind: string;
  readonly state: "running" | "done" | "failed" | "cancelled";
  readonly stage?: string;
  readonly fraction?: number;
  readonly result?: unknown;
  readonly error?: Complaint | null;
}

export interface State {
  readonly revision: number;
  readonly document: RoomDocument;
  readonly undo: { readonly what: string } | null;
  readonly redo: { readonly what: string } | null;
  readonly problems: readonly string[];
  readonly places: Readonly<Record<string, Vec3 | null>>;
  readonly doorway: { readonly position: Vec3; readonly look_at: Vec3; readonly estimated: boolean } | null;
  readonly scale: { readonly from: string; readonly deviation: number; readonly estimated: boolean } | null;
  readonly up: { readonly from: string; readonly estimated: boolean } | null;
  readonly tour_minutes: number | null;
  readonly site: { readonly there: boolean; readonly fresh: boolean };
  readonly can: { readonly transcribe: boolean; readonly record_bytes: number };
}

export interface Conflict {
  readonly revision: number;
  readonly document: RoomDocument; // as it stands now
  readonly base: RoomDocument; // what the change was made from
  readonly yours: RoomDocument;
}

export interface PhotoFile {
  readonly name: string;
  readonly placed: boolean;
  readonly width: number | null; // pixels; where it is placed
  readonly height: number | null;
  readonly position: Vec3 | null;
  readonly look_at: Vec3 | null;
}

export interface Cue {
  readonly from: number; // seconds
  readonly to: number;
  readonly text: string;
}

export interface Recording {
  readonly path: string;
  readonly kind: "sound" | "video";
  readonly seconds: number | null;
  readonly state: "waiting" | "making" | "ready" | "failed";
  readonly fraction?: number;
  readonly error?: string | Complaint | null;
  readonly used: boolean;
  readonly speech?: { readonly from: number; readonly to: number } | null;
}

export interface Entry {
  readonly revision: number;
  readonly at: string;
  readonly kind: "edit" | "undo" | "redo" | "outside";
  readonly what: string;
  readonly document: string; // the same for the same words
}

export interface Complaint {
  readonly message: string;
  readonly where?: string;
  readonly hint?: string;
}

// The program's own sentence about what was asked.
export class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly complaint: Complaint,
    readonly conflict: Conflict | null,
  ) {
    super([complaint.message, complaint.where, complaint.hint].filter((part) => part).join(" "));
  }
}

// Nobody answers: the program was ended, most likely.
export class Unreachable extends Error {}

const poll_ms = 500;

export class Client {
  // The page's folder, whose name is the secret.
  constructor(private readonly secret: string) {}

  room(): Promise<State> {
    return this.ask("GET", "api/room");
  }
  save(revision: number, document: RoomDocument, what: string): Promise<State> {
    return this.ask("PUT", "api/room", { revision, document, what });
  }
  undo(revision: number): Promise<State> {
    return this.ask("POST", "api/undo", { revision });
  }
  redo(revision: number): Promise<State> {
    return this.ask("POST", "api/redo", { revision });
  }
  restore(revision: number, to: number): Promise<State> {
    return this.ask("POST", "api/restore", { revision, to });
  }
  async history(): Promise<readonly Entry[]> {
    return (await this.ask<{ entries: Entry[] }>("GET", "api/history")).entries;
  }
  async documentAt(revision: number): Promise<RoomDocument> {
    return (await this.ask<{ document: RoomDocument }>("GET", `api/history/${revision}`)).document;
  }

  async photos(): Promise<readonly PhotoFile[]> {
    return (await this.ask<{ photos: PhotoFile[] }>("GET", "api/photos")).photos;
  }
  // The names of those that show a place, the best first.
  async seen(position: Vec3): Promise<readonly string[]> {
    const { photos } = await this.ask<{ photos: { name: string }[] }>("POST", "api/seen", { position });
    return photos.map(({ name }) => name);
  }

  async length(revision: number, from: Vec3, to: Vec3, metres: number): Promise<State> {
    return this.placed({ revision, length: { from, to, metres } });
  }
  async up(revision: number, low: Vec3, high: Vec3): Promise<State> {
    return this.placed({ revision, up: { low, high } });
  }
  async forget(revision: number, what: "length" | "up"): Promise<State> {
    return this.placed({ revision, forget: what });
  }
  private async placed(body: object): Promise<State> {
    const { id } = await this.ask<{ id: string }>("POST", "api/place", body);
    return (await this.finished(id, () => {})).result as State;
  }

  // Makes the visitor's page anew; progress from 0 to 1.
  async build(onProgress: (done: number) => void): Promise<void> {
    const { id } = await this.ask<{ id: string }>("POST", "api/build", {});
    await this.finished(id, onProgress);
  }

  recording(path: string): Promise<Recording> {
    return this.ask("GET", `api/recordings/${encodeURI(path)}`);
  }

  async readCaptions(text: string): Promise<readonly Cue[]> {
    return (await this.ask<{ cues: Cue[] }>("POST", "api/captions/read", { text })).cues;
  }
  async spreadCaptions(recording: string, text: string): Promise<readonly Cue[]> {
    return (await this.ask<{ cues: Cue[] }>("POST", "api/captions/spread", { recording, text })).cues;
  }
  async transcribe(recording: string, language: string, onProgress: (done: number) => void): Promise<readonly Cue[]> {
    const { id } = await this.ask<{ id: string }>("POST", "api/captions/transcribe", { recording, language });
    return ((await this.finished(id, onProgress)).result as { cues: Cue[] }).cues;
  }
  // Gives the path of the new file.
  async writeCaptions(name: string, language: string, cues: readonly Cue[]): Promise<string> {
    return (await this.ask<{ path: string }>("POST", "api/captions", { name, language, cues })).path;
  }
  async captions(path: string): Promise<readonly Cue[]> {
    return (await this.ask<{ cues: Cue[] }>("GET", `api/captions/${encodeURI(path)}`)).cues;
  }

  private async finished(id: string, onProgress: (done: number) => void): Promise<Job> {
    for (;;) {
      const job = await this.ask<Job>("GET", `api/jobs/${id}`);
      if (job.fraction !== undefined) onProgress(job.fraction);
      if (job.state === "done") return job;
      if (job.state !== "running") {
        throw new Refusal(422, job.error ?? { message: job.state }, null);
      }
      await new Promise((resolve) => setTimeout(resolve, poll_ms));
    }
  }

  // Errors: Refusal, Unreachable.
  async ask<Answer>(method: string, address: string, body?: object): Promise<Answer> {
    const answer = await this.send(method, address, body === undefined ? null : JSON.stringify(body),
      body === undefined ? {} : { "Content-Type": "application/json" });
    if (answer.status === 204) return undefined as Answer;
    const said: unknown = await answer.json().catch(() => null);
    if (answer.ok) return said as Answer;
    throw refusalFrom(answer.status, said);
  }

  // Errors: Unreachable.
  async send(
    method: string, address: string, body: string | Blob | null, headers: Readonly<Record<string, string>>,
  ): Promise<Response> {
    try {
      return await fetch(address, {
        method, body, cache: "no-store", headers: { ...headers, Authorization: `Bearer ${this.secret}` },
      });
    } catch {
      throw new Unreachable(address);
    }
  }
}

export function refusalFrom(status: number, said: unknown): Refusal {
  const answer = (said ?? {}) as { error?: Complaint; violations?: string[] } & Partial<Conflict>;
  const { message = `${status}`, where = "", hint = "" } = answer.error ?? {};
  const complaint = { message, where, hint: [...answer.violations ?? [], hint].join(" ") };
  const { revision, document, base, yours } = answer;
  const conflict = status === 409 && revision !== undefined && document && base && yours
    ? { revision, document, base, yours } : null;
  return new Refusal(status, complaint, conflict);
}

export const secretIn = (pathname: string): string => pathname.split("/")[1] ?? "";
