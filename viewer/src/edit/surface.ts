// Where a ray meets the room: the splats of a SOG as what stops light, and no more.
//
// A splat is met where its density along the ray is greatest, so that a flat one is a plane, and the
// surface is where half of the light is stopped: as src/space finds depths.
import { centresFrom } from "../centres";
import type { SogMeta } from "../sog";
import type { Vec3 } from "../visit";

export interface Ray {
  readonly from: Vec3;
  readonly along: Vec3; // of length 1
}

export interface Place {
  readonly position: Vec3;
  readonly deviation_m: number; // standard deviation: of the surface, the depths nearby, a hand that points
}

// What is in the pictures of a SOG, as RGBA bytes.
export interface SplatBytes {
  readonly lower: ArrayLike<number>;
  readonly upper: ArrayLike<number>;
  readonly scales: ArrayLike<number>;
  readonly quats: ArrayLike<number>;
  readonly sh0: ArrayLike<number>;
}

const nearest_m = 0.05; // what is closer to the eyes is not what is looked at
const widest_q = 8; // of the Gaussian's exponent; src/scene/splat_convention.h
const falloffFloor = Math.exp(-4);
const leastAlpha = 1 / 255;
const mostAlpha = 0.999;
const thinnest_m = 2e-4;
const surface_share = 0.008; // of its distance: how far off the splats' surface is; bench/clicks.mjs measures it
const deviation_per_median = 1.4826; // of absolute differences, for normal ones
const jump_share = 0.025; // of the depth: what is so much farther is another surface
const leastOfSurface = 0.16; // of the rays: a corner, missed by little
const middle = 5; // rays, of those that meet it, say where it is
const floats = 14; // of a splat: centre, three rows that make it a unit ball, opacity, reach

interface Met {
  readonly order: number; // of the ray
  readonly depth: number;
}

const ring = (radius_px: number, count: number) => Array.from({ length: count }, (_, i) =>
  [radius_px * Math.cos((2 * Math.PI * i) / count), radius_px * Math.sin((2 * Math.PI * i) / count)] as const);

// Of the rays about a point of the picture, from it outwards.
export const around_px = [[0, 0] as const, ...ring(1.5, 4), ...ring(5, 12)];

export class Surface {
  private readonly parts: Float32Array[] = [];

  // One SOG more of the same room.
  add(meta: Pick<SogMeta, "means" | "scales" | "count">, bytes: SplatBytes): void {
    const { count } = meta;
    const book = meta.scales.codebook!;
    const centres = centresFrom(meta, bytes.lower, bytes.upper);
    const splats = new Float32Array(floats * count);
    for (let i = 0; i < count; i++) {
      const at = floats * i;
      splats.set(centres.subarray(3 * i, 3 * i + 3), at);
      const sizes = [0, 1, 2].map((k) => Math.max(thinnest_m, Math.exp(book[bytes.scales[4 * i + k]!]!)));
      const axes = axesFrom(bytes.quats, 4 * i);
      for (let k = 0; k < 3; k++) {
        for (let j = 0; j < 3; j++) splats[at + 3 + 3 * k + j] = axes[3 * k + j]! / sizes[k]!;
      }
      splats[at + 12] = bytes.sh0[4 * i + 3]! / 255;
      splats[at + 13] = widest_q * Math.max(...sizes) ** 2;
    }
    this.parts.push(splats);
  }

  // How far along the ray the surface is; nothing where the ray leaves the room.
  depth({ from, along }: Ray): number | null {
    const [ox, oy, oz] = from;
    const [dx, dy, dz] = along;
    const met: { readonly t: number; readonly alpha: number }[] = [];
    for (const s of this.parts) {
      for (let at = 0; at < s.length; at += floats) {
        const [vx, vy, vz] = [s[at]! - ox, s[at + 1]! - oy, s[at + 2]! - oz];
        const ahead = vx * dx + vy * dy + vz * dz;
        const aside = vx * vx + vy * vy + vz * vz - ahead * ahead;
        if (ahead < 0 || aside > s[at + 13]!) continue;
        let [ee, ew, ww] = [0, 0, 0];
        for (let k = at + 3; k < at + 12; k += 3) {
          const e = s[k]! * dx + s[k + 1]! * dy + s[k + 2]! * dz;
          const w = s[k]! * vx + s[k + 1]! * vy + s[k + 2]! * vz;
          ee += e * e;
          ew += e * w;
          ww += w * w;
        }
        const t = ew / ee;
        const q = ww - ew * t;
        if (t < nearest_m || q > widest_q) continue;
        const falloff = (Math.exp(-q / 2) - falloffFloor) / (1 - falloffFloor);
        const alpha = Math.min(mostAlpha, s[at + 12]! * falloff);
        if (alpha >= leastAlpha) met.push({ t, alpha });
      }
    }
    met.sort((a, b) => a.t - b.t);
    let light = 1;
    for (const { t, alpha } of met) {
      light *= 1 - alpha;
      if (light < 0.5) return t;
    }
    return null;
  }

  // What is pointed at by the first of these rays, from the middle outwards; the second is as far from it as
  // a hand may miss. Who points at an edge or a corner means the thing it belongs to and not what is seen past
  // it: of the surfaces that these rays meet, the nearest. Nothing where most meet nothing.
  place(rays: readonly [Ray, Ray, ...Ray[]]): Place | null {
    const met = rays.map((ray, order) => ({ order, depth: this.depth(ray) }))
      .filter((one): one is Met => one.depth !== null).sort((a, b) => a.depth - b.depth);
    if (2 * met.length <= rays.length) return null;
    const surfaces: Met[][] = [];
    for (const [i, one] of met.entries()) {
      if (i === 0 || one.depth > (1 + jump_share) * met[i - 1]!.depth) surfaces.push([]);
      surfaces.at(-1)!.push(one);
    }
    const meant = surfaces.find((surface) => surface.length >= leastOfSurface * rays.length) ?? met;
    const depths = [...meant].sort((a, b) => a.order - b.order).slice(0, middle).map(({ depth }) => depth)
      .sort((a, b) => a - b);
    const depth = depths[Math.floor(depths.length / 2)]!;
    const { from, along } = rays[0];
    const off = depths.map((other) => Math.abs(other - depth)).sort((a, b) => a - b);
    const missed = depth * Math.hypot(...rays[1].along.map((v, k) => v - along[k]!));
    return {
      position: [from[0] + depth * along[0], from[1] + depth * along[1], from[2] + depth * along[2]],
      deviation_m: Math.hypot(surface_share * depth, deviation_per_median * off[Math.floor(off.length / 2)]!, missed),
    };
  }
}

// A splat's own three directions, one after another, from the bytes of its rotation: the last says
// which part is the greatest and was left out.
function axesFrom(bytes: ArrayLike<number>, at: number): number[] {
  const rest = [0, 1, 2].map((k) => (bytes[at + k]! / 255 - 0.5) * Math.SQRT2);
  const greatest = Math.sqrt(Math.max(0, 1 - rest.reduce((sum, value) => sum + value * value, 0)));
  rest.splice(bytes[at + 3]! - 252, 0, greatest);
  const [w, x, y, z] = rest as [number, number, number, number];
  return [
    1 - 2 * (y * y + z * z), 2 * (x * y + w * z), 2 * (x * z - w * y),
    2 * (x * y - w * z), 1 - 2 * (x * x + z * z), 2 * (y * z + w * x),
    2 * (x * z + w * y), 2 * (y * z - w * x), 1 - 2 * (x * x + y * y),
  ];
}
