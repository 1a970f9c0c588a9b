// Where a person's feet may be. Seen from above: x and z of the room frame, metres.
import type { CollisionMesh } from "./collision";
import type { Visit } from "./visit";

export type Place = readonly [x: number, z: number];

export interface Ground {
  canStand(place: Place): boolean;
  // As far towards `place + by` as feet come, along what is in the way where it is met at a slant.
  walk(place: Place, by: Place): Place;
  // The nearest place one can stand at and walk to from where one stepped in.
  nearest(place: Place): Place;
  // A way to walk from one such place to another, ends included; nothing where none is found.
  way(from: Place, to: Place): Place[] | null;
  // A few places well apart, with room around them; the first is where one stepped in.
  spots(most: number): Place[];
}

// src/space/walk.h is the same person.
const radius_m = 0.2;
const height_m = 1.8;
const step_m = 0.06; // what is lower is stepped over
const finestCell_m = 0.01;
const mostCells = 1e6;
const waySpacing_m = 0.06; // between the places that a way is looked for among
const spotsApart_m = 1;
const spotsClear_m = 0.3;

const distance = (a: Place, b: Place) => Math.hypot(a[0] - b[0], a[1] - b[1]);

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

export class MeshGround implements Ground {
  private readonly cell_m: number;
  private readonly low: Place;
  private readonly nx: number;
  private readonly nz: number;
  private readonly floor: Uint8Array;
  private readonly clear: Float32Array; // squared distance to what is in the way, in cells
  private readonly reached: Uint8Array;
  private readonly start: Place;

  // Nothing where the mesh leaves nowhere to stand.
  static of(mesh: CollisionMesh, doorway: Place): MeshGround | null {
    const ground = mesh.floor.length === 0 ? null : new MeshGround(mesh, doorway);
    return ground?.reached.includes(1) ? ground : null;
  }

  private constructor(mesh: CollisionMesh, doorway: Place) {
    const low: [number, number] = [Infinity, Infinity];
    const high: [number, number] = [-Infinity, -Infinity];
    for (let i = 0; i < mesh.positions.length; i += 3) {
      [0, 2].forEach((axis, k) => {
        low[k] = Math.min(low[k]!, mesh.positions[i + axis]!);
        high[k] = Math.max(high[k]!, mesh.positions[i + axis]!);
      });
    }
    const area = (high[0] - low[0]) * (high[1] - low[1]);
    this.cell_m = Math.max(finestCell_m, Math.sqrt(area / mostCells));
    this.low = [low[0] - this.cell_m, low[1] - this.cell_m];
    this.nx = Math.ceil((high[0] - low[0]) / this.cell_m) + 3;
    this.nz = Math.ceil((high[1] - low[1]) / this.cell_m) + 3;
    this.floor = new Uint8Array(this.nx * this.nz);
    const blocked = new Uint8Array(this.nx * this.nz);
    this.paint(mesh, mesh.floor, this.floor, false);
    this.paint(mesh, mesh.obstacles, blocked, true);
    this.clear = Float32Array.from(blocked, (set) => (set ? 0 : far));
    for (let x = 0; x < this.nx; x++) distanceAlong(this.clear, x, this.nx, this.nz);
    for (let z = 0; z < this.nz; z++) distanceAlong(this.clear, z * this.nx, 1, this.nx);
    this.reached = new Uint8Array(this.nx * this.nz).fill(1);
    this.start = this.nearest(doorway);
    this.reached = this.reachedFrom(this.start);
  }

  private paint(
    mesh: CollisionMesh, triangles: readonly number[], mask: Uint8Array, inTheWay: boolean,
  ): void {
    const [x0, z0] = this.low;
    const set = (x: number, z: number) => {
      if (x >= 0 && z >= 0 && x < this.nx && z < this.nz) mask[z * this.nx + x] = 1;
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
      const [a, b, c] = corners.map((at): Place => [
        (mesh.positions[at]! - x0) / this.cell_m, (mesh.positions[at + 2]! - z0) / this.cell_m,
      ]) as [Place, Place, Place];
      const cross = (p: Place, q: Place, x: number, z: number) =>
        (q[0] - p[0]) * (z - p[1]) - (q[1] - p[1]) * (x - p[0]);
      const turn = cross(a, b, c[0], c[1]);
      if (Math.abs(turn) > 1e-9) {
        const sign = Math.sign(turn);
        const xs = [a[0], b[0], c[0]];
        const zs = [a[1], b[1], c[1]];
        for (let z = Math.floor(Math.min(...zs)); z <= Math.max(...zs); z++) {
          for (let x = Math.floor(Math.min(...xs)); x <= Math.max(...xs); x++) {
            const inside = [[a, b], [b, c], [c, a]].every(([p, q]) =>
              sign * cross(p!, q!, x + 0.5, z + 0.5) >= 0);
            if (inside) set(x, z);
          }
        }
      }
      if (!inTheWay) continue;
      line(a, b);
      line(b, c);
      line(c, a);
    }
  }

