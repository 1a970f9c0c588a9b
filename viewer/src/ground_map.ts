// The ground of a collision mesh, cell by cell, seen from above. Reckoned beside the page
// (aside_worker.ts), since it takes a moment; ground.ts walks on it.
import type { CollisionMesh } from "./collision";

export type Place = readonly [x: number, z: number];

export interface GroundMap {
  readonly cell_m: number;
  readonly low: Place;
  readonly nx: number;
  readonly nz: number;
  readonly floor: Uint8Array;
  readonly clear: Float32Array; // squared distance to what is in the way, in cells
  readonly reached: Uint8Array; // on foot, from `start`
  readonly start: Place;
}

// src/space/walk.h is the same person.
const radius_m = 0.2;
const height_m = 1.8;
const step_m = 0.06; // what is lower is stepped over
export const finestCell_m = 0.01;
const mostCells = 1e6;

export const distance = (a: Place, b: Place) => Math.hypot(a[0] - b[0], a[1] - b[1]);

// Squared distance from every cell to the nearest set one, in cells (Felzenszwalb and
// Huttenlocher 2012), along one line of `n` cells that lie `stride` apart.
function distanceAlong(values: Float32Array, start: number, stride: number, n: number): void {
  const f = new Float64Array(n);
  for (let q = 0; q < n; q++) f[q] = values[start + q * stride]!;
  const vertex = new Int32Array(n);
  const border = new Float64Array(n + 1);
  let k = 0;
  border[0] = -Infinity;
  border[1] = Infinity;
  for (let q = 1; q < n; q++) {
    const meeting = () => {
      const p = vertex[k]!;
      return (f[q]! + q * q - (f[p]! + p * p)) / (2 * (q - p));
    };
    while (meeting() <= border[k]!) k--;
    const s = meeting();
    k++;
    vertex[k] = q;
    border[k] = s;
    border[k + 1] = Infinity;
  }
  k = 0;
  for (let q = 0; q < n; q++) {
    while (border[k + 1]! < q) k++;
    const p = vertex[k]!;
    values[start + q * stride] = (q - p) ** 2 + f[p]!;
  }
}

const far = 1e9; // squared cells; nothing is in the way

type Grid = Pick<GroundMap, "cell_m" | "low" | "nx" | "nz">;

const crossed = (p: Place, q: Place, x: number, z: number) =>
  (q[0] - p[0]) * (z - p[1]) - (q[1] - p[1]) * (x - p[0]);

// Sets the cells that the triangles cover; with `inTheWay` only those that meet a person's body, and their
// edges whole.
function paint(grid: Grid, mesh: CollisionMesh, triangles: readonly number[], mask: Uint8Array,
  inTheWay: boolean): void {
  const { nx, nz, low: [x0, z0], cell_m } = grid;
  const set = (x: number, z: number) => {
    if (x >= 0 && z >= 0 && x < nx && z < nz) mask[z * nx + x] = 1;
  };
  const line = (a: Place, b: Place) => {
    const steps = 1 + Math.floor(distance(a, b) * 2);
    for (let i = 0; i <= steps; i++) {
      const t = i / steps;
      set(Math.floor(a[0] + (b[0] - a[0]) * t), Math.floor(a[1] + (b[1] - a[1]) * t));
    }
  };
  for (let i = 0; i < triangles.length; i += 3) {
    const corners = [0, 1, 2].map((k) => 3 * triangles[i + k]!);
    const heights = corners.map((at) => mesh.positions[at + 1]!);
    if (inTheWay && (Math.max(...heights) <= step_m || Math.min(...heights) >= height_m)) continue;
    // In cells.
    const [a, b, c] = corners.map((at): Place =>
      [(mesh.positions[at]! - x0) / cell_m, (mesh.positions[at + 2]! - z0) / cell_m],
    ) as [Place, Place, Place];
    const turn = crossed(a, b, c[0], c[1]);
    if (Math.abs(turn) > 1e-9) {
      const sign = Math.sign(turn);
      const xs = [a[0], b[0], c[0]];
      const zs = [a[1], b[1], c[1]];
      const [lastX, lastZ] = [Math.max(...xs), Math.max(...zs)];
      for (let z = Math.floor(Math.min(...zs)); z <= lastZ; z++) {
        for (let x = Math.floor(Math.min(...xs)); x <= lastX; x++) {
          if (sign * crossed(a, b, x + 0.5, z + 0.5) >= 0 &&
              sign * crossed(b, c, x + 0.5, z + 0.5) >= 0 &&
              sign * crossed(c, a, x + 0.5, z + 0.5) >= 0) set(x, z);
        }
      }
    }
    if (!inTheWay) continue;
    line(a, b);
    line(b, c);
    line(c, a);
  }
}

