// Photographs hang where they were taken: a thin frame in the air, in which the room is as it was then.
// What the list offers by name, these offer to whoever touches one.
import { seenAt } from "./walk";
import type { Eye } from "./marks";
import type { Photograph, Vec3 } from "./visit";

const ahead_m = 0.35; // of where the camera was
const [nearest_m, farthest_m] = [0.7, 6]; // from which a frame is seen: one that surrounds the view is none
const usualShape = 4 / 3;

// The corners of a photograph's frame, going round; nothing where nobody knows where it was taken.
export function frameCorners(photograph: Photograph, fov_deg: number): Vec3[] | null {
  const { position, look_at, size } = photograph;
  if (position === null || look_at === null) return null;
  const to = look_at.map((value, k) => value - position[k]!) as [number, number, number];
  const length = Math.hypot(...to);
  const across = Math.hypot(to[0], to[2]);
  if (across < 0.1 * length) return null; // straight down or up: no frame that anybody would see
  const ahead = to.map((value) => value / length) as [number, number, number];
  const right: Vec3 = [-to[2] / across, 0, to[0] / across];
  const up: Vec3 = [
    -ahead[1] * right[2], right[2] * ahead[0] - right[0] * ahead[2], ahead[1] * right[0],
  ];
  const high = ahead_m * Math.tan((fov_deg * Math.PI) / 360);
  const wide = high * (size === null ? usualShape : size[0] / size[1]);
  return ([[-1, 1], [1, 1], [1, -1], [-1, -1]] as const).map(([x, y]) =>
    position.map((value, k) =>
      value + ahead_m * ahead[k]! + x * wide * right[k]! + y * high * up[k]!) as unknown as Vec3);
}

export class Frames {
  readonly element: SVGSVGElement;
  private readonly frames: readonly {
    readonly corners: readonly Vec3[] | null;
    readonly outline: SVGPolygonElement;
    points: readonly (readonly [number, number])[]; // on the screen now
  }[];

  constructor(photographs: readonly Photograph[], fov_deg: number) {
    this.element = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    this.element.classList.add("frames");
    this.element.setAttribute("aria-hidden", "true");
    this.frames = photographs.map((photograph) => {
      const outline = document.createElementNS("http://www.w3.org/2000/svg", "polygon");
      outline.style.display = "none";
      this.element.append(outline);
      return { corners: frameCorners(photograph, photograph.fov_deg ?? fov_deg), outline, points: [] };
    });
  }

  hang(hangs: boolean): void {
    this.element.style.display = hangs ? "" : "none";
  }

  follow({ pose, fov_deg, width, height }: Eye): void {
    for (const frame of this.frames) {
      frame.points = [];
      const middle = frame.corners?.[0]!.map((value, k) => (value + frame.corners![2]![k]!) / 2);
      const away = middle === undefined ? 0
        : Math.hypot(...middle.map((value, k) => value - pose.position[k]!));
      if (frame.corners !== null && away > nearest_m && away < farthest_m) {
        const seen = frame.corners.map((corner) => seenAt(pose, fov_deg, width / height, corner));
        if (seen.every((corner) => corner !== null)) {
          frame.points = seen.map(({ x, y }) => [((x + 1) / 2) * width, ((1 - y) / 2) * height] as const);
        }
      }
      frame.outline.style.display = frame.points.length > 0 ? "" : "none";
      frame.outline.setAttribute("points", frame.points.map((point) => point.join(",")).join(" "));
    }
  }

  // The photograph whose frame is there, the smallest where several are.
  at(x: number, y: number): number | null {
    if (getComputedStyle(this.element).display === "none") return null;
    const within = this.frames.flatMap(({ points }, i) =>
      (points.length > 0 && isWithin(points, x, y) ? [{ i, area: area(points) }] : []));
    return within.sort((a, b) => a.area - b.area)[0]?.i ?? null;
  }
}

type Outline = readonly (readonly [number, number])[];

const sides = (outline: Outline) => outline.map((a, i) => [a, outline[(i + 1) % outline.length]!] as const);

function area(outline: Outline): number {
  return Math.abs(sides(outline).reduce((sum, [a, b]) => sum + a[0] * b[1] - b[0] * a[1], 0)) / 2;
}

function isWithin(outline: Outline, x: number, y: number): boolean {
  return sides(outline).filter(([a, b]) => (a[1] > y) !== (b[1] > y) &&
    x < a[0] + ((y - a[1]) * (b[0] - a[0])) / (b[1] - a[1])).length % 2 === 1;
}