  private indexOf([x, z]: Place): number {
    const i = Math.floor((x - this.low[0]) / this.cell_m);
    const k = Math.floor((z - this.low[1]) / this.cell_m);
    return i >= 0 && k >= 0 && i < this.nx && k < this.nz ? k * this.nx + i : -1;
  }

  private centre(index: number): Place {
    const z = Math.floor(index / this.nx);
    const x = index - z * this.nx;
    return [this.low[0] + (x + 0.5) * this.cell_m, this.low[1] + (z + 0.5) * this.cell_m];
  }

  private isFree(index: number): boolean {
    return this.floor[index] === 1 && this.clear[index]! >= (radius_m / this.cell_m) ** 2;
  }

  private reachedFrom(start: Place): Uint8Array {
    const reached = new Uint8Array(this.nx * this.nz);
    const first = this.indexOf(start);
    if (first < 0 || !this.isFree(first)) return reached;
    reached[first] = 1;
    const open = [first];
    while (open.length > 0) {
      const at = open.pop()!;
      for (const next of [at - 1, at + 1, at - this.nx, at + this.nx]) {
        if (reached[next] === 1 || !this.isFree(next)) continue;
        reached[next] = 1;
        open.push(next);
      }
    }
    return reached;
  }

  canStand(place: Place): boolean {
    const index = this.indexOf(place);
    return index >= 0 && this.reached[index] === 1 && this.isFree(index);
  }

  walk(place: Place, by: Place): Place {
    const length = Math.hypot(...by);
    if (!(length > 0)) return place;
    const steps = Math.ceil(Math.min(length, 100) / finestCell_m);
    const step = Math.min(length, 100) / steps / length;
    const [sx, sz] = [by[0] * step, by[1] * step];
    let at = place;
    for (let i = 0; i < steps; i++) {
      // Straight on, or to the side as far as is left of the step.
      const next = [0, 0.5, -0.5, 1, -1, 1.35, -1.35].map((turn): Place => {
        const [c, s] = [Math.cos(turn), Math.sin(turn)];
        return [at[0] + c * (c * sx - s * sz), at[1] + c * (s * sx + c * sz)];
      }).find((there) => this.canStand(there));
      if (next === undefined) break;
      at = next;
    }
    return at;
  }

  nearest(place: Place): Place {
    if (this.canStand(place)) return place;
    let best = place;
    let least = Infinity;
    for (let index = 0; index < this.floor.length; index++) {
      if (this.reached[index] === 0 || !this.isFree(index)) continue;
      const there = this.centre(index);
      const away = distance(there, place);
      if (away < least) [least, best] = [away, there];
    }
    return best;
  }

  private sees(from: Place, to: Place): boolean {
    const steps = Math.ceil(distance(from, to) / this.cell_m);
    for (let i = 1; i < steps; i++) {
      const t = i / steps;
      const at: Place = [from[0] + (to[0] - from[0]) * t, from[1] + (to[1] - from[1]) * t];
      if (!this.canStand(at)) return false;
    }
    return true;
  }

