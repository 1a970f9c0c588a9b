// How much of a large room a device takes: on a small screen held in the hand a million splats are plenty,
// and the rest would cost its memory and its battery.
import type { Visit } from "./visit";

export interface Device {
  readonly touched: boolean; // the main pointer is a finger
  readonly memory_GB: number | null; // null: the browser does not say
  readonly cores: number | null;
}

const plenty = 1e6; // splats
const small_GB = 4;
const fewCores = 4;

export function mostSplats({ touched, memory_GB, cores }: Device): number {
  const isSmall = touched || (memory_GB ?? small_GB) < small_GB || (cores ?? fewCores) < fewCores;
  return isSmall ? plenty : Infinity;
}

// The parts to fetch after the first, which holds `shown` splats: as many as come nearest to `most`, in batches
// to be shown at once, each of about as many splats as there were before. A slow machine draws all anew for
// each, and less would hardly be seen. The further parts are about equally large.
export function batchesFor(
  { further, count }: Visit["splats"],
  shown: number,
  most: number,
): readonly (readonly string[])[] {
  const each = Math.max(1, (count - shown) / Math.max(1, further.length));
  const parts = further.slice(0, Math.max(0, Math.round((most - shown) / each)));
  const batches: string[][] = [];
  for (let taken = 0; taken < parts.length; taken += batches.at(-1)!.length) {
    batches.push(parts.slice(taken, taken + Math.max(1, Math.ceil((shown + taken * each) / each))));
  }
  return batches;
}

export function thisDevice(): Device {
  const { deviceMemory, hardwareConcurrency } = navigator as { deviceMemory?: number; hardwareConcurrency?: number };
  return {
    touched: window.matchMedia("(pointer: coarse)").matches,
    memory_GB: deviceMemory ?? null, cores: hardwareConcurrency ?? null,
  };
}
