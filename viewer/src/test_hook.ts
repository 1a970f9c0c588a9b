// window.ajar: how tests look through the page's eyes. docs/site-format.md describes it.
import type { Inside } from "./inside";
import type { Move } from "./mover";
import type { RoomView } from "./room_view";
import type { Vec3 } from "./visit";
import { lookFrom, type Pose } from "./walk";

export interface TestView {
  readonly position: Vec3; // room frame, metres
  // Room from camera; the camera looks along -z with y up. Either this or look_at.
  readonly rotation_wxyz?: readonly [number, number, number, number];
  readonly look_at?: Vec3;
  readonly fov_deg: number; // vertical
  readonly width: number; // canvas pixels, whatever the screen's pixel ratio
  readonly height: number;
}

export interface TestHook {
  readonly ready: Promise<void>; // the room stands (after stepping in)
  readonly sharp: Promise<void>; // nothing more comes
  setView(view: TestView): void;
  settled(): Promise<void>; // the canvas shows it, sorted
  picture(): Promise<string>; // what the canvas shows, as a PNG data address
  pose(): Pose;
  moving(): boolean; // until the visitor has come to rest
  // Holds one move after another, each for so many seconds, in frames of a 60th; gives every place
  // passed. Nothing is drawn meanwhile.
  walk(acts: readonly (readonly [Move, number])[]): Vec3[];
  frames(): number;
}

declare global {
  interface Window {
    ajar?: TestHook;
  }
}

export class Hook implements TestHook {
  readonly ready: Promise<void>;
  readonly sharp: Promise<void>;
  isSharp: () => void = () => {};
  private stand: () => void = () => {};
  private fall: (error: unknown) => void = () => {};
  private inside: Inside | null = null;
  private view: RoomView | null = null;

  constructor() {
    this.ready = new Promise((resolve, reject) => {
      this.stand = resolve;
      this.fall = reject;
    });
    this.ready.catch(() => {}); // a visitor's page does not wait for it
    this.sharp = new Promise((resolve) => (this.isSharp = resolve));
  }

  stands(inside: Inside, view: RoomView): void {
    this.inside = inside;
    this.view = view;
    this.stand();
  }

  failed(error: unknown): void {
    this.fall(error);
  }

  left(): void {
    this.inside = null;
    this.view = null;
  }

  setView(to: TestView): void {
    const { inside, view } = this.here();
    inside.letGo();
    view.setSize(to.width, to.height);
    inside.canvas.style.width = `${to.width}px`;
    inside.canvas.style.height = `${to.height}px`;
    if (to.rotation_wxyz) {
      view.setRotation(to.position, to.rotation_wxyz, to.fov_deg);
    } else if (to.look_at) {
      view.setPose(lookFrom(to.position, to.look_at), to.fov_deg);
    } else {
      throw new Error("setView: rotation_wxyz or look_at must be given");
    }
  }

  settled(): Promise<void> {
    return this.here().view.settled();
  }

  async picture(): Promise<string> {
    await this.settled(); // continues within the frame, while the pixels are still there
    return this.here().inside.canvas.toDataURL("image/png");
  }

  pose(): Pose {
    return this.here().inside.mover.pose;
  }

  moving(): boolean {
    return this.here().inside.moving();
  }

  walk(acts: readonly (readonly [Move, number])[]): Vec3[] {
    const { mover } = this.here().inside;
    const passed: Vec3[] = [];
    for (const [move, seconds] of acts) {
      mover.press(move);
      for (let frame = 0; frame < seconds * 60; frame++) {
        mover.advance(1 / 60);
        passed.push(mover.pose.position);
      }
      mover.release(move);
    }
    return passed;
  }

  frames(): number {
    return this.here().view.frames;
  }

  private here(): { inside: Inside; view: RoomView } {
    if (!this.inside || !this.view) throw new Error("nobody is in the room");
    return { inside: this.inside, view: this.view };
  }
}
