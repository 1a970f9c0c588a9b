// Whether the picture on the canvas was drawn with its splats in the right order.
//
// The engine sorts in a worker and, while one answer is awaited, drops the wish for another and
// forgets it: after a quick turn the last order can stay wrong for good. It also has no way to
// ask whether an answer is awaited. Both need a look inside the engine (version 2.23.3, pinned),
// and this file is the only one that takes it.
import { Vec3, type AppBase, type Entity } from "playcanvas";

interface Manager {
  sortNeeded: boolean;
  readonly cpuSorter: { readonly jobsInFlight: number; readonly pendingSorted: unknown } | null;
}
interface Director {
  readonly camerasMap: ReadonlyMap<
    unknown,
    { readonly layersMap: ReadonlyMap<unknown, { readonly gsplatManager: Manager | null }> }
  >;
}

// awaited: an answer is under way, another frame will follow by itself. stale: the order is for
// another direction; one more frame asks for it anew. right: nothing more to come.
export type OrderState = "awaited" | "stale" | "right";

const sameDirection = Math.cos(1e-3); // the engine's own tolerance

export class SplatOrder {
  private jobsBefore = 0;
  private drawn = false;
  private readonly forward = new Vec3(); // the direction the last accepted request was for
  private accepted = false;

  constructor(
    private readonly app: AppBase,
    private readonly camera: Entity,
  ) {
    app.on("prerender", () => {
      this.drawn = true;
    });
  }

  // There are other splats than before: their order is still to be asked for.
  forget(): void {
    this.accepted = false;
  }

  beforeFrame(): void {
    this.drawn = false;
    this.jobsBefore = this.manager()?.cpuSorter?.jobsInFlight ?? 0;
  }

  wasDrawn(): boolean {
    return this.drawn;
  }

  afterDrawing(): OrderState {
    const manager = this.manager();
    const sorter = manager?.cpuSorter;
    if (!manager || !sorter) return "awaited";
    if (sorter.jobsInFlight > this.jobsBefore) {
      this.accepted = true;
      this.forward.copy(this.camera.forward);
    }
    if (sorter.jobsInFlight > 0 || sorter.pendingSorted) return "awaited";
    if (this.accepted && this.forward.dot(this.camera.forward) >= sameDirection) return "right";
    manager.sortNeeded = true;
    return "stale";
  }

  private manager(): Manager | null {
    const renderer = this.app.renderer as unknown as { readonly gsplatDirector: Director | null };
    const perCamera = renderer.gsplatDirector?.camerasMap.get(this.camera.camera!.camera);
    for (const layer of perCamera?.layersMap.values() ?? []) {
      if (layer.gsplatManager) return layer.gsplatManager;
    }
    return null;
  }
}
