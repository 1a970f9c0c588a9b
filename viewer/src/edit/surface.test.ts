import { expect, test } from "vitest";
import { onScreen, type Eye } from "../marks";
import type { Vec3 } from "../visit";
import { rayThrough } from "./picking";
import { around_px, Surface, type Ray, type SplatBytes } from "./surface";

interface Splat {
  readonly at: Vec3;
  readonly size: Vec3;
  readonly quat?: readonly [number, number, number, number]; // bytes
  readonly opacity: number;
}

const upright = [127.5, 127.5, 127.5, 252] as const; // not turned at all

function surfaceOf(splats: readonly Splat[]): Surface {
  const sizes = [...new Set(splats.flatMap((splat) => splat.size))];
  const codebook = Array.from({ length: 256 }, (_, i) => Math.log(sizes[i] ?? 1));
  const squeezed = splats.map((splat) => splat.at.map((v) => Math.sign(v) * Math.log1p(Math.abs(v))));
  const [min, max] = [-3, 3];
  const steps = squeezed.flatMap((point) =>
    [...point.map((v) => Math.round(((v - min) / (max - min)) * 65535)), 0]);
  const bytes: SplatBytes = {
    lower: steps.map((v) => v & 255),
    upper: steps.map((v) => v >> 8),
    scales: splats.flatMap((splat) => [...splat.size.map((v) => sizes.indexOf(v)), 255]),
    quats: splats.flatMap((splat) => [...(splat.quat ?? upright)]),
    sh0: splats.flatMap((splat) => [0, 0, 0, splat.opacity * 255]),
  };
  const surface = new Surface();
  const means = { files: [], mins: [min, min, min], maxs: [max, max, max] };
  surface.add({ means, scales: { files: [], codebook }, count: splats.length }, bytes);
  return surface;
}

const ahead: Ray = { from: [0, 1.5, 0], along: [0, 0, -1] };
const flat = [0.3, 0.3, 0.001] as const;

test("a flat splat is met where its plane is, also at a slant", () => {
  const surface = surfaceOf([{ at: [0, 1.5, -2], size: flat, opacity: 1 }]);
  expect(surface.depth(ahead)).toBeCloseTo(2, 2);
  const along = [Math.sin(0.1), 0, -Math.cos(0.1)] as const;
  expect(surface.depth({ ...ahead, along })).toBeCloseTo(2 / Math.cos(0.1), 2);
});

test("a turned splat is the plane it was turned to", () => {
  // By 45 degrees about what is upright: y is the sine of half of it, and w, the greatest, is left out.
  const y = Math.round((Math.sin(Math.PI / 8) / Math.SQRT2 + 0.5) * 255);
  const surface = surfaceOf([{ at: [0, 1.5, -2], size: flat, quat: [127.5, y, 127.5, 252], opacity: 1 }]);
  const beside: Ray = { from: [0.1, 1.5, 0], along: [0, 0, -1] };
  // Its own direction across turns from +x towards -z.
  expect(Math.abs(surface.depth(beside)! - 2.1)).toBeLessThan(0.01);
});

test("what is faint is looked through, and what is behind the eyes is not seen", () => {
  const surface = surfaceOf([
    { at: [0, 1.5, 1], size: flat, opacity: 1 }, { at: [0, 1.5, -1], size: flat, opacity: 0.3 },
    { at: [0, 1.5, -3], size: flat, opacity: 0.9 },
  ]);
  expect(surface.depth(ahead)).toBeCloseTo(3, 2);
  expect(surfaceOf([{ at: [0, 1.5, 1], size: flat, opacity: 1 }]).depth(ahead)).toBeNull();
});

test("rays beside each other: a hole is passed over", () => {
  const surface = surfaceOf([{ at: [0, 1.5, -2], size: flat, opacity: 1 }]);
  const away: Ray = { from: [0, 1.5, 0], along: [0, 1, 0] };
  expect(surface.place([ahead, ahead, away])?.position[2]).toBeCloseTo(-2, 2);
  expect(surface.place([ahead, away, away])).toBeNull();
});

test("a ray leads to what is seen at its point of the picture", () => {
  const eye: Eye = {
    pose: { position: [0.3, 1.5, -0.2], yaw: 0.7, pitch: -0.3 }, fov_deg: 53, width: 900, height: 600,
  };
  for (const [x, y] of [[450, 300], [10, 20], [880, 590]] as const) {
    const { from, along } = rayThrough(eye, x, y);
    const seen = onScreen(eye, from.map((v, k) => v + 2.5 * along[k]!) as unknown as Vec3);
    expect(seen?.x).toBeCloseTo(x, 6);
    expect(seen?.y).toBeCloseTo(y, 6);
  }
});

const eye: Eye = { pose: { position: [0, 1.5, 0], yaw: 0, pitch: 0 }, fov_deg: 60, width: 1000, height: 800 };
const pointed = (surface: Surface, x_px: number, y_px: number) => surface.place(
  around_px.map(([dx, dy]) => rayThrough(eye, x_px + dx, y_px + dy)) as unknown as [Ray, Ray, ...Ray[]]);

test("how far off a place may be: by a hand that misses, and by depths that differ", () => {
  const even = pointed(surfaceOf([{ at: [0, 1.5, -2], size: flat, opacity: 1 }]), 500, 400)!;
  const beside = 2 * 1.5 / (400 / Math.tan(Math.PI / 6));
  expect(even.deviation_m).toBeCloseTo(Math.hypot(beside, 0.016), 3);
  const grain = [[beside, 0, -2.04], [-beside, 0, -2.01], [0, beside, -2.035], [0, -beside, -1.98]] as const;
  const ragged = pointed(surfaceOf([
    ...grain.map(([x, y, z]) => ({ at: [x, 1.5 + y, z] as Vec3, size: [0.0012, 0.0012, 0.001] as const, opacity: 1 })),
    { at: [0, 1.5, -2.05], size: flat, opacity: 1 }]), 500, 400)!;
  expect(ragged.deviation_m).toBeGreaterThan(1.2 * even.deviation_m);
});

test("who points at a corner means what is before, and beside it what is behind", () => {
  // A board whose upper right corner is straight ahead, and a wall.
  const board = Array.from({ length: 400 }, (_, i) => (
    { at: [-0.003 - 0.01 * (i % 20), 1.497 - 0.01 * Math.floor(i / 20), -2] as Vec3,
      size: [0.006, 0.006, 0.001] as const, opacity: 1 }));
  const wall = { at: [0, 1.5, -2.4] as Vec3, size: [1, 1, 0.001] as const, opacity: 1 };
  const surface = surfaceOf([...board, wall]);
  for (const [dx, dy] of [[0, 0], [2, 0], [1, -1], [0, -3]] as const) {
    expect(pointed(surface, 500 + dx, 400 + dy)!.position[2]).toBeCloseTo(-2, 2);
  }
  for (const [dx, dy] of [[20, 0], [0, -20], [14, -14]] as const) {
    expect(pointed(surface, 500 + dx, 400 + dy)!.position[2]).toBeCloseTo(-2.4, 2);
  }
});
