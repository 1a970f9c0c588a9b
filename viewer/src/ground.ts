// Where a person's feet may be. Seen from above: x and z of the room frame, metres.
import {
  cellAt, centreOf, distance, finestCell_m, isFree, nearestFree, type GroundMap, type Place,
} from "./ground_map";
import type { Visit } from "./visit";

export type { Place };

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

const waySpacing_m = 0.06; // between the places that a way is looked for among
const spotsApart_m = 1;
const spotsClear_m = 0.3;

export class MeshGround implements Ground {
  constructor(private readonly map: GroundMap) {}

  canStand(place: Place): boolean {
    const cell = cellAt(this.map, place);
    return cell >= 0 && this.map.reached[cell] === 1 && isFree(this.map, cell);
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
    return nearestFree(this.map, place, this.map.reached);
  }

  private sees(from: Place, to: Place): boolean {
    const steps = Math.ceil(distance(from, to) / this.map.cell_m);
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
    const { cell_m, low } = this.map;
    const every = Math.max(1, Math.round(waySpacing_m / cell_m));
    const spacing = every * cell_m;
    const [nx, nz] = [Math.ceil(this.map.nx / every), Math.ceil(this.map.nz / every)];
    const place = (at: number): Place => [
      low[0] + ((at % nx) + 0.5) * spacing, low[1] + (Math.floor(at / nx) + 0.5) * spacing,
    ];
    const near = (to: Place) => {
      const x = Math.floor((to[0] - low[0]) / spacing);
      const z = Math.floor((to[1] - low[1]) / spacing);
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
    const { map } = this;
    const clear = (spotsClear_m / map.cell_m) ** 2;
    const every = Math.max(1, Math.round(0.1 / map.cell_m));
    const candidates: Place[] = [];
    for (let z = 0; z < map.nz; z += every) {
      for (let x = 0; x < map.nx; x += every) {
        const cell = z * map.nx + x;
        if (map.reached[cell] === 1 && map.clear[cell]! >= clear) candidates.push(centreOf(map, cell));
      }
    }
    return farApart(map.start, candidates, most);
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

// The ground of a visit, by the map of its mesh where there is one. Never fails: a page without a mesh
// still has its bounds.
export function groundOf(visit: Visit, map: GroundMap | null): Ground {
  return map ? new MeshGround(map) : new BoundsGround(visit);
}
