// The canvas and what draws on it, made while the first page is read: at the moment somebody steps in the
// browser is busy with the room's page, and asking it for a context then halts everything.
import type { GraphicsDevice } from "playcanvas";
import { el } from "./dom";

export interface Drawing {
  readonly canvas: HTMLCanvasElement;
  readonly device: Promise<GraphicsDevice>; // errors: NoWebGlError
}

let ahead: Drawing | null = null;

function make(): Drawing {
  const canvas = el("canvas", { "aria-hidden": "true" });
  const device = import("./room_view").then(({ deviceFor }) => deviceFor(canvas));
  device.catch(() => {}); // whoever takes it is told
  const drawing = { canvas, device };
  canvas.addEventListener("webglcontextlost", () => {
    if (ahead === drawing) ahead = null;
  });
  return drawing;
}

export function prepareDrawing(): void {
  ahead ??= make();
}

// The one that was prepared, or a new one; never the same twice.
export function takeDrawing(): Drawing {
  const drawing = ahead ?? make();
  ahead = null;
  return drawing;
}
