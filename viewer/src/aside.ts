// Asks a worker for what takes longer than a page may stand still.
import type { GroundMap, Place } from "./ground_map";
import type { Sog, SogMeta } from "./sog";

export type Asked =
  | { readonly what: "ground"; readonly mesh: ArrayBuffer; readonly doorway: Place }
  | ({ readonly what: "centres"; readonly lower: Blob; readonly upper: Blob } &
    Pick<SogMeta, "means" | "count">);
export interface Answer {
  readonly number: number;
  readonly value?: unknown;
  readonly error?: string;
}

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

export class Aside {
  private readonly worker = new Worker(new URL("./aside_worker.ts", import.meta.url), { type: "module" });
  private readonly waiting = new Map<number, Waiting>();
  private asked = 0;

  constructor() {
    this.worker.onmessage = ({ data }: MessageEvent<Answer>) => {
      const one = this.waiting.get(data.number);
      this.waiting.delete(data.number);
      if (data.error === undefined) one?.resolve(data.value);
      else one?.reject(new Error(data.error));
    };
    this.worker.onerror = () => this.giveUp(new Error("the page's worker did not start"));
  }

  // Nothing where the mesh leaves nowhere to stand. Errors: whatever is amiss with the mesh.
  ground(mesh: ArrayBuffer, doorway: Place): Promise<GroundMap | null> {
    return this.ask({ what: "ground", mesh, doorway }, [mesh]) as Promise<GroundMap | null>;
  }

  // Where each splat lies. Nothing in browsers whose workers cannot look into a picture.
  centres({ meta, pictures }: Sog): Promise<Float32Array> | null {
    if (typeof OffscreenCanvas === "undefined") return null;
    const [lower, upper] = meta.means.files.map((name) => pictures.get(name)!) as [Blob, Blob];
    const { means, count } = meta;
    return this.ask({ what: "centres", lower, upper, means, count }, []) as Promise<Float32Array>;
  }

  close(): void {
    this.worker.terminate();
    this.giveUp(new DOMException("nobody waits for it any more", "AbortError"));
  }

  private giveUp(error: Error): void {
    for (const { reject } of this.waiting.values()) reject(error);
    this.waiting.clear();
  }

  private ask(asked: Asked, given: Transferable[]): Promise<unknown> {
    const answer = new Promise((resolve, reject) => {
      this.waiting.set(++this.asked, { resolve, reject });
      this.worker.postMessage({ number: this.asked, asked }, given);
    });
    answer.catch(() => {}); // whoever waits for it is told, if anybody does
    return answer;
  }
}
