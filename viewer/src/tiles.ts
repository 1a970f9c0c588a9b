// A large photograph in pieces: of what is looked at closely, as much as the screen can show.
import { el } from "./dom";
import type { Photograph, Tiles } from "./visit";

type Size = readonly [number, number];

// The level whose pixels are just enough for a photograph shown that many pixels wide.
export function levelFor(size: Size, { levels }: Tiles, shown_px: number): number {
  const level = Math.floor(Math.log2(size[0] / Math.max(1, shown_px)));
  return Math.min(levels - 1, Math.max(0, level));
}

// A piece, and where it lies: shares of the photograph's width and height, from its top left.
export interface Tile {
  readonly name: string;
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

// Those of a level that touch a part of the photograph (shares, too).
export function tilesWithin(
  size: Size, { folder, side }: Tiles, level: number,
  part: { readonly left: number; readonly top: number; readonly right: number; readonly bottom: number },
): Tile[] {
  const [width, height] = size.map((length) => Math.max(1, Math.ceil(length / 2 ** level))) as [number, number];
  const range = (from: number, to: number, length: number) => {
    const count = Math.ceil(length / side);
    const first = Math.max(0, Math.floor((from * length) / side));
    const last = Math.min(count - 1, Math.floor((to * length) / side));
    return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => first + i);
  };
  const columns = range(part.left, part.right, width);
  return range(part.top, part.bottom, height).flatMap((row) => columns.map((column) => ({
    name: `${folder}/${level}/${row}-${column}.webp`,
    left: (column * side) / width, top: (row * side) / height,
    width: Math.min(side, width - column * side) / width,
    height: Math.min(side, height - row * side) / height,
  })));
}

// Lays the pieces over a picture that is scrolled and widened within `around`.
export class TiledPicture {
  readonly element = el("div", { class: "tiles", "aria-hidden": "true" });
  private readonly laid = new Map<string, HTMLImageElement>();

  constructor(
    private readonly photograph: Photograph,
    private readonly around: HTMLElement,
    private readonly picture: HTMLImageElement,
  ) {}

  update(): void {
    const { size, tiles } = this.photograph;
    const { around, picture } = this;
    if (size === null || tiles === null || picture.naturalWidth === 0) return;
    const [width, height] = [picture.clientWidth, picture.clientHeight];
    Object.assign(this.element.style, { width: `${width}px`, height: `${height}px` });
    const shown_px = width * window.devicePixelRatio;
    const close = shown_px > picture.naturalWidth && !picture.classList.contains("whole");
    const level = levelFor(size, tiles, shown_px);
    const [left, top] = [around.scrollLeft / width, around.scrollTop / height];
    const wanted = close ? tilesWithin(size, tiles, level, {
      left, top, right: left + around.clientWidth / width, bottom: top + around.clientHeight / height,
    }) : [];
    // Those of this level stay for when one comes back to them.
    for (const [name, tile] of this.laid) {
      if (close && name.startsWith(`${tiles.folder}/${level}/`)) continue;
      tile.remove();
      this.laid.delete(name);
    }
    for (const tile of wanted) {
      if (this.laid.has(tile.name)) continue;
      const piece = el("img", { src: tile.name, alt: "" });
      const percent = (share: number) => `${100 * share}%`;
      Object.assign(piece.style, {
        left: percent(tile.left), top: percent(tile.top),
        width: percent(tile.width), height: percent(tile.height),
      });
      piece.addEventListener("error", () => piece.remove()); // the whole is there, if less sharp
      this.laid.set(tile.name, piece);
      this.element.append(piece);
    }
  }
}