  // Dijkstra's shortest way over a coarser lattice, then corners cut where nothing is in between.
  way(from: Place, to: Place): Place[] | null {
    if (!this.canStand(from) || !this.canStand(to)) return null;
    if (this.sees(from, to)) return [from, to];
    const every = Math.max(1, Math.round(waySpacing_m / this.cell_m));
    const spacing = every * this.cell_m;
    const [nx, nz] = [Math.ceil(this.nx / every), Math.ceil(this.nz / every)];
    const place = (at: number): Place => [
      this.low[0] + ((at % nx) + 0.5) * spacing, this.low[1] + (Math.floor(at / nx) + 0.5) * spacing,
    ];
    const near = (to: Place) => {
      const x = Math.floor((to[0] - this.low[0]) / spacing);
      const z = Math.floor((to[1] - this.low[1]) / spacing);
      const around = [-1, 0, 1].flatMap((dz) => [-1, 0, 1].map((dx) => (z + dz) * nx + x + dx));
      return around.filter((at) => at >= 0 && at < nx * nz && this.canStand(place(at)) &&
        this.sees(place(at), to));
    };
    const goals = new Set(near(to));
    const cost = new Float64Array(nx * nz).fill(Infinity);
    const before = new Int32Array(nx * nz).fill(-1);
    const buckets: number[][] = []; // by whole steps of cost
    const push = (at: number, value: number, via: number) => {
      if (value >= cost[at]!) return;
      cost[at] = value;
      before[at] = via;
      (buckets[Math.floor(value)] ??= []).push(at);
    };
    for (const at of near(from)) push(at, 0, -1);
    const neighbours = [[1, 0], [-1, 0], [0, 1], [0, -1], [1, 1], [1, -1], [-1, 1], [-1, -1]] as const;
    let end = -1;
    for (let b = 0; b < buckets.length && end < 0; b++) {
      const bucket = buckets[b] ?? [];
      for (let i = 0; i < bucket.length; i++) {
        const at = bucket[i]!;
        if (Math.floor(cost[at]!) < b) continue;
        if (goals.has(at)) {
          end = at;
          break;
        }
        const x = at % nx;
        for (const [dx, dz] of neighbours) {
          const next = at + dz * nx + dx;
          if (x + dx < 0 || x + dx >= nx || next < 0 || next >= nx * nz) continue;
          const value = cost[at]! + Math.hypot(dx, dz);
          if (value < cost[next]! && this.canStand(place(next)) && this.sees(place(at), place(next))) {
            push(next, value, at);
          }
        }
      }
    }
    if (end < 0) return null;
    const places = [to];
    for (let at = end; at >= 0; at = before[at]!) places.push(place(at));
    places.push(from);
    places.reverse();
    const way = [from];
    for (let at = 0; at < places.length - 1;) {
      let next = at + 1;
      for (let i = places.length - 1; i > next; i--) {
        if (this.sees(places[at]!, places[i]!)) next = i;
      }
      way.push(places[next]!);
      at = next;
    }
    return way;
  }

  spots(most: number): Place[] {
    const clear = (spotsClear_m / this.cell_m) ** 2;
    const every = Math.max(1, Math.round(0.1 / this.cell_m));
    const candidates: Place[] = [];
    for (let z = 0; z < this.nz; z += every) {
      for (let x = 0; x < this.nx; x += every) {
        const index = z * this.nx + x;
        if (this.reached[index] === 1 && this.clear[index]! >= clear) {
          candidates.push(this.centre(index));
        }
      }
    }
    return farApart(this.start, candidates, most);
  }
}

// Each as far as can be from those before it.
function farApart(start: Place, candidates: readonly Place[], most: number): Place[] {
  const chosen = [start];
  while (chosen.length < most) {
    let best: Place | null = null;
    let farthest = spotsApart_m;
    for (const candidate of candidates) {
      const away = Math.min(...chosen.map((place) => distance(place, candidate)));
      if (away > farthest) [farthest, best] = [away, candidate];
    }
    if (best === null) break;
    chosen.push(best);
  }
  return chosen;
}

const wallDistance_m = 0.15;

// Where no mesh is: within the room's bounds. A doorway outside widens them, so that the first
// step is a step and no jump.
export class BoundsGround implements Ground {
  private readonly low: Place;
  private readonly high: Place;
  private readonly start: Place;

  constructor(visit: Pick<Visit, "bounds" | "doorway">) {
    const { bounds: { min, max }, doorway: { position } } = visit;
    const range = (axis: 0 | 2): Place => {
      const low = min[axis] + wallDistance_m;
      const high = max[axis] - wallDistance_m;
      // Bounds narrower than the walls' distance leave their middle.
      const middle = (low + high) / 2;
      const within: Place = low > high ? [middle, middle] : [low, high];
      return [Math.min(within[0], position[axis]), Math.max(within[1], position[axis])];
    };
    const [x, z] = [range(0), range(2)];
    this.low = [x[0], z[0]];
    this.high = [x[1], z[1]];
    this.start = [position[0], position[2]];
  }

  nearest(place: Place): Place {
    const within = (k: 0 | 1) => Math.min(Math.max(place[k], this.low[k]), this.high[k]);
    return [within(0), within(1)];
  }

  canStand(place: Place): boolean {
    return distance(place, this.nearest(place)) < 1e-9;
  }

  walk(place: Place, by: Place): Place {
    return this.nearest([place[0] + by[0], place[1] + by[1]]);
  }

  way(from: Place, to: Place): Place[] {
    return [from, this.nearest(to)];
  }

  spots(most: number): Place[] {
    const candidates = [0.25, 0.5, 0.75].flatMap((u) => [0.25, 0.5, 0.75].map((v): Place => [
      this.low[0] + u * (this.high[0] - this.low[0]), this.low[1] + v * (this.high[1] - this.low[1]),
    ]));
    return farApart(this.start, candidates, most);
  }
}

// The ground of a visit, by its mesh where there is a good one. Never fails: a page without a
// mesh still has its bounds.
export function groundOf(visit: Visit, mesh: CollisionMesh | null): Ground {
  const { position } = visit.doorway;
  return (mesh && MeshGround.of(mesh, [position[0], position[2]])) ?? new BoundsGround(visit);
}
