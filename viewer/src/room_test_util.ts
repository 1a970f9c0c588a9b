// A room of 3 by 4 metres as collision.glb holds one, for tests: a bed, a desk, a low rug, a part
// of the floor that nobody saw, and a doorway in the wall at z = 0.
import type { Place } from "./ground";

export interface Box {
  readonly low: readonly [number, number, number];
  readonly high: readonly [number, number, number];
}

export const walls: Box = { low: [-1.5, 0, -4], high: [1.5, 2.5, 0] };
export const bed: Box = { low: [-1.5, 0, -4], high: [-0.5, 0.5, -2] };
export const desk: Box = { low: [0.6, 0, -2.4], high: [1.5, 0.8, -1.2] };
export const unseen: Box = { low: [0.9, 0, -4], high: [1.5, 2, -3.4] };
const rug: Box = { low: [-0.5, 0, -1.5], high: [0.3, 0.03, -0.7] };
const lamp: Box = { low: [-0.2, 2, -2.2], high: [0.2, 2.5, -1.8] }; // above everybody's head

type Triangles = number[];

function quad(positions: number[], corners: readonly (readonly number[])[]): Triangles {
  const first = positions.length / 3;
  for (const corner of corners) positions.push(...corner);
  return [0, 1, 2, 0, 2, 3].map((k) => first + k);
}

function sides(positions: number[], { low: [x0, y0, z0], high: [x1, y1, z1] }: Box): Triangles {
  const around: Place[] = [[x0, z0], [x1, z0], [x1, z1], [x0, z1]];
  return around.flatMap(([ax, az], i) => {
    const [bx, bz] = around[(i + 1) % 4]!;
    return quad(positions, [[ax, y0, az], [bx, y0, bz], [bx, y1, bz], [ax, y1, az]]);
  });
}

function box(positions: number[], one: Box): Triangles {
  const { low: [x0, , z0], high: [x1, y1, z1] } = one;
  return [...sides(positions, one),
    ...quad(positions, [[x0, y1, z0], [x1, y1, z0], [x1, y1, z1], [x0, y1, z1]])];
}

const flat = (positions: number[], x0: number, z0: number, x1: number, z1: number) =>
  quad(positions, [[x0, 0, z0], [x1, 0, z0], [x1, 0, z1], [x0, 0, z1]]);

interface Shape {
  readonly floor: readonly (readonly [x0: number, z0: number, x1: number, z1: number])[];
  readonly obstacles: readonly Box[];
  readonly walls: Box;
  readonly unknown: readonly Box[];
}
const smallRoom: Shape = {
  floor: [[-1.5, -2, 1.5, 0], [-0.5, -4, 0.9, -2], [0.9, -3.4, 1.5, -2]],
  obstacles: [bed, desk, rug, lamp], walls, unknown: [unseen],
};

// 20 by 30 metres, its doorway in the middle of the wall at z = 0: pillars in two rows, and a bar across
// that leaves a way of 1.5 metres at its right end.
const pillars: Box[] = [-5, 5].flatMap((x) => [-5, -10, -15, -20, -25].map((z): Box =>
  ({ low: [x - 0.3, 0, z - 0.3], high: [x + 0.3, 4, z + 0.3] })));
const bar: Box = { low: [-10, 0, -18], high: [8.5, 1, -17.5] };
export const hall: Shape = {
  floor: [[-10, -30, 10, 0]], obstacles: [...pillars, bar], walls: { low: [-10, 0, -30], high: [10, 6, 0] }, unknown: [],
};

// Binary glTF as the program writes it; `wide`: with indices of 32 bits.
export function encodeCollision(wide = false, shape = smallRoom): ArrayBuffer {
  const positions: number[] = [];
  const parts: Record<string, Triangles> = {
    floor: shape.floor.flatMap((each) => flat(positions, ...each)),
    obstacles: shape.obstacles.flatMap((each) => box(positions, each)),
    walls: sides(positions, shape.walls),
    unknown: shape.unknown.flatMap((each) => box(positions, each)),
  };
  const bytes = wide ? 4 : 2;
  const chunks: Uint8Array[] = [new Uint8Array(Float32Array.from(positions).buffer)];
  const accessors: object[] = [
    { bufferView: 0, componentType: 5126, count: positions.length / 3, type: "VEC3" }];
  const bufferViews: object[] = [{ buffer: 0, byteOffset: 0, byteLength: chunks[0]!.length }];
  const nodes: object[] = [];
  const meshes: object[] = [];
  let at = chunks[0]!.length;
  for (const [name, triangles] of Object.entries(parts)) {
    const data = new Uint8Array(
      wide ? Uint32Array.from(triangles).buffer : Uint16Array.from(triangles).buffer);
    const padded = new Uint8Array(Math.ceil(data.length / 4) * 4);
    padded.set(data);
    accessors.push({ bufferView: bufferViews.length, componentType: wide ? 5125 : 5123,
      count: triangles.length, type: "SCALAR" });
    bufferViews.push({ buffer: 0, byteOffset: at, byteLength: bytes * triangles.length });
    nodes.push({ name, mesh: meshes.length });
    meshes.push({ name, primitives: [
      { attributes: { POSITION: 0 }, indices: accessors.length - 1, mode: 4 }] });
    chunks.push(padded);
    at += padded.length;
  }
  const gltf = { asset: { version: "2.0" }, accessors, bufferViews, nodes, meshes,
    buffers: [{ byteLength: at }] };
  const json = new TextEncoder().encode(JSON.stringify(gltf));
  const jsonBytes = Math.ceil(json.length / 4) * 4;
  const file = new Uint8Array(12 + 8 + jsonBytes + 8 + at).fill(0x20, 20, 20 + jsonBytes);
  const head = new DataView(file.buffer);
  [0x46546c67, 2, file.length, jsonBytes, 0x4e4f534a].forEach((v, i) => head.setUint32(4 * i, v, true));
  file.set(json, 20);
  head.setUint32(20 + jsonBytes, at, true);
  head.setUint32(24 + jsonBytes, 0x004e4942, true);
  let offset = 28 + jsonBytes;
  for (const chunk of chunks) {
    file.set(chunk, offset);
    offset += chunk.length;
  }
  return file.buffer;
}

// How far from a box's sides a place is, seen from above; 0 within.
export function away({ low, high }: Box, [x, z]: Place): number {
  return Math.hypot(Math.max(low[0] - x, 0, x - high[0]), Math.max(low[2] - z, 0, z - high[2]));
}

// The same numbers for the same seed, from 0 to 1 (Park and Miller).
export function seeded(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 48271) % 2147483647) / 2147483647;
}
