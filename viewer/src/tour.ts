// The guided visit as it goes: one step after another, with pauses in which nothing happens. A visitor
// may leave the path at any time and take it up again where it was.
import type { Tour, TourStep } from "./visit";

export interface Arrival {
  readonly there_s: number; // until one is there
  readonly words: readonly string[]; // what there is to read then
  readonly reads_s?: number; // what else there is to read takes so long
}

// What a step comes to in the room.
export interface TourActs {
  arrive(step: TourStep): Arrival; // go there, and show its words
  tell(step: TourStep): boolean; // begin its story; false: there is nothing to hear
  hush(): void; // whatever is told, stops
  show(state: TourState): void;
}

export type TourState =
  | { readonly kind: "away" | "over" }
  | { readonly kind: "on"; readonly step: TourStep; readonly first: boolean; readonly waits: boolean };

const reading_words_per_s = 2.5; // at leisure
const least_s = 4; // at a step without words

export function readingTime_s(words: readonly string[]): number {
  const count = words.join(" ").split(/\s+/).filter((word) => word !== "").length;
  return Math.max(least_s, count / reading_words_per_s);
}

export class TourWalk {
  private at = 0;
  private kind: "away" | "on" | "over" = "away";
  private phase: "arriving" | "telling" | "resting" = "resting";
  private reading_s = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private byItself = true;

  constructor(
    private readonly tour: Tour,
    private readonly acts: TourActs,
  ) {}

  get isOn(): boolean {
    return this.kind === "on";
  }

  start(): void {
    this.at = 0;
    this.takeUp();
  }

  // From where the path was left; from the beginning where it has come to its end.
  takeUp(): void {
    if (this.kind === "over") this.at = 0;
    this.kind = "on";
    this.begin();
  }

  leave(): void {
    if (this.kind !== "on") return;
    this.halt("away");
  }

  next(): void {
    this.go(1);
  }

  back(): void {
    this.go(-1);
  }

  // Goes on by itself after each pause, or only when asked.
  goesOnByItself(byItself: boolean): void {
    this.byItself = byItself;
    if (!this.isOn) return;
    if (this.phase === "resting") this.rest();
    this.show();
  }

  // The story of this step has come to its end, or was ended.
  told(): void {
    if (!this.isOn || this.phase !== "telling") return;
    this.reading_s = 0;
    this.rest();
  }

  close(): void {
    clearTimeout(this.timer);
    this.kind = "over";
  }

  private get step(): TourStep {
    return this.tour.steps[this.at]!;
  }

  private go(by: number): void {
    if (!this.isOn) return;
    const there = this.at + by;
    if (there >= this.tour.steps.length) {
      this.halt("over");
      return;
    }
    this.quiet();
    this.at = Math.max(0, there);
    this.begin();
  }

  private halt(kind: "away" | "over"): void {
    this.kind = kind;
    this.quiet();
    this.show();
  }

  private quiet(): void {
    clearTimeout(this.timer);
    this.phase = "resting"; // what stops now was not told
    this.acts.hush();
  }

  private begin(): void {
    clearTimeout(this.timer);
    const { step } = this;
    const { there_s, words, reads_s = 0 } = this.acts.arrive(step);
    this.phase = "arriving";
    this.reading_s = Math.max(readingTime_s(words), reads_s);
    this.show();
    this.timer = setTimeout(() => {
      if (this.acts.tell(step)) this.phase = "telling";
      else this.rest();
    }, there_s * 1000);
  }

  private rest(): void {
    clearTimeout(this.timer);
    this.phase = "resting";
    if (!this.byItself) return;
    this.timer = setTimeout(() => this.next(), (this.reading_s + this.step.pause_s) * 1000);
  }

  private show(): void {
    this.acts.show(this.kind === "on"
      ? { kind: "on", step: this.step, first: this.at === 0, waits: !this.byItself }
      : { kind: this.kind });
  }
}
