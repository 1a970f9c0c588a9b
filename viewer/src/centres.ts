// Where each splat of a SOG lies, for sorting. Reckoned beside the page (aside_worker.ts): the engine
// would ask the graphics card for it and wait.
import type { SogMeta } from "./sog";

// x, y and z of each splat, from the RGBA bytes of the pictures with the lower and the upper byte.
export function centresFrom(
  { means: { mins, maxs }, count }: Pick<SogMeta, "means" | "count">,
  lower: ArrayLike<number>,
  upper: ArrayLike<number>,
): Float32Array {
  const centres = new Float32Array(3 * count);
  for (let axis = 0; axis < 3; axis++) {
    const low = mins![axis]!;
    const step = (maxs![axis]! - low) / 65535;
    for (let i = 0; i < count; i++) {
      const value = low + step * (lower[4 * i + axis]! + 256 * upper[4 * i + axis]!);
      centres[3 * i + axis] = Math.sign(value) * Math.expm1(Math.abs(value));
    }
  }
  return centres;
}
