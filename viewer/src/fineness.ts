// How finely to draw while something moves, so that slow machines keep up: coarser when frames
// come late, finer again when they come early. At rest everything is drawn as finely as wanted.

const tooSlow_ms = 55;
const quick_ms = 24;
const coarsest = 0.35;
const enough = 3; // frames before judging

export class Fineness {
  private moving = 1;
  private last_ms: number | null = null;
  private sum_ms = 0;
  private count = 0;

  // The factor to draw with, told at each frame of a movement.
  frame(now_ms: number): number {
    if (this.last_ms !== null) {
      this.sum_ms += now_ms - this.last_ms;
      this.count++;
    }
    this.last_ms = now_ms;
    if (this.count < enough) return this.moving;
    const mean_ms = this.sum_ms / this.count;
    this.sum_ms = 0;
    this.count = 0;
    if (mean_ms > tooSlow_ms) {
      // Time goes with the pixels, that is with the square.
      const wanted = Math.sqrt(tooSlow_ms / mean_ms);
      this.moving = Math.max(coarsest, this.moving * Math.max(0.6, wanted * 0.95));
    } else if (mean_ms < quick_ms) {
      this.moving = Math.min(1, this.moving * 1.15);
    }
    return this.moving;
  }

  // The movement is over; the time until the next one is not slowness.
  rest(): void {
    this.last_ms = null;
    this.sum_ms = 0;
    this.count = 0;
  }
}