// The cell a place is in; -1 for none.
export function cellAt({ low, cell_m, nx, nz }: Grid, [px, pz]: Place): number {
  const x = Math.floor((px - low[0]) / cell_m);
  const z = Math.floor((pz - low[1]) / cell_m);
  return x >= 0 && z >= 0 && x < nx && z < nz ? z * nx + x : -1;
}

export function centreOf({ low, cell_m, nx }: Grid, cell: number): Place {
  const z = Math.floor(cell / nx);
  return [low[0] + (cell - z * nx + 0.5) * cell_m, low[1] + (z + 0.5) * cell_m];
}

// Floor with room for a person around.
export function isFree(map: Pick<GroundMap, "floor" | "clear" | "cell_m">, cell: number): boolean {
  return map.floor[cell] === 1 && map.clear[cell]! >= (radius_m / map.cell_m) ** 2;
}

// The nearest free cell's middle, among those of `mask` where it is given; the place itself where there is
// none.
export function nearestFree(map: Omit<GroundMap, "reached" | "start">, place: Place,
  mask: Uint8Array | null): Place {
  let best = place;
  let least = Infinity;
  for (let cell = 0; cell < map.floor.length; cell++) {
    if (mask?.[cell] === 0 || !isFree(map, cell)) continue;
    const there = centreOf(map, cell);
    const away = distance(there, place);
    if (away < least) [least, best] = [away, there];
  }
  return best;
}

function reachedFrom(map: Omit<GroundMap, "reached" | "start">, first: number): Uint8Array {
  const reached = new Uint8Array(map.nx * map.nz);
  if (first < 0 || !isFree(map, first)) return reached;
  reached[first] = 1;
  const open = [first];
  while (open.length > 0) {
    const at = open.pop()!;
    for (const next of [at - 1, at + 1, at - map.nx, at + map.nx]) {
      if (reached[next] === 1 || !isFree(map, next)) continue;
      reached[next] = 1;
      open.push(next);
    }
  }
  return reached;
}

// Nothing where the mesh leaves nowhere to stand.
export function groundMapOf(mesh: CollisionMesh, doorway: Place): GroundMap | null {
  if (mesh.floor.length === 0) return null;
  const low: [number, number] = [Infinity, Infinity];
  const high: [number, number] = [-Infinity, -Infinity];
  for (let i = 0; i < mesh.positions.length; i += 3) {
    [0, 2].forEach((axis, k) => {
      low[k] = Math.min(low[k]!, mesh.positions[i + axis]!);
      high[k] = Math.max(high[k]!, mesh.positions[i + axis]!);
    });
  }
  const area = (high[0] - low[0]) * (high[1] - low[1]);
  const cell_m = Math.max(finestCell_m, Math.sqrt(area / mostCells));
  const grid: Grid = {
    cell_m,
    low: [low[0] - cell_m, low[1] - cell_m],
    nx: Math.ceil((high[0] - low[0]) / cell_m) + 3,
    nz: Math.ceil((high[1] - low[1]) / cell_m) + 3,
  };
  const { nx, nz } = grid;
  const floor = new Uint8Array(nx * nz);
  const blocked = new Uint8Array(nx * nz);
  paint(grid, mesh, mesh.floor, floor, false);
  paint(grid, mesh, mesh.obstacles, blocked, true);
  const clear = Float32Array.from(blocked, (set) => (set ? 0 : far));
  for (let x = 0; x < nx; x++) distanceAlong(clear, x, nx, nz);
  for (let z = 0; z < nz; z++) distanceAlong(clear, z * nx, 1, nx);
  const map = { ...grid, floor, clear };
  const door = cellAt(map, doorway);
  const start = door >= 0 && isFree(map, door) ? doorway : nearestFree(map, doorway, null);
  const reached = reachedFrom(map, cellAt(map, start));
  return reached.includes(1) ? { ...map, reached, start } : null;
}
