// Splats to a SOG of version 2, for fixtures: enough care that what is drawn is what was meant.
import { encodeWebp } from "./webp.mjs";

const shC0 = 0.28209479177387814;

// 256 values between the least and the greatest; exact when there are no more than 256.
function codebook(values) {
  const distinct = [...new Set(values)].sort((a, b) => a - b);
  if (distinct.length <= 256) {
    return Array.from({ length: 256 }, (_, i) => distinct[Math.min(i, distinct.length - 1)]);
  }
  const [min, max] = [distinct[0], distinct[distinct.length - 1]];
  return Array.from({ length: 256 }, (_, i) => min + ((max - min) * i) / 255);
}

function nearest(book, value) {
  let best = 0;
  for (let i = 1; i < 256; i++) {
    if (Math.abs(book[i] - value) < Math.abs(book[best] - value)) best = i;
  }
  return best;
}

// A quaternion (w, x, y, z): the greatest is left out and named by the last byte.
function packRotation(wxyz) {
  const length = Math.hypot(...wxyz);
  const q = wxyz.map((value) => value / length);
  const greatest = q.reduce((at, value, i) => (Math.abs(value) > Math.abs(q[at]) ? i : at), 0);
  const sign = q[greatest] < 0 ? -1 : 1;
  const rest = q.filter((_, i) => i !== greatest);
  return [...rest.map((v) => Math.round(((sign * v) / Math.SQRT2 + 0.5) * 255)), 252 + greatest];
}

// What a reader makes of it.
export function storedRotation(wxyz) {
  const bytes = packRotation(wxyz);
  const rest = bytes.slice(0, 3).map((byte) => (byte / 255 - 0.5) * Math.SQRT2);
  const greatest = Math.sqrt(1 - rest.reduce((sum, value) => sum + value * value, 0));
  rest.splice(bytes[3] - 252, 0, greatest);
  return rest;
}

// Harmonics of degree 3 (15 coefficients of red, green and blue), an entry of the palette a
// splat; for at most 64 splats.
function harmonicsPart(splats) {
  const book = codebook(splats.flatMap((splat) => splat.harmonics.flat()));
  const side = Math.ceil(Math.sqrt(splats.length));
  const palette = new Uint8Array(64 * 15 * 4).fill(255);
  const labels = new Uint8Array(side * side * 4).fill(255);
  splats.forEach((splat, i) => {
    splat.harmonics.forEach((rgb, k) =>
      palette.set(rgb.map((value) => nearest(book, value)), (i * 15 + k) * 4));
    labels.set([i, 0, 0, 255], i * 4);
  });
  return {
    meta: { count: 64, bands: 3, codebook: book, files: ["shN_centroids.webp", "shN_labels.webp"] },
    files: {
      "shN_centroids.webp": encodeWebp(64 * 15, 1, palette),
      "shN_labels.webp": encodeWebp(side, side, labels),
    },
  };
}

// Each splat: { position, scale (metres), rotation (w, x, y, z), colour (0 to 1), opacity }, and
// harmonics in all or none. Returns file name to content.
export function encodeSog(splats) {
  const count = splats.length;
  const side = Math.ceil(Math.sqrt(count));
  const picture = (pixel) => {
    const rgba = new Uint8Array(side * side * 4).fill(255);
    splats.forEach((splat, i) => rgba.set(pixel(splat, i), i * 4));
    return encodeWebp(side, side, rgba);
  };
  const squeeze = (x) => Math.sign(x) * Math.log(Math.abs(x) + 1);
  const points = splats.map((splat) => splat.position.map(squeeze));
  const mins = [0, 1, 2].map((axis) => Math.min(...points.map((p) => p[axis])) - 1e-3);
  const maxs = [0, 1, 2].map((axis) => Math.max(...points.map((p) => p[axis])) + 1e-3);
  const steps = points.map((p) =>
    p.map((v, axis) => Math.round(((v - mins[axis]) / (maxs[axis] - mins[axis])) * 65535)));
  const scales = codebook(splats.flatMap((splat) => splat.scale.map(Math.log)));
  const tint = (colour) => colour.map((value) => (value - 0.5) / shC0);
  const colours = codebook(splats.flatMap((splat) => tint(splat.colour)));
  const harmonics = splats[0].harmonics ? harmonicsPart(splats) : null;
  const meta = {
    version: 2,
    count,
    antialias: true,
    means: { mins, maxs, files: ["means_l.webp", "means_u.webp"] },
    scales: { codebook: scales, files: ["scales.webp"] },
    quats: { files: ["quats.webp"] },
    sh0: { codebook: colours, files: ["sh0.webp"] },
    ...(harmonics && { shN: harmonics.meta }),
  };
  return {
    "meta.json": Buffer.from(JSON.stringify(meta)),
    "means_l.webp": picture((_, i) => [...steps[i].map((v) => v & 255), 255]),
    "means_u.webp": picture((_, i) => [...steps[i].map((v) => v >> 8), 255]),
    "scales.webp": picture((s) => [...s.scale.map((v) => nearest(scales, Math.log(v))), 255]),
    "quats.webp": picture((s) => packRotation(s.rotation)),
    "sh0.webp": picture((s) =>
      [...tint(s.colour).map((v) => nearest(colours, v)), Math.round(s.opacity * 255)]),
    ...harmonics?.files,
  };
}
